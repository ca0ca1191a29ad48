"""Guests get a number that is drawn: one that counts is an order of arrival."""

from django.db import migrations, models

import gehoor.meetings.models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_invitations")]
    operations = [
        migrations.AlterField(
            "guest",
            "id",
            models.IntegerField(
                primary_key=True, serialize=False, default=gehoor.meetings.models.drawn_number
            ),
        ),
    ]

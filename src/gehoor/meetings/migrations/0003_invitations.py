"""A code for invitations; and what people agreed to lies in no order."""

from django.db import migrations, models

from gehoor.base.hidden_order import hide_order


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_plan")]
    operations = [
        migrations.AddField("entrance", "invites", models.BooleanField(default=False)),
        hide_order("default", ["meetings_consent"]),
    ]

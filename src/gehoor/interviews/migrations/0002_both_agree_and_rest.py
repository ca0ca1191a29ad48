"""From 12 to 15 the youth and a parent both agree; somebody who was tried rests for some hours."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from gehoor.base.hidden_order import hide_order


def stop_at_a_talk_without_the_youth(apps: Any, schema_editor: Any) -> None:
    """We can't make up a yes, and we delete no words behind somebody's back."""
    talks = apps.get_model("interviews", "Interview").objects.using(schema_editor.connection.alias)
    number = talks.filter(age="12_15", agreed_by="parent").count()
    if number:
        raise RuntimeError(
            f"{number} gesprek(ken) met een jongere van 12 tot en met 15 waarbij alleen een ouder ja zei. "
            "Verwijder die eerst in de vorige versie (knop “Wil toch niet meer”), en voer deze stap dan opnieuw uit."
        )


class Migration(migrations.Migration):
    dependencies = [("interviews", "0001_initial")]
    operations = [
        migrations.AddField("contact", "rests_until", models.DateTimeField(null=True)),
        migrations.RunPython(stop_at_a_talk_without_the_youth, migrations.RunPython.noop),
        hide_order("default", ["interviews_interview"]),
        migrations.RemoveConstraint("interview", "interview_agreed_by_who_may"),
        migrations.AddConstraint(
            "interview",
            models.CheckConstraint(
                condition=Q(age="under_12", with_parent=True, agreed_by__in=["parent", "both"])
                | Q(age="12_15", agreed_by="both")
                | Q(age="from_16", agreed_by__in=["self", "both"]),
                name="interview_agreed_by_who_may",
            ),
        ),
        hide_order("default", ["interviews_interview"]),
    ]

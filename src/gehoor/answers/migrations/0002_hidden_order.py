"""Tables of clients forget the order in which their rows came."""

from django.db import migrations

from gehoor.base.hidden_order import hide_order


class Migration(migrations.Migration):
    dependencies = [("answers", "0001_initial")]
    operations = [
        hide_order("default", ["answers_envelope", "answers_formkey"]),
        hide_order("vault", ["answers_submission", "answers_opentext"]),
    ]

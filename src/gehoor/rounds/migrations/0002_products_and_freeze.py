"""The products to begin with, and a database that refuses to change how anonymous a round is once codes exist."""

from django.db import migrations

from gehoor.base.hidden_order import hide_order

PRODUCTS = [
    ("verzuim", "Verzuim", "Absence"),
    ("verlof", "Verlof", "Leave"),
    ("vrijstelling", "Vrijstelling", "Exemption"),
    ("halt", "Halt", "Halt"),
    ("pv", "Proces-verbaal", "Official report"),
    ("doorstroompunt", "Doorstroompunt", "Early leavers' service"),
    ("other", "Anders", "Other"),
]

REFUSAL = "The anonymity of a round is frozen once it has codes."
STAYS = "Codes stay with the round for which they were made."
SQLITE = f"""
CREATE TRIGGER rounds_anonymity_is_frozen BEFORE UPDATE OF anonymity ON rounds_round
WHEN OLD.anonymity <> NEW.anonymity AND EXISTS (SELECT 1 FROM rounds_dispatch WHERE round_id = OLD.id)
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
"""
# Without this one could move the codes away, change the round, and move them back.
SQLITE_STAYS = f"""
CREATE TRIGGER rounds_dispatch_stays BEFORE UPDATE OF round_id ON rounds_dispatch
WHEN OLD.round_id <> NEW.round_id
BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION rounds_freeze_anonymity() RETURNS trigger AS $$
BEGIN
  IF OLD.anonymity <> NEW.anonymity AND EXISTS (SELECT 1 FROM rounds_dispatch WHERE round_id = OLD.id) THEN
    RAISE EXCEPTION '{REFUSAL}';
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER rounds_anonymity_is_frozen BEFORE UPDATE ON rounds_round
FOR EACH ROW EXECUTE FUNCTION rounds_freeze_anonymity()
"""
POSTGRESQL_STAYS = f"""
CREATE FUNCTION rounds_dispatch_stays() RETURNS trigger AS $$
BEGIN
  IF OLD.round_id <> NEW.round_id THEN
    RAISE EXCEPTION '{STAYS}';
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER rounds_dispatch_stays BEFORE UPDATE ON rounds_dispatch
FOR EACH ROW EXECUTE FUNCTION rounds_dispatch_stays()
"""


def add_products(apps, schema_editor):
    product = apps.get_model("rounds", "Product")
    for code, nl, en in PRODUCTS:
        product.objects.get_or_create(code=code, defaults={"name_nl": nl, "name_en": en})


def freeze(apps, schema_editor):
    of_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (POSTGRESQL, POSTGRESQL_STAYS) if of_postgresql else (SQLITE, SQLITE_STAYS):
        schema_editor.execute(statement)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER rounds_anonymity_is_frozen ON rounds_round")
        schema_editor.execute("DROP FUNCTION rounds_freeze_anonymity()")
        schema_editor.execute("DROP TRIGGER rounds_dispatch_stays ON rounds_dispatch")
        schema_editor.execute("DROP FUNCTION rounds_dispatch_stays()")
    else:
        schema_editor.execute("DROP TRIGGER rounds_anonymity_is_frozen")
        schema_editor.execute("DROP TRIGGER rounds_dispatch_stays")


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [
        migrations.RunPython(add_products, migrations.RunPython.noop),
        migrations.RunPython(freeze, thaw),
        hide_order("default", ["rounds_code"]),
    ]

"""On PostgreSQL follow-up letters refuse UPDATE and DELETE in the database itself."""

from django.db import migrations

TABLE = "outcomes_followup"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_is_kept BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION dafu_refuse_change()"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_is_kept ON {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0002_receipts_links_follow_ups"), ("office", "0002_triggers")]
    operations = [migrations.RunPython(add, drop)]

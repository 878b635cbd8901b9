"""On PostgreSQL versions, issued letters and their files refuse UPDATE and DELETE in the database itself."""

from django.db import migrations

TABLES = ("replies_replyversion", "replies_issuedletter", "replies_letterfile")


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION dafu_refuse_change()"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_is_kept ON {table}")


class Migration(migrations.Migration):
    dependencies = [("replies", "0001_initial"), ("office", "0002_triggers")]
    operations = [migrations.RunPython(add, drop)]

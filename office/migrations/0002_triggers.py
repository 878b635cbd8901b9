"""On PostgreSQL the event log refuses UPDATE and DELETE in the database itself."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION dafu_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER office_event_is_kept BEFORE UPDATE OR DELETE ON office_event
    FOR EACH ROW EXECUTE FUNCTION dafu_refuse_change();
"""
BACK = """
DROP TRIGGER office_event_is_kept ON office_event;
DROP FUNCTION dafu_refuse_change();
"""


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]
    operations = [migrations.RunPython(on_postgresql(FUNCTION), on_postgresql(BACK))]

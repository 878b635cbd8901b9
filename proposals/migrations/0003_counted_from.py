"""Assignments from before say from which day their date is counted, and by which rule."""

from django.db import migrations, models
from django.utils import timezone

FIELDS = ("unit", "length", "fixed_month", "fixed_day", "latest_months", "warn_days")
FIELDS += ("starts", "pauses", "extensions")


def fill(apps, schema_editor):
    Assignment = apps.get_model("proposals", "Assignment")
    DeadlineRule = apps.get_model("office", "DeadlineRule")
    for row in Assignment._base_manager.select_related("proposal"):
        row.counted_from = timezone.localtime(row.assigned_at).date()
        applies = "plenary" if row.proposal.is_plenary else "between"
        rules = DeadlineRule._base_manager.filter(assembly_id=row.assembly_id, step="reply")
        rule = rules.filter(applies=applies).first() or rules.filter(applies="").first()
        if rule:
            row.rules = {"reply": {name: getattr(rule, name) for name in FIELDS}}
        row.clerk_id = row.signed_in_by_id
        row.save()


class Migration(migrations.Migration):
    dependencies = [("proposals", "0002_whole_life"), ("office", "0004_default_rules")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("assignment", "counted_from", models.DateField()),
    ]

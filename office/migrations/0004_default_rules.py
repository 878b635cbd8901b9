"""Assemblies from before get the deadline rules that they lack, as an assembly opened today has them."""

from django.db import migrations

RULES = (
    ("decline", "working_days", 10, 3, False),
    ("decline_decision", "days", 7, 3, False),
    ("contact", "working_days", 15, 7, False),
    ("opinion", "months", 1, 7, True),
    ("extension", "months", 1, 7, False),
    ("feedback", "working_days", 15, 7, False),
    ("second_reply", "months", 3, 7, False),
    ("publication", "working_days", 20, 7, False),
)


def fill(apps, schema_editor):
    Assembly, DeadlineRule = apps.get_model("organizations", "Assembly"), apps.get_model("office", "DeadlineRule")
    for assembly in Assembly._base_manager.all():
        kept = set(DeadlineRule._base_manager.filter(assembly=assembly).values_list("step", flat=True))
        for step, unit, length, warn_days, pauses in RULES:
            if step not in kept:
                DeadlineRule._base_manager.create(
                    assembly=assembly, step=step, unit=unit, length=length, warn_days=warn_days, pauses=pauses
                )
        replies = DeadlineRule._base_manager.filter(assembly=assembly, step="reply")
        replies.update(pauses=True, extensions=1)


class Migration(migrations.Migration):
    dependencies = [("office", "0003_deadlines"), ("organizations", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

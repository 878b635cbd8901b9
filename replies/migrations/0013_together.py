"""Two people in one draft: who has it open, what a page began from, what was set aside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def note_versions(apps, schema_editor):
    """Pages that are open while this runs show the newest save: it gets the number that they send back."""
    for reply in apps.get_model("replies", "Reply").objects.filter(state="drafting").iterator():
        last = apps.get_model("replies", "DraftSave").objects.filter(reply=reply).order_by("-number").first()
        if last is not None and last.body == reply.body:
            last.version = reply.lock_version
            last.save(update_fields=["version"])


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0009_phrases"),
        ("replies", "0012_remarks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="draftsave",
            name="answers",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="draftsave",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="draftsave",
            name="kind",
            field=models.CharField(
                choices=[
                    ("begun", "begun"),
                    ("itself", "saved by itself"),
                    ("saved", "saved"),
                    ("mended", "put right by the check"),
                    ("restored", "put back"),
                    ("aside", "set aside"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="ReplyPresence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("version", models.PositiveIntegerField()),
                ("answers", models.JSONField(default=dict)),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.assembly",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.post"
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="replies.reply"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("reply", "user"), name="reply_presence")],
            },
        ),
        migrations.RunPython(note_versions, migrations.RunPython.noop, elidable=True),
    ]

"""The draft as somebody left it, each time: the history of what is written before it goes up."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0004_defaults"),
        ("replies", "0007_every_file_its_copy"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftSave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("begun", "begun"),
                            ("itself", "saved by itself"),
                            ("saved", "saved"),
                            ("mended", "put right by the check"),
                            ("restored", "put back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("body", models.TextField(blank=True)),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("put_in", models.PositiveIntegerField(default=0)),
                ("taken_out", models.PositiveIntegerField(default=0)),
                ("overwritten", models.PositiveIntegerField(default=0)),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.assembly",
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.listitem",
                    ),
                ),
                (
                    "from_save",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="replies.draftsave",
                    ),
                ),
                (
                    "from_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="replies.replyversion",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="saves", to="replies.reply"
                    ),
                ),
                (
                    "result_class",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.listitem",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("reply", "number"), name="reply_save_number")
                ],
            },
        ),
    ]

"""Phrases for letters."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import organizations.patterns


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0008_check_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "opening"),
                            (2, "body"),
                            (3, "what cannot be done"),
                            (4, "thanks"),
                            (5, "whole letter"),
                        ],
                        default=2,
                        verbose_name="group",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="By which clerks find it.", max_length=40, verbose_name="name"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="One paragraph a line. Write ×× where something is to be filled in: the check reminds of it.",
                        validators=[
                            organizations.patterns.validate_pattern,
                            django.core.validators.MaxLengthValidator(20000),
                        ],
                        verbose_name="text",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Smaller numbers stand first.", verbose_name="place"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.assembly",
                    ),
                ),
                (
                    "bureau",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.bureau",
                        verbose_name="bureau",
                    ),
                ),
            ],
            options={
                "verbose_name": "phrase",
                "verbose_name_plural": "phrases",
                "ordering": ["group", "order", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("bureau", None)),
                        fields=("assembly", "title"),
                        name="phrase_assembly",
                    ),
                    models.UniqueConstraint(fields=("bureau", "title"), name="phrase_bureau"),
                ],
            },
        ),
    ]

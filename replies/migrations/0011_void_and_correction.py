"""A letter can be declared void and put right by another. PostgreSQL keeps a void as it is written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "replies_lettervoid"


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
    dependencies = [
        ("organizations", "0008_check_code"),
        ("proposals", "0004_words"),
        ("replies", "0010_points"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterVoid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="reply",
            name="reply_round",
        ),
        migrations.AddField(
            model_name="lettercopy",
            name="check_code",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="lettercopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("check_code", ""), _negated=True),
                fields=("check_code",),
                name="letter_check_code",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="replies.issuedletter",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)), fields=("assignment", "round"), name="reply_round"
            ),
        ),
        migrations.AddField(
            model_name="lettervoid",
            name="assembly",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.assembly"
            ),
        ),
        migrations.AddField(
            model_name="lettervoid",
            name="letter",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="void", to="replies.issuedletter"
            ),
        ),
        migrations.AddField(
            model_name="lettervoid",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.post"
            ),
        ),
        migrations.RunPython(add, drop),
    ]

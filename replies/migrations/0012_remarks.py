"""Remarks in the margin, and who had which version open. PostgreSQL keeps what followed on a remark as written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "replies_remarkentry"


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
        ('organizations', '0008_check_code'),
        ('replies', '0011_void_and_correction'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(default=0)),
                ('paragraph', models.TextField(blank=True)),
                ('words', models.TextField(blank=True)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('is_open', models.BooleanField(default=True)),
                ('assembly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.assembly')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='replies.reply')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='replies.replyversion')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RemarkEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('answer', 'answered'), ('settled', 'settled'), ('reopened', 'opened again')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('assembly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.assembly')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post')),
                ('remark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='replies.remark')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReplyLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('assembly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.assembly')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='replies.replyversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'user'), name='reply_look')],
            },
        ),
        migrations.RunPython(add, drop),
    ]

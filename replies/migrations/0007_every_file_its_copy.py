"""From now on every file is of one copy of its letter."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("replies", "0006_first_copies")]
    operations = [
        migrations.AlterField(
            model_name="letterfile",
            name="copy",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="file", to="replies.lettercopy"
            ),
        ),
    ]

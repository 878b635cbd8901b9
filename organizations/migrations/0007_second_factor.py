"""Whether leaders and seal keepers need a second factor before they sign or issue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_points_needed")]

    operations = [
        migrations.AddField(
            model_name="assembly",
            name="needs_second_factor",
            field=models.BooleanField(
                default=True,
                help_text="An authenticator app or a passkey besides the password, before they sign or issue. Only a trial should be without it.",
                verbose_name="leaders and seal keepers have a second factor",
            ),
        ),
    ]

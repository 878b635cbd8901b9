"""The code to check a letter by: off for profiles that are there already, on for new ones."""

from django.db import migrations, models

LABEL = "a QR code on the last page, by which anyone can check the printed letter"
HELP = "Letters that were issued before stay as they are."


def field(default: bool) -> models.BooleanField:
    return models.BooleanField(default=default, help_text=HELP, verbose_name=LABEL)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_second_factor")]
    operations = [
        migrations.AddField("letterprofile", "has_check_code", field(False)),
        migrations.AlterField("letterprofile", "has_check_code", field(True)),
    ]

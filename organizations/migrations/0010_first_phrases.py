"""Assemblies from before get the phrases that new ones begin with."""

import json
from pathlib import Path

from django.db import migrations

DEFAULTS = Path(__file__).resolve().parents[1] / "data" / "defaults.json"


def fill(apps, schema_editor):
    phrases = json.loads(DEFAULTS.read_text(encoding="utf-8"))["phrases"]
    Assembly, Phrase = apps.get_model("organizations", "Assembly"), apps.get_model("organizations", "Phrase")
    for assembly in Assembly._base_manager.all():
        for place, phrase in enumerate(phrases, 1):
            Phrase._base_manager.create(assembly=assembly, order=place, **phrase)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0009_phrases")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Assemblies from before get the lists and the questionnaire that they lack, and words for opinions."""

import json
from pathlib import Path

from django.db import migrations

DEFAULTS = Path(__file__).resolve().parents[1] / "data" / "defaults.json"
NEW_LISTS = ("not_public", "referral", "filed_as", "contact_way", "delivery_way", "judgement")


def fill(apps, schema_editor):
    defaults = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    Assembly, Bureau = apps.get_model("organizations", "Assembly"), apps.get_model("organizations", "Bureau")
    ListItem, Question = apps.get_model("organizations", "ListItem"), apps.get_model("organizations", "Question")
    for assembly in Assembly._base_manager.all():
        for name in NEW_LISTS:
            for place, entry in enumerate(defaults["lists"][name], 1):
                ListItem._base_manager.create(assembly=assembly, list=name, order=place, **entry)
        for place, question in enumerate(defaults["questions"], 1):
            Question._base_manager.create(assembly=assembly, order=place, **question)
        items = ListItem._base_manager.filter(assembly=assembly)
        items.filter(list="result_class", key="B").update(promises=True)
        items.filter(list="disclosure", key="open").update(publishes=True)
    for bureau in Bureau._base_manager.all():
        bureau.opinion_word = bureau.number_word.replace("复字", "会字")
        if bureau.opinion_word == bureau.number_word:
            bureau.opinion_word += "会"
        bureau.save()


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_whole_life")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

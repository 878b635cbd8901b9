"""A letter that was issued before letters had copies gets one: its own facts, for who filed the proposal."""

from django.db import migrations


TABLES = ("replies_letterfile", "replies_lettercopy")


def give_copies(apps, schema_editor):
    take_triggers(schema_editor, TABLES)
    letters = apps.get_model("replies", "IssuedLetter").objects.select_related("reply__proposal")
    for letter in letters.filter(copies=None).iterator(chunk_size=500):
        copy = _copy_of(apps, letter)
        apps.get_model("replies", "LetterFile").objects.filter(letter=letter).update(copy=copy)
    give_triggers(schema_editor, TABLES)


def take_triggers(schema_editor, tables):
    if schema_editor.connection.vendor == "postgresql":
        # What is still to be checked would keep the tables from being altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_is_kept ON {table}")


def give_triggers(schema_editor, tables):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION dafu_refuse_change()"
            )


def _copy_of(apps, letter):
    proposal = letter.reply.proposal
    return apps.get_model("replies", "LetterCopy").objects.create(
        assembly_id=letter.assembly_id,
        letter=letter,
        order=1,
        proposal=proposal,
        committee_id=proposal.committee_id,
        member_id=proposal.member_id,
        name=(letter.facts.get("addressees") or [""])[0],
        kind="body" if proposal.committee_id else "person",
        facts=letter.facts,
        facts_sha256=letter.facts_sha256,
    )


def back(apps, schema_editor):
    take_triggers(schema_editor, TABLES[1:])


class Migration(migrations.Migration):
    dependencies = [("replies", "0005_copies_opinions"), ("office", "0002_triggers")]
    operations = [migrations.RunPython(give_copies, back)]

"""A draft that was begun before saves were kept has one: the text as it stands."""

from django.db import migrations


def give_saves(apps, schema_editor):
    save = apps.get_model("replies", "DraftSave")
    replies = apps.get_model("replies", "Reply").objects.filter(saves=None)
    for reply in replies.iterator(chunk_size=500):
        save.objects.create(
            assembly_id=reply.assembly_id,
            reply=reply,
            number=1,
            kind="itself",
            body=reply.body,
            result_class_id=reply.result_class_id,
            disclosure_id=reply.disclosure_id,
            post_id=reply.clerk_id,
            since=reply.created_at,
            at=reply.sent_at or reply.changed_at,
            put_in=len(reply.body),
        )


class Migration(migrations.Migration):
    dependencies = [("replies", "0008_draft_saves")]
    operations = [migrations.RunPython(give_saves, migrations.RunPython.noop)]

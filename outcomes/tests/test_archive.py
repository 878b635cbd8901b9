"""The whole case as one document: every sheet in its order, listed on the cover with its page, and in the outline."""

import io

import pdfplumber
import pikepdf
import pypdfium2
from django.test import Client
from django.urls import reverse

from office import clock
from outcomes import archive, papers, services
from outcomes.models import Feedback
from outcomes.tests.test_judging import answered, ask, choices, state_of
from proposals import services as proposals
from tests.factories import World, item


def test_every_sheet_in_its_order_with_its_page(world: World):
    letter = answered(world)
    with world.scope():
        assignment = state_of(letter).assignments.get()
        way = item(world.assembly, "contact_way", "meeting")
        facts = {"way": way, "held_on": clock.today(), "people": "岳小舟", "said": "当面沟通。"}
        # Nothing more can be noted once a case is closed.
        proposals.contact_add(assignment_id=assignment.pk, post=world.clerk, **facts)
        [row] = ask(world, letter)
        services.feedback_give(feedback=row, post=world.filer, came="desk", **choices(row))
        case = state_of(letter)
        assert archive.can_be_archived(case)
        pdf = archive.pdf_of_case(world.reviewer, case)
    with pikepdf.open(io.BytesIO(pdf)) as bound, bound.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
        count = len(bound.pages)
        pages = [bound.pages.index(pikepdf.Page(entry.destination[0])) for entry in outline.root]
    kinds = ["封面", "提案表", "提案交办通知单", "沟通记录", "答复函", "征询意见表", "提案办理单"]
    assert [title.startswith(kind) for title, kind in zip(titles, kinds, strict=True)] == [True] * 7
    assert pages == sorted(pages)
    assert pages[0] == 0
    assert pages[-1] < count
    cover = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert all(str(page + 1) in cover for page in pages[1:])


def test_the_form_says_what_was_asked_and_given(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        empty = papers.questionnaire(row)
        assert not any(one["chosen"] for one in empty["verdicts"])
        services.feedback_give(feedback=row, post=world.filer, came="desk", **choices(row))
        filled = papers.questionnaire(Feedback.objects.get())
        assert [one["label"] for one in filled["verdicts"] if one["chosen"]] == ["满意"]
        assert all(any(o["chosen"] for o in one["options"]) for one in filled["questions"])


def test_dispatchers_find_no_judgement_and_no_link_before_it_is_in(world: World):
    letter = answered(world)
    with world.scope():
        ask(world, letter)
        case = state_of(letter)
        for reader, count in ((world.dispatcher, 0), (world.reviewer, 1)):
            pdf = archive.pdf_of_case(reader, case)
            with pdfplumber.open(io.BytesIO(pdf)) as bound:
                text = "\n".join(page.extract_text() for page in bound.pages)
            assert text.count("提案办理征询意见表") >= count
            assert ("提案办理征询意见表" in text) == bool(count)
            assert "扫码在线填写" not in text


def test_a_case_on_its_way_is_not_bound(world: World, client: Client):
    assignment = world.signed_in()
    client.force_login(world.reviewer.user)
    assert client.get(reverse("outcomes:archive", args=[assignment.proposal_id])).status_code == 404

"""One letter for each proposer: who gets one, how they differ, who sees which, and the pages to print."""

import hashlib
import importlib
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from gongwen.tests.reading import body_text, read, squeeze
from office import clock
from office.workflow import Refused
from proposals import services as proposal_services
from proposals.models import Cosigner, Proposal
from replies import checks, letters, services
from replies.addressees import addressees_of
from replies.models import IssuedLetter, LetterCopy, LetterFile, Reply
from tests.factories import World, committee, item, post

Browser = Callable[[Any], Client]
BODY = "一、强意识，从基层做起。强化民主协商意识。"


class Joint:
    """A proposal of a body and a member, with another body's proposal merged into it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.other = committee(world.assembly, name="民建君山区委员会", short_name="民建区委", kind="party")
        self.other_filer = post(world.assembly, "filer", committee=self.other)
        self.lead = world.filed()
        with world.scope():
            self.merged = self._merged()
            Cosigner.objects.create(
                assembly=world.assembly,
                proposal=self.lead,
                member=world.member,
                state=Cosigner.State.ACCEPTED,
                invited_at=clock.now(),
                answered_at=clock.now(),
            )
            [self.assignment] = proposal_services.proposal_assign(
                proposal_id=self.lead.pk, post=world.dispatcher, sole=world.bureau
            )
            proposal_services.assignment_sign_in(assignment_id=self.assignment.pk, post=world.clerk)

    def _merged(self) -> Proposal:
        made = self.world.draft(title="建立村级议事会")
        Proposal.objects.filter(pk=made.pk).update(committee=self.other)
        proposal_services.proposal_submit(proposal_id=made.pk, post=self.other_filer)
        proposal_services.proposal_file(proposal_id=made.pk, post=self.world.reviewer)
        return proposal_services.proposal_merge(proposal_id=made.pk, post=self.world.reviewer, lead=self.lead)

    def drafting(self, body: str = BODY) -> Reply:
        with self.world.scope():
            reply = services.reply_create(assignment_id=self.assignment.pk, post=self.world.clerk)
            opening, closing = letters.opening_and_closing(reply)
            return services.reply_save(
                reply_id=reply.pk,
                post=self.world.clerk,
                body=f"{opening}\n{body}\n{closing}",
                result_class=item(self.world.assembly, "result_class", "B"),
                disclosure=item(self.world.assembly, "disclosure", "open"),
            )

    def signed(self) -> Reply:
        reply, world = self.drafting(), self.world
        with world.scope():
            services.reply_send(reply_id=reply.pk, post=world.clerk)
            services.reply_pass(reply_id=reply.pk, post=world.checker)
            services.reply_sign(reply_id=reply.pk, post=world.leader)
        return world.fresh(reply)

    def issued(self) -> IssuedLetter:
        reply = self.signed()
        with self.world.scope():
            letter = services.reply_issue(reply_id=reply.pk, post=self.world.sealkeeper, dated=clock.today())
            services.letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id)
            return letter


@pytest.fixture
def joint(world: World) -> Joint:
    return Joint(world)


def names(joint: Joint) -> list[str]:
    return [joint.world.committee.name, f"{joint.world.member.user.name}委员", "民建君山区委员会"]


def test_every_proposer_of_every_merged_proposal_gets_an_own_letter(joint: Joint):
    letter = joint.issued()
    with joint.world.scope():
        copies = list(letter.copies.all())
        assert [copy.name for copy in copies] == names(joint)
        assert [copy.kind for copy in copies] == ["body", "person", "body"]
        assert [copy.proposal for copy in copies] == [joint.lead, joint.lead, joint.merged]
        assert LetterFile.objects.filter(letter=letter).count() == 3
        assert copies[0].facts == letter.facts
        assert {copy.facts["doc_number"] for copy in copies} == {str(letter)}


def test_each_letter_names_its_own_proposal_and_says_you_rightly(joint: Joint):
    letter = joint.issued()
    with joint.world.scope():
        first, person, merged = (copy.facts for copy in letter.copies.all())
    assert first["paragraphs"][0].startswith("你们提出的《推进协商民主")
    assert person["paragraphs"][0].startswith("您提出的《推进协商民主")
    assert merged["paragraphs"][0].startswith("你们提出的《建立村级议事会》")
    assert person["paragraphs"][-1] == "感谢您对我们工作的关心和支持。"
    assert f"第{joint.lead.number}号" in person["title"]
    assert f"第{joint.merged.number}号" in merged["title"]
    assert first["paragraphs"][1] == person["paragraphs"][1] == merged["paragraphs"][1] == BODY


def test_an_opening_written_anew_stays_as_it_is(joint: Joint):
    reply = joint.drafting()
    with joint.world.scope():
        reply.body = reply.body.replace("现答复如下", "现答复如次")
        to = addressees_of(joint.lead)[1]
        assert letters.body_to(reply, to).startswith("你们提出的")
        assert letters.body_to(reply, to).endswith("感谢您对我们工作的关心和支持。")
        told = [fault for fault in checks.findings_of(reply) if to.name in fault.text]
    assert [fault.rule for fault in told] == ["you-mixed"]
    assert not told[0].key


def test_the_draft_of_such_a_reply_has_no_faults(joint: Joint):
    reply = joint.drafting()
    with joint.world.scope():
        assert checks.faults_of(reply) == []


def test_a_name_that_no_font_has_is_found_in_whose_letter_it_stands(joint: Joint):
    reply, world = joint.drafting(), joint.world
    with world.scope():
        second = post(world.assembly, "member")
        second.user.name = "岳\ue000舟"
        second.user.save()
        moment = clock.now()
        Cosigner.objects.create(
            assembly=world.assembly,
            proposal=joint.lead,
            member=second,
            state=Cosigner.State.ACCEPTED,
            invited_at=moment,
            answered_at=moment,
        )
        [fault] = checks.faults_of(reply)
    assert "U+E000" in fault.text
    assert second.user.name in fault.text


def test_the_signature_binds_every_letter(joint: Joint):
    reply = joint.signed()
    with joint.world.scope():
        Proposal.objects.filter(pk=joint.merged.pk).update(title="另一个案由")
        with pytest.raises(Refused):
            services.reply_issue(reply_id=reply.pk, post=joint.world.sealkeeper, dated=clock.today())


def test_a_proposer_sees_the_own_letter_and_others_see_all(joint: Joint, browser: Browser):
    letter = joint.issued()
    address = reverse("replies:letter", args=[letter.pk])
    seen = {}
    world = joint.world
    for who, worn in {
        "filer": world.filer,
        "member": world.member,
        "other": joint.other_filer,
        "clerk": world.clerk,
        "reviewer": world.reviewer,
        "dispatcher": world.dispatcher,
    }.items():
        seen[who] = [copy.order for copy in browser(worn).get(address).context["copies"]]
    every = [1, 2, 3]
    assert seen == {
        "filer": [1],
        "member": [2],
        "other": [3],
        "clerk": every,
        "reviewer": every,
        "dispatcher": every,
    }
    for name, args in (("letter", []), ("letter_pdf", []), ("letter_page", [1])):
        foreign = reverse(f"replies:{name}", args=[letter.pk, *args]) + "?copy=1"
        assert browser(world.member).get(foreign).status_code == 404
        assert browser(world.filer).get(foreign).status_code == 200


@pytest.mark.parametrize("order", ["0", "4", "x", "99999999", "²"])
def test_an_order_that_does_not_exist(joint: Joint, browser: Browser, order: str):
    address = reverse("replies:letter", args=[joint.issued().pk])
    expected = 200 if order in ("x", "99999999", "²") else 404
    assert browser(joint.world.clerk).get(address, {"copy": order}).status_code == expected


def test_a_copy_s_file_reads_back_as_its_letter(joint: Joint, browser: Browser):
    letter = joint.issued()
    answer = browser(joint.other_filer).get(reverse("replies:letter_pdf", args=[letter.pk]))
    text = body_text(read(answer.content))
    assert squeeze("民建君山区委员会：") in text
    assert squeeze("《建立村级议事会》收悉") in text
    assert joint.world.committee.name not in text


def test_all_letters_to_print_begin_on_fronts(joint: Joint, browser: Browser):
    letter = joint.issued()
    address = reverse("replies:letters_pdf", args=[letter.pk])
    with joint.world.scope():
        counts = list(LetterFile.objects.order_by("copy__order").values_list("pages", flat=True))
    even = [count + count % 2 for count in counts]
    with pikepdf.open(io.BytesIO(browser(joint.world.clerk).get(address).content)) as whole:
        assert len(whole.pages) == sum(even)
    with pikepdf.open(io.BytesIO(browser(joint.world.member).get(address).content)) as own:
        assert len(own.pages) == even[1]


def test_files_are_made_once_and_say_what_they_are(joint: Joint):
    letter = joint.issued()
    again = services.letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id)
    with joint.world.scope():
        assert [file.pk for file in again] == list(
            LetterFile.objects.order_by("copy__order").values_list("pk", flat=True)
        )
        for file in again:
            with file.pdf.open() as pdf:
                assert hashlib.sha256(pdf.read()).hexdigest() == file.sha256
        with pytest.raises(TypeError):
            LetterCopy.objects.first().save()


def test_the_clerk_and_the_leader_see_who_gets_a_letter(joint: Joint, browser: Browser):
    reply = joint.drafting()
    page = browser(joint.world.clerk).get(reverse("replies:draft", args=[reply.pk])).content.decode()
    assert "3 letters, one for each proposer" in page
    assert all(name in page for name in names(joint))


# ---- contacts


def test_the_check_misses_a_contact_until_one_is_noted_or_explained(world: World, browser: Browser):
    reply = world.drafting()
    told = "No contact with the proposers is noted"
    address = reverse("replies:draft", args=[reply.pk])
    page = browser(world.clerk).get(address).content.decode()
    assert told in page
    assert reply.proposal.get_absolute_url() in page
    with world.scope():
        [advice] = [fault for fault in checks.findings_of(reply) if fault.rule == "no-contact"]
        assert advice.level == checks.ADVICE
        proposal_services.contact_none(
            assignment_id=reply.assignment_id, post=world.clerk, reason="提案者出国。"
        )
        assert not [f for f in checks.findings_of(world.fresh(reply)) if f.rule == "no-contact"]


def test_a_noted_contact_is_enough(world: World, browser: Browser):
    reply = world.in_review()
    review = reverse("replies:review", args=[reply.pk])
    assert "No contact with the proposers" in browser(world.checker).get(review).content.decode()
    with world.scope():
        from organizations.models import ListItem

        proposal_services.contact_add(
            assignment_id=reply.assignment_id,
            post=world.clerk,
            way=ListItem.objects.filter(list="contact_way").first(),
            held_on=clock.today(),
            people="岳小舟",
            said="同意办理意见。",
        )
    assert "No contact with the proposers" not in browser(world.checker).get(review).content.decode()


def test_the_draft_of_each_letter_can_be_read_before_the_signature(joint: Joint, browser: Browser):
    address = reverse("replies:draft_pdf", args=[joint.drafting().pk])
    leader = browser(joint.world.leader)
    assert squeeze("《建立村级议事会》收悉") in body_text(read(leader.get(address, {"copy": 3}).content))
    assert [leader.get(address, {"copy": copy}).status_code for copy in ("0", "4", "x", "²")] == [404] * 4


# ---- letters from before there were copies


def test_an_older_letter_gets_one_copy_with_its_own_facts(world: World):
    migration = importlib.import_module("replies.migrations.0006_first_copies")
    editor = SimpleNamespace(connection=connection, execute=lambda sql: connection.cursor().execute(sql))
    world.issued()
    with world.scope():
        letter = IssuedLetter.objects.get()
        migration.back(apps, editor)
        LetterCopy.objects.filter(letter=letter).delete()
        for _time in range(2):
            migration.give_copies(apps, editor)
        copy = LetterCopy.objects.get()
    assert (copy.name, copy.committee, copy.kind) == (world.committee.name, world.committee, "body")
    assert (copy.facts, copy.facts_sha256) == (letter.facts, letter.facts_sha256)

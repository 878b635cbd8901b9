"""What may be published, by whom, and what follows when it may no longer."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from office import calendar, clock
from office.acts import AlreadyDone
from office.calendar import Days
from office.models import Event
from office.workflow import Refused
from organizations.models import Role
from portal import drafts, policies, selectors, services
from portal.models import Publication
from proposals import policies as proposal_policies
from proposals import services as proposals
from proposals.models import Assignment, Proposal
from replies.models import IssuedLetter
from tests.factories import World, item


def case_of(world: World, **fields: object) -> Proposal:
    return Proposal.objects.get(pk=world.issued(**fields).proposal_id)


def publish(world: World, *cases: Proposal, key: str = "") -> list[Publication]:
    with world.scope():
        return services.publication_make(cases=cases, post=world.reviewer, key=key)


def marks(world: World, why: str) -> dict[str, object]:
    return {"is_key": False, "key_leader": "", "is_excellent": False, "not_public_because": why}


def test_publishing_copies_what_the_public_reads_and_records_it(world: World) -> None:
    with world.scope():
        case = case_of(world)
    [row] = publish(world, case)
    with world.scope():
        [letter] = row.letters.all()
        assert (row.title, row.number, row.is_live) == (case.title, case.number, True)
        assert letter.facts["contacts"] == []
        assert letter.pdf.size > 1000
        assert Event.objects.get(act="publication.publish").thread == f"proposal:{case.pk}"


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"reviewer"}))
def test_nobody_else_publishes(world: World, role: str) -> None:
    with world.scope():
        case = case_of(world)
        with pytest.raises(PermissionDenied):
            services.publication_make(cases=[case], post=world.posts[role])
        assert not Publication.objects.exists()


@pytest.mark.parametrize("consent", [False, None])
def test_the_proposers_consent_is_needed(world: World, consent: bool | None) -> None:
    with world.scope():
        case = case_of(world)
        Proposal.objects.filter(pk=case.pk).update(consents_to_publish=consent)
        case.refresh_from_db()
        with pytest.raises(Refused):
            services.publication_make(cases=[case], post=world.reviewer)


def test_the_disclosure_of_the_letter_is_needed(world: World) -> None:
    with world.scope():
        case = case_of(world)
        kept = item(world.assembly, "disclosure", "open")
        type(kept).objects.filter(pk=kept.pk).update(publishes=False)
        with pytest.raises(Refused, match="not for publication"):
            services.publication_make(cases=[case], post=world.reviewer)


def test_a_case_that_is_not_answered_is_refused(world: World) -> None:
    with world.scope():
        case = world.signed().proposal
        with pytest.raises(Refused):
            services.publication_make(cases=[case], post=world.reviewer)
        assert selectors.candidate_of(world.reviewer, case) is None


def test_several_at_once_are_published_together_or_not_at_all(world: World) -> None:
    with world.scope():
        good, bad = case_of(world), case_of(world, consents_to_publish=False)
        with pytest.raises(Refused, match=str(bad.number)):
            services.publication_make(cases=[good, bad], post=world.reviewer)
        assert not Publication.objects.exists()
        assert len(publish(world, good, key="k")) == 1
        with pytest.raises(AlreadyDone):
            publish(world, good, key="k")


def test_a_case_of_another_assembly_is_refused(world: World) -> None:
    other = World()
    with other.scope():
        case = case_of(other)
    with world.scope(), pytest.raises(Refused):
        services.publication_make(cases=[case], post=world.reviewer)


def test_a_mark_takes_it_back_in_the_same_transaction(world: World) -> None:
    with world.scope():
        case = case_of(world)
        [row] = publish(world, case)
        proposals.proposal_mark(proposal_id=case.pk, post=world.reviewer, **marks(world, "涉及未公开事项"))
        row.refresh_from_db()
        assert not row.is_live
        assert row.withdrawn_because == "涉及未公开事项"
        with pytest.raises(Refused):
            publish(world, case)


def test_taken_back_with_a_reason_and_published_anew(world: World) -> None:
    with world.scope():
        case = case_of(world)
        [row] = publish(world, case)
        with pytest.raises(Refused):
            services.publication_withdraw(publication=row, post=world.reviewer, why=" ")
        services.publication_withdraw(publication=row, post=world.reviewer, why="附件有误")
        assert not policies.live().exists()
        assert selectors.board_of(world.reviewer).withdrawn
        [again] = publish(world, case)
        assert again.pk == row.pk
        assert again.is_live


def test_a_second_reply_waits_to_be_published_and_replaces_the_first(world: World) -> None:
    with world.scope():
        part = world.reopened()
        case = Proposal.objects.get(pk=part.proposal_id)
        Proposal.objects.filter(pk=case.pk).update(state="answered")
        publish(world, case)
        Proposal.objects.filter(pk=case.pk).update(state="reopened")
        assert not drafts.waiting(proposal_policies.visible_to(world.reviewer)).exists()
        _answer_again(world, part)
        [waiting] = selectors.board_of(world.reviewer).waiting
        assert waiting.is_outdated
        [row] = publish(world, case)
        assert [letter.letter.reply.round for letter in row.letters.all()] == [2]


def _answer_again(world: World, part: Assignment) -> None:
    from outcomes.tests.test_judging import letter_of

    letter_of(world, part)


def test_the_count_says_what_the_board_says(world: World) -> None:
    with world.scope():
        cases = [case_of(world), case_of(world, consents_to_publish=False), case_of(world), case_of(world)]
        publish(world, cases[2])
        proposals.proposal_mark(proposal_id=cases[3].pk, post=world.reviewer, **marks(world, "涉密"))
        rows = proposal_policies.visible_to(world.reviewer)
        board = selectors.board_of(world.reviewer)
        assert {one.proposal.pk for one in board.waiting} == set(
            drafts.waiting(rows).values_list("pk", flat=True)
        )
        assert [one.proposal.pk for one in board.waiting] == [cases[0].pk]
        assert sum(rows.count() for rows in selectors.to_do_rows(world.reviewer)) == 1
        assert [len(part) for part in (board.live, board.kept_back)] == [1, 2]


def test_the_last_day_counts_from_the_letter_by_the_rule_that_the_case_came_with(world: World) -> None:
    with world.scope():
        case = case_of(world)
        part = Assignment.objects.get(proposal=case)
        rule = part.rules["publication"]
        part.rules["publication"] = rule | {"length": 3}
        part.save(update_fields=["rules"])
        one = selectors.candidate_of(world.reviewer, case)
        days = Days.of(world.assembly.pk)
        letter = IssuedLetter.objects.get()
        short = calendar.due_from(start=letter.dated, rule=rule | {"length": 3}, days=days).date
        assert one.due_on == short
        assert letter.dated == clock.today()


def test_each_merged_proposal_has_its_own_page_and_its_own_letter(world: World) -> None:
    with world.scope():
        lead, other = world.filed(), world.filed(title="关于停车难")
        proposals.proposal_merge(proposal_id=other.pk, post=world.reviewer, lead=lead)
        [part] = proposals.proposal_assign(proposal_id=lead.pk, post=world.dispatcher, sole=world.bureau)
        proposals.assignment_sign_in(assignment_id=part.pk, post=world.clerk)
        _answer_again(world, part)
        cases = list(Proposal.objects.filter(pk__in=[lead.pk, other.pk]))
        Proposal.objects.filter(pk=lead.pk).update(consents_to_publish=False)
        with pytest.raises(Refused):
            publish(world, *cases)
        [row] = publish(world, other)
        [letter] = row.letters.all()
        assert f"第{other.number}号" in "".join(str(letter.facts["title"]).split())


def test_the_board_publishes_many_and_the_page_shows_one(client: Client, world: World) -> None:
    with world.scope():
        first, second = case_of(world), case_of(world)
    client.force_login(world.reviewer.user)
    page = client.get(reverse("portal:board")).content.decode()
    assert page.count('type="checkbox"') == 2
    client.post(reverse("portal:board"), {"case": [first.pk, second.pk], "key": "a"})
    with world.scope():
        assert Publication.objects.count() == 2
    shown = client.get(reverse("portal:decide", args=[first.pk]))
    assert shown.status_code == 200
    pdf = client.get(reverse("portal:copy_pdf", args=[first.pk, 1]))
    assert pdf.content.startswith(b"%PDF")

"""The review beyond filing: first review, referring, mergers, marks, and the meeting that ends a case."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import kept
from office import clock
from office.acts import new_key
from office.workflow import Refused
from organizations.models import Assembly, ListItem, Role
from proposals import review_selectors, services
from proposals.models import Proposal
from tests.factories import World, item, post

NOTE = "两级政协已就此沟通。"


def url_of(name, obj):
    return reverse(f"proposals:{name}", args=[obj.pk])


def carried(case, **typed):
    return {"key": new_key(), "version_seen": case.lock_version} | typed


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def reviewer(world, browser):
    return browser(world.reviewer)


def merged(world):
    """A proposal merged into another, and the lead."""
    lead, case = world.filed(), world.filed()
    with world.scope():
        services.proposal_merge(proposal_id=case.pk, post=world.reviewer, lead=lead)
    return world.fresh(case), world.fresh(lead)


# ---- first review, referring


def test_a_first_review_is_kept_for_the_reviewers(world, reviewer):
    case = world.submitted()
    assert reviewer.post(url_of("examine", case), carried(case, text=NOTE)).status_code == 422
    reviewer.post(url_of("examine", case), carried(case, verdict="file", text=NOTE))
    with world.scope():
        (opinion,) = review_selectors.marks_of(world.reviewer, case)["opinions"]
        assert (opinion.verdict, opinion.text) == ("file", NOTE)
        assert review_selectors.marks_of(world.filer, case)["opinions"] == []
    assert world.fresh(case).state == "submitted"


def test_where_two_are_wanted_the_same_person_does_not_decide(world, reviewer, browser):
    with world.scope():
        Assembly.objects.filter(pk=world.assembly.pk).update(needs_first_review=True)
    case = world.submitted()
    reviewer.post(url_of("examine", case), carried(case, verdict="file"))
    case = world.fresh(case)
    response = reviewer.post(url_of("file", case), carried(case), follow=True)
    assert "须先由另一人初审" in said(response)[-1]
    assert world.fresh(case).state == "submitted"
    browser(post(world.assembly, Role.REVIEWER)).post(url_of("file", case), carried(case))
    assert world.fresh(case).state == "filed"


def test_a_proposal_is_referred_to_an_entry_of_the_list(world, reviewer):
    case, to = world.submitted(), item(world.assembly, "referral", "advice")
    assert reviewer.post(url_of("refer", case), carried(case, note=NOTE)).status_code == 422
    reviewer.post(url_of("refer", case), carried(case, to=to.pk, note=NOTE))
    found = world.fresh(case)
    assert (found.state, found.referred_to_id, found.number) == ("referred", to.pk, None)


@pytest.mark.parametrize(("name", "field"), [("refer", "note"), ("examine", "text")])
def test_words_typed_into_an_expired_session_are_shown_again(world, name, field):
    case, client = world.submitted(), Client()
    typed = {field: NOTE, "written_by": kept.mark_for(world.reviewer.user)}
    client.post(url_of(name, case), carried(case, **typed))
    lost = client.session[kept.SESSION_KEY]
    client.force_login(world.reviewer.user)
    session = client.session
    session[kept.SESSION_KEY] = lost
    session.save()
    assert NOTE in client.get(url_of(name, case)).content.decode()
    assert world.fresh(case).state == "submitted"


# ---- mergers


def test_merging_shows_like_titles_and_keeps_both_numbers(world, reviewer):
    lead, case = world.filed(), world.filed()
    page = reviewer.get(url_of("merge", case))
    assert [match.pk for match in page.context["similar"]] == [lead.pk]
    reviewer.post(url_of("merge", case), carried(case, lead=lead.pk))
    found = world.fresh(case)
    assert (found.state, found.merged_into_id, found.number) == ("merged", lead.pk, 2)
    with world.scope():
        assert review_selectors.marks_of(world.reviewer, lead)["merged"] == [case]
        assert review_selectors.marks_of(world.reviewer, found)["lead"] == lead


def test_only_filed_proposals_of_the_session_are_offered_as_lead(world, reviewer):
    case, assigned, submitted, other = world.filed(), world.assigned(), world.submitted(), World().filed()
    assert list(reviewer.get(url_of("merge", case)).context["form"].fields["lead"].queryset) == []
    for lead in (case, assigned.proposal, submitted, other):
        assert reviewer.post(url_of("merge", case), carried(case, lead=lead.pk)).status_code == 422
        with world.scope(), pytest.raises((Refused, Proposal.DoesNotExist)):
            services.proposal_merge(proposal_id=case.pk, post=world.reviewer, lead=lead)
    assert world.fresh(case).state == "filed"


def test_two_are_not_merged_crosswise_nor_in_a_chain(world, reviewer):
    case, lead = merged(world)
    third = world.filed()
    for follower, into in ((lead, case), (lead, third), (third, case)):
        with world.scope(), pytest.raises(Refused):
            services.proposal_merge(proposal_id=follower.pk, post=world.reviewer, lead=into)
    assert reviewer.post(url_of("merge", lead), carried(lead, lead=third.pk)).status_code == 422
    assert (world.fresh(lead).state, world.fresh(third).state) == ("filed", "filed")


def test_a_merger_is_undone_until_a_bureau_has_the_lead(world, reviewer):
    case, _lead = merged(world)
    reviewer.post(url_of("unmerge", case), carried(case))
    assert (world.fresh(case).state, world.fresh(case).merged_into) == ("filed", None)
    late, lead = merged(world)
    with world.scope():
        services.proposal_assign(proposal_id=lead.pk, post=world.dispatcher, sole=world.bureau)
    response = reviewer.post(url_of("unmerge", late), carried(world.fresh(late)), follow=True)
    assert "主提案已经交办" in said(response)[-1]
    assert world.fresh(late).state == "merged"


# ---- marks


def test_marks_are_set_and_a_key_proposal_names_its_leader(world, reviewer):
    case, why = world.filed(), item(world.assembly, "not_public", "privacy")
    page = reviewer.post(url_of("mark", case), carried(case, is_key="on"))
    assert page.status_code == 422
    assert page.context["form"].errors
    typed = {"is_key": "on", "key_leader": "岳主席", "is_excellent": "on", "why": why.label}
    reviewer.post(url_of("mark", case), carried(case, **typed))
    found = world.fresh(case)
    assert (found.is_key, found.key_leader, found.is_excellent) == (True, "岳主席", True)
    assert found.not_public_because == why.label
    reviewer.post(url_of("mark", case), carried(found))
    assert not world.fresh(case).not_public_because


def test_a_reason_that_went_out_of_use_does_not_fall_away(world, reviewer):
    case, why = world.filed(), item(world.assembly, "not_public", "privacy")
    reviewer.post(url_of("mark", case), carried(case, why=why.label))
    with world.scope():
        ListItem.objects.filter(pk=why.pk).update(is_active=False)
    assert reviewer.get(url_of("mark", case)).context["form"]["why"].value() == why.label
    case = world.fresh(case)
    reviewer.post(url_of("mark", case), carried(case, why=why.label, is_excellent="on"))
    assert (world.fresh(case).is_excellent, world.fresh(case).not_public_because) == (True, why.label)


def test_a_page_of_marks_that_is_too_old_is_shown_with_the_newest_version(world, reviewer):
    case = world.filed()
    reviewer.post(url_of("mark", case), carried(case, is_excellent="on"))
    page = reviewer.post(url_of("mark", case), carried(case))
    assert page.status_code == 422
    assert world.fresh(case).is_excellent
    assert int(page.context["form"]["version_seen"].value()) == world.fresh(case).lock_version


# ---- the meeting


def test_a_meeting_ends_a_case_only_after_the_second_reply(world, reviewer):
    once, twice = world.fresh(world.issued().assignment.proposal), world.answered_twice()
    typed = {"day": clock.today().isoformat(), "note": NOTE}
    early = reviewer.post(url_of("settle", once), carried(once, **typed))
    assert early.status_code == 422
    assert early.context["form"].errors
    assert world.fresh(once).state == "answered"
    future = typed | {"day": (clock.today() + dt.timedelta(1)).isoformat()}
    for wrong in (future, typed | {"note": " "}):
        assert reviewer.post(url_of("settle", twice), carried(twice, **wrong)).status_code == 422
    reviewer.post(url_of("settle", twice), carried(twice, **typed))
    assert world.fresh(twice).state == "closed"


# ---- who may not


@pytest.mark.parametrize("name", ["examine", "refer", "merge", "unmerge", "mark", "settle"])
def test_others_do_not_review(world, browser, name):
    case, elsewhere = world.filed(), World()
    for who, status in ((world.filer, 403), (world.dispatcher, 403), (elsewhere.reviewer, 404)):
        assert browser(who).post(url_of(name, case), carried(case)).status_code == status

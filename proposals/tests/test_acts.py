"""The acts of review and dispatch, through the pages: what is asked, what is told, what is refused."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import kept
from office import clock
from office.acts import new_key
from office.models import DeadlineRule, Event
from organizations.models import ListItem, Role
from proposals import deadlines, selectors, services
from proposals.models import Assignment
from tests.factories import World, bureau, committee, item, post

NOTE = "请补充数据，说明资金来源。"


def url_of(name, obj):
    return reverse(f"proposals:{name}", args=[obj.pk])


def carried(case, **typed):
    return {"key": new_key(), "version_seen": case.lock_version} | typed


def said(response):
    return [str(message) for message in response.context["messages"]]


def acts(world):
    with world.scope():
        return list(Event.objects.order_by("sequence").values_list("act", flat=True))


@pytest.fixture
def reviewer(world, browser):
    return browser(world.reviewer)


@pytest.fixture
def dispatcher(world, browser):
    return browser(world.dispatcher)


# ---- acts without a page


def test_filing_tells_the_number_and_leads_to_the_case(world, reviewer):
    case = world.submitted()
    response = reviewer.post(url_of("file", case), carried(case), follow=True)
    assert response.redirect_chain == [(reverse("desk:case", args=[case.pk]), 302)]
    assert "1" in said(response)[0]
    assert (world.fresh(case).state, world.fresh(case).number) == ("filed", 1)


@pytest.mark.parametrize("same_key", [True, False])
def test_filing_twice_gives_one_number(world, reviewer, same_key):
    case = world.submitted()
    first, second = carried(case), carried(case)
    reviewer.post(url_of("file", case), first)
    response = reviewer.post(url_of("file", case), first if same_key else second, follow=True)
    assert len(said(response)) == 2
    assert acts(world).count("proposal.file") == 1
    assert world.filed().number == 2


def test_a_page_that_is_too_old_does_nothing(world, reviewer):
    case = world.submitted()
    with world.scope():
        services.proposal_recall(proposal_id=case.pk, post=world.filer)
        services.proposal_submit(proposal_id=case.pk, post=world.filer)
    reviewer.post(url_of("file", case), carried(case))
    assert world.fresh(case).state == "submitted"


def test_an_incomplete_draft_is_not_submitted_and_the_page_says_why(world, browser):
    case = world.draft(contact_phone="")
    response = browser(world.filer).post(url_of("submit", case), carried(case), follow=True)
    assert world.fresh(case).state == "draft"
    assert len(said(response)) == 1


def test_a_submitted_proposal_can_be_taken_back(world, browser):
    case = world.submitted()
    browser(world.filer).post(url_of("recall", case), carried(case))
    assert world.fresh(case).state == "draft"


def test_signing_in_leads_to_the_case(world, browser):
    assignment = world.assigned()
    response = browser(world.clerk).post(url_of("assignment_sign_in", assignment), {"key": new_key()})
    assert response["Location"] == reverse("desk:case", args=[assignment.proposal_id])
    assert world.fresh(assignment).state == "signed_in"
    assert world.fresh(assignment.proposal).state == "in_hand"


def test_an_assignment_is_taken_back_until_it_is_signed_in(world, dispatcher):
    early, late = world.assigned(), world.signed_in()
    for assignment in (early, late):
        dispatcher.post(url_of("assignment_recall", assignment), {"key": new_key()})
    assert [world.fresh(row).state for row in (early, late)] == ["recalled", "signed_in"]
    assert world.fresh(early.proposal).state == "filed"


@pytest.mark.parametrize("name", ["submit", "recall", "file"])
def test_acts_without_a_page_are_posted_only(world, browser, name):
    post = world.reviewer if name == "file" else world.filer
    assert browser(post).get(url_of(name, world.submitted())).status_code == 405


# ---- acts with a page


def test_returning_needs_a_reason_which_reaches_the_writers(world, reviewer, browser):
    case = world.submitted()
    page = reviewer.get(url_of("return", case))
    assert case.title in page.content.decode()
    assert reviewer.post(url_of("return", case), carried(case, note=" ")).status_code == 422
    assert world.fresh(case).state == "submitted"
    reviewer.post(url_of("return", case), carried(case, note=NOTE))
    assert world.fresh(case).state == "returned"
    with world.scope():
        (row,) = selectors.to_do(world.filer)
    assert row.reason == NOTE


def test_not_filing_takes_a_reason_of_the_list(world, reviewer):
    case = world.submitted()
    reason = item(world.assembly, "refusal", "in_court")
    page = reviewer.get(url_of("refuse", case)).content.decode()
    assert reason.label in page
    assert reviewer.post(url_of("refuse", case), carried(case, note=NOTE)).status_code == 422
    reviewer.post(url_of("refuse", case), carried(case, reason=reason.pk, note=NOTE))
    assert (world.fresh(case).state, world.fresh(case).refusal_reason_id) == ("not_filed", reason.pk)


def test_a_reason_out_of_use_or_of_another_list_is_not_offered(world, reviewer):
    case = world.submitted()
    gone = item(world.assembly, "refusal", "academic")
    with world.scope():
        ListItem.objects.filter(pk=gone.pk).update(is_active=False)
    foreign = item(World().assembly, "refusal", "in_court")
    for wrong in (gone, foreign, item(world.assembly, "category", "society")):
        assert reviewer.post(url_of("refuse", case), carried(case, reason=wrong.pk)).status_code == 422
    assert world.fresh(case).state == "submitted"


def test_withdrawing_needs_a_reason_and_keeps_the_number(world, browser):
    case, filer = world.filed(), browser(world.filer)
    assert filer.post(url_of("withdraw", case), carried(case)).status_code == 422
    filer.post(url_of("withdraw", case), carried(case, note=NOTE))
    assert (world.fresh(case).state, world.fresh(case).number) == ("withdrawn", case.number)


def test_assigning_shows_the_date_and_how_it_came_about(world, dispatcher):
    case = world.filed(suggested_bureau=world.bureau)
    response = dispatcher.get(url_of("assign", case))
    with world.scope():
        due = deadlines.due_if_assigned(case, "sole", clock.today())
    assert f'datetime="{due.date:%Y-%m-%d}"' in response.content.decode()
    assert response.context["form"]["bureau"].value() == world.bureau.pk
    dispatcher.post(url_of("assign", case), carried(case, way="sole", bureau=world.bureau.pk, note=NOTE))
    with world.scope():
        assignment = Assignment.objects.get(proposal=case)
    assert (assignment.due_on, assignment.note, assignment.bureau_id) == (due.date, NOTE, world.bureau.pk)


def test_without_a_rule_nothing_is_assigned_and_the_page_says_whom_to_ask(world, dispatcher):
    case = world.filed()
    with world.scope():
        DeadlineRule.objects.filter(step="reply").delete()
    response = dispatcher.get(url_of("assign", case), follow=True)
    assert len(said(response)) == 1
    dispatcher.post(url_of("assign", case), carried(case, way="sole", bureau=world.bureau.pk))
    assert world.fresh(case).state == "filed"


def test_only_active_bureaus_of_the_assembly_are_offered(world, dispatcher):
    case, closed = world.filed(), bureau(world.assembly, is_active=False)
    for wrong in (closed, World().bureau):
        assert dispatcher.post(url_of("assign", case), carried(case, bureau=wrong.pk)).status_code == 422
    assert world.fresh(case).state == "filed"


def test_the_name_of_a_bureau_is_no_code_for_the_page(world, dispatcher):
    tricky = bureau(world.assembly, short_name="<b>第一局</b>")
    page = dispatcher.get(url_of("assign", world.filed(suggested_bureau=tricky))).content.decode()
    assert "<b>第一局</b>" not in page


def test_an_act_with_a_page_is_done_once(world, reviewer):
    case = world.submitted()
    data = carried(case, note=NOTE)
    first, second = (reviewer.post(url_of("return", case), data) for _ in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert acts(world).count("proposal.return") == 1


def test_an_old_page_keeps_the_reason_and_can_be_sent_again(world, reviewer):
    case = world.submitted()
    data = carried(case, note=NOTE)
    with world.scope():
        services.proposal_recall(proposal_id=case.pk, post=world.filer)
        services.proposal_submit(proposal_id=case.pk, post=world.filer)
    response = reviewer.post(url_of("return", case), data)
    assert response.status_code == 422
    assert NOTE in response.content.decode()
    data["version_seen"] = response.context["form"]["version_seen"].value()
    assert reviewer.post(url_of("return", case), data).status_code == 302
    assert world.fresh(case).state == "returned"


def test_an_act_that_is_too_late_leads_to_the_case(world, reviewer):
    case = world.filed()
    response = reviewer.get(url_of("return", case), follow=True)
    assert response.redirect_chain == [(reverse("desk:case", args=[case.pk]), 302)]
    assert len(said(response)) == 1


def test_a_reason_typed_into_an_expired_session_is_shown_again_and_not_sent(world):
    case, client = world.submitted(), Client()
    client.post(
        url_of("return", case), carried(case, note=NOTE, written_by=kept.mark_for(world.reviewer.user))
    )
    lost = client.session[kept.SESSION_KEY]
    client.force_login(world.reviewer.user)
    session = client.session
    session[kept.SESSION_KEY] = lost
    session.save()
    assert NOTE in client.get(url_of("return", case)).content.decode()
    assert world.fresh(case).state == "submitted"


# ---- who may not


@pytest.mark.parametrize("name", ["file", "return", "refuse"])
def test_those_who_see_a_case_and_may_not_act_are_refused(world, browser, name):
    case = world.submitted()
    assert browser(world.filer).post(url_of(name, case), carried(case, note=NOTE)).status_code == 403


@pytest.mark.parametrize("name", ["file", "return", "refuse", "assign", "withdraw", "recall", "edit"])
def test_a_case_does_not_exist_elsewhere(world, browser, name):
    case, elsewhere = world.submitted(), World()
    colleague = post(world.assembly, Role.FILER, committee=committee(world.assembly))
    for other in (colleague, world.clerk, elsewhere.reviewer, elsewhere.dispatcher, elsewhere.filer):
        assert browser(other).post(url_of(name, case), carried(case, note=NOTE)).status_code == 404


@pytest.mark.parametrize("name", ["assignment_sign_in", "assignment_recall"])
def test_an_assignment_does_not_exist_for_another_bureau_or_assembly(world, browser, name):
    assignment, elsewhere = world.assigned(), World()
    other_clerk = post(world.assembly, Role.CLERK, bureau=bureau(world.assembly))
    for other in (other_clerk, elsewhere.clerk, elsewhere.dispatcher, world.filer):
        assert browser(other).post(url_of(name, assignment), {"key": new_key()}).status_code == 404
    assert world.fresh(assignment).state == "new"

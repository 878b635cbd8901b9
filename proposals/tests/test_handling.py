"""What a bureau does with its part and what is decided about it, through the pages and the services."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.urls import reverse

from office import clock
from office.acts import new_key
from office.counting import total
from office.workflow import Refused
from organizations.models import ListItem, Role
from proposals import dates_selectors, dispatch_selectors, services
from proposals.models import Chase, Contact, Extension
from tests.factories import World, bureau, post

REASON = "该事项属于区水利局的职责。"


def page_of(name, obj):
    return reverse(f"proposals:{name}", args=[obj.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def second(world):
    return bureau(world.assembly)


@pytest.fixture
def clerk(world, browser):
    return browser(world.clerk)


@pytest.fixture
def dispatcher(world, browser):
    return browser(world.dispatcher)


@pytest.fixture
def declined(world, second):
    part = world.assigned()
    with world.scope():
        services.assignment_decline(assignment_id=part.pk, post=world.clerk, reason=REASON, suggested=second)
    return world.fresh(part)


def later(days):
    return clock.at(clock.now() + dt.timedelta(days))


# ---- declining


def test_declining_shows_the_last_day_and_why(world, clerk, second):
    part = world.assigned()
    page = clerk.get(page_of("assignment_decline", part))
    assert page.context["day"] == part.decline_by
    assert page.context["lines"]
    sent = {"reason": REASON, "bureau": second.pk, "key": new_key()}
    assert clerk.post(page_of("assignment_decline", part), sent).status_code == 302
    assert world.fresh(part).state == "declining"
    with world.scope():
        assert part.declines.get().suggested == second


def test_declining_without_a_reason_asks_for_it(world, clerk):
    part = world.assigned()
    assert clerk.post(page_of("assignment_decline", part), {"reason": " "}).status_code == 422
    assert world.fresh(part).state == "new"


def test_declining_after_the_last_day_is_refused(world, clerk):
    part = world.assigned()
    with later(60):
        with world.scope():
            acts = dispatch_selectors.acts_on(world.clerk, world.fresh(part))
        assert "decline" not in [act["name"] for act in acts]
        answer = clerk.post(page_of("assignment_decline", part), {"reason": REASON})
    assert (answer.status_code, world.fresh(part).state) == (422, "new")


def test_the_bureau_keeps_it_after_all(world, clerk, declined):
    clerk.post(page_of("assignment_keep", declined), {"key": new_key()})
    assert world.fresh(declined).state == "signed_in"
    assert clerk.get(page_of("assignment_keep", declined)).status_code == 405


@pytest.mark.parametrize("step", ["reassign", "join", "insist"])
def test_the_decision_has_the_reason_and_the_suggestion_in_sight(world, dispatcher, declined, second, step):
    text = dispatcher.get(page_of(f"assignment_{step}", declined)).content.decode()
    assert REASON in text
    assert second.name in text
    if step != "insist":
        assert f'<option value="{second.pk}" selected>' in text


@pytest.mark.parametrize(("step", "state"), [("reassign", "reassigned"), ("join", "new"), ("insist", "new")])
def test_each_decision_leads_to_its_state(world, dispatcher, declined, second, step, state):
    sent = {"note": "请你单位继续办理。", "key": new_key()} | (
        {} if step == "insist" else {"bureau": second.pk}
    )
    assert dispatcher.post(page_of(f"assignment_{step}", declined), sent).status_code == 302
    assert world.fresh(declined).state == state
    with world.scope():
        others = declined.proposal.assignments.exclude(pk=declined.pk)
        assert [row.bureau for row in others] == ([] if step == "insist" else [second])


def test_a_refusal_needs_a_reason(world, dispatcher, declined):
    assert dispatcher.post(page_of("assignment_insist", declined), {"note": ""}).status_code == 422
    assert world.fresh(declined).state == "declining"


def test_the_same_person_in_another_post_does_not_decide(world, browser, declined, second):
    same = post(world.assembly, Role.DISPATCHER, user=world.clerk.user)
    for step in ("reassign", "join", "insist"):
        assert browser(same).get(page_of(f"assignment_{step}", declined)).status_code == 403
    with world.scope(), pytest.raises(PermissionDenied):
        services.decline_decide(assignment_id=declined.pk, post=same, decision="reassign", bureau=second)
    with world.scope():
        assert dispatch_selectors.declined_waiting(same) == []


def test_the_days_of_a_refused_request_move_the_date(world, declined):
    with later(4), world.scope():
        services.decline_decide(
            assignment_id=declined.pk, post=world.dispatcher, decision="insist", note="属于你单位职责。"
        )
    moved = world.fresh(declined)
    assert moved.due_on > declined.due_on


def test_a_step_that_cannot_be_taken_leads_back(world, dispatcher):
    part = world.assigned()
    answer = dispatcher.get(page_of("assignment_insist", part), follow=True)
    assert answer.redirect_chain
    assert said(answer)


# ---- inside the bureau


def test_a_case_is_handed_over_inside_the_bureau_only(world, browser, second):
    part = world.signed_in()
    colleague = post(world.assembly, Role.CLERK)
    outside = post(world.assembly, Role.CLERK, bureau=second)
    left = post(world.assembly, Role.CLERK, until=clock.today() - dt.timedelta(1))
    checker = browser(world.checker)
    choices = checker.get(page_of("assignment_hand_over", part)).context["form"].fields["clerk"].queryset
    with world.scope():
        assert list(choices.all()) == [colleague]
    for wrong in (outside, left, world.checker):
        answer = checker.post(page_of("assignment_hand_over", part), {"clerk": wrong.pk})
        assert answer.status_code == 422
    checker.post(page_of("assignment_hand_over", part), {"clerk": colleague.pk, "key": new_key()})
    assert world.fresh(part).clerk_id == colleague.pk
    assert browser(outside).get(page_of("assignment_hand_over", part)).status_code == 404


def test_a_bureau_that_gave_the_case_away_does_nothing_more(world, declined, second):
    with world.scope():
        services.decline_decide(
            assignment_id=declined.pk, post=world.dispatcher, decision="reassign", bureau=second
        )
        with pytest.raises(Refused):
            services.contact_none(assignment_id=declined.pk, post=world.clerk, reason="已改办。")


def test_a_contact_is_noted_with_its_day(world, clerk):
    part = world.signed_in()
    with world.scope():
        way = ListItem.objects.filter(assembly=world.assembly, list="contact_way").first()
    sent = {"way": way.pk, "people": "岳小舟、李科长", "said": "已面商，委员同意。"}
    days = {1: 422, -1: 422, 0: 302}
    for offset, status in days.items():
        day = clock.today() + dt.timedelta(offset)
        answer = clerk.post(
            page_of("contact_add", part), sent | {"held_on": day.isoformat(), "key": new_key()}
        )
        assert answer.status_code == status
    with world.scope():
        assert Contact.objects.get().held_on == clock.today()
        [told] = dispatch_selectors.contacts_of(world.filer, part.proposal)
    assert [contact.people for contact in told["contacts"]] == ["岳小舟、李科长"]


def test_why_there_was_no_contact_is_noted(world, clerk):
    part = world.signed_in()
    assert clerk.post(page_of("contact_none", part), {"reason": ""}).status_code == 422
    clerk.post(page_of("contact_none", part), {"reason": "委员出差，多次联系未果。", "key": new_key()})
    with world.scope():
        [told] = dispatch_selectors.contacts_of(world.checker, part.proposal)
    assert told["why_none"] == "委员出差，多次联系未果。"


# ---- more time


def test_more_time_is_asked_once_and_decided_by_a_second_person(world, clerk, browser):
    part = world.signed_in()
    page = clerk.get(page_of("extension_ask", part))
    then = page.context["then"]["day"]
    assert page.context["now"]["day"] == part.due_on < then
    clerk.post(page_of("extension_ask", part), {"reason": "需会同省厅研究。", "key": new_key()})
    assert clerk.post(page_of("extension_ask", part), {"reason": "再次申请。"}).status_code == 422
    with world.scope():
        extension = Extension.objects.get()
        assert total(dispatch_selectors.waiting_rows(world.dispatcher)) == 1
    same = post(world.assembly, Role.DISPATCHER, user=world.clerk.user)
    answer = browser(same).post(page_of("extension_decide", extension), {"grants": "yes"})
    assert (answer.status_code, world.fresh(part).extended) == (422, 0)
    dispatcher = browser(world.dispatcher)
    assert "需会同省厅研究。" in dispatcher.get(page_of("extension_decide", extension)).content.decode()
    dispatcher.post(page_of("extension_decide", extension), {"grants": "yes", "key": new_key()})
    assert world.fresh(part).due_on == then
    assert said(clerk.get(page_of("extension_ask", part), follow=True))


def test_refusing_more_time_needs_a_reason(world, dispatcher):
    part = world.signed_in()
    with world.scope():
        extension = services.extension_ask(assignment_id=part.pk, post=world.clerk, reason="需调研。")
    assert dispatcher.post(page_of("extension_decide", extension), {"grants": "no"}).status_code == 422
    dispatcher.post(page_of("extension_decide", extension), {"grants": "no", "note": "请按期办结。"})
    assert world.fresh(extension).is_granted is False
    assert world.fresh(part).due_on == part.due_on


def test_more_time_is_not_asked_for_after_the_date(world, clerk):
    part = world.signed_in()
    with clock.at(clock.now() + (part.due_on - clock.today()) + dt.timedelta(1)):
        assert clerk.post(page_of("extension_ask", part), {"reason": "已逾期。"}).status_code == 422
    with world.scope():
        assert not Extension.objects.exists()


# ---- chasing


def test_the_words_are_shown_before_they_go_and_the_limit_holds(world, dispatcher):
    part = world.signed_in()
    text = dispatcher.get(page_of("chase", part)).context["form"]["text"].value()
    assert str(part.proposal.number) in text
    assert part.proposal.title in text
    sent = {"text": text, "key": new_key()}
    assert dispatcher.post(page_of("chase", part), sent).status_code == 302
    assert dispatcher.post(page_of("chase", part), sent | {"key": new_key()}).status_code == 422
    with later(world.assembly.chase_days):
        assert dispatcher.post(page_of("chase", part), sent | {"key": new_key()}).status_code == 302
    with world.scope():
        assert Chase.objects.count() == 2
        [row] = dates_selectors.dates_of(world.dispatcher)
    assert row.chases == 2


def test_many_are_urged_each_with_its_own_facts_and_its_own_result(world, dispatcher):
    one, two, unchosen = world.signed_in(title="甲"), world.signed_in(title="乙"), world.signed_in()
    with world.scope():
        services.chase_send(assignment_id=one.pk, post=world.dispatcher, text="请抓紧办理。")
    address, text = reverse("proposals:chase_many"), "第{number}号《{title}》{due}到期，{other}。"
    page = dispatcher.get(address, {"chosen": [one.pk, two.pk], "text": text})
    shown = {letter.row.assignment: letter.text for letter in page.context["letters"]}
    assert f"第{two.proposal.number}号《乙》" in shown[two]
    assert "{other}" in shown[two]
    answer = dispatcher.post(address, {"chosen": [one.pk, two.pk], "text": text, "do": "send"})
    assert answer.status_code == 422
    assert [letter.row.assignment for letter in answer.context["letters"]] == [one]
    with world.scope():
        assert list(two.chases.values_list("text", flat=True)) == [shown[two]]
        assert not unchosen.chases.exists()
        assert one.chases.count() == 1


def test_a_title_is_not_read_as_a_mark(world):
    part = world.assigned(title="{due}")
    with world.scope():
        assert dates_selectors.filled_in("{title}", part) == "{due}"


def test_looking_at_the_words_sends_nothing(world, dispatcher):
    part = world.signed_in()
    address = reverse("proposals:chase_many")
    answer = dispatcher.post(address, {"chosen": [part.pk], "text": "请办理{number}。", "do": "look"})
    assert answer.context["letters"][0].text == f"请办理{part.proposal.number}。"
    with world.scope():
        assert not Chase.objects.exists()


def test_the_table_of_dates_narrows_and_offers_only_what_one_may(world, dispatcher, browser, second):
    part = world.signed_in()
    address = reverse("proposals:dates")
    assert len(dispatcher.get(address).context["page"]) == 1
    assert not dispatcher.get(address, {"urgency": "late"}).context["page"]
    assert not dispatcher.get(address, {"bureau": second.pk}).context["page"]
    with later(400):
        assert len(dispatcher.get(address, {"urgency": "late"}).context["page"]) == 1
    reviewer = browser(world.reviewer).get(address)
    assert not reviewer.context["may_chase"]
    assert "chosen" not in reviewer.content.decode()
    assert browser(world.clerk).get(address).status_code == 403
    with world.scope():
        services.assignment_decline(assignment_id=part.pk, post=world.clerk, reason=REASON)
    [row] = dispatcher.get(address).context["page"]
    assert not row.may_chase


# ---- what is of another assembly


def test_nothing_of_another_assembly_is_found(world, browser):
    other = World()
    part = other.signed_in()
    with other.scope():
        extension = services.extension_ask(assignment_id=part.pk, post=other.clerk, reason="需调研。")
    for name in ("decline", "reassign", "join", "insist", "hand_over"):
        for person in (world.clerk, world.dispatcher):
            assert browser(person).get(page_of(f"assignment_{name}", part)).status_code == 404
    for name in ("extension_ask", "contact_add", "contact_none", "chase"):
        assert browser(world.clerk).get(page_of(name, part)).status_code == 404
    assert browser(world.dispatcher).get(page_of("extension_decide", extension)).status_code == 404
    many = browser(world.dispatcher).post(
        reverse("proposals:chase_many"), {"chosen": [part.pk], "text": "请办理。", "do": "send"}
    )
    assert part.proposal.title not in many.content.decode()
    with other.scope():
        assert not Chase.objects.exists()


# ---- what the case page and the desks show


def test_the_parts_tell_each_post_what_is_its_matter(world, declined, second):
    case = declined.proposal
    with world.scope():
        for role in ("dispatcher", "reviewer", "clerk"):
            [part] = dispatch_selectors.parts_of(getattr(world, role), case)
            assert [row.reason for row in part.declines] == [REASON]
        [part] = dispatch_selectors.parts_of(world.filer, case)
        assert (part.declines, part.acts, part.is_told_all) == ([], [], False)
        offered = {
            role: [act["name"] for act in dispatch_selectors.parts_of(getattr(world, role), case)[0].acts]
            for role in ("dispatcher", "clerk", "checker", "reviewer")
        }
    assert offered["dispatcher"] == ["reassign", "join", "insist"]
    assert offered["clerk"][0] == "keep"
    assert offered["checker"] == ["assignment_hand_over"]
    assert offered["reviewer"] == []


def test_the_desks_have_the_requests(world, declined):
    with world.scope():
        [row] = dispatch_selectors.declined_waiting(world.dispatcher)
        [own] = dispatch_selectors.declined_of_bureau(world.clerk)
        assert (row.reason, row.lamp.date) == (REASON, declined.declines.get().decide_by)
        assert own.number == declined.proposal.number
        assert total(dispatch_selectors.waiting_rows(world.dispatcher)) == 1
        for role in ("reviewer", "filer", "leader"):
            assert dispatch_selectors.declined_waiting(getattr(world, role)) == []
            assert dispatch_selectors.extensions_waiting(getattr(world, role)) == []


@pytest.mark.parametrize("role", ["dispatcher", "filer", "clerk"])
def test_the_parts_of_the_case_page_are_drawn(world, declined, role):
    person = getattr(world, role)
    with world.scope():
        parts = dispatch_selectors.parts_of(person, declined.proposal)
        contacts = dispatch_selectors.contacts_of(person, declined.proposal)
        html = render_to_string("proposals/assignments.html", {"parts": parts})
        html += render_to_string("proposals/contacts.html", {"contacts": contacts})
    assert (REASON in html) is (role != "filer")
    assert str(world.bureau) in html

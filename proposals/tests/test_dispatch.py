"""Giving proposals to bureaus: the ways, the dates by rule, many at once, and what is refused."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from office import clock
from office.acts import new_key
from office.models import DeadlineRule
from office.workflow import Refused
from organizations.models import Dispatcher
from proposals import dispatch_selectors, services
from proposals.models import Assignment, Proposal
from tests.factories import World, bureau

TABLE = reverse("proposals:dispatch")


def row(case, bureau, *others, way="sole", note="", **more):
    """What the table sends about one case."""
    facts = {"way": way, "bureau": bureau.pk, "others": [other.pk for other in others], "note": note}
    facts |= {"key": new_key(), "version_seen": case.lock_version} | more
    return {f"{case.pk}-{name}": value for name, value in facts.items()}


def chosen(*cases, **rows):
    return {"chosen": [case.pk for case in cases]} | rows


@pytest.fixture
def second(world):
    return bureau(world.assembly)


@pytest.fixture
def third(world):
    return bureau(world.assembly)


@pytest.fixture
def dispatcher(world, browser):
    return browser(world.dispatcher)


def parts(world, case):
    with world.scope():
        return {(row.bureau_id, row.part) for row in case.assignments.all()}


def assign_page(case):
    return reverse("proposals:assign", args=[case.pk])


# ---- one case


def sent(case, way, bureau, *others, **more):
    facts = {"way": way, "bureau": bureau.pk, "others": [row.pk for row in others], "key": new_key()}
    return facts | {"version_seen": case.lock_version} | more


def test_the_page_shows_the_suggested_bureau_and_the_dates_with_their_reasons(world, dispatcher):
    case = world.filed(suggested_bureau=world.bureau)
    page = dispatcher.get(assign_page(case))
    assert f'<option value="{world.bureau.pk}" selected>' in page.content.decode()
    with world.scope():
        dates = dispatch_selectors.if_assigned(case)
    assert [date.lines for date in page.context["dates"]] == [date.lines for date in dates]
    assert dates[0].lines
    assert dates[0].day > clock.today()


@pytest.mark.parametrize("way", ["sole", "lead", "split"])
def test_each_way_gives_its_parts(world, dispatcher, second, third, way):
    case, own = world.filed(), world.bureau
    others = [] if way == "sole" else [second, third]
    answer = dispatcher.post(assign_page(case), sent(case, way, own, *others))
    assert answer.status_code == 302
    others_part = {"lead": "co", "split": "split", "sole": ""}[way]
    assert parts(world, case) == {(own.pk, way), *((row.pk, others_part) for row in others)}


@pytest.mark.parametrize("fault", ["sole and others", "lead alone", "split alone", "twice"])
def test_parts_that_do_not_fit_are_refused_and_what_was_typed_stays(world, dispatcher, second, fault):
    case, own = world.filed(), world.bureau
    way, others = {
        "sole and others": ("sole", [second]),
        "lead alone": ("lead", []),
        "split alone": ("split", []),
        "twice": ("lead", [own]),
    }[fault]
    answer = dispatcher.post(assign_page(case), sent(case, way, own, *others, note="请会同研究。"))
    assert (answer.status_code, world.fresh(case).state) == (422, "filed")
    assert "请会同研究。" in answer.content.decode()


def test_each_assignment_has_its_own_date_by_rule(world, second):
    case = world.filed()
    with world.scope():
        DeadlineRule.objects.filter(assembly=world.assembly, step="opinion").delete()
        facts = {"assembly": world.assembly, "unit": "days", "length": 11, "warn_days": 3}
        DeadlineRule.objects.create(step="opinion", **facts)
        lead, co = services.proposal_assign(
            proposal_id=case.pk, post=world.dispatcher, lead=world.bureau, co=[second]
        )
    assert co.due_on == clock.today() + dt.timedelta(11)
    assert lead.due_on > co.due_on


def test_a_bureau_of_another_assembly_is_no_choice(world, dispatcher):
    case, other = world.filed(), World()
    answer = dispatcher.post(assign_page(case), sent(case, "sole", other.bureau))
    assert answer.status_code == 422
    assert other.bureau.short_name not in answer.content.decode()
    assert parts(world, case) == set()


def test_a_case_of_another_assembly_is_not_found(world, dispatcher):
    other = World()
    for name in ("assign", "assignment_add"):
        assert dispatcher.get(reverse(f"proposals:{name}", args=[other.filed().pk])).status_code == 404


def test_without_a_dispatcher_the_reviewer_assigns(world, browser):
    case = world.filed()
    reviewer = browser(world.reviewer)
    assert reviewer.get(assign_page(case)).status_code == 403
    assert reviewer.get(TABLE).status_code == 403
    with world.scope():
        Dispatcher.objects.update(is_active=False)
    answer = reviewer.post(TABLE, chosen(case, **row(case, world.bureau)))
    assert answer.status_code == 200
    assert world.fresh(case).state == "assigned"


# ---- many at once


def test_forty_cases_are_assigned_at_once(world, dispatcher, second):
    cases = [world.filed() for _n in range(40)]
    data = chosen(*cases)
    for n, case in enumerate(cases):
        data |= row(case, world.bureau, second, way="lead") if n % 2 else row(case, second)
    answer = dispatcher.post(TABLE, data)
    assert answer.status_code == 200
    assert len(answer.context["outcome"].done) == 40
    assert answer.context["notices"].count("part=") == 60
    assert not answer.context["lines"]
    with world.scope():
        assert Assignment.objects.count() == 60


def test_only_the_chosen_rows_are_touched(world, dispatcher):
    one, two = world.filed(), world.filed()
    dispatcher.post(TABLE, chosen(one, **row(one, world.bureau), **row(two, world.bureau)))
    assert (world.fresh(one).state, world.fresh(two).state) == ("assigned", "filed")


def test_what_was_typed_in_refused_rows_stays(world, dispatcher, second):
    good, bad, unticked = world.filed(), world.filed(), world.filed()
    rows = (
        row(good, second)
        | row(bad, second, way="lead", note="涉及两区。")
        | row(unticked, second, note="再议。")
    )
    answer = dispatcher.post(TABLE, chosen(good, bad, **rows))
    assert answer.status_code == 422
    assert [case for case, _made in answer.context["outcome"].done] == [good]
    lines = {line.case: line for line in answer.context["lines"]}
    assert set(lines) == {bad, unticked}
    assert lines[bad].typed == {"way": "lead", "bureau": str(second.pk), "others": [], "note": "涉及两区。"}
    assert lines[bad].faults
    assert lines[bad].is_chosen
    assert lines[unticked].typed["note"] == "再议。"
    assert not lines[unticked].is_chosen


def test_a_case_assigned_meanwhile_is_told_and_not_done_twice(world, dispatcher, second):
    case, other = world.filed(), world.filed()
    data = chosen(case, other, **row(case, second), **row(other, second))
    with world.scope():
        services.proposal_assign(proposal_id=case.pk, post=world.dispatcher, sole=world.bureau)
    answer = dispatcher.post(TABLE, data)
    [told] = answer.context["outcome"].gone
    assert str(world.bureau) in told
    assert world.dispatcher.user.name in told
    assert parts(world, case) == {(world.bureau.pk, "sole")}
    assert world.fresh(other).state == "assigned"


def test_sending_the_table_twice_changes_nothing(world, dispatcher, second):
    case = world.filed()
    data = chosen(case, **row(case, second))
    dispatcher.post(TABLE, data)
    dispatcher.post(TABLE, data)
    assert parts(world, case) == {(second.pk, "sole")}


def test_a_changed_case_is_refused_in_its_row(world, dispatcher, second):
    case = world.filed()
    answer = dispatcher.post(TABLE, chosen(case, **row(case, second, version_seen=case.lock_version - 1)))
    assert answer.context["outcome"].faults[case.pk]
    assert world.fresh(case).state == "filed"


def test_a_row_of_another_assembly_is_told_of_without_a_word_of_it(world, dispatcher, second):
    other = World()
    theirs = other.filed(title="另一政协的提案")
    answer = dispatcher.post(TABLE, {"chosen": [theirs.pk, "x", "9" * 30]} | row(theirs, second))
    assert answer.status_code == 422
    assert len(answer.context["outcome"].gone) == 1
    assert "另一政协的提案" not in answer.content.decode()
    assert other.fresh(theirs).state == "filed"


def test_a_bureau_of_another_assembly_is_refused_in_its_row(world, dispatcher):
    case, other = world.filed(), World()
    answer = dispatcher.post(TABLE, chosen(case, **row(case, other.bureau)))
    assert answer.context["outcome"].faults[case.pk]
    assert parts(world, case) == set()


def test_choosing_nothing_is_told(world, dispatcher):
    world.filed()
    answer = dispatcher.post(TABLE, {})
    assert answer.context["nothing_chosen"]


def test_the_number_of_queries_does_not_grow_with_the_rows(world, dispatcher):
    dispatcher.get(TABLE)
    counts = []
    for _round in range(2):
        world.filed(suggested_bureau=world.bureau)
        world.filed()
        with CaptureQueriesContext(connection) as queries:
            dispatcher.get(TABLE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_notices_are_printed_together_and_only_ones_own(world, dispatcher, browser):
    first, second_part, theirs = world.assigned(), world.assigned(), World().assigned()
    address = reverse("proposals:dispatch_notices")
    answer = dispatcher.get(address, {"part": [first.pk, second_part.pk, theirs.pk]})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert dispatcher.get(address, {"part": [theirs.pk]}).status_code == 404
    assert browser(world.filer).get(address, {"part": [first.pk]}).status_code == 404


# ---- one more bureau


def test_a_bureau_is_added_to_a_case_under_way(world, dispatcher, second):
    part = world.signed_in()
    address = reverse("proposals:assignment_add", args=[part.proposal_id])
    assert dispatcher.get(address).status_code == 200
    dispatcher.post(address, {"bureau": second.pk, "key": new_key()})
    assert parts(world, part.proposal) == {(world.bureau.pk, "lead"), (second.pk, "co")}


def test_a_bureau_is_not_added_twice_nor_to_a_case_nobody_has(world, dispatcher, second):
    part = world.signed_in()
    with world.scope():
        services.assignment_add(proposal_id=part.proposal_id, post=world.dispatcher, bureau=second)
        with pytest.raises(Refused):
            services.assignment_add(proposal_id=part.proposal_id, post=world.dispatcher, bureau=second)
    address = reverse("proposals:assignment_add", args=[world.filed().pk])
    assert dispatcher.get(address).status_code == 404


@pytest.mark.parametrize("role", ["filer", "reviewer", "clerk", "checker", "leader", "sealkeeper"])
def test_who_gives_no_assignments_sees_no_table(world, browser, role):
    assert browser(getattr(world, role)).get(TABLE).status_code == 403


def test_the_table_shows_filed_cases_only(world):
    filed, _assigned, _submitted = world.filed(), world.assigned(), world.submitted()
    with world.scope():
        assert list(dispatch_selectors.to_assign(world.dispatcher)) == [filed]
        assert list(dispatch_selectors.to_assign(world.clerk)) == []
        assert Proposal.objects.count() == 3

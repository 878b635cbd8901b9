"""The settings' pages: who may, what is refused and how it is said, what stays as it was."""

import json

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from django_scopes import scopes_disabled

from office import calendar
from office.acts import new_key
from office.models import CalendarDay, DeadlineRule, Event
from office.workflow import Refused
from organizations import policies, services
from organizations.kinds import KINDS
from organizations.models import (
    Assembly,
    Bureau,
    Committee,
    Dispatcher,
    LetterProfile,
    Role,
    Session,
)
from tests import factories

OTHERS = [role for role in Role if role != Role.SYSADMIN]
BEGINS = {"starts": "event", "extensions": 0}
SESSION = {
    "name": "六届一次会议",
    "opens": "2027-01-05",
    "closes": "2027-01-08",
    "filing_deadline": "2027-01-07",
    "first_number": "1",
    "is_current": "on",
}


def url(name: str, *args) -> str:
    return reverse(f"organizations:{name}", args=args)


def events(world) -> list[tuple[str, dict]]:
    with scopes_disabled():
        rows = Event.objects.filter(assembly=world.assembly, act__startswith="settings.")
        return [(row.act, json.loads(row.facts)) for row in rows.order_by("sequence")]


def first(world, model):
    with world.scope():
        return policies.settings_visible_to(world.sysadmin, model).first()


@pytest.fixture
def client(world, as_post):
    return as_post(world.sysadmin)


# ---- doors


@pytest.mark.parametrize("slug", KINDS)
def test_each_kind_has_its_pages(client, world, slug: str):
    kind = KINDS[slug]
    row = first(world, kind.model)
    assert client.get(url("settings")).status_code == 200
    assert client.get(url("setting_list", slug), follow=True).status_code == 200
    assert client.get(url("setting_new", slug)).status_code == (200 if kind.add else 404)
    if row:
        assert client.get(url("setting_edit", slug, row.pk)).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_system_administrator_comes_in(world, as_post, role: str):
    client, session = as_post(world.posts[role]), first(world, Session)
    pages = [
        url("settings"),
        url("setting_list", "sessions"),
        url("setting_new", "sessions"),
        url("setting_edit", "sessions", session.pk),
    ]
    assert {client.get(page).status_code for page in pages} == {403}
    acts = [url("setting_remove", "sessions", session.pk), url("calendar_fill", 2026)]
    assert {client.post(act).status_code for act in acts} == {403}


@pytest.mark.parametrize("slug", KINDS)
def test_rows_of_another_assembly_are_not_found(client, world, other, slug: str):
    row = first(other, KINDS[slug].model)
    assert client.get(url("setting_edit", slug, row.pk)).status_code == 404
    assert client.post(url("setting_edit", slug, row.pk), {"name": "x"}).status_code == 404
    assert client.post(url("setting_remove", slug, row.pk)).status_code == 404


def test_what_does_not_exist_is_not_found(client):
    assert client.get(url("setting_list", "nonsense")).status_code == 404
    assert client.get(url("setting_edit", "sessions", 10**30)).status_code == 404


def test_a_removal_is_sent_not_fetched(client, world):
    assert client.get(url("setting_remove", "sessions", first(world, Session).pk)).status_code == 405


def test_services_refuse_other_roles_and_other_assemblies(world, other):
    with world.scope():
        own = Bureau.objects.first()
        with pytest.raises(PermissionDenied):
            services.setting_save(post=world.clerk, setting=own)
    with pytest.raises(PermissionDenied):
        services.setting_save(post=other.sysadmin, setting=own)
    with pytest.raises(PermissionDenied):
        services.setting_remove(post=other.sysadmin, setting=own)


# ---- adding and changing


@pytest.mark.parametrize(
    ("slug", "sent"),
    [
        ("sessions", SESSION),
        ("committees", {"name": "区政协文化委员会", "short_name": "文化委", "kind": "special_committee"}),
        (
            "bureaus",
            {"name": "君山区水利局", "short_name": "区水利局", "number_word": "君水复字", "first_number": 1},
        ),
        ("dispatchers", {"name": "中共君山区委督查室", "short_name": "区委督查室"}),
        ("lists", {"list": "category", "label": "乡村振兴", "order": 9, "is_active": "on"}),
        ("rules", {"step": "reply", "applies": "", "unit": "months", "length": 3, "warn_days": 7} | BEGINS),
        ("days", {"day": "2027-01-01", "kind": "holiday", "name": "元旦"}),
    ],
)
def test_a_row_is_added_and_recorded(client, world, slug: str, sent: dict):
    model = KINDS[slug].model
    with world.scope():
        before = model.objects.count()
    answer = client.post(url("setting_new", slug), sent, follow=True)
    assert answer.redirect_chain == [(url("setting_list", slug), 302)]
    assert b"Saved: " in answer.content
    with world.scope():
        assert model.objects.count() == before + 1
    assert [act for act, _facts in events(world)] == ["settings.change"]


def test_the_log_tells_what_was_changed_in_the_sites_own_language(client, world):
    bureau = first(world, Bureau)
    sent = {
        "name": bureau.name,
        "short_name": bureau.short_name,
        "number_word": "君新复字",
        "first_number": 7,
        "opinion_word": bureau.opinion_word,
    }
    client.post(url("setting_edit", "bureaus", bureau.pk), sent | {"is_active": "on"})
    ((_act, facts),) = events(world)
    assert facts["note"].splitlines() == [
        f"发文字号代字：{bureau.number_word} → 君新复字",
        "起始发文号：1 → 7",
    ]


def test_the_same_form_sent_twice_adds_one(client, world):
    sent = {"name": "区委督查室", "short_name": "督查室", "key": new_key()}
    answers = [client.post(url("setting_new", "dispatchers"), sent, follow=True) for _n in range(2)]
    assert b"This was done already" in answers[1].content
    with world.scope():
        assert Dispatcher.objects.filter(name="区委督查室").count() == 1


def test_a_new_current_session_takes_the_place_of_the_old(client, world):
    client.post(url("setting_new", "sessions"), SESSION)
    with world.scope():
        assert Session.objects.get(is_current=True).name == "六届一次会议"


# ---- wrong input: said at the field, nothing lost, nothing written


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"opens": "2026-02-30"}, "opens", "There is no such day"),
        ({"closes": "soon"}, "closes", "There is no such day"),
        ({"closes": "2027-01-04"}, "closes", "The closing day lies before the opening day."),
        ({"filing_deadline": "2027-01-01"}, "filing_deadline", "lies before the opening day"),
        ({"first_number": "0"}, "first_number", "greater than or equal to 1"),
        ({"name": ""}, "name", "This field is required"),
        ({"name": "五届五次会议"}, "name", "There is one of this name already"),
    ],
)
def test_a_wrong_session_is_told_and_kept(client, world, change: dict, field: str, said: str):
    answer = client.post(url("setting_new", "sessions"), SESSION | change)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    with translation.override("en"):
        assert said in form.errors[field][0]
    for value in (SESSION | change).values():
        assert value == "on" or f'value="{value}"' in answer.content.decode()
    assert events(world) == []


def test_a_day_that_is_none_is_shown_as_it_was_typed(client):
    """A browser's date field would show nothing at all."""
    page = client.post(url("setting_new", "sessions"), SESSION | {"opens": "2026-02-30"}).content.decode()
    field = next(tag for tag in page.split("<input") if 'name="opens"' in tag)
    assert 'type="text"' in field
    assert 'value="2026-02-30"' in field


@pytest.mark.parametrize(
    ("slug", "model", "sent", "field"),
    [
        ("committees", Committee, {"short_name": "x", "kind": "party"}, "name"),
        ("bureaus", Bureau, {"short_name": "x", "number_word": "x", "first_number": 1}, "name"),
        ("days", CalendarDay, {"kind": "holiday"}, "day"),
        ("rules", DeadlineRule, {"unit": "days", "length": 3, "warn_days": 7} | BEGINS, "applies"),
    ],
)
def test_what_exists_already_is_told_at_its_field(client, world, slug, model, sent: dict, field: str):
    row = first(world, model)
    same = {name: getattr(row, name) for name in ("name", "day", "step", "applies") if hasattr(row, name)}
    answer = client.post(url("setting_new", slug), sent | same)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_names_may_be_the_same_in_two_assemblies(client, world, other):
    theirs = first(other, Bureau)
    sent = {"name": theirs.name, "short_name": "x", "number_word": "x", "first_number": 1}
    assert client.post(url("setting_new", "bureaus"), sent).status_code == 302


def test_two_bureaus_in_use_cannot_number_with_one_word(client, world):
    """One may take over the word of another that is no longer in use."""
    row = first(world, Bureau)
    sent = {"name": "君山区新设局", "short_name": "新设局", "number_word": row.number_word, "first_number": 7}
    answer = client.post(url("setting_new", "bureaus"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["number_word"]
    with world.scope():
        Bureau.objects.filter(pk=row.pk).update(is_active=False)
    assert client.post(url("setting_new", "bureaus"), sent).status_code == 302


def test_an_entry_twice_in_a_list_is_told(client, world):
    sent = {"list": "category", "label": "经济建设", "order": 9, "is_active": "on"}
    answer = client.post(url("setting_new", "lists"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["label"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"unit": "fixed", "fixed_month": 2, "fixed_day": 30}, "fixed_day"),
        ({"unit": "fixed"}, "fixed_month"),
        ({"unit": "months"}, "length"),
        ({"unit": "months", "length": 0}, "length"),
    ],
)
def test_a_rule_that_says_nothing_is_told(client, sent: dict, field: str):
    answer = client.post(url("setting_new", "rules"), {"step": "reply", "warn_days": 7} | BEGINS | sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_two_at_once_are_refused_in_words(world):
    """What the form could not see yet, the database refuses, and the service says so."""
    with world.scope():
        twin = Committee(assembly=world.assembly, name=world.committee.name, short_name="x", kind="party")
        with pytest.raises(Refused):
            services.setting_save(post=world.sysadmin, setting=twin)


# ---- what is fixed


def test_the_first_number_is_open_until_a_number_is_given(client, world):
    session = first(world, Session)
    sent = SESSION | {"first_number": "51"}
    client.post(url("setting_edit", "sessions", session.pk), sent)
    assert world.fresh(session).first_number == 51
    assert world.filed().number == 51
    page = client.get(url("setting_edit", "sessions", session.pk))
    assert page.context["form"].fields["first_number"].disabled
    client.post(url("setting_edit", "sessions", session.pk), sent | {"first_number": "7"})
    assert world.fresh(session).first_number == 51


def test_the_service_refuses_another_first_number(world):
    world.filed()
    with world.scope():
        session = Session.objects.get()
        session.first_number = 7
        with pytest.raises(Refused):
            services.setting_save(post=world.sysadmin, setting=session)
    assert world.fresh(session).first_number == 1


def test_a_new_label_does_not_touch_what_was_issued(client, world, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    reply = world.issued()
    with world.scope():
        letter = apps.get_model("replies.IssuedLetter").objects.get(reply=reply)
    entry = factories.item(world.assembly, "result_class", "B")
    sent = {"label": "另一种说法", "mark": "乙类", "order": 2, "is_active": "on"}
    assert client.post(url("setting_edit", "lists", entry.pk), sent).status_code == 302
    assert world.fresh(entry).mark == "乙类"
    assert world.fresh(letter).facts["result_class"] == "B类"


def test_an_entry_stays_in_its_list(client, world):
    entry = factories.item(world.assembly, "category", "economy")
    sent = {"list": "refusal", "label": "经济", "order": 1, "is_active": "on"}
    client.post(url("setting_edit", "lists", entry.pk), sent)
    assert (world.fresh(entry).list, world.fresh(entry).label) == ("category", "经济")


# ---- removing


def test_an_unused_row_is_removed_and_recorded(client, world):
    with world.scope():
        extra = factories.bureau(world.assembly)
    answer = client.post(url("setting_remove", "bureaus", extra.pk), follow=True)
    assert b"Removed: " in answer.content
    with world.scope():
        assert not Bureau.objects.filter(pk=extra.pk).exists()
    assert [act for act, _facts in events(world)] == ["settings.remove"]


def test_a_used_row_stays_and_the_page_says_what_to_do(client, world):
    world.assigned()
    used = {
        "bureaus": first(world, Bureau),
        "committees": first(world, Committee),
        "sessions": first(world, Session),
    }
    for slug, row in used.items():
        answer = client.post(url("setting_remove", slug, row.pk), follow=True)
        assert b"take it out of use instead" in answer.content
        assert world.fresh(row)
    assert events(world) == []


def test_the_general_letter_profile_and_the_assembly_stay(client, world):
    profile = first(world, LetterProfile)
    answer = client.post(url("setting_remove", "letters", profile.pk), follow=True)
    assert b"cannot be without" in answer.content
    client.post(url("setting_remove", "limits", world.assembly.pk))
    assert world.fresh(profile)
    assert Assembly.objects.filter(pk=world.assembly.pk).exists()
    page = client.get(url("setting_list", "letters")).content.decode()
    assert url("setting_remove", "letters", profile.pk) not in page


# ---- letter profiles


def letter(world, **facts) -> dict:
    profile = first(world, LetterProfile)
    names = ("form", "title", "opening", "closing", "contacts", "letterhead", "marks_at", "copies_to")
    return {name: getattr(profile, name) for name in names} | facts


@pytest.mark.parametrize(
    "pattern", ["第{nummer}号", "第{number号", "第number}号", "{title.__class__}", "{0}"]
)
@pytest.mark.parametrize("field", ["title", "opening", "closing", "contacts", "letterhead"])
def test_a_name_that_no_case_has_is_refused(client, world, field: str, pattern: str):
    profile = first(world, LetterProfile)
    sent = letter(world, **{field: pattern})
    answer = client.post(url("setting_edit", "letters", profile.pk), sent)
    assert answer.status_code == 422
    assert "{place} {session} {number}" in answer.context["form"].errors[field][0]
    assert pattern in answer.content.decode()
    assert world.fresh(profile).title == profile.title


def test_a_pattern_shows_how_it_will_read(client, world):
    profile = first(world, LetterProfile)
    page = client.get(url("setting_edit", "letters", profile.pk)).content.decode()
    assert "关于君山区政协五届五次会议第51号提案的答复" in page
    for name in ("place", "session", "number", "title", "you", "bureau", "leader", "clerk", "phone"):
        assert f"<code>{{{name}}}</code>" in page


def test_a_bureau_gets_one_profile_of_its_own(client, world):
    sent = letter(world, bureau=world.bureau.pk)
    assert client.post(url("setting_new", "letters"), sent).status_code == 302
    answer = client.post(url("setting_new", "letters"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["bureau"]
    answer = client.post(url("setting_new", "letters"), letter(world))
    assert list(answer.context["form"].errors) == ["bureau"]


def test_a_bureau_of_another_assembly_cannot_be_chosen(client, world, other):
    answer = client.post(url("setting_new", "letters"), letter(world, bureau=other.bureau.pk))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["bureau"]


def test_the_general_profile_cannot_be_given_to_a_bureau(world):
    with world.scope():
        profile = LetterProfile.objects.get(bureau=None)
        profile.bureau = world.bureau
        with pytest.raises(Refused):
            services.setting_save(post=world.sysadmin, setting=profile)


# ---- calendar and limits


def test_a_year_that_is_announced_and_not_kept_can_be_filled(client, world):
    with world.scope():
        CalendarDay.objects.filter(day__year=2026).delete()
    page = client.get(url("setting_list", "days"))
    assert page.context["years"].missing == [2026]
    assert url("calendar_fill", 2026) in page.content.decode()
    answer = client.post(url("calendar_fill", 2026), {"key": new_key()}, follow=True)
    assert answer.context["years"].shown == 2026
    with world.scope():
        kept = CalendarDay.objects.filter(day__year=2026).count()
    assert kept == len(calendar.official_days(2026)) > 0
    assert [act for act, _facts in events(world)] == ["settings.change"]


@pytest.mark.parametrize("year", [2026, 2099])
def test_a_year_that_is_kept_or_not_announced_is_refused(client, world, year: int):
    answer = client.post(url("calendar_fill", year), follow=True)
    assert b"Nothing was added" in answer.content
    assert events(world) == []


@pytest.mark.parametrize("year", ["", "2021", "2099", "x", "99999999999999999999"])
def test_the_calendar_shows_one_year(client, year: str):
    page = client.get(url("setting_list", "days"), {"year": year})
    assert page.status_code == 200
    assert page.context["years"].shown == (2021 if year == "2021" else 2026)


def test_the_limits_are_the_assemblys_own(client, world, other):
    sent = {"title_limit": 30, "attachment_limit_mb": 5, "cosign_days": 5, "feedback_from": "lead"}
    sent |= {"chase_days": 2, "reminder_days": "10,1", "overdue_every": 3}
    sent |= {"check_days": 2, "sign_days": 0, "issue_days": 1}
    assert client.post(url("setting_edit", "limits", world.assembly.pk), sent).status_code == 302
    assert (world.fresh(world.assembly).title_limit, world.fresh(other.assembly).title_limit) == (30, 60)
    answer = client.post(url("setting_edit", "limits", world.assembly.pk), sent | {"title_limit": 0})
    assert answer.status_code == 422


def test_what_was_typed_after_the_session_ended_is_back_after_the_sign_in(client, world, as_post):
    page = client.get(url("setting_new", "sessions"))
    mark = page.content.decode().partition('name="written_by" value="')[2].partition('"')[0]
    client.logout()
    answer = client.post(url("setting_new", "sessions"), SESSION | {"written_by": mark})
    assert answer.status_code == 302
    password = {"login": world.sysadmin.user.username, "password": factories.PASSWORD}
    client.post(reverse("account_login"), password)
    page = client.get(url("setting_new", "sessions"))
    assert "六届一次会议" in page.content.decode()
    assert page.status_code == 200

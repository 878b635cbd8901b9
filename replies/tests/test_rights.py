"""Who may do what with a reply in which state, and that nobody approves what they wrote."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from organizations.models import ADMIN_ROLES, BUREAU_ROLES, Role
from replies import policies, selectors, services
from replies.models import Reply
from replies.workflow import REPLY, ReplyState
from tests.factories import World, bureau, item, post

NOTHING: dict[str, list[str]] = {role: [] for role in Role.values}
# The exact list of acts for each post of the bureau; every other role has none in any state.
ALLOWED: dict[str, dict[str, list[str]]] = {
    ReplyState.DRAFTING: NOTHING | {Role.CLERK: ["edit", "send"]},
    ReplyState.IN_REVIEW: NOTHING | {Role.CLERK: ["recall"], Role.CHECKER: ["pass", "check_return"]},
    ReplyState.AWAITING_SIGNATURE: NOTHING
    | {Role.CHECKER: ["pass_recall"], Role.LEADER: ["sign", "sign_return"]},
    ReplyState.SIGNED: NOTHING | {Role.LEADER: ["issue_return"], Role.SEALKEEPER: ["issue", "issue_return"]},
    ReplyState.ISSUED: NOTHING,
}
MAKE = {
    ReplyState.DRAFTING: "drafting",
    ReplyState.IN_REVIEW: "in_review",
    ReplyState.AWAITING_SIGNATURE: "awaiting_signature",
    ReplyState.SIGNED: "signed",
    ReplyState.ISSUED: "issued",
}


def in_state(world: World, state: str) -> Reply:
    return getattr(world, MAKE[ReplyState(state)])()


def allowed(world: World, role: str, reply: Reply) -> list[str]:
    with world.scope():
        wearer = world.posts[role]
        acts = ["edit"] if policies.may(wearer, "edit", reply) else []
        acts += [
            step.name for step in REPLY.steps_from(reply.state) if policies.may(wearer, step.name, reply)
        ]
        return acts if policies.visible_to(wearer).filter(pk=reply.pk).exists() else []


def test_the_table_knows_every_state_and_role():
    assert set(ALLOWED) == set(ReplyState.values) == set(MAKE)
    assert all(set(row) == set(Role.values) for row in ALLOWED.values())


@pytest.mark.parametrize("state", ReplyState.values)
def test_exactly_these_acts_are_allowed(world: World, state: str):
    reply = in_state(world, state)
    assert {role: allowed(world, role, reply) for role in Role.values} == ALLOWED[state]


@pytest.mark.parametrize("state", [state for state in ReplyState.values if state != ReplyState.ISSUED])
def test_the_buttons_are_the_allowed_acts(world: World, browser: Callable[..., Client], state: str):
    address = reverse("replies:review", args=[in_state(world, state).pk])
    drawn = {role: buttons(browser(world.posts[role]).get(address)) for role in BUREAU_ROLES}
    # A draft is sent up from its own desk, which is where its clerk is led.
    assert drawn == {role: set(ALLOWED[state][role]) - {"edit", "send"} for role in BUREAU_ROLES}


def buttons(page: Any) -> set[str]:
    """The acts that a page of a reply offers."""
    return {act["name"] for act in page.context["acts"] if "name" in act}


def second_post(world: World, role: str, like: str) -> object:
    """Another post, held by the person who holds the post `like`."""
    return post(world.assembly, role, user=world.posts[like].user, bureau=world.bureau)


@pytest.mark.parametrize(
    ("state", "role", "act"), [("in_review", "checker", "pass"), ("awaiting_signature", "leader", "sign")]
)
def test_the_sender_does_not_approve_in_another_post(world: World, state: str, role: str, act: str):
    reply = getattr(world, state)()
    wearer = second_post(world, role, "clerk")
    with world.scope(), pytest.raises(PermissionDenied):
        getattr(services, f"reply_{act}")(reply_id=reply.pk, post=wearer)
    assert world.fresh(reply).state == reply.state


def save(world: World, reply: Reply, wearer: object, body: str) -> None:
    services.reply_save(
        reply_id=reply.pk,
        post=wearer,
        body=body,
        result_class=item(world.assembly, "result_class", "B"),
        disclosure=item(world.assembly, "disclosure", "open"),
    )


def test_whoever_only_saved_the_draft_does_not_sign_it(world: World):
    """The leader wrote a sentence as a clerk; somebody else sent it up."""
    reply = world.drafting()
    with world.scope():
        save(world, reply, second_post(world, "clerk", "leader"), reply.body + "\n补充一句。")
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        with pytest.raises(PermissionDenied):
            services.reply_sign(reply_id=reply.pk, post=world.leader)


def test_whoever_wrote_an_earlier_version_does_not_sign_a_later_one(world: World):
    """Their words may still stand in it: a return does not wash them out."""
    reply = world.drafting()
    with world.scope():
        save(world, reply, second_post(world, "clerk", "leader"), reply.body + "\n补充一句。")
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请改。")
        save(world, reply, world.clerk, reply.body + "\n补充一句。再补一句。")
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        with pytest.raises(PermissionDenied):
            services.reply_sign(reply_id=reply.pk, post=world.leader)


def test_the_page_says_why_there_is_no_button(world: World, browser: Callable[..., Client]):
    reply = world.awaiting_signature()
    page = (
        browser(second_post(world, "leader", "clerk"))
        .get(reverse("replies:review", args=[reply.pk]))
        .content.decode()
    )
    assert str(selectors.OWN_WORDS) in page
    assert reverse("replies:sign", args=[reply.pk]) not in page.replace(
        reverse("replies:sign_return", args=[reply.pk]), ""
    )


URLS_OF_A_REPLY = [
    "draft", "autosave", "mend", "send", "preview", "draft_pdf", "review", "pass", "sign", "recall", "pass_recall",
    "check_return", "sign_return", "issue_return", "issue", "versions", "history", "compare", "marked", "marked_pdf",
    "remark_add", "remarks", "present", "word", "word_take", "draft_docx",
]  # fmt: skip
URLS_OF_A_STATE = ["state", "restore", "state_docx", "together"]
URLS_OF_A_LETTER = ["letter", "letter_pdf", "letters_pdf", "letter_void", "letter_correct", "letter_docx"]
# About a bureau's phrases, a remark, or whatever awaits a signature: the matrix has a row for each.
NOT_OF_A_REPLY = [
    "phrases",
    "phrase_new",
    "phrase_edit",
    "phrase_remove",
    "remark",
    "sign_many",
    "sign_many_done",
]


def urls(reply: Reply) -> list[str]:
    with scopes_disabled():
        letter = reply.letter.pk
    addresses = [reverse(f"replies:{name}", args=[reply.pk]) for name in URLS_OF_A_REPLY]
    addresses += [reverse(f"replies:{name}", args=[letter]) for name in URLS_OF_A_LETTER]
    addresses += [reverse(f"replies:{name}", args=[reply.pk, "s1"]) for name in URLS_OF_A_STATE]
    addresses.append(reverse("replies:phrase_letter", args=[reply.pk, 1]))
    addresses += [
        reverse("replies:page", args=[reply.pk, 1]),
        reverse("replies:letter_page", args=[letter, 1]),
    ]
    return [*addresses, reverse("replies:start", args=[reply.assignment_id])]


@pytest.fixture
def issued(world: World, django_capture_on_commit_callbacks: Callable) -> Reply:
    with django_capture_on_commit_callbacks(execute=True):
        return world.issued()


def test_the_list_of_addresses_is_whole(issued: Reply):
    from replies.urls import urlpatterns

    of_replies = [
        row for row in urlpatterns if not row.name.startswith("opinion") and row.name not in NOT_OF_A_REPLY
    ]
    assert len(urls(issued)) == len(of_replies)


def known_to(stranger: Client, reply: Reply) -> dict[str, set[int]]:
    """The addresses that tell a stranger anything; one that takes a single method says so before it looks."""
    answers = {url: {stranger.get(url).status_code, stranger.post(url).status_code} for url in urls(reply)}
    return {url: codes for url, codes in answers.items() if not codes <= {404, 405} or 404 not in codes}


def test_another_bureau_knows_of_nothing(world: World, issued: Reply, browser: Callable[..., Client]):
    other = bureau(world.assembly)
    for role in BUREAU_ROLES:
        assert known_to(browser(post(world.assembly, role, bureau=other)), issued) == {}


def test_another_assembly_knows_of_nothing(issued: Reply, browser: Callable[..., Client]):
    for stranger in World().posts.values():
        assert known_to(browser(stranger), issued) == {}


def test_the_committee_sees_the_letter_and_never_the_draft(
    world: World, issued: Reply, browser: Callable[..., Client]
):
    filer = browser(world.filer)
    codes = {url: filer.get(url).status_code for url in urls(issued)}
    acts = {url for url in codes if url.endswith(("/void/", "/correct/"))}
    assert {codes[url] for url in acts} <= {403, 405}
    letters = {url for url in codes if "/letters/" in url}
    assert {url for url, code in codes.items() if code == 200} == letters - acts
    assert {code for url, code in codes.items() if "/letters/" not in url} <= {404, 405}


def test_the_committee_is_shown_nothing_before_the_issue(world: World):
    reply = world.signed()
    with world.scope():
        panel = selectors.panel_of(world.filer, reply.proposal)
        assert not policies.visible_to(world.filer).exists()
    assert (panel["template"], panel["acts"], panel["reply"], panel["letter"]) == ("", [], None, None)


def test_administrators_read_no_draft_and_no_letter(
    world: World, issued: Reply, browser: Callable[..., Client]
):
    for role in ADMIN_ROLES:
        assert known_to(browser(world.posts[role]), issued) == {}

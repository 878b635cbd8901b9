"""Every address × every role × own and other committee, bureau and assembly, and nobody.

A row says who may (`ok`); who may know of the thing but not do this is refused (403); for everyone else it does
not exist (404). An address without a row fails the build. `CANARY` stands in every text of the case.
"""

from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organizations.models import BUREAU_ROLES, Role
from organizations.posts import SESSION_KEY
from proposals import policies as proposal_policies
from proposals import services as proposal_services
from proposals.models import Attachment, Proposal
from replies.models import IssuedLetter, Reply
from tests.factories import World, bureau, committee, post

CANARY = "金丝雀"
ALL = frozenset(map(str, Role))
BUREAU = frozenset(map(str, BUREAU_ROLES))
FILER, REVIEWER, DISPATCHER = {"filer"}, {"reviewer"}, {"dispatcher"}
CLERK, CHECKER, LEADER, SEALKEEPER = {"clerk"}, {"checker"}, {"leader"}, {"sealkeeper"}
SYSADMIN, SECADMIN, AUDITOR = {"sysadmin"}, {"secadmin"}, {"auditor"}
# Who may know of a case, by the state in which the test has it.
KNOWN = {
    "draft": FILER,
    "submitted": FILER | REVIEWER,
    "filed": FILER | REVIEWER | DISPATCHER,
    "assigned": FILER | REVIEWER | DISPATCHER | BUREAU,
    "issued": FILER | REVIEWER | DISPATCHER | BUREAU,
}
# Rows of the settings: the role is asked before the row, so that a refusal says nothing about what there is.
OFFICE = ("committee", "person", "post")
ASSIGNMENT_KNOWN = DISPATCHER | BUREAU


@dataclass(frozen=True)
class Row:
    name: str
    target: str = ""  # the case or object that the address is about
    ok: frozenset = field(default_factory=frozenset)
    known: frozenset = field(default_factory=frozenset)  # may know of it; without `ok` they get 403
    method: str = "get"
    extra: tuple = ()  # further arguments of the address
    public: bool = False  # answers without a sign-in


def page(name, ok=ALL, method="get", extra=(), public=False):
    """An address about nothing in particular: those without the right get 403, nobody gets 404."""
    return Row(name, ok=frozenset(ok), known=ALL, method=method, extra=extra, public=public)


def about(name, target, ok, known, method="get", extra=()):
    return Row(name, target, frozenset(ok), frozenset(known), method, extra)


def on_case(name, state, ok, method="get"):
    return about(name, state, ok, KNOWN[state], method)


def on_reply(name, state, ok, method="get", extra=()):
    return about(name, f"reply-{state}", ok, BUREAU, method, extra)


ROWS = [
    page("account_login", public=True),
    page("account_logout"),
    page("account_inactive", public=True),
    page("account_change_password"),
    page("set_language", method="post", public=True),
    page("accounts:large_type", method="post"),
    page("desk:home"),
    page("organizations:settings", SYSADMIN),
    page("organizations:calendar_fill", SYSADMIN, "post", (2021,)),
    page("organizations:setting_list", SYSADMIN, extra=("committees",)),
    page("organizations:setting_new", SYSADMIN, extra=("committees",)),
    about("organizations:setting_edit", "committee", SYSADMIN, ALL),
    about("organizations:setting_remove", "committee", SYSADMIN, ALL, "post"),
    page("organizations:people", SECADMIN),
    page("organizations:person_open", SECADMIN),
    page("organizations:post_give_named", SECADMIN),
    about("organizations:person", "person", SECADMIN, ALL),
    about("organizations:post_give", "person", SECADMIN, ALL),
    about("organizations:person_password", "person", SECADMIN, ALL, "post"),
    about("organizations:person_off", "person", SECADMIN, ALL, "post"),
    about("organizations:person_on", "person", SECADMIN, ALL, "post"),
    about("organizations:post_end", "post", SECADMIN, ALL, "post"),
    page("organizations:log", AUDITOR),
    page("organizations:log_check", AUDITOR, "post"),
    about("organizations:wear", "own post", ALL, (), "post"),
    page("proposals:list"),
    page("proposals:new", FILER),
    on_case("desk:case", "draft", KNOWN["draft"]),
    on_case("desk:case", "submitted", KNOWN["submitted"]),
    on_case("desk:case", "filed", KNOWN["filed"]),
    on_case("desk:case", "issued", KNOWN["issued"]),
    on_case("proposals:edit", "draft", FILER),
    on_case("proposals:edit", "submitted", FILER),  # leads back to the case
    on_case("proposals:autosave", "draft", FILER, "post"),
    on_case("proposals:submit", "draft", FILER, "post"),
    on_case("proposals:recall", "submitted", FILER, "post"),
    on_case("proposals:withdraw", "filed", FILER),
    on_case("proposals:file", "submitted", REVIEWER, "post"),
    on_case("proposals:return", "submitted", REVIEWER),
    on_case("proposals:refuse", "submitted", REVIEWER),
    on_case("proposals:assign", "filed", DISPATCHER),
    about("proposals:assignment_sign_in", "assignment", CLERK, ASSIGNMENT_KNOWN, "post"),
    about("proposals:assignment_recall", "assignment", DISPATCHER, ASSIGNMENT_KNOWN, "post"),
    about("proposals:attachment", "draft attachment", FILER, FILER),
    about("proposals:attachment", "issued attachment", KNOWN["issued"], KNOWN["issued"]),
    about("proposals:attachment_remove", "draft attachment", FILER, FILER, "post"),
    about("proposals:attachment_remove", "issued attachment", (), KNOWN["issued"], "post"),
    about("replies:start", "signed-in assignment", CLERK, ASSIGNMENT_KNOWN, "post"),
    on_reply("replies:draft", "drafting", BUREAU),  # leads those who only read to the page for reading
    on_reply("replies:draft", "in_review", BUREAU),
    on_reply("replies:autosave", "drafting", CLERK, "post"),
    on_reply("replies:mend", "drafting", CLERK, "post"),
    on_reply("replies:send", "drafting", CLERK, "post"),
    on_reply("replies:preview", "drafting", BUREAU),
    on_reply("replies:page", "drafting", BUREAU, extra=(1,)),
    on_reply("replies:draft_pdf", "drafting", BUREAU),
    on_reply("replies:review", "in_review", BUREAU),
    on_reply("replies:pass", "in_review", CHECKER, "post"),
    on_reply("replies:recall", "in_review", CLERK, "post"),
    on_reply("replies:check_return", "in_review", CHECKER),
    on_reply("replies:sign", "awaiting_signature", LEADER, "post"),
    on_reply("replies:sign_return", "awaiting_signature", LEADER),
    on_reply("replies:pass_recall", "awaiting_signature", CHECKER, "post"),
    on_reply("replies:issue", "signed", SEALKEEPER),
    on_reply("replies:issue_return", "signed", SEALKEEPER | LEADER),
    on_reply("replies:versions", "in_review", BUREAU),
    about("replies:letter", "letter", KNOWN["issued"], KNOWN["issued"]),
    about("replies:letter_pdf", "letter", KNOWN["issued"], KNOWN["issued"]),
    about("replies:letter_page", "letter", KNOWN["issued"], KNOWN["issued"], extra=(1,)),
]


class Scene:
    """The world of the matrix: one case in each state, and everyone who might ask for it."""

    def __init__(self):
        self.world = world = World()
        self.people = {str(role): world.posts[str(role)] for role in Role}
        other_committee, other_bureau = committee(world.assembly), bureau(world.assembly)
        self.people["other committee's filer"] = post(world.assembly, Role.FILER, committee=other_committee)
        for role in BUREAU_ROLES:
            self.people[f"other bureau's {role}"] = post(world.assembly, role, bureau=other_bureau)
        elsewhere = World()
        for role in Role:
            self.people[f"other assembly's {role}"] = elsewhere.posts[str(role)]
        self.targets = self._targets(world)
        self.clients = {who: self._signed_in(held) for who, held in self.people.items()}
        self.clients["anonymous"] = Client()

    def _signed_in(self, held):
        client = Client()
        client.force_login(held.user)
        session = client.session
        session[SESSION_KEY] = held.pk
        session.save()
        return client

    def _targets(self, world):
        cases = {state: getattr(world, state)(title=f"{CANARY}{state}") for state in ("submitted", "filed")}
        cases["draft"] = world.draft(title=f"{CANARY}的草稿")
        replies = {
            f"reply-{state}": getattr(world, state)(title=f"{CANARY}{state}")
            for state in ("drafting", "in_review", "awaiting_signature", "signed")
        }
        issued = world.issued(title=f"{CANARY}已答复")
        cases["issued"] = issued.proposal
        with world.scope():
            letter = IssuedLetter.objects.get(reply=issued)
        return {
            **{name: (case.pk,) for name, case in cases.items()},
            **{name: (reply.pk,) for name, reply in replies.items()},
            "assignment": (world.assigned(title=f"{CANARY}已交办").pk,),
            "signed-in assignment": (world.signed_in(title=f"{CANARY}已签收").pk,),
            "letter": (letter.pk,),
            "draft attachment": (self._attach(cases["draft"]),),
            "issued attachment": (self._attach(cases["issued"], open_draft=False),),
            "committee": ("committees", world.committee.pk),
            "person": (world.clerk.user_id,),
            "post": (world.clerk.pk,),
            "own post": (),
        }

    def _attach(self, case, *, open_draft=True):
        upload = SimpleUploadedFile(f"{CANARY}.txt", f"{CANARY}的附件".encode())
        with self.world.scope():
            draft = case if open_draft else self.world.draft()
            filer = self.world.filer
            attachment = proposal_services.attachment_add(proposal_id=draft.pk, post=filer, upload=upload)
            if not open_draft:
                Attachment.objects.filter(pk=attachment.pk).update(proposal=case)
        return attachment.pk

    def ask(self, row, who):
        """The answer to one request, with whatever it changed undone."""
        client = self.clients[who]
        cookies = client.cookies.output()
        own = self.people.get(who)
        data = {"post": own.pk} if row.name == "organizations:wear" and own else {}
        url = reverse(row.name, args=[*self.targets.get(row.target, ()), *row.extra])
        with transaction.atomic():
            response = getattr(client, row.method)(url, data)
            b"".join(response.streaming_content) if response.streaming else None
            transaction.set_rollback(True)
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        return response


def expected(row, who):
    if who == "anonymous":
        return "answer" if row.public else "sign-in"
    if who in row.ok or (who.startswith("other") and not row.target and who.split()[-1] in row.ok):
        return "answer"
    if row.name == "organizations:wear":
        return "answer"
    if row.target in OFFICE:
        return "not found" if who.split()[-1] in row.ok else "refused"
    same_for_all = not row.target
    return "refused" if who in row.known or same_for_all else "not found"


def verdict(response):
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "sign-in"
    return {403: "refused", 404: "not found"}.get(response.status_code, "answer")


def wrong_answers(scene, rows):
    wrong = []
    for row in rows:
        for who in [*scene.people, "anonymous"]:
            if row.target in OFFICE and who.startswith("other") and "assembly" not in who:
                continue  # they belong to the assembly as the others of their role do; the roles' own rows say it
            got = verdict(scene.ask(row, who))
            if got != expected(row, who):
                wrong.append(f"{row.method} {row.name} ({row.target or 'page'}) by {who}: {got}")
    return wrong


def names_of(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern.url_patterns, namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


@pytest.fixture
def scene(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return Scene()


def test_every_address_has_a_row():
    assert set(names_of(get_resolver().url_patterns)) == {row.name for row in ROWS}


@pytest.mark.slow
def test_everybody_gets_what_the_matrix_says(scene):
    wrong = wrong_answers(scene, ROWS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/", "/proposals/", f"/proposals/?q={CANARY}"])
def test_no_list_shows_a_case_to_those_who_may_not_know_of_it(scene, address):
    strangers = [who for who in scene.people if who.startswith("other")] + ["sysadmin", "secadmin", "auditor"]
    for who in strangers:
        client = Client()
        client.force_login(scene.people[who].user)
        assert CANARY not in _without_own_words(client.get(address).content.decode(), address), who


def _without_own_words(text, address):
    """The page repeats what was searched for, once in the box and once in the sentence of an empty list."""
    return text.replace(f"“{CANARY}”", "").replace(f'value="{CANARY}"', "") if "q=" in address else text


@pytest.mark.slow
def test_the_matrix_notices_an_open_door(scene, monkeypatch):
    """A control: with the door open to the whole assembly the same rows must fail."""
    monkeypatch.setattr(
        proposal_policies, "visible_to", lambda post: Proposal.objects.filter(assembly_id=post.assembly_id)
    )
    assert wrong_answers(scene, [row for row in ROWS if row.name == "desk:case"])


def test_replies_of_other_bureaus_are_unknown_to_the_queryset(scene):
    from replies import policies

    with scene.world.scope():
        assert Reply.objects.exists()
        assert not policies.visible_to(scene.people["other bureau's leader"]).exists()

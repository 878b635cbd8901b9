"""Every kind of page, in a real browser, wide and at phone width: no axe violation, one h1, nothing sticks out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from replies.models import IssuedLetter
from tests.factories import PASSWORD, World
from tests.test_matrix import More

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def pages_of(world):
    """What each role has before its eyes, with something on every page."""
    draft, submitted, filed = world.draft(), world.submitted(), world.filed()
    assigned, drafting, review = world.assigned(), world.drafting(), world.in_review()
    waiting, signed, issued = world.awaiting_signature(), world.signed(), world.issued()
    with world.scope():
        letter = IssuedLetter.objects.get(reply=issued)
    return {
        "filer": [
            "/",
            "/proposals/",
            "/proposals/?q=没有这样的提案",
            "/proposals/new/",
            f"/proposals/{draft.pk}/edit/",
            f"/cases/{issued.proposal_id}/",
            f"/replies/letters/{letter.pk}/",
            f"/proposals/{submitted.pk}/withdraw/",
        ],
        "reviewer": [
            "/",
            f"/cases/{submitted.pk}/",
            f"/proposals/{submitted.pk}/return/",
            f"/proposals/{submitted.pk}/refuse/",
        ],
        "dispatcher": ["/", f"/cases/{assigned.proposal_id}/", f"/proposals/{filed.pk}/assign/"],
        "clerk": ["/", f"/cases/{drafting.proposal_id}/", f"/replies/{drafting.pk}/draft/"],
        "checker": ["/", f"/replies/{review.pk}/", f"/replies/{review.pk}/check-return/"],
        "leader": ["/", f"/replies/{waiting.pk}/", f"/replies/{waiting.pk}/versions/"],
        "sealkeeper": ["/", f"/replies/{signed.pk}/issue/"],
        "sysadmin": ["/", "/organizations/settings/", *SETTINGS],
        "secadmin": [
            "/",
            "/organizations/people/",
            f"/organizations/people/{world.clerk.user_id}/",
            "/organizations/people/new/",
        ],
        "auditor": ["/", "/organizations/log/"],
    }


SETTINGS = [
    f"/organizations/settings/{slug}/{more}"
    for slug, more in [
        ("sessions", ""),
        ("sessions", "new/"),
        ("bureaus", ""),
        ("lists", ""),
        ("rules", ""),
        ("days", ""),
        ("days", "new/"),
        ("letters", ""),
        ("letters", "new/"),
        ("phrases", ""),
        ("phrases", "new/"),
    ]
]


# Pages of the longer way: who looks, which address, and about what (tests.test_matrix.More).
LONGER_WAY = [
    ("filer", "desk:case", "cosigning"),
    ("filer", "proposals:invite", "cosigning"),
    ("filer", "outcomes:answer", "feedback"),
    ("filer", "outcomes:read", "judged"),
    ("member", "desk:home", ""),
    ("member", "proposals:invitation", "invitation"),
    ("member", "office:notices", ""),
    ("member", "office:notice_settings", ""),
    ("reviewer", "proposals:enter", ""),
    ("reviewer", "desk:case", "merged"),
    ("reviewer", "proposals:mark", "merged"),
    ("reviewer", "outcomes:to_ask", ""),
    ("reviewer", "outcomes:paper", "feedback"),
    ("reviewer", "portal:board", ""),
    ("reviewer", "portal:decide", "published"),
    ("reviewer", "portal:withdraw", "publication"),
    ("reviewer", "portal:verify", ""),
    ("reviewer", "portal:list", "public list"),
    ("reviewer", "portal:case", "public page"),
    ("dispatcher", "proposals:dispatch", ""),
    ("dispatcher", "proposals:dates", ""),
    ("dispatcher", "proposals:assignment_reassign", "declining"),
    ("dispatcher", "proposals:extension_decide", "extension"),
    ("dispatcher", "desk:help_states", ""),
    ("clerk", "desk:case", "under way"),
    ("clerk", "replies:opinion_draft", "opinion-drafting"),
    ("clerk", "outcomes:commitment", "promise"),
    ("clerk", "outcomes:commitments", ""),
    ("clerk", "replies:phrases", ""),
    ("clerk", "outcomes:follow_up", "kept promise"),
    ("clerk", "outcomes:receipt", "delivery"),
    ("leader", "replies:opinion", "opinion-sent"),
    ("sealkeeper", "issuing:begin", ""),
    ("sealkeeper", "issuing:batch", "batch"),
]


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_pages_of_the_longer_way_are_accessible_and_fit(world, person, width):
    targets, axe, faults = More(world).targets, Axe(), []
    for role in dict.fromkeys(role for role, _name, _target in LONGER_WAY):
        page = person(world.posts[role].user, PASSWORD, viewport=width)
        for name, target in ((n, t) for who, n, t in LONGER_WAY if who == role):
            address = reverse(name, args=targets.get(target, ()))
            assert page.goto(address).status == 200, address
            faults += [f"{role} {address}: {fault}" for fault in faults_on(page, axe)]
        page.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def world(transactional_db):
    return World()


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_is_accessible_and_fits(world, person, width):
    axe, faults = Axe(), []
    for role, addresses in pages_of(world).items():
        page = person(world.posts[role].user, PASSWORD, viewport=width)
        for address in addresses:
            assert page.goto(address).status == 200, address
            faults += [f"{role} {address}: {fault}" for fault in faults_on(page, axe)]
        page.context.close()
    assert not faults, "\n".join(faults)


def faults_on(page, axe):
    for violation in axe.run(page, options=RULES).response["violations"]:
        targets = [node["target"] for node in violation["nodes"]][:3]
        yield f"axe {violation['id']} {targets}"
    if (count := page.locator("h1").count()) != 1:
        yield f"{count} h1"
    if (
        room := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    ) > 0:
        yield f"sticks out by {room} px"


def test_the_sign_in_page_and_a_page_that_is_not_there(person, transactional_db):
    page = person(viewport=PHONE)
    for address, status in [("/accounts/login/", 200), ("/no/such/page/", 404)]:
        assert page.goto(address).status == status
        assert list(faults_on(page, Axe())) == []


def test_the_check_notices_a_page_that_is_not_accessible(person, world):
    """A control: a picture without words, a second h1 and a wide box are found."""
    page = person(world.filer.user, PASSWORD, viewport=PHONE)
    page.goto("/")
    page.evaluate(
        """() => {
            const main = document.querySelector("main");
            const picture = document.createElement("img");
            const box = document.createElement("div");
            box.style.minWidth = "2000px";
                box.textContent = "\u00a0";
            main.append(document.createElement("h1"), picture, box);
        }"""
    )
    faults = " ".join(faults_on(page, Axe()))
    assert "image-alt" in faults
    assert "2 h1" in faults
    assert "sticks out" in faults

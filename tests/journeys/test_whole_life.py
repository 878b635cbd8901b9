"""The whole life of a case in browsers: three proposals become one, two bureaus help, a second reply settles it."""

import io
from types import SimpleNamespace

import pdfplumber
import pytest
from django.urls import reverse

from accounts.models import User
from office.events import first_fault
from organizations.models import Committee, Role
from outcomes.models import Delivery, Feedback
from proposals.models import Assignment, Chase, Cosigner, Decline, Extension, Proposal
from replies.models import IssuedLetter, LetterCopy, Opinion, Reply
from tests.factories import PASSWORD, World, bureau, committee, post
from tests.journeys.test_one_case import press, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = ["推进协商民主，优化基层自治", "健全村级议事会制度", "完善社区协商平台建设"]
OPINION = "一、关于议事会制度。我局已列入今年的工作计划，今年年底前办结。"
ANSWERS = [
    "一、强意识，从基层做起。我局已组织村干部开展协商民主培训。",
    "一、再推进，把制度落到村。我局已派专人到村指导，并按月通报进展。",
]


@pytest.fixture
def town(transactional_db):
    """Four bureaus, a party beside the committee, two members; few people, who hold several posts."""
    world = World()
    first, *others = bureaus = [world.bureau, *(bureau(world.assembly) for _ in range(3))]
    party = committee(world.assembly, name="民盟君山区支部", short_name="民盟", kind=Committee.Kind.PARTY)
    helper = User.objects.create_user("helper", PASSWORD, name="芦苇青")
    posts = {
        "committee": world.filer,
        "member": world.member,
        "cosigner": post(world.assembly, Role.MEMBER),
        "party": post(world.assembly, Role.FILER, committee=party),
        "reviewer": world.reviewer,
        "dispatcher": post(world.assembly, Role.DISPATCHER, user=world.reviewer.user),
        "clerk": world.clerk,
        "sealkeeper": post(world.assembly, Role.SEALKEEPER, user=world.clerk.user, bureau=first),
        "checker": post(world.assembly, Role.CHECKER, user=world.leader.user, bureau=first),
        "leader": world.leader,
    }
    for body in others:
        posts[f"clerk {body.pk}"] = post(world.assembly, Role.CLERK, user=helper, bureau=body)
        posts[f"leader {body.pk}"] = post(world.assembly, Role.LEADER, user=world.leader.user, bureau=body)
    return SimpleNamespace(world=world, bureaus=bureaus, posts=posts)


class Life:
    """The people at their browsers: `at` gives the page of whoever holds a post, who wears it now."""

    def __init__(self, town, person):
        self.world, self.bureaus, self.posts = town.world, town.bureaus, town.posts
        self.person, self.pages, self.worn = person, {}, {}

    def at(self, name):
        """The page of the person who holds this post; signed in once, and with this post on."""
        held = self.posts[name]
        if held.user_id not in self.pages:
            self.pages[held.user_id] = self.person(held.user, PASSWORD, locale="zh-CN")
        page = self.pages[held.user_id]
        if self.worn.get(held.user_id) != held.pk:
            page.goto("/")
            page.click("details.who summary")
            entry = page.locator(f'form[action="/organizations/wear/"] button[value="{held.pk}"]')
            with page.expect_navigation():
                entry.click()
            self.worn[held.user_id] = held.pk
        return page

    def act(self, name, url, *endings):
        """Open a page in a post and press the buttons of these acts, saying yes where it is asked."""
        page = self.at(name)
        page.goto(url)
        for ending in endings:
            do(page, ending)
        return page

    def from_desk(self, name, ending):
        """Follow the link of the person's own desk that ends like this."""
        page = self.at(name)
        page.goto("/")
        with page.expect_navigation():
            page.click(f'main a[href$="{ending}"] >> nth=0')
        return page

    def all(self, model, **wanted):
        with self.world.scope():
            return list(model.objects.filter(**wanted).order_by("pk"))

    def state(self, case):
        return self.world.fresh(case).state


def do(page, ending):
    """Press the button of the act whose address ends like this, and yes where it asks once more."""
    asked = page.locator(f'main form[action$="{ending}"][data-confirm]').count() > 0
    press(page, ending, confirm=asked)


def submit(page):
    """Press the main button of a page, and yes where it asks once more."""
    with page.expect_navigation():
        page.click("main form [data-main-act]")
        if page.locator("#confirm-act[open]").count():
            page.click("#confirm-act [data-confirm-yes]")


def file_three(life):
    """A body, a member with a co-signer, and a party file; the reviewer numbers the three."""
    cases = [
        write(life, who, title) for who, title in zip(("committee", "member", "party"), TITLES, strict=True)
    ]
    page = life.act("member", cases[1].get_absolute_url(), "/invite/")
    page.check(f'[name=members][value="{life.posts["cosigner"].pk}"]')
    submit(page)
    [row] = life.all(Cosigner)
    signer = life.from_desk("cosigner", f"/invitations/{row.pk}/")
    assert TITLES[1] in signer.inner_text("main")
    submit(signer)
    assert life.world.fresh(row).state == "accepted"
    for who, case in zip(("committee", "member", "party"), cases, strict=True):
        life.act(who, case.get_absolute_url(), "/submit/")
        life.act("reviewer", case.get_absolute_url(), "/file/")
    assert [life.world.fresh(case).number for case in cases] == [1, 2, 3]
    for case in cases[1:]:
        page = life.act("reviewer", case.get_absolute_url(), "/merge/")
        page.select_option("[name=lead]", str(cases[0].pk))
        submit(page)
        assert life.state(case) == "merged"
    return cases


def write(life, who, title):
    page = life.at(who)
    page.goto("/proposals/new/")
    submit(page)
    for name, text in [
        ("title", title),
        ("background", "近年来，我区一些村（居）探索协商议事。"),
        ("analysis", "认识不一，制度不全，好做法推广不够。"),
        ("contact_name", "岳小舟"),
        ("contact_phone", "0730-0000101"),
    ]:
        page.fill(f"[name={name}]", text)
    page.locator("[data-list] [name=suggestion]").first.fill("建立议事会制度，健全村规民约")
    page.check("[name=consents_to_publish][value=yes]")
    with page.expect_navigation():
        page.click("main form [data-save-act]")
    [case] = life.all(Proposal, title=title)
    return case


def dispatch(life, case):
    """A lead and two co-handlers; one declines and another bureau gets its part; all sign in."""
    first, refusing, staying, other = life.bureaus
    url = case.get_absolute_url()
    page = life.act("dispatcher", url, "/assign/")
    page.check("[name=way][value=lead]")
    page.select_option("[name=bureau]", str(first.pk))
    for body in (refusing, staying):
        page.check(f'[name=others][value="{body.pk}"]')
    submit(page)
    page = life.act(f"clerk {refusing.pk}", url, "/decline/")
    page.select_option("[name=bureau]", str(other.pk))
    send(page, reason="议事会制度不属于本局职责。")
    page = life.act("dispatcher", url, "/reassign/")
    assert page.input_value("[name=bureau]") == str(other.pk)
    send(page, note="情况属实，改由该局会办。")
    for name in ("clerk", f"clerk {staying.pk}", f"clerk {other.pk}"):
        life.act(name, url, "/sign-in/")
    assert life.state(case) == "in_hand"


def give_opinions(life, case):
    """Each co-handler's clerk writes, its leader signs."""
    for body in life.bureaus[2:]:
        page = life.act(f"clerk {body.pk}", case.get_absolute_url())
        with page.expect_navigation():
            page.click('main form[action*="/opinions/start/"] button')
        page.fill("[name=body]", OPINION)
        submit(page)
        [row] = life.all(Opinion, bureau=body)
        do(life.from_desk(f"leader {body.pk}", row.get_absolute_url()), "/give/")
        assert life.world.fresh(row).number == 1


def talk_and_ask_time(life, case):
    """The lead is urged, notes a contact, asks for more time; the dispatcher grants it."""
    url = case.get_absolute_url()
    [part] = life.all(Assignment, part="lead")
    submit(life.act("dispatcher", url, f"/assignments/{part.pk}/urge/"))
    page = life.act("clerk", url, "/contact/")
    page.locator("[name=way]").first.check()
    send(page, people="岳小舟，承办人", said="就议事会制度交换了意见。")
    send(life.act("clerk", url, "/more-time/"), reason="已完成调研，会办意见尚在汇总。")
    page = life.act("dispatcher", url, "/decide/")
    page.check("[name=grants][value=yes]")
    submit(page)
    assert life.world.fresh(part).due_on > part.due_on


def answer(life, case, text):
    """Draft, check, sign, issue, deliver: one letter for each of the four proposers."""
    page = life.act("clerk", case.get_absolute_url())
    with page.expect_navigation():
        page.click('main form[action*="/replies/start/"] button')
    assert (
        page.text_content("main").count(OPINION) == 2
    )  # the lead bureau reads both opinions beside its text
    opening, *closing = page.input_value("[name=body]").split("\n")
    page.fill("[name=body]", "\n".join([opening, text, *closing]))
    page.locator("[name=result_class]").nth(1).check()
    page.locator("[name=disclosure]").first.check()
    with page.expect_navigation():
        page.click("main form [value=send][data-main-act]")
    reply = life.all(Reply)[-1]
    assert reply.state == "in_review", page.inner_text("main")
    for name, ending in (("checker", "/pass/"), ("leader", "/sign/")):
        do(life.from_desk(name, f"/replies/{reply.pk}/"), ending)
    submit(life.act("sealkeeper", case.get_absolute_url(), "/issue/"))
    letter = life.all(IssuedLetter)[-1]
    assert (letter.reply_id, len(life.all(LetterCopy, letter=letter))) == (reply.pk, 4)
    assert life.state(case) == "answered"
    page = life.act("clerk", case.get_absolute_url(), "/deliver/")
    page.select_option("[name=way]", index=1)
    submit(page)
    assert len(life.all(Delivery, copy__letter=letter)) == 4
    return letter


def judge(life, case, letter, person, words):
    """The reviewer asks all; the party answers by its link without an account, the others on their desks."""
    page = life.act("reviewer", case.get_absolute_url(), "/questionnaires/")
    submit(page)
    rows = {giver(life, row): row for row in life.all(Feedback, letter=letter)}
    assert set(rows) == {"committee", "member", "cosigner", "party"}
    assert pages_of(page, reverse("outcomes:form_pdf", args=[rows["party"].pk]))
    for name, row in rows.items():
        if name == "party":
            page = person()
            page.goto(reverse("outcomes:by_link", args=[row.token]))
        else:
            page = life.from_desk(name, f"/questionnaires/{row.pk}/")
        fill_in(page, row, words.get(name, "满意"))
        assert life.world.fresh(row).came == ("link" if name == "party" else "desk"), page.inner_text("main")
    page = person()
    page.goto(reverse("outcomes:by_link", args=[rows["party"].token]))
    assert page.locator("main form").count() == 0


def giver(life, row):
    bodies = {post.committee_id: name for name, post in life.posts.items() if post.committee_id}
    members = {life.posts[name].pk: name for name in ("member", "cosigner")}
    return bodies[row.committee_id] if row.committee_id else members[row.member_id]


def fill_in(page, row, word):
    for question in row.questions:
        if question["kind"] == "choice":
            page.locator(f"[name=q{question['id']}]").first.check()
        else:
            page.fill(f"[name=q{question['id']}]", "请继续抓好落实。")
    [chosen] = [one["id"] for one in row.judgements if one["label"] == word]
    page.check(f'[name=judgement][value="{chosen}"]')
    with page.expect_navigation():
        page.click("main form .dialog-acts button.btn-primary")


def pages_of(page, url):
    """Fetch a printed form with the person's own session; return how many pages it has."""
    got = page.request.get(url)
    assert (got.status, got.headers["content-type"]) == (200, "application/pdf"), url
    with pdfplumber.open(io.BytesIO(got.body())) as document:
        return len(document.pages)


def offered(page):
    """The forms that a page offers to print; it offers one at least."""
    links = page.locator('main a[href*="/papers/"]')
    assert links.count()
    return [link.get_attribute("href") for link in links.all()]


def check_papers(life, cases):
    """Every form of the case is a PDF with pages for the office; the page of the case leads to its own."""
    for name, case in (("clerk", cases[0]), ("party", cases[2])):
        page = life.act(name, case.get_absolute_url())
        assert all(pages_of(page, url) for url in offered(page)), name
    page = life.act("dispatcher", cases[0].get_absolute_url())
    parts = [row for row in life.all(Assignment) if row.state != "reassigned"]
    urls = {
        *offered(page),
        reverse("proposals:paper_catalogue"),
        reverse("outcomes:archive", args=[cases[0].pk]),
    }
    urls |= {reverse("proposals:dispatch_notices") + "?" + "&".join(f"part={row.pk}" for row in parts)}
    for name, rows in {
        "desk:paper_handling": cases[:1],
        "proposals:paper_proposal": cases,
        "proposals:paper_assignment": parts,
        "proposals:paper_decline": life.all(Decline),
        "proposals:paper_extension": life.all(Extension),
        "proposals:paper_chase": life.all(Chase),
        "replies:opinion_pdf": life.all(Opinion),
    }.items():
        assert rows, name
        urls |= {reverse(name, args=[row.pk]) for row in rows}
    assert [url for url in sorted(urls) if not pages_of(page, url)] == []
    form = reverse("outcomes:form_pdf", args=[life.all(Feedback)[0].pk])
    assert pages_of(life.at("reviewer"), form)


def check_sight(life, letter):
    """A proposer reads the own letter, and no other copy by its number either; the clerk reads all four."""
    copies = life.all(LetterCopy, letter=letter)
    clerk = life.at("clerk")
    url = reverse("replies:letter_pdf", args=[letter.pk])
    assert all(pages_of(clerk, f"{url}?copy={copy.order}") for copy in copies)
    assert pages_of(clerk, reverse("replies:letters_pdf", args=[letter.pk])) >= 4
    for name in ("committee", "member", "cosigner", "party"):
        page = life.at(name)
        got = {copy: page.request.get(f"{url}?copy={copy.order}").status for copy in copies}
        own = [copy for copy in copies if giver(life, copy) == name]
        assert [copy for copy, status in got.items() if status == 200] == own, name
        assert set(got.values()) == {200, 404}
        page.goto(reverse("replies:letter", args=[letter.pk]))
        told = page.inner_text("main")
        assert [copy.name in told for copy in copies if copy not in own] == [False] * 3, name


def test_three_proposals_live_one_life_to_a_second_reply_that_satisfies(town, person):
    life = Life(town, person)
    cases = file_three(life)
    dispatch(life, cases[0])
    give_opinions(life, cases[0])
    talk_and_ask_time(life, cases[0])
    first = answer(life, cases[0], ANSWERS[0])
    judge(life, cases[0], first, person, {"member": "不满意"})
    assert life.state(cases[0]) == "reopened"
    second = answer(life, cases[0], ANSWERS[1])
    assert (first.number, second.number) == (1, 2)
    judge(life, cases[0], second, person, {})
    assert life.state(cases[0]) == "closed"

    check_papers(life, cases)
    check_sight(life, second)
    assert first_fault(life.world.assembly.pk) is None
    assert sorted(row.number for row in life.all(Proposal)) == [1, 2, 3]
    assert [(row.bureau_id, row.number) for row in life.all(IssuedLetter)] == [
        (life.bureaus[0].pk, 1),
        (life.bureaus[0].pk, 2),
    ]

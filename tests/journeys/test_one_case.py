"""Four people in four browsers carry the published case from an empty database to the printed letter."""

import datetime as dt
import hashlib
import io
import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
from django_scopes import scope, scopes_disabled

from accounts.models import User
from gongwen.tests.reading import read, squeeze
from office import clock
from office.events import first_fault
from office.models import DeadlineRule, Event
from organizations import services as organization_services
from organizations.models import Bureau, Committee, Dispatcher, LetterProfile, Post, Session
from proposals.models import Proposal
from replies.models import LetterFile, Reply
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLE = (Path(__file__).parents[2] / "gongwen/tests/data/junshan-51.txt").read_text(encoding="utf-8")
LINES = SAMPLE.splitlines()
BODY = LINES[3:-3]
SUGGESTIONS = [
    "强化村（居）两委和居民的协商意识",
    "建立议事会制度，健全村规民约",
    "推广“四方五步”等好做法",
    "建立确保落实的运行机制",
]


@pytest.fixture
def office_hours(monkeypatch):
    """Let the office's clock stand where the case's days were."""

    def stand_at(*day):
        moment = dt.datetime(*day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stand_at


@pytest.fixture
def people(transactional_db):
    """The assembly as it opens: its units, its session with the first number 51, four people with their posts."""
    assembly = organization_services.assembly_open(
        code="430611",
        name="中国人民政治协商会议岳阳市君山区委员会",
        short_name="区政协",
        place="君山区",
        needs_second_factor=False,
    )
    with scope(assembly=assembly):
        Session.objects.create(
            assembly=assembly,
            name="五届五次会议",
            opens=dt.date(2021, 1, 11),
            closes=dt.date(2021, 1, 14),
            filing_deadline=dt.date(2021, 1, 13),
            first_number=51,
        )
        committee = Committee.objects.create(
            assembly=assembly,
            name=LINES[2].removesuffix("："),
            short_name="社法民宗委",
            kind="special_committee",
        )
        bureau = Bureau.objects.create(
            assembly=assembly,
            name="岳阳市君山区民政局",
            short_name="区民政局",
            number_word="君民复字",
            first_number=6,
        )
        dispatcher = Dispatcher.objects.create(
            assembly=assembly, name="君山区人民政府督查室", short_name="区政府督查室"
        )
        LetterProfile.objects.update(
            form="plain",
            title="对{place}政协{session}第{number}号提案的\n答 复",
            contacts="承办负责人：{leader}\n承办人及联系人电话：{clerk} {phone}",
        )
        DeadlineRule.objects.filter(applies="plenary").update(unit="fixed", fixed_month=5, fixed_day=25)
        users = {
            name: User.objects.create_user(f"person{n}", PASSWORD, name=name)
            for n, name in enumerate(["岳小舟", "芦苇青", "贾济民", "冯广兴"])
        }
        for name, role, body in [
            ("岳小舟", "filer", {"committee": committee}),
            ("芦苇青", "reviewer", {}),
            ("芦苇青", "dispatcher", {"dispatcher": dispatcher}),
            ("贾济民", "clerk", {"bureau": bureau, "phone": "0730-8178696"}),
            ("贾济民", "sealkeeper", {"bureau": bureau, "phone": "0730-8178696"}),
            ("冯广兴", "checker", {"bureau": bureau}),
            ("冯广兴", "leader", {"bureau": bureau}),
        ]:
            Post.objects.create(
                assembly=assembly, user=users[name], role=role, since=dt.date(2021, 1, 1), **body
            )
    return assembly, users


def wear(page, role):
    """Put on another post through the switcher on top of the page."""
    with scopes_disabled():
        pk = Post.objects.get(user__username=page.username, role=role).pk
    page.goto("/")
    page.click("details.who summary")
    with page.expect_navigation():
        page.click(f'form[action="/organizations/wear/"] button[value="{pk}"]')


def press(page, ending, confirm=False):
    """Press the button, or follow the link, of the act whose address ends like this."""
    button = page.locator(f'main form[action$="{ending}"] button, main a.btn[href$="{ending}"]').first
    with page.expect_navigation():
        button.click()
        if confirm:
            page.click("#confirm-act [data-confirm-yes]")


def send(page, **values):
    """Fill a page's form and press its main button."""
    for name, value in values.items():
        page.fill(f"main form [name={name}]", value)
    with page.expect_navigation():
        page.click("main form [data-main-act]")


def test_four_people_carry_the_published_case_to_its_letter(people, person, office_hours, tmp_path):
    assembly, users = people
    pages = {}
    for name, user in users.items():
        pages[name] = person(user, PASSWORD)
        pages[name].username = user.username
    filer, reviewer, clerk, leader = pages.values()

    # 1. The filer writes and submits.
    office_hours(2021, 1, 13)
    filer.goto("/proposals/new/")
    with filer.expect_navigation():
        filer.click("main form button.btn-primary")
    filer.fill("[name=title]", "推进协商民主，优化基层自治")
    filer.fill("[name=background]", "近年来，我区一些村（居）探索协商议事，矛盾在基层化解。")
    filer.fill("[name=analysis]", "认识不一，制度不全，好做法推广不够，落实没有机制。")
    for n, text in enumerate(SUGGESTIONS):
        if n:
            filer.click("[data-add]")
        filer.locator("[data-list] [name=suggestion]").nth(n).fill(text)
    filer.fill("[name=contact_name]", "岳小舟")
    filer.fill("[name=contact_phone]", "0730-0000101")
    filer.check("[name=consents_to_publish][value=yes]")
    filer.select_option("[name=suggested_bureau]", label="区民政局")
    filer.set_input_files(
        "[name=upload]", {"name": "调研报告.txt", "mimeType": "text/plain", "buffer": "调研".encode()}
    )
    with filer.expect_navigation():
        filer.click("main form button[value=submit][data-main-act]")
    with scope(assembly=assembly):
        case = Proposal.objects.get()
        assert [case.state, case.attachments.count(), case.suggestions.count()] == ["submitted", 1, 4]

    # 2. The reviewer files it as number 51. 3. As dispatcher the same person gives it to the bureau.
    office_hours(2021, 1, 27)
    reviewer.goto(f"/cases/{case.pk}/")
    press(reviewer, "/file/", confirm=True)
    assert "51" in reviewer.inner_text("h1")
    office_hours(2021, 2, 26)
    wear(reviewer, "dispatcher")
    reviewer.goto(f"/cases/{case.pk}/")
    press(reviewer, "/assign/")
    assert "2021年5月25日" in reviewer.inner_text("main")
    send(reviewer)

    # 4. The clerk signs it in and drafts, pasting a text with half-width marks.
    office_hours(2021, 3, 1)
    clerk.goto(f"/cases/{case.pk}/")
    press(clerk, "/sign-in/")
    office_hours(2021, 5, 21)
    with clerk.expect_navigation():
        clerk.click('main form[action*="/replies/start/"] button')
    paste(clerk, "[name=body]", "\n".join(BODY).replace("，", ",").replace("：", ":"))
    clerk.locator("[name=result_class]").nth(1).check()
    clerk.locator("[name=disclosure]").first.check()
    for n in range(clerk.locator("[data-verdict]").count()):
        clerk.locator("[data-verdict]").nth(n).select_option("adopted")
        passage = clerk.locator("[data-passage]").nth(n)
        passage.focus()
        passage.select_option(index=2)
    with clerk.expect_navigation():
        clerk.click("main form [value=send][data-main-act]")

    # 5. Checked, returned by the leader with a reason, sent again, passed, signed.
    office_hours(2021, 5, 24)
    wear(leader, "checker")
    leader.goto(reply_address(assembly))
    press(leader, "/check-return/")
    send(leader, note="请再核对“四方五步”的提法。")
    clerk.goto("/")
    assert "请再核对“四方五步”的提法。" in clerk.inner_text("main")
    clerk.goto(f"{reply_address(assembly)}draft/")
    with clerk.expect_navigation():
        clerk.click("main form [value=send][data-main-act]")
    leader.goto(reply_address(assembly))
    press(leader, "/pass/")
    office_hours(2021, 5, 25)
    wear(leader, "leader")
    leader.goto(reply_address(assembly))
    press(leader, "/sign/", confirm=leader.locator('form[action$="/sign/"][data-confirm]').count() > 0)

    # 6. The seal keeper issues it. 7. The committee reads and downloads the letter.
    wear(clerk, "sealkeeper")
    clerk.goto(f"{reply_address(assembly)}issue/")
    clerk.fill("[name=dated]", "2021-05-25")
    with clerk.expect_navigation():
        clerk.click("main form [data-main-act]")
        if clerk.locator("#confirm-act[open]").count():
            clerk.click("#confirm-act [data-confirm-yes]")
    filer.goto(f"/cases/{case.pk}/")
    assert "君民复字〔2021〕6号" in filer.inner_text("main")
    with filer.expect_download() as download:
        filer.click('main a[href$="?download=1"]')
    letter = tmp_path / "letter.pdf"
    download.value.save_as(letter)

    check_letter(letter.read_bytes())
    with scope(assembly=assembly):
        assert LetterFile.objects.get().sha256 == hashlib.sha256(letter.read_bytes()).hexdigest()
        told = set(Event.objects.values_list("act", flat=True))
    assert {"proposal.file", "proposal.assign", "reply.check_return", "reply.sign", "reply.issue"} <= told
    assert first_fault(assembly.pk) is None


def reply_address(assembly):
    with scope(assembly=assembly):
        return f"/replies/{Reply.objects.get().pk}/"


def paste(page, selector, text):
    """Paste as a person does: the clipboard's text into the selected content of a field."""
    page.focus(selector)
    page.press(selector, "Control+a")
    page.evaluate(
        """([selector, text]) => {
            const field = document.querySelector(selector);
            const data = new DataTransfer();
            data.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [selector, text],
    )


def check_letter(pdf):
    """The letter reads back as the published sample and stands on the grid, by another program's measure."""
    pages = read(pdf)
    text = squeeze("".join(page.text for page in pages))
    assert text == squeeze("君民复字〔2021〕6号B类同意公开" + SAMPLE)
    full = [line for page in pages for line in page.lines[:-2] if len(line.text) >= 26]
    assert all(abs(line.right - 184) < 0.6 for line in full)
    assert all(min(abs(line.left - 28), abs(line.left - 39.14)) < 0.3 for line in full)
    assert len(pages[1].lines) == 22
    baselines = [line.baseline for line in pages[1].lines]
    pitches = [after - before for before, after in itertools.pairwise(baselines)]
    assert max(pitches) - min(pitches) < 0.1
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        assert (round(document.pages[0].width), round(document.pages[0].height)) == (595, 842)

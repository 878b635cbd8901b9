"""A proposal out of Word: real files of many shapes, told apart into parts with nothing lost."""

import base64
import io
import re
import time
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts import kept
from office.workflow import Refused
from proposals import services
from proposals.models import Proposal
from proposals.points import split_points
from proposals.word_in import parts_of
from proposals.word_parts import Parts, tell_apart
from tests.factories import World

BACKGROUND = "我区现有60岁以上老人8.6万人，其中农村老人占七成。村级照料设施覆盖率不足三成。"
PROBLEM = "资金来源分散，各部门各自下拨，难以形成合力。"
FIRST = "建立村级照料中心。每个中心村建一处，由区民政局牵头。"
SECOND = "稳定护理队伍。对持证护理员每月补贴300元。"
TITLE = "关于加强农村养老服务的提案"


def word(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs."""
    return written(lambda file: [file.add_paragraph(text) for text in paragraphs])


def written(write: Callable[[Any], Any]) -> bytes:
    file = docx.Document()
    write(file)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def everything(parts: Parts) -> str:
    return "".join([parts.title, parts.background, parts.analysis, *parts.suggestions, parts.left])


def holds_all(parts: Parts, *texts: str) -> bool:
    """Whether each text is somewhere, but for spaces."""
    flat = re.sub(r"\s", "", everything(parts))
    return all(re.sub(r"\s", "", text) in flat for text in texts)


def is_whole(parts: Parts) -> bool:
    return (parts.title, parts.background, parts.analysis, parts.suggestions) == (
        TITLE,
        BACKGROUND,
        PROBLEM,
        [FIRST, SECOND],
    )


# ---- shapes that offices write


def test_numbered_headings():
    parts = parts_of(
        word(
            TITLE,
            "一、基本情况",
            BACKGROUND,
            "二、存在问题",
            PROBLEM,
            "三、建议",
            f"1.{FIRST}",
            f"2.{SECOND}",
        )
    )
    assert is_whole(parts)
    assert not parts.left
    assert parts.has_headings


def test_labels_with_colons_and_brackets_of_numbers():
    parts = parts_of(
        word(
            f"案由：{TITLE}",
            f"背景：{BACKGROUND}",
            f"问题分析：{PROBLEM}",
            "建议：",
            f"（一）{FIRST}",
            f"（二）{SECOND}",
        )
    )
    assert is_whole(parts)


def test_headings_in_lenticular_brackets():
    parts = parts_of(
        word(
            "【案由】",
            TITLE,
            "【背景】",
            BACKGROUND,
            "【原因分析】",
            PROBLEM,
            "【建议】",
            f"（1）{FIRST}",
            f"（2）{SECOND}",
        )
    )
    assert is_whole(parts)


def test_headings_without_numbers_and_items_with_chinese_numbers():
    parts = parts_of(
        word(
            TITLE, "现状", BACKGROUND, "存在的主要问题", PROBLEM, "对策建议", f"一、{FIRST}", f"二、{SECOND}"
        )
    )
    assert is_whole(parts)


def test_a_suggestion_that_ends_like_a_heading_is_an_item():
    items = ["一、抓紧解决突出问题", "二、完善保障措施", "三、提出年度对策"]
    parts = parts_of(word(TITLE, "背景", BACKGROUND, "问题", PROBLEM, "建议", *items))
    assert parts.suggestions == ["抓紧解决突出问题", "完善保障措施", "提出年度对策"]
    assert parts.analysis == PROBLEM


def test_numbers_of_word_lists():
    def write(file: Any) -> None:
        for text in (TITLE, "一、背景", BACKGROUND, "二、问题", PROBLEM, "三、具体建议"):
            file.add_paragraph(text)
        for text in (FIRST, SECOND):
            file.add_paragraph(text, style="List Number")

    assert is_whole(parts_of(written(write)))


def test_bullets_are_suggestions_of_their_own():
    def write(file: Any) -> None:
        for text in (TITLE, "背景", BACKGROUND, "问题", PROBLEM, "建议"):
            file.add_paragraph(text)
        for text in (FIRST, SECOND):
            file.add_paragraph(text, style="List Bullet")

    assert is_whole(parts_of(written(write)))


def test_full_width_figures():
    parts = parts_of(
        word(
            TITLE,
            "１．背景",
            BACKGROUND,
            "２．原因分析",
            PROBLEM,
            "３．建议",
            f"（１）{FIRST}",
            f"（２）{SECOND}",
        )
    )
    assert is_whole(parts)


def test_a_title_over_two_lines():
    lines = (
        "关于进一步完善我区农村",
        "养老服务体系的提案",
        "一、背景",
        BACKGROUND,
        "二、问题",
        PROBLEM,
        "三、建议",
        FIRST,
    )
    parts = parts_of(word(*lines))
    assert parts.title == "关于进一步完善我区农村养老服务体系的提案"
    assert parts.background == BACKGROUND


def test_points_within_one_paragraph():
    text = f"建议：一是{FIRST[:-1]}；二是{SECOND}"
    parts = parts_of(word(TITLE, f"背景：{BACKGROUND}", f"分析：{PROBLEM}", text))
    assert is_whole(parts)


def test_a_sentence_leads_to_the_suggestions_without_any_heading():
    lead = "为此，提出如下建议："
    parts = parts_of(word(TITLE, f"{BACKGROUND}{PROBLEM}{lead}", f"1、{FIRST}", f"2、{SECOND}"))
    assert parts.suggestions == [FIRST, SECOND]
    assert parts.background == BACKGROUND + PROBLEM
    assert parts.left == lead


def test_sentences_lead_to_both():
    lines = (
        f"{BACKGROUND}但仍存在以下问题：",
        f"1.{PROBLEM}",
        "针对以上问题，建议如下：",
        f"1.{FIRST}",
        f"2.{SECOND}",
    )
    parts = parts_of(word(TITLE, *lines))
    assert parts.background == BACKGROUND
    assert parts.analysis == f"但仍存在以下问题：\n1.{PROBLEM}"
    assert parts.suggestions == [FIRST, SECOND]


def test_headings_with_words_of_their_own_are_kept_as_text():
    lines = (
        "一、君山区农村养老现状",
        BACKGROUND,
        "二、农村养老存在的问题",
        f"（一）{PROBLEM}",
        "三、发展农村养老的建议",
        f"1.{FIRST}",
        f"2.{SECOND}",
    )
    parts = parts_of(word(TITLE, *lines))
    assert parts.background == f"君山区农村养老现状\n{BACKGROUND}"
    assert parts.analysis == f"农村养老存在的问题\n（一）{PROBLEM}"
    assert parts.suggestions == [FIRST, SECOND]
    assert parts.left == "发展农村养老的建议"


def test_problems_and_reasons_are_both_analysis():
    lines = (
        "一、现状",
        BACKGROUND,
        "二、存在问题",
        PROBLEM,
        "三、原因分析",
        "认识不到位。",
        "四、意见建议",
        f"（一）{FIRST}",
        f"（二）{SECOND}",
    )
    parts = parts_of(word(TITLE, *lines))
    assert parts.analysis == f"{PROBLEM}\n原因分析\n认识不到位。"
    assert parts.suggestions == [FIRST, SECOND]


def test_an_item_keeps_its_paragraphs_and_its_own_numbers():
    lines = (
        "建议",
        "（一）建立村级照料中心。",
        "1.每个中心村建一处。",
        "2.由区民政局牵头。",
        f"（二）{SECOND}",
    )
    parts = parts_of(word(TITLE, "背景", BACKGROUND, "问题", PROBLEM, *lines))
    assert parts.suggestions == ["建立村级照料中心。\n1.每个中心村建一处。\n2.由区民政局牵头。", SECOND]


def test_names_numbers_and_the_closing_are_no_suggestion():
    head = (
        "政协君山区第五届委员会第五次会议提案",
        "提案人：湘君宜　　联系电话：0730-0000202",
        "提案类别：社会建设",
    )
    tail = ("以上建议，请予研究采纳。", "湘君宜", "2026年1月8日")
    parts = parts_of(
        word(*head, TITLE, "背景", BACKGROUND, "问题", PROBLEM, "建议", f"1.{FIRST}", f"2.{SECOND}", *tail)
    )
    assert is_whole(parts)
    assert (parts.contact_name, parts.contact_phone) == ("湘君宜", "0730-0000202")
    assert holds_all(parts, *head, *tail)


def test_the_form_of_the_office_is_a_table():
    def write(file: Any) -> None:
        file.add_paragraph("政协君山区委员会提案表")
        table = file.add_table(rows=4, cols=4)
        for at, text in enumerate(("提案人", "湘君宜", "联系电话", "13800000000")):
            table.cell(0, at).text = text
        table.cell(1, 0).text = "案\n由"
        table.cell(1, 1).merge(table.cell(1, 3)).text = TITLE
        table.cell(2, 0).text = "提案内容"
        cell = table.cell(2, 1).merge(table.cell(2, 3))
        cell.text = "一、背景"
        for text in (BACKGROUND, "二、问题分析", PROBLEM, "三、建议", f"1.{FIRST}", f"2.{SECOND}"):
            cell.add_paragraph(text)
        table.cell(3, 0).text = "审查意见"

    parts = parts_of(written(write))
    assert is_whole(parts)
    assert (parts.contact_name, parts.contact_phone) == ("湘君宜", "13800000000")


def test_a_form_with_a_row_for_each_part():
    def write(file: Any) -> None:
        table = file.add_table(rows=4, cols=2)
        rows = (
            ("案　由", TITLE),
            ("背景", BACKGROUND),
            ("原因分析", PROBLEM),
            ("意见建议", f"1.{FIRST}\n2.{SECOND}"),
        )
        for row, (label, text) in enumerate(rows):
            table.cell(row, 0).text, table.cell(row, 1).text = label, text

    assert is_whole(parts_of(written(write)))


def test_a_table_of_figures_stays_text_in_its_part():
    def write(file: Any) -> None:
        for text in (TITLE, "一、背景", BACKGROUND):
            file.add_paragraph(text)
        table = file.add_table(rows=2, cols=2)
        for at, text in enumerate(("乡镇", "老人（人）", "广兴洲镇", "5210")):
            table.cell(at // 2, at % 2).text = text
        for text in ("二、问题", PROBLEM, "三、建议", f"1.{FIRST}", f"2.{SECOND}"):
            file.add_paragraph(text)

    parts = parts_of(written(write))
    assert "5210" in parts.background
    assert "广兴洲镇" in parts.background
    assert parts.suggestions == [FIRST, SECOND]


def test_the_old_names_of_the_parts():
    parts = parts_of(word(f"案由：{TITLE}", "理由：", PROBLEM, "办法：", f"1、{FIRST}", f"2、{SECOND}"))
    assert (parts.title, parts.analysis, parts.suggestions) == (TITLE, PROBLEM, [FIRST, SECOND])


def test_a_heading_runs_into_its_paragraph():
    parts = parts_of(
        word(
            TITLE,
            f"一、基本情况。{BACKGROUND}",
            f"二、存在的问题：{PROBLEM}",
            "三、几点建议",
            f"①{FIRST}",
            f"②{SECOND}",
        )
    )
    assert is_whole(parts)


def test_ordinals():
    parts = parts_of(
        word(TITLE, "背景", BACKGROUND, "问题", PROBLEM, "建议", f"第一，{FIRST}", f"第二，{SECOND}")
    )
    assert is_whole(parts)


def test_suggestions_without_any_number():
    parts = parts_of(
        word(TITLE, "背景", BACKGROUND, "问题", PROBLEM, "建议", "特提出以下建议：", FIRST, SECOND)
    )
    assert is_whole(parts)
    assert parts.left == "特提出以下建议："


def test_a_subtitle_and_who_wrote_it():
    head = ("推进农村养老的思考与建议", "——以广兴洲镇为例", "民盟君山区支部")
    parts = parts_of(word(*head, "一、现状", BACKGROUND, "二、问题", PROBLEM, "三、建议", FIRST))
    assert parts.title == "推进农村养老的思考与建议——以广兴洲镇为例"
    assert (parts.background, parts.left) == (BACKGROUND, "民盟君山区支部")


def test_a_part_after_the_suggestions_is_an_item_of_its_own():
    lines = ("三、建议", f"（一）{FIRST}", f"（二）{SECOND}", "四、保障措施", "成立工作专班。")
    parts = parts_of(word(TITLE, "一、背景", BACKGROUND, "二、问题", PROBLEM, *lines))
    assert parts.suggestions == [FIRST, SECOND, "保障措施\n成立工作专班。"]


def test_labels_with_spaces_and_full_width_figures():
    line = "提 案 人：王　芳    界别：经济界"
    parts = parts_of(word(line, "联系电话：１３８００００１２３４", TITLE, BACKGROUND))
    assert (parts.contact_name, parts.contact_phone) == ("王芳", "13800001234")
    assert line.replace("\u3000", " ") in parts.left.replace("\u3000", " ")


def test_a_title_without_the_usual_form():
    parts = parts_of(word("推进协商民主 优化基层自治", "一、背景", BACKGROUND, "二、建议", f"1.{FIRST}"))
    assert parts.title == "推进协商民主 优化基层自治"


def test_without_headings_all_is_background_and_the_page_can_say_so():
    parts = parts_of(word(TITLE, BACKGROUND, PROBLEM))
    assert parts.title == TITLE
    assert parts.background == f"{BACKGROUND}\n{PROBLEM}"
    assert not parts.has_headings
    assert not parts.suggestions


def test_a_figure_with_a_point_is_no_number():
    parts = parts_of(
        word(TITLE, "背景", "1.5亿元已经下达。", "问题", PROBLEM, "建议", f"1.{FIRST}", f"2.{SECOND}")
    )
    assert parts.background == "1.5亿元已经下达。"


def test_pictures_are_told():
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="

    def write(file: Any) -> None:
        file.add_paragraph(TITLE)
        file.add_picture(io.BytesIO(base64.b64decode(dot)))

    assert parts_of(written(write)).has_losses


# ---- nothing is lost, and what cannot be read is said


@pytest.mark.parametrize("order", range(6))
def test_nothing_is_lost_whatever_the_order(order):
    lines = [
        "政协君山区第五届委员会第五次会议", TITLE, "联系人：湘君宜", "说明文字", f"一、背景：{BACKGROUND}",
        "（一）小标题", PROBLEM, "建议如下：", f"1.{FIRST}", "二、问题和建议", f"（1）{SECOND}", "附件：统计表",
        "2026年1月8日", "四、结语", "请予支持。",
    ]  # fmt: skip
    lines = lines[order * 2 :] + lines[: order * 2]
    parts = tell_apart(lines)
    flat = everything(parts)
    for text in (
        TITLE,
        "湘君宜",
        "说明文字",
        BACKGROUND,
        "小标题",
        PROBLEM,
        FIRST,
        SECOND,
        "统计表",
        "1月8日",
        "请予支持。",
    ):
        assert text in flat


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7", "not a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old kind"),
        (b"PK\x03\x04 nothing", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(data, says):
    with override("en"), pytest.raises(Refused, match=says):
        parts_of(data)


def test_a_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<a/>")
        file.writestr("word/document.xml", b"<a>" + b" " * 15_000_000 + b"</a>")
    with pytest.raises(Refused):
        parts_of(out.getvalue())


def test_a_file_without_text_is_refused():
    with override("en"), pytest.raises(Refused, match="no text"):
        parts_of(word("", " "))


def test_front_matter_of_a_letter_is_refused_too():
    with pytest.raises(Refused):
        parts_of(word("---", "x", "---", "y"))


def test_a_line_made_to_be_slow_is_read_at_once():
    begun = time.perf_counter()
    tell_apart(
        [
            "存在的问题分析现状分析" * 5000,
            "建议：" * 5000,
            "一是" * 5000,
            "提案人：" * 5000,
            TITLE,
            "（此处" * 5000,
        ]
    )
    assert time.perf_counter() - begun < 2


# ---- points within a suggestion


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("一是建立照料中心；二是稳定护理队伍。", ["建立照料中心。", "稳定护理队伍。"]),
        ("完善机制。一要明确牵头单位，二要落实经费。", ["完善机制。明确牵头单位", "落实经费。"]),
        ("1.建立照料中心；2.稳定护理队伍。", ["建立照料中心。", "稳定护理队伍。"]),
        ("①建立照料中心；②稳定护理队伍。", ["建立照料中心。", "稳定护理队伍。"]),
        ("建立村级照料中心，2026年前建成10个。", ["建立村级照料中心，2026年前建成10个。"]),
        ("按照统一是非标准，一是一、二是二地办。", ["按照统一是非标准，一是一、二是二地办。"]),
    ],
)
def test_points_are_told_apart(text, points):
    assert split_points(text) == points


# ---- on the page


def url(name: str, proposal: Proposal) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk])


def upload(data: bytes, name: str = "提案.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


CLOSING = "以上建议，请采纳。"
WHOLE = (
    TITLE,
    "一、背景",
    BACKGROUND,
    "二、问题",
    PROBLEM,
    "三、建议",
    f"1.{FIRST}",
    f"2.{SECOND}",
    "以上建议，请采纳。",
)


@pytest.fixture
def draft(world):
    return world.draft()


@pytest.fixture
def filer(world, browser):
    return browser(world.filer)


def read_file(filer: Client, draft: Proposal, data: bytes, **typed: Any) -> Any:
    fields = {"version_seen": draft.lock_version, "word": upload(data)} | typed
    return filer.post(url("word", draft), fields)


def fresh(world: World, draft: Proposal) -> Proposal:
    with world.scope():
        return Proposal.objects.prefetch_related("suggestions", "attachments").get(pk=draft.pk)


def taken(draft: Proposal, **changes: Any) -> dict[str, Any]:
    texts = {"title": TITLE, "background": BACKGROUND, "analysis": PROBLEM, "suggestion": [FIRST, SECOND]}
    return texts | {"version_seen": draft.lock_version} | changes


def test_the_parts_are_shown_beside_what_is_kept_and_nothing_is_replaced(world, filer, draft):
    page = read_file(filer, draft, word(*WHOLE))
    assert page.status_code == 200
    shown = page.content.decode()
    for text in (
        TITLE,
        BACKGROUND,
        PROBLEM,
        FIRST,
        SECOND,
        "以上建议，请采纳。",
        draft.title,
        draft.analysis,
    ):
        assert text in shown
    now = fresh(world, draft)
    assert (now.title, now.lock_version) == (draft.title, draft.lock_version)
    assert not now.attachments.all()


def test_what_was_typed_before_is_saved_first(world, filer, draft):
    read_file(filer, draft, word(*WHOLE), title="打到一半的标题")
    assert fresh(world, draft).title == "打到一半的标题"


def test_the_file_is_attached_when_ticked(world, filer, draft):
    read_file(filer, draft, word(*WHOLE), attach_word="on")
    assert [one.name for one in fresh(world, draft).attachments.all()] == ["提案.docx"]


def test_taking_over_replaces_all_but_what_shall_stay(world, filer, draft):
    response = filer.post(url("word_take", draft), taken(draft, keep=["title"], background="改过的背景"))
    assert response.status_code == 302
    now = fresh(world, draft)
    assert (now.title, now.background, now.analysis) == (draft.title, "改过的背景", PROBLEM)
    assert [one.text for one in now.suggestions.all()] == [FIRST, SECOND]
    again = filer.post(url("word_take", draft), taken(draft, keep=["title"], background="改过的背景"))
    assert again.status_code == 302
    assert fresh(world, draft).lock_version == now.lock_version


def test_a_part_that_the_file_has_not_shows_what_is_kept(filer, draft):
    page = read_file(filer, draft, word(TITLE, BACKGROUND))
    form = page.context["form"]
    assert form["analysis"].value() == draft.analysis
    assert (
        "No headings were recognised" in page.content.decode() or page.context["parts"].has_headings is False
    )


def test_someone_else_saved_meanwhile(world, filer, draft):
    with world.scope():
        services.proposal_save(
            proposal_id=draft.pk, post=world.filer, fields={"title": "别人写的标题"}, suggestions=[]
        )
    page = filer.post(url("word_take", draft), taken(draft, left="剩下的话"))
    assert page.status_code == 409
    for text in (TITLE, "别人写的标题", "剩下的话"):
        assert text in page.content.decode()
    assert fresh(world, draft).title == "别人写的标题"
    version = page.context["form"].data["version_seen"]
    assert filer.post(url("word_take", draft), taken(draft, version_seen=version)).status_code == 302
    assert fresh(world, draft).title == TITLE


@pytest.mark.parametrize("data", [b"%PDF-1.7 nothing of Word", b"", word(""), word(*WHOLE)[:3000]])
def test_a_file_that_cannot_be_read_leaves_everything_and_says_why(world, filer, draft, data):
    page = read_file(filer, draft, data, title="新标题")
    assert page.status_code == 422
    assert page.context["form"].errors["word"]
    assert fresh(world, draft).title == "新标题"


def test_without_a_file_the_page_asks_for_one(filer, draft):
    page = filer.post(url("word", draft), {"version_seen": draft.lock_version})
    assert page.status_code == 422
    assert filer.get(url("word", draft)).status_code == 302
    assert filer.get(url("word_take", draft)).status_code == 302


def test_nobody_else_may(world, browser, draft):
    assert browser(world.clerk).post(url("word", draft)).status_code == 404
    assert browser(world.clerk).post(url("word_take", draft)).status_code == 404
    sent = world.submitted()
    filer = browser(world.filer)
    assert read_file(filer, sent, word(*WHOLE), title="x").status_code == 409
    assert filer.post(url("word_take", sent), taken(sent)).status_code == 409
    assert fresh(world, sent).title == sent.title


@pytest.mark.parametrize("name", ["word", "word_take"])
def test_text_that_came_after_the_session_had_ended_is_not_lost(world, filer, draft, name):
    typed = QueryDict(mutable=True)
    typed.update({"title": TITLE, "version_seen": draft.lock_version})
    session = filer.session
    session[kept.SESSION_KEY] = {
        "writer": world.filer.user.pk,
        "path": url(name, draft),
        "text": typed.urlencode(),
    }
    session.save()
    page = filer.get(url(name, draft), follow=True)
    assert TITLE in page.content.decode()

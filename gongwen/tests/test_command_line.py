"""The command line: what it writes, prints and gives back as exit status."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from gongwen import command_files, fonts, front_matter, parse, pdf
from gongwen.__main__ import EPILOG, main
from gongwen.command_words import finding_words
from gongwen.findings import LEVELS, Finding
from gongwen.measure import measure
from gongwen.standard_characters import levels, standard_characters
from gongwen.tests import letters
from gongwen.tests.reading import page_texts

DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "junshan-51.txt"
RAW = DATA / "junshan-51.raw.txt"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "gongwen", *arguments],
        cwd=DATA.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def failure(capsys, *arguments):
    """The one line that the command fails with."""
    words = [str(argument) for argument in arguments]
    try:
        assert main(words) == 2
    except SystemExit as error:
        assert error.code == 2  # noqa: PT017
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.out == ""
    return said.err


def text_file(folder, text):
    path = folder / "letter.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_help_names_every_command():
    done = run("--help")
    assert done.returncode == 0
    assert all(
        name in done.stdout
        for name in (
            "render",
            "check",
            "measure",
            "repair",
            "batch",
            "fonts",
            "GONGWEN_FONTS",
            *front_matter.KEYS,
        )
    )


def test_the_examples_of_the_help_are_letters(tmp_path):
    (tmp_path / "seal.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "名单.pdf").write_bytes(b"%PDF-1.7")
    above, front, below = "\n".join(line[2:] for line in EPILOG.splitlines() if line[:2] == "  ").split(
        "---\n"
    )
    short = parse.read(f"---\n{front}---\n{below}", tmp_path)
    assert (short.form, short.addressees) == ("letter", ("区政协社会法制和民族宗教委员会",))
    assert (len(short.seals), short.attachments[0].title, short.date) == (1, "名单", letters.PLAIN.date)
    long = parse.read("\n".join(re.split(" {8,}", line)[0] for line in above.splitlines()[:21]))
    assert (long.form, long.copy_number, long.signers, long.copies) == ("file", "000001", ("冯广兴",), 30)
    assert [type(block).__name__ for block in long.paragraphs] == ["str", "Table"]
    assert (long.issuers, long.note[:3], len(long.attachments[0].blocks)) == (
        ("岳阳市君山区民政局",),
        "联系人",
        1,
    )


def test_an_error_is_one_line_and_status_2():
    done = run("measure", "nowhere.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "gongwen: nowhere.pdf: No such file or directory\n"


@pytest.mark.parametrize("form", ["plain", "file"])
def test_a_letter_as_pdf_obeys_the_standard(tmp_path, capsys, form):
    out = tmp_path / "letter.pdf"
    assert main(["render", str(SAMPLE), "-o", str(out), "--form", form]) == 0
    assert measure(out.read_bytes()) == []
    assert "协商" in "".join(page_texts(out.read_bytes()))
    assert main(["measure", str(out)]) == 0
    assert capsys.readouterr().out == ""


def test_a_letter_as_pictures(tmp_path):
    assert main(["render", str(SAMPLE), "-o", str(tmp_path / "page.png")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page-1.png", "page-2.png", "page-3.png"]


def test_a_letter_as_word_document_and_back(tmp_path, capsys):
    pytest.importorskip("gongwen.docx_out")
    assert main(["render", str(SAMPLE), "-o", str(tmp_path / "letter.docx")]) == 0
    assert main(["render", str(tmp_path / "letter.docx"), "-o", str(tmp_path / "again.pdf")]) == 0
    assert "协商" in "".join(page_texts((tmp_path / "again.pdf").read_bytes()))
    assert main(["check", str(tmp_path / "letter.docx")]) == 0
    assert capsys.readouterr().err == ""


def test_pdf_a_only_where_it_is_asked_for(tmp_path, capsys):
    plain, archived = tmp_path / "plain.pdf", tmp_path / "archived.pdf"
    assert main(["render", str(SAMPLE), "-o", str(plain)]) == 0
    assert main(["render", str(SAMPLE), "-o", str(archived), "--pdfa"]) == 0
    parts = [pikepdf.open(path).open_metadata().get("pdfaid:part") for path in (plain, archived)]
    assert parts == [None, "2"]
    assert "only a .pdf" in failure(capsys, "render", SAMPLE, "-o", tmp_path / "page.png", "--pdfa")


def test_a_letter_takes_its_files_from_its_own_folder(tmp_path, capsys):
    (tmp_path / "名单.txt").write_text("甲、乙。", encoding="utf-8")
    letter = text_file(
        tmp_path, f"---\nattachments: [名单.txt]\nseal: specimen\nissuers: 甲局\n---\n{letters.SAMPLE}"
    )
    assert main(["render", str(letter), "-o", str(tmp_path / "letter.pdf")]) == 0
    assert "甲、乙。" in "".join(page_texts((tmp_path / "letter.pdf").read_bytes()))
    (tmp_path / "名单.txt").unlink()
    assert "attachments: there is no file 名单.txt" in failure(capsys, "check", letter)


def test_rendering_a_scraped_text_says_so(tmp_path, capsys):
    assert main(["render", str(RAW), "-o", str(tmp_path / "letter.pdf")]) == 0
    assert "try repair" in capsys.readouterr().err
    assert main(["render", str(SAMPLE), "-o", str(tmp_path / "letter.pdf")]) == 0
    assert capsys.readouterr().err == ""


def test_a_letter_of_one_page_as_a_picture(tmp_path):
    short = text_file(tmp_path, "关于第1号提案的答复\n某某委员：\n您的提案收悉。\n2021年5月25日\n")
    assert main(["render", str(short), "-o", str(tmp_path / "page.png")]) == 0
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "page-1.png").exists()


def test_nothing_is_wrong_with_the_sample(capsys):
    assert main(["check", str(SAMPLE)]) == 0
    assert main(["check", "--json", str(SAMPLE)]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_warnings_leave_the_status_and_errors_do_not(tmp_path, capsys):
    assert main(["check", str(RAW)]) == 0
    said = capsys.readouterr()
    assert "warning: paragraphs:1:" in said.out
    assert "repair" in said.err
    wrong = "---\ndoc_number: 君民复字[2021]第06号\n---\n答复\n某某委员：\n正文\U0010ffff。\n2021年5月25日\n"
    assert main(["check", str(text_file(tmp_path, wrong))]) == 1
    said = capsys.readouterr()
    assert "error: doc_number: the year of 君民复字[2021]第06号 stands between 〔 and 〕" in said.out
    assert main(["check", "--json", str(tmp_path / "letter.txt")]) == 1
    assert all(one["sentence"] and one["rule"] for one in json.loads(capsys.readouterr().out))


def test_departures_in_words_and_as_json(tmp_path, capsys):
    out = tmp_path / "letter.pdf"
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as document:
        document.pages[0].MediaBox[2] = 585.3
        document.save(out)
    assert main(["measure", str(out)]) == 1
    assert "page 1: the paper is 206.5 x 297.0 mm, not 210.0 x 297.0 [page-size]" in capsys.readouterr().out
    assert main(["measure", "--json", str(out)]) == 1
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["rule"], first["page"], first["unit"]) == ("page-size", 1, "mm")


def test_a_scraped_text_is_repaired(capsys):
    assert main(["repair", str(RAW)]) == 0
    assert capsys.readouterr().out == letters.SAMPLE


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_is_not_repaired(tmp_path, capsys, end):
    letter = tmp_path / "letter.txt"
    text = "---\nissuers: [甲局,乙局]\n---\n收悉,會議\n".replace("\n", end)
    letter.write_bytes(text.encode())
    assert main(["repair", str(letter)]) == 0
    assert capsys.readouterr().out == text.replace("悉,會議", "悉，会议")


def test_what_repair_changes_is_shown(capsys):
    assert main(["repair", str(RAW), "--diff"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("1: [-對(duì)-]{+对+}君山")
    assert len(said) == len(letters.SAMPLE.splitlines()) - 1  # the date is as it was
    assert main(["repair", str(SAMPLE), "--diff"]) == 0
    assert capsys.readouterr().out == ""


def test_a_letter_is_mended(tmp_path, capsys):
    wrong = letters.SAMPLE.replace("，感谢", ",感谢").replace("三、创", "四、创")
    assert main(["check", "--fix", str(text_file(tmp_path, wrong))]) == 0
    mended = capsys.readouterr().out
    assert mended.splitlines()[3] == letters.SAMPLE.splitlines()[3]
    assert main(["check", "--fix", str(tmp_path / "letter.txt"), "-o", str(tmp_path / "mended.txt")]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "mended.txt").read_text(encoding="utf-8") == mended
    assert main(["check", str(tmp_path / "mended.txt")]) == 0
    assert "goes with --fix" in failure(capsys, "check", SAMPLE, "-o", tmp_path / "mended.txt")
    own = failure(capsys, "check", "--fix", tmp_path / "mended.txt", "-o", tmp_path / "mended.txt")
    assert "would replace" in own


def test_every_rule_has_a_sentence():
    told = [finding_words(Finding(rule, level, "title", _Anything())) for rule, level in LEVELS.items()]
    assert not [said for said in told if said.partition(" ")[0] in LEVELS]


class _Anything(dict):
    """Data with every fact that a sentence may ask for."""

    def __missing__(self, name):
        return name


def test_the_fonts_that_are_there(capsys):
    assert main(["fonts"]) == 0
    said = capsys.readouterr().out
    assert str(fonts.folder()) in said
    assert all(name in said for name in (*fonts.ROLES.values(), *fonts.FALLBACKS))
    assert "prints 8,105 of the 8,105 standard characters" in said


def test_the_table_of_standard_characters():
    assert [len(set(level)) for level in levels()] == [3_500, 3_000, 1_605]
    assert len(set(standard_characters())) == 8_105
    assert set("旻晞昉喆镕𬭚㛃") <= set(standard_characters())


def test_errors(tmp_path, capsys, monkeypatch):
    out = tmp_path / "letter.pdf"
    letter = text_file(tmp_path, "答复\n某某委员：\n正文\U0010ffff。\n")
    assert "no font has" in failure(capsys, "render", letter, "-o", out)
    assert "a .pdf, a .docx or a .png" in failure(capsys, "render", SAMPLE, "-o", tmp_path / "letter.doc")
    assert "No such file" in failure(capsys, "render", SAMPLE, "-o", tmp_path / "no" / "letter.pdf")
    assert "not a PDF" in failure(capsys, "measure", SAMPLE)
    assert "invalid choice" in failure(capsys, "render", SAMPLE, "-o", out, "--form", "poem")
    assert "required" in failure(capsys, "render", SAMPLE)
    assert "no body" in failure(capsys, "render", text_file(tmp_path, "答复\n某某委员：\n"), "-o", out)
    assert "no key colour" in failure(capsys, "check", text_file(tmp_path, "---\ncolour: red\n---\n"))
    (tmp_path / "letter.txt").write_bytes("答复".encode("gb18030"))
    assert "not UTF-8 (byte 1)" in failure(capsys, "check", tmp_path / "letter.txt")
    monkeypatch.setenv("GONGWEN_FONTS", str(tmp_path / "nothing"))
    assert "is missing" in failure(capsys, "fonts")
    assert not out.exists()


NOTHING_TO_READ = {
    "missing": None,
    "folder": "folder",
    "binary": bytes(range(256)) * 4,
    "gb18030": "答复".encode("gb18030"),
    "utf-16": "答复".encode("utf-16"),
    "nul": b"\0" * 1_000_000,
    "empty": b"",
    "rule": b"---\n",
    "brackets-above": b"---\n" + b"[" * 10_000 + b"\n---\n",
    "megabyte": "长".encode() * 350_000,
    "paragraphs": "答复\n某某委员：\n".encode() + "甲乙丙丁。\n".encode() * 70_000,
    "zip": b"PK\x03\x04" + bytes(100),
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "pdf": b"%PDF-1.7\n\xe2\xe3\xcf\xd3",
}


@pytest.mark.parametrize("kind", NOTHING_TO_READ)
def test_what_is_no_letter_is_an_error_in_one_line(tmp_path, capsys, kind):
    place, content = tmp_path / "letter.txt", NOTHING_TO_READ[kind]
    if content == "folder":
        place.mkdir()
    elif content is not None:
        place.write_bytes(content)
    assert failure(capsys, "render", place, "-o", tmp_path / "out.pdf").startswith("gongwen: ")
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("command", ["check", "measure", "repair", "batch"])
@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_every_command_fails_in_one_line(tmp_path, capsys, command, kind):
    place = tmp_path / "letter.txt"
    if kind == "folder":
        place.mkdir()
    elif kind == "binary":
        place.write_bytes(NOTHING_TO_READ["binary"])
    output = ["-o", tmp_path / "out"] if command == "batch" else []
    assert failure(capsys, command, place, *output).startswith("gongwen: ")


@pytest.mark.parametrize(
    "body", ["（" * 10_000 + "）" * 10_000, "(" * 10_000, "<b>&lt;\0\x1b[31m</b>", "[" * 10_000]
)
def test_any_body_is_a_letter(tmp_path, capsys, body):
    letter = text_file(tmp_path, f"答复\n某某委员：\n{body}。\n2021年5月25日\n")
    assert main(["render", str(letter), "-o", str(tmp_path / "out.pdf")]) == 0
    assert main(["check", str(letter)]) in (0, 1)
    assert main(["repair", "--diff", str(letter)]) == 0


def test_output_that_cannot_be_written(tmp_path, capsys):
    letter = text_file(tmp_path, letters.SAMPLE)
    (tmp_path / "folder.pdf").mkdir()
    assert "Is a directory" in failure(capsys, "render", letter, "-o", tmp_path / "folder.pdf")
    assert "No such file" in failure(capsys, "render", letter, "-o", letter / "a.pdf")
    (tmp_path / "letter.pdf").write_bytes(letter.read_bytes())
    own = failure(capsys, "render", tmp_path / "letter.pdf", "-o", tmp_path / "letter.pdf")
    assert "would replace the letter" in own


def test_a_file_without_end_is_not_read_to_its_end(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command_files, "_MAX_BYTES", 2_000_000)
    assert "more than 2 MB" in failure(capsys, "measure", "/dev/zero")
    assert "more than" in failure(capsys, "repair", "/dev/zero")

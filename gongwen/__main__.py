"""The letter engine for a typist without a server: python -m gongwen.

Reads the arguments and words failures; what each command does lives in the command modules.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from gongwen import command_letter
from gongwen.command_batch import batch
from gongwen.command_fonts import show_fonts
from gongwen.command_words import reason
from gongwen.document import FORMS

EPILOG = """\
A letter is a UTF-8 text (.txt, .md) in its natural order, or a Word document (.docx) in the same order. A line
is a paragraph. From top to bottom, everything but the title, the addressee and a paragraph may be left out:

  000001                                          copy number, secrecy (机密★1年), urgency (特急)
  岳阳市君山区民政局文件                          the red head, for the form file
  君民复字〔2021〕6号    签发人：冯广兴           or B类 and 同意公开 at the right of the number
  对君山区政协五届五次会议第51号提案的            title, broken as you like it
  答 复
  区政协社会法制和民族宗教委员会：                addressees, ending in a colon
  你们提出的提案收悉，现答复如下：                paragraphs; headings are 一、 （一） 1. （1）
  表1 采纳情况                                    a table: its caption, then lines of cells
  | 序号 | 建议 |
  |---|---|                                       below the rows that stand again on each page
  | 1 | 优化基层自治 |
  附件：1. 名单                                   names of attachments, 2. and so on below it
  岳阳市君山区民政局                              who issues it, a line each
  2021年5月25日
  （联系人：贾济民，电话：0730-8178696）          a note in brackets, or contact lines as they are
  附件1                                           an attachment's own page: its title, then text and tables
  名单
  甲、乙。
  抄送：区政府办公室，区政协提案委员会。          and the rest of the imprint
  岳阳市君山区民政局办公室  2021年5月25日印发
  共印30份

Front matter, YAML between two lines of --- above the text, may give any of it. What it gives is not looked
for in the text:

  form           plain (without red head), file (文件格式) or letter (信函格式)
  issuers        list      letterhead   text or list, if not as the issuers
  doc_number     text      signers      list (签发人)
  result_class   B类       disclosure   同意公开      marks_at  corner or number: where these two stand
  copy_number    000001    secrecy      机密★1年      urgency   特急
  title          text, its line breaks are kept       addressees  list      date  2021-05-25 or 2021年5月25日
  seal           none (无), specimen (样章) or a file, or a list of these, one for each issuer    seal_mm   42
  stamp          a name or a file, or title (职务), name (姓名) and file (文件): 签名章 instead of seals
  contacts       list      note         text in brackets under the date
  attachments    list: a name, a file (.pdf .png .jpg .svg .txt .md), or name: file
  copies_to      list      printed_by   text      printed_on  date      copies  30
  watermark      草稿      qr           text of the QR code in the margin of page 1
  verify         address to check the letter by: a QR code at the foot of the last page

  ---
  form: letter
  issuers: [岳阳市君山区民政局]
  doc_number: 君民复字〔2021〕6号
  seal: seal.svg
  attachments: [名单.pdf]
  ---
  对君山区政协五届五次会议第51号提案的答复
  区政协社会法制和民族宗教委员会：
  你们提出的提案收悉，现答复如下：
  2021年5月25日

Files are looked for beside the letter and nowhere else. Fonts are taken from $GONGWEN_FONTS. Exit status: 0
done and nothing wrong, 1 an error or a departure found or a letter of a batch failed, 2 it could not be done
(the reason stands in one line on standard error).
"""

_LETTER = "a UTF-8 text or a .docx"
Run = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status: 0, 1 where something was found, 2 where it failed."""
    options = _parser().parse_args(arguments)
    # What it cannot load is told in our own words.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        run: Run = options.run
        return run(options)
    except KeyboardInterrupt:
        return 130
    # RuntimeError: fonts that are missing, brackets without end, a worker that was killed.
    except (ValueError, OSError, RuntimeError, MemoryError) as error:
        print(f"gongwen: {reason(error)}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gongwen",
        description="Official letters after GB/T 9704-2012: set them, check them, measure them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(run: Run, name: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
        made.set_defaults(run=run)
        return made

    _add_render(
        command(command_letter.render, "render", "set a letter as PDF, Word or pictures of its pages")
    )
    _add_check(command(command_letter.check, "check", "say what is wrong with a letter before it is sent"))
    measure = command(command_letter.measure, "measure", "say where any PDF departs from the standard")
    measure.add_argument("file", metavar="FILE.pdf", type=Path, help="a PDF, whoever made it")
    measure.add_argument("--json", action="store_true", help="departures as JSON")
    repair = command(command_letter.repaired, "repair", "print a letter copied from a web page, put right")
    repair.add_argument("file", metavar="IN", type=Path, help="a UTF-8 text")
    repair.add_argument("--diff", action="store_true", help="print what changes instead: [-before-]{+after+}")
    _add_batch(command(batch, "batch", "set every letter of a folder as PDF"))
    command(show_fonts, "fonts", "list the fonts and the characters that each has and that all lack")
    return parser


def _add_render(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="IN", type=Path, help=_LETTER)
    command.add_argument(
        "-o", "--output", metavar="OUT", type=Path, required=True, help="OUT.pdf, OUT.docx or OUT.png"
    )
    command.add_argument("--form", choices=FORMS, help="the form of letter, if not as the text says")
    command.add_argument("--pdfa", action="store_true", help="write PDF/A-2u, for archives")


def _add_check(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="IN", type=Path, help=_LETTER)
    command.add_argument("--json", action="store_true", help="findings as JSON")
    command.add_argument("--fix", action="store_true", help="write the text with what can be mended mended")
    command.add_argument("-o", "--output", metavar="OUT", type=Path, help="where --fix writes, if not here")


def _add_batch(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="DIR", type=Path, help="a folder of .txt, .md and .docx")
    command.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="a folder for PDFs")
    command.add_argument(
        "--jobs", metavar="N", type=_jobs, default=os.cpu_count() or 1, help="processes, if not all cores"
    )


def _jobs(said: str) -> int:
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= 64:
        raise argparse.ArgumentTypeError("a number from 1 to 64")
    return int(said)


if __name__ == "__main__":
    sys.exit(main())

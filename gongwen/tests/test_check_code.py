"""The code to check a printed letter by: where it stands, that it reads back, and that it changes nothing else."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
import segno

from gongwen import docx_out, measure, pdf
from gongwen.document import LetterError, digest
from gongwen.drawing import QR_MM, check_place
from gongwen.tests import letters
from gongwen.tests.reading import body_text, read

LINK = "https://example.org/verify/Ab3dEf7hIj_k-mNo/"
FORMS = {"plain": letters.PLAIN, "file": letters.FILE, "letter": replace(letters.FILE, form="letter")}
# One line to three pages: the last page is odd and even, full and all but empty.
CASES = {
    **FORMS,
    **{f"{name}-{n}": letters.with_lines(one, n) for name, one in FORMS.items() for n in (1, 12, 15, 36)},
}


def matrix_on(document: bytes, form: str, page: int) -> tuple[tuple[bool, ...], ...]:
    """The modules of the code as they stand on the last page, read from its picture."""
    expected = segno.make_qr(LINK, error="m", boost_error=False)
    count = len(list(expected.matrix))
    with pypdfium2.PdfDocument(document) as opened:
        picture = opened[page - 1].render(scale=10).to_pil().convert("L")
    pixels = 10 * 72 / 25.4
    step = QR_MM / count
    left, top = check_place(form, page)
    return tuple(
        tuple(
            picture.getpixel(
                (int((left + (x + 0.5) * step) * pixels), int((top + (y + 0.5) * step) * pixels))
            )
            < 128
            for x in range(count)
        )
        for y in range(count)
    )


@pytest.mark.parametrize("name", CASES)
def test_the_code_stands_on_the_last_page_and_the_letter_keeps_the_standard(name):
    made = pdf.render(replace(CASES[name], verify=LINK))
    pages = read(made)
    expected = segno.make_qr(LINK, error="m", boost_error=False)
    assert matrix_on(made, CASES[name].form, len(pages)) == tuple(
        tuple(map(bool, row)) for row in expected.matrix
    )
    assert not list(measure.measure(made))


def test_the_code_moves_nothing():
    plain, checked = (pdf.render(one) for one in (letters.FILE, replace(letters.FILE, verify=LINK)))
    assert body_text(read(plain)) == body_text(read(checked))
    with pypdfium2.PdfDocument(plain) as one, pypdfium2.PdfDocument(checked) as other:
        assert len(one) == len(other)
        pictures = [[page.render(scale=1).to_pil() for page in each] for each in (one, other)]
    first, last = pictures
    assert [a.tobytes() for a in first[:-1]] == [b.tobytes() for b in last[:-1]]
    above = int(check_place("file", 3)[1] * 72 / 25.4) - 1
    box = (0, 0, first[-1].width, above)
    assert first[-1].crop(box).tobytes() == last[-1].crop(box).tobytes()


def test_a_letter_without_it_keeps_its_digest():
    """The digest of a letter from before there was a code: its stored file must stay what it is."""
    assert digest(letters.PLAIN).hex() == "2f607a0d38e6a89aac3e314c0f11e1780a96164d826972eeeb5118e4233a0d15"


def test_a_longer_address_than_a_code_holds_is_refused():
    with pytest.raises(LetterError) as error:
        pdf.render(replace(letters.PLAIN, verify="x" * 201))
    assert error.value.rule == "qr-too-long"


def test_word_has_the_code_too():
    with zipfile.ZipFile(io.BytesIO(docx_out.write(replace(letters.FILE, verify=LINK)))) as package:
        assert LINK in package.read("word/document.xml").decode()

"""Drawings of a Word document: pictures in the text or behind it, rules as thin areas, the watermark.

A word processor takes PNG and JPEG; whatever else a letter holds becomes a PNG here.
"""

from __future__ import annotations

import functools
import io
from dataclasses import replace

import pikepdf
import pypdfium2
import segno
from PIL import Image

from gongwen.document import LetterError, Picture
from gongwen.docx_xml import Package, attribute, text_xml
from gongwen.drawing import QR_MM, QR_TOP_MM, check_place
from gongwen.paper import RIGHT_MM, Figure
from gongwen.pictures import pdf_reader
from gongwen.prepared import form_of

EMU_PER_MM = 36_000
_DPI = {"svg": 600, "pdf": 200}
_MAX_PIXELS = 8_000


def embedded(figure: Figure, package: Package) -> tuple[Figure, str]:
    """Put the figure's picture into the package: the figure as large as it is seen, its relationship's id.

    LetterError: bad-picture (kind).
    """
    picture = figure.picture
    if picture.kind in ("png", "jpeg"):
        return figure, package.add_picture(picture.content, picture.kind)
    content = _png(picture, figure.page, round(figure.width, 1))
    if figure.turned:
        content = _on_its_side(content)
    with Image.open(io.BytesIO(content)) as image:
        ratio = image.width / image.height
    return _fitted(figure, ratio), package.add_picture(content, "png")


def _on_its_side(content: bytes) -> bytes:
    """The picture with its head at the left."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _fitted(figure: Figure, ratio: float) -> Figure:
    """The figure in the middle of its own box, with the picture's proportion."""
    width = min(figure.width, figure.height * ratio)
    height = width / ratio
    x, y = figure.x + (figure.width - width) / 2, figure.y + (figure.height - height) / 2
    return replace(figure, x=x, y=y, width=width, height=height)


@functools.lru_cache(maxsize=64)
def _png(picture: Picture, page: int, width_mm: float) -> bytes:
    """The drawing or the page as a PNG for this width; paper is white, a drawing's ground stays clear."""
    content = picture.content if picture.kind == "pdf" else _one_page(picture)
    pixels = min(_MAX_PIXELS, width_mm / 25.4 * _DPI[picture.kind])
    clear = picture.kind != "pdf"
    try:
        with pdf_reader:
            document = pypdfium2.PdfDocument(content)
            try:
                sheet = document[page - 1]
                fill = (255, 255, 255, 0 if clear else 255)
                image = sheet.render(
                    scale=pixels / sheet.get_width(), fill_color=fill, maybe_alpha=clear
                ).to_pil()
            finally:
                document.close()
    except pypdfium2.PdfiumError as error:
        raise LetterError("bad-picture", kind=picture.kind) from error
    return _as_png(image, clear)


def _as_png(image: Image.Image, clear: bool) -> bytes:
    if not clear:
        bands = image.convert("RGB").split()
        grey = bands[0].tobytes() == bands[1].tobytes() == bands[2].tobytes()
        image = image.convert("L" if grey else "RGB")
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _one_page(picture: Picture) -> bytes:
    """A drawing as the only page of a PDF."""
    _source, form = form_of(picture, 1)
    left, bottom, right, top = (float(edge) for edge in form.BBox)
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(right - left, top - bottom))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=document.copy_foreign(form)))
        page.Contents = document.make_stream(f"1 0 0 1 {-left} {-bottom} cm /P Do".encode())
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def code_figure(content: str) -> Figure:
    """The QR code where the PDF has it, in the margin above the type area."""
    return _code(content, RIGHT_MM - QR_MM, QR_TOP_MM)


def check_figure(content: str, form: str, page: int) -> Figure:
    """The code to check the letter by where the PDF has it on this page."""
    return _code(content, *check_place(form, page))


def _code(content: str, x: float, y: float) -> Figure:
    out = io.BytesIO()
    segno.make_qr(content, error="m", boost_error=False).save(out, kind="png", scale=8, border=0)
    return Figure(Picture(out.getvalue(), "png"), x, y, QR_MM, QR_MM, content)


def inline(figure: Figure, relation: str, number: int) -> str:
    """The picture as a character of its line."""
    size = f'<wp:extent cx="{_emu(figure.width)}" cy="{_emu(figure.height)}"/>'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">{size}'
        f"{_name(figure.alt, number)}{_picture(figure, relation, number)}</wp:inline></w:drawing></w:r>"
    )


def anchored(
    figure: Figure,
    relation: str,
    number: int,
    *,
    behind: bool,
    vertical: str = "page",
    y: float | None = None,
) -> str:
    """The picture at its place over the text or behind it; `y` in mm from the page or the paragraph."""
    drawing = _name(figure.alt, number) + _picture(figure, relation, number)
    top = figure.y if y is None else y
    return _anchor(figure.x, top, figure.width, figure.height, drawing, behind=behind, vertical=vertical)


def rule(x: float, y: float, width: float, height: float, number: int, colour: str) -> str:
    """A filled area at its place on the page, in mm."""
    size = f'<a:off x="0" y="0"/><a:ext cx="{_emu(width)}" cy="{_emu(height)}"/>'
    shape = (
        f'<wp:docPr id="{number}" name="{number}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData'
        ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>'
        f'<wps:spPr><a:xfrm>{size}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        f'<a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>'
        "</a:graphicData></a:graphic>"
    )
    drawn = _anchor(x, y, width, height, shape, behind=True, vertical="page", only_drawing=True)
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawn}</mc:Choice></mc:AlternateContent></w:r>'
    )


def watermark(words: str, number: int) -> str:
    """Grey words across the middle of the page, as word processors draw their own watermarks."""
    size = min(150, 560 / len(words))
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{size * len(words):.0f}pt;height:{size:.0f}pt;"
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:page;"
        "mso-position-vertical:center;mso-position-vertical-relative:page"
    )
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
        '<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/>'
        '<v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136"'
        f' style="{style}" fillcolor="#e8e8e8" stroked="f"><v:textpath style="font-family:SimHei;'
        f'font-size:1pt" string={attribute(words)}/></v:shape></w:pict></w:r>'
    )


def _anchor(
    x: float,
    y: float,
    width: float,
    height: float,
    content: str,
    *,
    behind: bool,
    vertical: str,
    only_drawing: bool = False,
) -> str:
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2"'
        f' behindDoc="{int(behind)}" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{_emu(x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="{vertical}"><wp:posOffset>{_emu(y)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{_emu(width)}" cy="{_emu(height)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f"<wp:wrapNone/>{content}</wp:anchor></w:drawing>"
    )
    return drawing if only_drawing else f"<w:r>{drawing}</w:r>"


def _name(alt: str, number: int) -> str:
    return f'<wp:docPr id="{number}" name="{number}" descr={attribute(alt)}/><wp:cNvGraphicFramePr/>'


def _picture(figure: Figure, relation: str, number: int) -> str:
    size = f'<a:off x="0" y="0"/><a:ext cx="{_emu(figure.width)}" cy="{_emu(figure.height)}"/>'
    return (
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{text_xml(str(number))}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm>{size}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic>"
    )


def _emu(mm: float) -> int:
    return round(mm * EMU_PER_MM)

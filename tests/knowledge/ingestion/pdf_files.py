"""PDFs written by hand: lines of text at places, with an outline where one is wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

UPRIGHT = {
    0: "",
    90: "0 1 -1 0 595 0 cm\n",
    180: "-1 0 0 -1 595 842 cm\n",
    270: "0 -1 1 0 0 842 cm\n",
}
"""What turns text so that it is upright on a page that is shown turned by so many degrees."""
_FORM = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Courier", "F4": "ZapfDingbats"}


def mark(text: str, *, at: str = "0.7 0.7 -0.7 0.7 150 250", size: int = 80, ink: str = "") -> str:
    """Return a text at a matrix, slanted if nothing else is said, in a colour."""
    return f"q {ink} BT /F2 {size} Tf {at} Tm ({text}) Tj ET Q\n"


@dataclass
class PdfPage:
    """Lines as (left, height from the foot, font, size, text), as the page is shown; points.

    `under` is drawn before them; it may draw the form W, whose content is `form`.
    """

    lines: list[tuple[float, float, str, float, str]] = field(default_factory=list)
    picture: bool = False
    under: str = ""
    form: str = ""
    turned: int = 0

    def write(self, top: float, *texts: str, font: str = "F1", size: float = 10) -> "PdfPage":
        """Add lines below each other at the left margin."""
        for number, text in enumerate(texts):
            self.lines.append((72, top - number * size * 1.2, font, size, text))
        return self


def pdf_file(
    pages: Sequence[PdfPage],
    *,
    title: str = "",
    producer: str = "",
    outline: Sequence[tuple[str, int]] = (),
) -> bytes:
    """Return a PDF; `outline` has titles with the numbers of their pages, from 1."""
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body.encode("cp1252") if isinstance(body, str) else body)
        return len(objects)

    catalog, tree = add(""), add("")
    kind = "/Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont"
    fonts = " ".join(f"/{key} {add(f'<< {kind} /{name} >>')} 0 R" for key, name in FONTS.items())
    image = add(
        _stream(
            "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8"
            " /ColorSpace /DeviceGray",
            b"\0",
        )
    )
    shared = f"/Font << {fonts} >> /ExtGState << /Thin << /ca 0.3 >> >>"
    kids = []
    for page in pages:
        drawn = (
            UPRIGHT[page.turned]
            + page.under
            + "".join(
                f"BT /{font} {size} Tf {left} {height} Td ({_escaped(text)}) Tj ET\n"
                for left, height, font, size, text in page.lines
            )
        )
        if page.picture:
            drawn += "q 500 0 0 700 50 50 cm /I Do Q\n"
        form = add(_stream(f"{_FORM} /Resources << {shared} >>", page.form.encode("cp1252")))
        content = add(_stream("", drawn.encode("cp1252", "replace")))
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842]"
                f" /Rotate {page.turned} /Contents {content} 0 R"
                f" /Resources << {shared} /XObject << /I {image} 0 R /W {form} 0 R >> >> >>"
            )
        )
    objects[tree - 1] = (
        f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>"
    ).encode()
    extra = f" /Outlines {_add_outline(add, outline, kids)} 0 R" if outline else ""
    objects[catalog - 1] = f"<< /Type /Catalog /Pages {tree} 0 R{extra} >>".encode()
    info = add(f"<< /Title ({_escaped(title)}) /Producer ({_escaped(producer)}) >>")
    return _written(objects, f"/Root {catalog} 0 R /Info {info} 0 R")


def _add_outline(
    add: Callable[[str], int], outline: Sequence[tuple[str, int]], kids: Sequence[int]
) -> int:
    """Add an outline of one level; its root is the object after its entries."""
    first = add("null") + 1
    root = first + len(outline)
    for index, (title, page) in enumerate(outline):
        links = f" /Prev {first + index - 1} 0 R" if index else ""
        if index + 1 < len(outline):
            links += f" /Next {first + index + 1} 0 R"
        add(
            f"<< /Title ({_escaped(title)}) /Parent {root} 0 R{links}"
            f" /Dest [{kids[page - 1]} 0 R /Fit] >>"
        )
    return add(f"<< /First {first} 0 R /Last {root - 1} 0 R /Count {len(outline)} >>")


def _stream(entries: str, content: bytes) -> bytes:
    head = f"<< {entries} /Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _written(objects: Sequence[bytes], trailer: str) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    table += "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    end = f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return out + (table + end).encode()

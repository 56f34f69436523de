"""Which files can be read: by extension, media type and first bytes."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Word, Excel and PowerPoint files until 2003, and of encrypted ones."""
_HEAD: Final = 1024

_OPENXML: Final = "application/vnd.openxmlformats-officedocument."
_IN_ARCHIVE: Final = {
    "word/document.xml": _OPENXML + "wordprocessingml.document",
    "xl/workbook.xml": _OPENXML + "spreadsheetml.sheet",
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "ppt/presentation.xml": ".pptx",
    "META-INF/container.xml": ".epub",
}
_TYPES: Final = "[Content_Types].xml"
_LARGEST_TYPES: Final = 1_000_000
# Some programs give the parts other names.
_BY_TYPE: Final = (
    (b"wordprocessingml.document.main", _OPENXML + "wordprocessingml.document"),
    (b"spreadsheetml.sheet.main", _OPENXML + "spreadsheetml.sheet"),
)
_BY_MIMETYPE: Final = {
    b"application/vnd.oasis.opendocument.spreadsheet": (
        "application/vnd.oasis.opendocument.spreadsheet"
    ),
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
    b"application/epub+zip": ".epub",
}
_IMAGES: Final = (
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\0", ".tiff"),
    (b"MM\0*", ".tiff"),
)


def signature_of(content: bytes) -> str | None:
    """Return what the first bytes identify; None if they identify nothing.

    A media type for readable content, an extension (".doc") for unreadable content, "encrypted" for
    an Office file with a password, "page" for content that begins as an HTML page.
    """
    head = content[:_HEAD]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _in_archive(content)
    if head.startswith(_OLE):
        return _in_container(content)
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<table")):
        return "page"
    return next((kind for mark, kind in _IMAGES if head.startswith(mark)), None)


def _in_archive(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            for name, kind in _IN_ARCHIVE.items():
                if name in names:
                    return kind
            if _TYPES in names and archive.getinfo(_TYPES).file_size < _LARGEST_TYPES:
                types = archive.read(_TYPES)
                if found := next((kind for mark, kind in _BY_TYPE if mark in types), None):
                    return found
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _HEAD:
                return _BY_MIMETYPE.get(archive.read("mimetype").strip(), ".zip")
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        OSError,
        ValueError,
        RuntimeError,
    ):
        return None
    except NotImplementedError:
        # An archive with a compression that `zipfile` doesn't support.
        return ".zip"
    return ".zip"


def _in_container(content: bytes) -> str | None:
    """Look for stream names, which the container's directory stores as UTF-16."""
    if _utf_16("EncryptedPackage") in content:
        return "encrypted"
    if _utf_16("WordDocument") in content:
        return ".doc"
    if _utf_16("PowerPoint Document") in content:
        return ".ppt"
    if _utf_16("Workbook") in content or _utf_16("Book") in content:
        return "application/vnd.ms-excel"
    return None


def is_excel_95(content: bytes) -> bool:
    """Say whether a workbook is of Excel 5 or 95, which wrote letters in a computer's encoding."""
    return content.startswith(_OLE) and _utf_16("Workbook") not in content


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-le")


MARKDOWN: Final = "text/markdown"
HTML: Final = "text/html"
XHTML: Final = "application/xhtml+xml"
PAGES: Final = frozenset({HTML, XHTML})
TEXT: Final = "text/plain"
RST: Final = "text/x-rst"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
JSON: Final = "application/json"
JSON_LINES: Final = "application/x-ndjson"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS: Final = "application/vnd.ms-excel"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"

_BY_EXTENSION: Final = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdown": MARKDOWN,
    ".mkd": MARKDOWN,
    ".mdx": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": XHTML,
    ".xht": XHTML,
    ".txt": TEXT,
    ".text": TEXT,
    ".rst": RST,
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".xlsb": XLSB,
    ".xls": XLS,
    ".ods": ODS,
    ".csv": CSV,
    ".tsv": TSV,
    ".json": JSON,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
}
_SAME: Final = {
    "text/x-markdown": MARKDOWN,
    "text/vnd.daringfireball.markdown": MARKDOWN,
    "text/prs.fallenstein.rst": RST,
    "application/x-pdf": PDF,
    "application/vnd.ms-word.document.macroenabled.12": DOCX,
    "application/vnd.ms-excel.sheet.macroenabled.12": XLSX,
    "application/csv": CSV,
    "text/x-csv": CSV,
    "text/json": JSON,
    "application/jsonl": JSON_LINES,
    "application/x-jsonlines": JSON_LINES,
    "application/jsonlines": JSON_LINES,
}
_READABLE: Final = frozenset(_BY_EXTENSION.values())
_BINARY: Final = frozenset({PDF, DOCX, XLSX, XLS, XLSB, ODS})
_NAMES: Final = {PDF: "PDF", DOCX: "Word document"}
# Types that browsers and servers send if they don't know better; the name may. Windows with Excel
# installed gives every CSV file Excel's type.
_VAGUE: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", TEXT, XLS})
_ADVICE: Final = {
    ".doc": "open it in Word or LibreOffice and save it as DOCX",
    ".odt": "open it in LibreOffice or Word and save it as DOCX",
    ".rtf": "open it in Word or LibreOffice and save it as DOCX",
    ".pages": "export it from Pages as DOCX or PDF",
    ".numbers": "export it from Numbers as XLSX or CSV",
    ".key": "export it from Keynote as PDF",
    ".ppt": "save the slides as PDF",
    ".pptx": "save the slides as PDF",
    ".odp": "save the slides as PDF",
    ".epub": "convert it to HTML or DOCX",
    ".zip": "unpack it and add the files inside",
    ".mhtml": "open it in a browser and save it as HTML or PDF",
    ".png": "it is an image; run OCR and save the result as PDF",
    ".jpg": "it is an image; run OCR and save the result as PDF",
    ".tiff": "it is an image; run OCR and save the result as PDF",
    ".gif": "it is an image; run OCR and save the result as PDF",
}
_SAME_ADVICE: Final = {".jpeg": ".jpg", ".tif": ".tiff", ".dot": ".doc", ".mht": ".mhtml"} | {
    **dict.fromkeys((".webp", ".heic", ".bmp", ".svg"), ".png"),
    **dict.fromkeys((".gz", ".tgz", ".tar", ".7z", ".rar"), ".zip"),
}


def supported_extensions() -> tuple[str, ...]:
    """Return the extensions of readable files, in lower case and with the dot."""
    return tuple(_BY_EXTENSION)


def media_type_of(name: str) -> str:
    """Return a file's media type by the extension of its name.

    Raises UnreadableDocument if files of that kind can't be read.
    """
    found = _BY_EXTENSION.get(_extension(name))
    if found is None:
        raise _unsupported(name, _extension(name) or "no extension")
    return found


def resolve_media_type(media_type: str, name: str) -> str:
    """Return the type to read a document as; raises UnreadableDocument if none is readable.

    Parameters ("; charset=…") are ignored. If the type is vague, the name's extension decides.
    """
    bare = media_type.partition(";")[0].strip().lower()
    bare = _SAME.get(bare, bare)
    if bare in _VAGUE:
        by_name = _BY_EXTENSION.get(_extension(name))
        if by_name is not None:
            return by_name
    if bare.endswith("+json"):
        return JSON
    if bare not in _READABLE:
        raise _unsupported(name, bare or _extension(name) or "no extension")
    return bare


def resolve_by_content(content: bytes, media_type: str, name: str) -> str:
    """Return the type to read a document as; its first bytes override its name.

    Raises UnreadableDocument if the content is of an unsupported kind, or differs from its name and
    type.
    """
    found = signature_of(content)
    if found in _READABLE:
        return found
    if found == "encrypted":
        raise UnreadableDocument(
            f"{name}: the file is protected by a password; save it without one",
            reason="encrypted",
        )
    if found in _ADVICE:
        raise _unsupported(name, found)
    kind = resolve_media_type(media_type, name)
    if kind not in _BINARY or not content.strip():
        return kind
    if found == "page":
        # A server's response in place of a file ("please log in"), or an HTML table for Excel.
        return HTML
    if kind == XLS and b"\0" not in content[:4096]:
        # Web applications export CSV files under Excel's extension.
        return CSV
    what = _NAMES.get(kind, "spreadsheet")
    raise UnreadableDocument(
        f"{name}: the file is not a {what} despite its name, or it is damaged; save it again",
        reason="broken",
    )


def _extension(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _unsupported(name: str, kind: str) -> UnreadableDocument:
    advice = _ADVICE.get(_SAME_ADVICE.get(kind, kind))
    if advice is not None:
        message = f"{name}: files of this kind ({kind}) cannot be read; {advice}"
    else:
        message = (
            f"{name}: files of this kind ({kind}) cannot be read; PDF, DOCX, XLSX, CSV, JSON, HTML,"
            f" Markdown and plain text can ({' '.join(_BY_EXTENSION)})"
        )
    return UnreadableDocument(message, reason="unsupported_type")

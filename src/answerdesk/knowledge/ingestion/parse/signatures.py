"""What a file is by its bytes: the kinds that say so themselves."""

import io
import zipfile
import zlib
from typing import Final

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Word's, Excel's and PowerPoint's files until 2003, and of encrypted ones."""
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
# The parts of some programs have other names.
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
    """Return what the bytes say they are; None where they say nothing.

    A media type of what is read, an extension (".doc") of what is not, "encrypted" for an Office
    file with a password, "page" for what begins as an HTML page.
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
        return ".zip"
    return ".zip"


def _in_container(content: bytes) -> str | None:
    """Look for the names of streams, which stand in the container's folder as UTF-16."""
    if _utf_16("EncryptedPackage") in content:
        return "encrypted"
    if _utf_16("WordDocument") in content:
        return ".doc"
    if _utf_16("PowerPoint Document") in content:
        return ".ppt"
    if _utf_16("Workbook") in content or _utf_16("Book") in content:
        return "application/vnd.ms-excel"
    return None


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-le")

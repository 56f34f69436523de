"""Office files: archives of XML parts, read part by part and never as a whole."""

import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument

MOST_UNPACKED: Final = 128 * 1024 * 1024
"""Maximum size of one unpacked part in bytes."""
_HEAD: Final = 4096
_TYPES: Final = "[Content_Types].xml"
# Truncated archive, password, unknown compression, invalid XML, or unknown encoding.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError),
    *(NotImplementedError, ElementTree.ParseError, ValueError, LookupError),
)
_OFF: Final = frozenset({"0", "false", "off"})
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def local(tag: str) -> str:
    """Return a tag's name without its namespace, which differs between editions of the format."""
    return tag.rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute by its name in any namespace; None if there is none."""
    if element is None:
        return None
    return next((value for key, value in element.items() if local(key) == name), None)


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one.tag) == name), None)
    return element


def is_on(element: Element | None) -> bool:
    """Say whether a switch is present and not turned off."""
    return element is not None and (attribute(element, "val") or "1").lower() not in _OFF


class Package:
    """An Office file; `name` is for error texts."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self.broken() from error
        self._names = {info.filename.lstrip("/").casefold(): info for info in self._files()}

    def _files(self) -> Iterator[zipfile.ZipInfo]:
        return (info for info in self._archive.infolist() if not info.is_dir())

    def broken(self) -> UnreadableDocument:
        return UnreadableDocument(
            f"{self._name}: the file is damaged; open it in the program that wrote it and save it"
            " again",
            reason="broken",
        )

    def main_part(self, kind: str, usual: str) -> str:
        """Return the path of the part whose content type contains `kind`, else `usual`."""
        if _TYPES.casefold() in self._names:
            for element in self.elements(_TYPES):
                if local(element.tag) == "Override" and kind in element.get("ContentType", ""):
                    return element.get("PartName", "").lstrip("/")
        return usual

    def has(self, path: str) -> bool:
        return path.lstrip("/").casefold() in self._names

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Return a part's references by id: the kind (type's last word) and the path or address."""
        folder, file = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if not self.has(rels):
            return {}
        found: dict[str, tuple[str, str]] = {}
        for element in self.elements(rels):
            if element.tag == _RELATIONSHIP:
                target = element.get("Target", "")
                if element.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = element.get("Type", "").rpartition("/")[2]
                found[element.get("Id", "")] = (kind, target)
        return found

    def elements(self, path: str) -> Iterator[Element]:
        """Yield a part's elements as each one ends; the outermost comes last, still complete."""
        for event, element in self.events(path):
            if event == "end":
                yield element

    def events(self, path: str) -> Iterator[tuple[str, Element]]:
        """Yield the start and end of each element of a part; the caller clears what it has read."""
        info = self._names.get(path.lstrip("/").casefold())
        if info is None:
            raise self.broken()
        if info.file_size > MOST_UNPACKED:
            raise UnreadableDocument(
                f"{self._name}: unpacked, the file has more than {MOST_UNPACKED >> 20} MB of text"
                " and formatting; split it into smaller files",
                reason="too_large",
            )
        try:
            with self._archive.open(info) as part:
                self._require_no_entities(part.read(_HEAD))
            with self._archive.open(info) as part:
                # Expat limits entity expansion, and a part with entities is refused above.
                yield from ElementTree.iterparse(part, ("start", "end"))  # noqa: S314
        except _DAMAGE as error:
            raise self.broken() from error

    def _require_no_entities(self, head: bytes) -> None:
        if b"<!DOCTYPE" in head.replace(b"\0", b"").upper():
            raise self.broken()

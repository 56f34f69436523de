"""Entity tags: readers skip what they already have, and writers overwrite no change they missed.

A tag is made from the row's version, which rises with every change, and from our own release,
because another release may show the same row differently.
"""

import re
from collections.abc import Set as AbstractSet
from typing import Annotated, Final

from fastapi import Depends, Header, Response
from starlette.exceptions import HTTPException

from answerdesk import __version__

HEADER: Final = "ETag"
_TAG: Final = re.compile(r'(W/)?"([^"]*)"')
_ANY: Final = "*"
_LONGEST: Final = 2000
_VERSION: Final = re.compile(r"[1-9][0-9]{0,18}")


def entity_tag(version: int) -> str:
    """Return the strong entity tag for a row of this version."""
    return f'"{version}-{__version__}"'


class ReadTag:
    """The tag of a resource that is read; `If-None-Match` avoids sending what the reader has."""

    def __init__(self, response: Response, known: str | None) -> None:
        self._response = response
        self._known = known

    def tell(self, version: int) -> None:
        """Set the response's tag. Ends the request with 304 if the reader has this version."""
        tag = entity_tag(version)
        if self._known is not None and self._matches(self._known, tag):
            raise HTTPException(304, headers={HEADER: tag})
        self._response.headers[HEADER] = tag

    @staticmethod
    def _matches(known: str, tag: str) -> bool:
        # Compared weakly, as RFC 9110 requires: compressing proxies turn strong tags into weak.
        opaque = tag.strip('"')
        return known.strip() == _ANY or any(found == opaque for _, found in _TAG.findall(known))


class WriteTag:
    """The tag of a resource that is changed; `If-Match` prevents overwriting a newer version."""

    def __init__(self, response: Response, expected: str | None) -> None:
        self._response = response
        self._expected = expected

    @property
    def expected(self) -> AbstractSet[int] | None:
        """The versions that may be changed; None for any. Pass it to the service.

        The service compares it while the row is locked, with `core.errors.require_version`.
        """
        if self._expected is None or self._expected.strip() == _ANY:
            return None
        ours = [
            opaque.removesuffix(f"-{__version__}")
            for weak, opaque in _TAG.findall(self._expected)
            if not weak and opaque.endswith(f"-{__version__}")
        ]
        return frozenset(int(version) for version in ours if _VERSION.fullmatch(version))

    def tell(self, version: int) -> None:
        """Set the response's tag to the version that the change has made."""
        self._response.headers[HEADER] = entity_tag(version)


async def _read_tag(
    response: Response,
    if_none_match: Annotated[
        str | None,
        Header(max_length=_LONGEST, description="The `ETag` of the version you already have."),
    ] = None,
) -> ReadTag:
    return ReadTag(response, if_none_match)


async def _write_tag(
    response: Response,
    if_match: Annotated[
        str | None,
        Header(
            max_length=_LONGEST,
            description="The `ETag` of the version you want to change. 412 if it has changed.",
        ),
    ] = None,
) -> WriteTag:
    return WriteTag(response, if_match)


ReadTagOf = Annotated[ReadTag, Depends(_read_tag)]
WriteTagOf = Annotated[WriteTag, Depends(_write_tag)]

"""Addresses of pages: one way to write each, and what a link on a page means."""

from answerdesk.core.errors import InvalidInput


class BadAddress(InvalidInput):
    """An address that names no page of the web; the message says what is wrong with it."""

    code = "url_refused"


def normalise(url: str) -> str:
    """Return the address as it is kept: two that no server can tell apart become one.

    Lower-cases scheme and host, writes the host in ASCII, drops the usual port, the fragment, dot
    segments and parameters of trackers and sessions (`utm_source`, `gclid`, …), and escapes what
    has to be escaped, in one way. The rest stays: order of parameters, case of the path, double
    and trailing slashes, `index.html`, since a server may tell them apart. Normalising twice
    changes nothing more.

    Raises BadAddress for what is no http or https address, and one with a user name in it.
    """
    raise NotImplementedError


def resolve(base: str, link: str) -> str | None:
    """Return the normalised address that a link on the page `base` leads to, as browsers read it.

    None for what leads to no page: other schemes, a fragment of the same page, broken addresses,
    and files that hold no text (pictures, styles, archives).
    """
    raise NotImplementedError

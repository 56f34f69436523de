"""HTML from templates. Whatever is put into one is escaped, unless it is markup of ours."""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from string import Template


class Markup(str):
    """HTML that is safe as it stands."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", name).read_text(encoding="utf-8"))


def fill(template: str, **values: str) -> Markup:
    """Fill a file of `templates`; every value that is not Markup is text, and escaped."""
    return Markup(_template(template).substitute({k: _safe(v) for k, v in values.items()}))


def element(tag: str, *content: str, **attributes: str) -> Markup:
    """Write one element.

    In an attribute's name a trailing underscore goes (`class_`), the others become hyphens.
    """
    return Markup(f"{void_element(tag, **attributes)}{''.join(map(_safe, content))}</{tag}>")


def void_element(tag: str, **attributes: str) -> Markup:
    """Write an element that has no content and no end, such as an input."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
    )
    return Markup(f"<{tag}{written}>")


def join(parts: Iterable[str]) -> Markup:
    """Write the parts one after the other."""
    return Markup("".join(map(_safe, parts)))


def _safe(value: str) -> str:
    return value if isinstance(value, Markup) else escape(value)

"""The page that leads developers to the native API and to those of other services."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from answerdesk.core.dialects import Dialect
from answerdesk.core.web.dependencies import BaseUrl
from answerdesk.entrypoints.pages.responses import Markup, element, fill, join, page


@dataclass(frozen=True, slots=True)
class _Service:
    """A service whose programs work here, and what becomes of theirs in three steps.

    `base` is what follows the host in its base URL; `key` what its keys begin with.
    """

    name: Dialect
    title: str
    base: str
    key: str
    steps: tuple[str | Markup, str | Markup, str | Markup]


def _code(text: str) -> Markup:
    return element("code", text)


def _said(*parts: str) -> Markup:
    return join(parts)


_BASE: Final = "Replace the base URL with one of these."
_SERVICES: Final = (
    _Service(
        "chatorex",
        "Chatorex",
        "/api",
        "sk_live_",
        (
            _BASE,
            "Make a key for Chatorex and send it as the Bearer token.",
            _said(
                "Replace ",
                _code("chatbot_id"),
                " with the project's id (",
                _code("proj_…"),
                "), and source ids with those that ",
                _code("GET /api/sources"),
                " lists.",
            ),
        ),
    ),
    _Service(
        "noras",
        "Noras",
        "/api",
        "sk_",
        (
            _BASE,
            "Make a key for Noras and send it as the Bearer token.",
            _said(
                "Replace ", _code("widget_key"), "; ", _code("GET /api/widgets"), " lists yours."
            ),
        ),
    ),
    _Service(
        "novachat",
        "Nova Chat",
        "",
        "nc_live_",
        (
            _BASE,
            "Register or log in, or make a key for Nova Chat, and send it as the Bearer token.",
            _said(
                "Replace ids with those that the lists show, and ",
                _code("website_token"),
                " with your ",
                element("a", "website's", href="/app/settings/websites"),
                ".",
            ),
        ),
    ),
    _Service(
        "novaro",
        "Novaro",
        "",
        "",
        (
            _BASE,
            "Make a key, of any kind, and send it as the Bearer token.",
            _said(
                "Replace agent ids with those that ",
                _code("GET /api/v1/agents"),
                " lists, and create your webhooks with ",
                _code("POST /api/v1/webhooks"),
                ".",
            ),
        ),
    ),
    _Service(
        "orac",
        "Orac",
        "/api",
        "orac_live_",
        (
            _BASE,
            "If it sends a key, make one for Orac. The widget's calls need none.",
            _said(
                "Replace ",
                _code("project_id"),
                " with the project's id; ",
                _code("GET /api/projects"),
                " lists yours.",
            ),
        ),
    ),
)


def add_developers_page(router: APIRouter) -> None:
    router.add_api_route("/developers/docs", developers_page, methods=["GET", "HEAD"])


async def developers_page(base_url: BaseUrl) -> HTMLResponse:
    """Show each API with its base URL, its kind of key and its reference. It needs no log-in."""
    services = join(_card(one, base_url) for one in _SERVICES)
    body = fill("developers.html", base=base_url, services=services)
    return page("For developers", body, styles=["developers.css"])


def _card(service: _Service, base_url: str) -> Markup:
    name, title = service.name, service.title
    bases = (f"{base_url}{service.base}", f"{base_url}/{name}{service.base}")
    key = _said("begins with ", _code(service.key)) if service.key else "any"
    facts = (
        ("Base URL", _said(_code(bases[0]), " or ", _code(bases[1]))),
        ("Key", key),
    )
    links = (
        ("Interactive reference", f"/{name}/scalar"),
        ("OpenAPI", f"/{name}/openapi.json"),
        ("Make a key", f"/app/settings/keys?program={name}"),
    )
    return element(
        "li",
        element("h3", title, id=name),
        _facts(facts),
        element("p", f"If your program was written for {title}:", class_="row-note"),
        element("ol", *(element("li", step) for step in service.steps), class_="steps"),
        _links(links, title),
        class_="card",
    )


def _facts(facts: tuple[tuple[str, str], ...]) -> Markup:
    rows = (element("div", element("dt", name), element("dd", text)) for name, text in facts)
    return element("dl", *rows, class_="facts")


def _links(links: tuple[tuple[str, str], ...], title: str) -> Markup:
    hidden = element("span", f" for {title}", class_="visually-hidden")
    return element(
        "p",
        *(element("a", text, hidden, href=address) for text, address in links),
        class_="card-links",
    )

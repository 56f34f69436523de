"""Separates a page's content from its furniture, whether or not its author marked either."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SKIPPED: Final = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "select", "svg"}
)
_LEAST_TEXT: Final = 300
"""Characters outside links from which a page is more than an index, whose links are its content."""
_MOST_OF_TEXT: Final = 0.8
_DEEPEST: Final = 40
_SENTENCE: Final = 120
"""A block with a longer paragraph, not counting links, has something to say."""
_FEW_WORDS: Final = 60
_IMPRINT: Final = 400
_STEPS = re.compile(
    r"\b(?:prev|previous|next|up|home|top|index|contents|back|search|menu|languages?|zurück|weiter"
    r"|nächste[rs]?|vorherige[rs]?|inhalt|précédent|suivant|sommaire|anterior|siguiente)\b|[«»←→<>]",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"©|\(c\) \d{4}|\bcopyright\b|all rights reserved|last (?:updated|modified)|powered by"
    r"|^\s*(?:this page was |page |documentation )?generated (?:by|on)|impressum"
    r"|alle rechte vorbehalten",
    re.IGNORECASE,
)
_HEADINGS: Final = "h1, h2, h3, h4"
_LINKS: Final = 'a[href]:not([href^="mailto:"], [href^="tel:"])'
"""Links that lead elsewhere; mail addresses and telephone numbers are content."""
_CONTENT: Final = frozenset(
    {"table", "tbody", "tr", "ul", "ol", "dl", "pre", "p", "blockquote", "address", "figure"}
)
"""Elements that are content themselves, so that their neighbours are content as well."""
_BARS: Final = frozenset({"div", "table", "ul", "ol", "p", "header", "footer", "center", "dl"})


@dataclass(frozen=True, slots=True)
class _Weight:
    """How much text an element has, and how much of it is in links."""

    text: int
    linked: int

    @property
    def plain(self) -> int:
        return self.text - self.linked


def margins_of(body: LexborNode) -> frozenset[int]:
    """Return the elements (their `mem_id`) around the content that only lead elsewhere.

    The search for the content descends to where most text outside links is. On the way, it drops
    neighbouring blocks that are mostly links or only say whose page it is, and at the edges of the
    content those that link to the previous and next pages.
    """
    if _weight(body).plain < _LEAST_TEXT:
        return frozenset()
    gone: set[int] = set()
    node = body
    for _ in range(_DEEPEST):
        children = list(_elements(node))
        weights = [_weight(one) for one in children]
        total = sum(weight.plain for weight in weights)
        main = next(
            (at for at, one in enumerate(weights) if total and one.plain >= _MOST_OF_TEXT * total),
            None,
        )
        gone.update(_edges(children, weights))
        if main is None or children[main].tag in _CONTENT:
            break
        for at, (child, weight) in enumerate(zip(children, weights, strict=True)):
            if at != main and _is_bar(child, weight):
                gone.add(child.mem_id)
        node = children[main]
    return frozenset(gone)


def is_mostly_links(node: LexborNode) -> bool:
    """Say whether most of an element's text is in links."""
    weight = _weight(node)
    return weight.linked > weight.plain


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    return (one for one in node.iter() if one.is_element_node and one.tag not in _SKIPPED)


def _weight(node: LexborNode) -> _Weight:
    skipped = sum(_length(one) for one in node.css("script, style, template, noscript"))
    linked = sum(_length(one) for one in node.css(_LINKS))
    if node.tag == "a":
        linked = _length(node)
    return _Weight(max(_length(node) - skipped, 0), linked)


def _length(node: LexborNode) -> int:
    return len("".join(node.text(deep=True).split()))


def _is_bar(node: LexborNode, weight: _Weight) -> bool:
    """Say whether a block beside the content only leads elsewhere or says whose page it is."""
    if node.tag not in _BARS or node.css_first(_HEADINGS) is not None or _tells(node):
        return False
    if weight.linked:
        return weight.linked >= weight.plain or weight.plain <= _FEW_WORDS
    return weight.text <= _IMPRINT and bool(_RIGHTS.search(node.text(deep=True)))


def _edges(children: list[LexborNode], weights: list[_Weight]) -> Iterator[int]:
    """Yield the first and last elements as long as they lead to other pages."""
    pairs = list(zip(children, weights, strict=True))
    for run in (pairs, pairs[::-1]):
        for node, weight in run:
            if not weight.text:
                continue
            if not _leads_on(node, weight):
                break
            yield node.mem_id


def _leads_on(node: LexborNode, weight: _Weight) -> bool:
    if node.tag not in _BARS or node.css_first(_HEADINGS) is not None or _tells(node):
        return False
    text = node.text(deep=True)
    if weight.linked and weight.plain <= max(_FEW_WORDS, weight.linked):
        return bool(_STEPS.search(text))
    return weight.text <= _IMPRINT and bool(_RIGHTS.search(text))


def _tells(node: LexborNode) -> bool:
    """Say whether an element has a paragraph of its own."""
    paragraphs = [node] if node.tag == "p" else node.css("p, li, dd, td")
    return any(
        _length(one) - sum(_length(link) for link in one.css(_LINKS)) > _SENTENCE
        and one.css_first("p, li, td") is None
        and not _RIGHTS.search(one.text(deep=True))
        for one in paragraphs
    )


NOT_SAID: Final = frozenset(
    {"script", "style", "template", "noscript", "noframes", "svg", "head", "title"}
    # Struck-through text no longer applies, such as the former price; ruby tells the pronunciation.
    | {"del", "s", "strike", "rt", "rp"}
)
"""Elements whose text is never content."""
_NEVER_TEXT: Final = NOT_SAID | (
    {"iframe", "object", "embed", "canvas"}
    | {"audio", "video", "input", "select", "textarea", "option", "map", "progress"}
    | {"datalist", "annotation", "annotation-xml", "base", "link", "meta", "wbr"}
)
_FURNITURE: Final = frozenset({"nav", "menu", "dialog"})
_FURNITURE_ROLES: Final = frozenset(
    {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog"}
    | {"alertdialog", "tablist", "tree", "progressbar", "status", "scrollbar"}
)
_FURNITURE_CLASSES: Final = frozenset(
    {"sr-only", "visually-hidden", "screen-reader-text", "skip-link", "skiplink", "headerlink"}
    | {"anchor-link", "anchorjs-link", "header-anchor", "hash-link", "heading-link", "linenos"}
    | {"breadcrumb", "breadcrumbs", "pagination", "toc", "table-of-contents", "mw-editsection"}
    | {"sidebar", "sphinxsidebar", "navbox", "noprint", "cookie-banner", "cookie-consent"}
    | {"cookie-notice", "share-buttons", "social-share", "edit-this-page", "prev-next-area"}
    | {"related-posts", "newsletter-signup", "lineno", "gutter", "copybtn", "viewcode-link"}
)
# By class, and by the id of a box; sections and headings are named after their content.
_BESIDE_CONTENT = re.compile(
    r"cookie[-_]?(?:banner|consent|notice|bar|popup|overlay|modal|law|message|policy-banner)"
    r"|(?:gdpr|consent)[-_](?:banner|popup|modal)|onetrust-[\w-]+|cc-(?:window|banner)"
    r"|cookie[-_](?:law-info-bar|alert|box|dialog|disclaimer)|(?:js|eu)-cookie(?:-[\w-]+)?"
    r"|cybotcookiebot\w*|cmplz-(?:cookiebanner|manage-consent)[\w-]*|cmp(?:box|wrapper)\w*"
    r"|borlabscookie\w*|cky-(?:consent-container|modal)|fc-consent-root|didomi-(?:host|popup)"
    r"|iubenda-cs-[\w-]+|truste-[\w-]+|osano-cm-[\w-]+|moove_gdpr_[\w-]+|qc-cmp2-[\w-]+|klaro"
    r"|(?:social|share|sharing)[-_]?(?:share|sharing|buttons?|links?|icons?|bar|box|widget|media)"
    r"|sharedaddy|addthis[\w-]*|a2a_kit|sharethis[\w-]*"
    r"|newsletter[-_]?(?:signup|sign-up|form|box|subscribe|subscription|widget|popup|cta)"
    r"|subscribe[-_](?:form|box|widget|banner)|mc_embed_signup"
    r"|(?:related|recommended|more|similar)[-_]"
    r"(?:posts?|products?|articles?|stories|reading|links|pages)|(?:up|cross)-?sells"
    r"|product-recommendations|recently-viewed"
    r"|comments?[-_](?:area|section|list|form|respond|thread|box|wrapper)|disqus_thread|commentlist"
    r"|nav(?:header|footer|bar)|spirit-nav|(?:top|bottom|sub|side)[-_]?nav|nav-(?:tree|path)"
    r"|back[-_]to[-_]top|ad[-_](?:slot|banner|container|unit)|advert(?:isement)?|promo-banner"
    r"|site[-_]?(?:header|footer|nav|navigation|menu)|page[-_]footer|announcement-bar|print-only"
    r"|was-this-helpful|feedback-widget|page-feedback|article-votes|article-vote|skip-to-[\w-]+"
    r"|article-(?:author|meta|share|comments|relatives|more-questions|sidebar|subscribe)|msotoc\d"
    r"|theme-doc-(?:footer|toc|breadcrumbs|sidebar)[\w-]*|tableofcontents[\w-]*"
)
_CONSENT = re.compile(
    r"^(?:cookies?|privacy|consent)\b.{0,40}\b(?:banner|bar|consent|notice|dialog)|cookie ?consent",
    re.IGNORECASE,
)
_MOSTLY_LINKS = re.compile(
    r"nav|navi|navigation|nav-?menu|menu|main-?menu|sub-?menu|menu-[\w-]+|related|quickview|footer"
    r"|page-header|toolbar|tabs|child-?links|prev-?next|pager|tags?-?(?:list|cloud|links)"
)
"""Names that content uses as well (a restaurant's menu): dropped if they are mostly links."""
_BOXES: Final = frozenset({"div", "aside", "ul", "ol", "table", "form", "footer", "header", "p"})
_OPENED_BY_VISITOR: Final = frozenset({"tabpanel", "region"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASSES: Final = frozenset({"d-none", "hidden", "is-hidden", "u-hidden", "display-none"})
_SHOWN_CLASS = re.compile(
    r"(?:d|display)-(?:xs|sm|md|lg|xl|xxl|print)-(?!none)\w+"
    r"|(?:xs|sm|md|lg|xl|2xl|print|dark|open|group-[\w-]+|js|no-js|motion-[\w-]+|contrast-more)"
    r":(?:block|flex|grid|inline|inline-[\w-]+|table[\w-]*|contents|visible)"
)
"""Classes that show on some screens what a class such as "hidden" hides on others."""
_LEAST_SHARE: Final = 0.2
"""A main element with a smaller share of the page's text doesn't hold the content."""


def content_root(page: LexborHTMLParser) -> tuple[LexborNode | None, bool]:
    """Return the element that holds the content, and whether it holds nothing else."""
    body = page.body or page.root
    if body is None:
        return None, False
    least = len(body.text(deep=True)) * _LEAST_SHARE
    for selector in ("main, [role=main]", "article", "[itemprop=articleBody]"):
        found = body.css(selector)
        if len(found) == 1 and len(found[0].text(deep=True)) >= least:
            return found[0], True
    return body, False


def is_furniture(node: LexborNode, *, in_content: bool) -> bool:
    """Say whether an element has no content: code, controls, hidden or page furniture.

    `in_content` says that it is inside the content, where headers and asides belong to the content.
    """
    tag = node.tag or ""
    if tag in _NEVER_TEXT or tag in _FURNITURE:
        return True
    if not in_content and tag in ("footer", "aside", "header"):
        return tag != "header" or node.css_first("h1") is None
    attributes = node.attributes
    if not attributes:
        return tag == "button"
    if tag == "button":
        return "aria-expanded" not in attributes and "aria-controls" not in attributes
    return _is_hidden(tag, attributes) or _is_marked_as_furniture(node, attributes)


def is_hidden(node: LexborNode) -> bool:
    """Say whether an element is hidden when the page opens."""
    return _is_hidden(node.tag or "", node.attributes)


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    # Panels of tabs and accordions stay hidden until the visitor opens them.
    if attributes.get("role") in _OPENED_BY_VISITOR:
        return False
    # Shops show the new price in <ins> and hide it from screen readers, which get other words.
    if (attributes.get("aria-hidden") or "").lower() == "true" and tag != "ins":
        return True
    if _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    named = attributes.get("class") or ""
    if ("hidden" in named or "none" in named) and not _HIDDEN_CLASSES.isdisjoint(
        classes := named.split()
    ):
        return not any(_SHOWN_CLASS.fullmatch(one) for one in classes)
    return (
        "hidden" in attributes
        and attributes["hidden"] != "until-found"
        and "aria-labelledby" not in attributes
    )


def is_beside_content(node: LexborNode) -> bool:
    """Say whether an element is marked as furniture, apart from being a window of its own."""
    attributes = node.attributes
    if "dialog" in (attributes.get("role") or ""):
        attributes = {**attributes, "role": None}
    return _is_marked_as_furniture(node, attributes)


def _is_marked_as_furniture(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    if (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    if _CONSENT.search(attributes.get("aria-label") or ""):
        return True
    classes = (attributes.get("class") or "").lower().split()
    if any(one in _FURNITURE_CLASSES or _BESIDE_CONTENT.fullmatch(one) for one in classes):
        return True
    if node.tag == "section" and "related" in classes:
        return is_mostly_links(node)
    if node.tag not in _BOXES:
        return False
    name = (attributes.get("id") or "").lower()
    if name in _FURNITURE_CLASSES or _BESIDE_CONTENT.fullmatch(name):
        return not _is_section(node) or is_mostly_links(node)
    if name == "comments":
        return not _is_section(node)
    named = any(_MOSTLY_LINKS.fullmatch(one) for one in (*classes, name) if one)
    return named and is_mostly_links(node)


def _is_section(node: LexborNode) -> bool:
    """Say whether a box begins with a heading: generators name a section after its heading."""
    first = next((one for one in node.iter() if one.is_element_node), None)
    return first is not None and first.tag in ("h1", "h2", "h3", "h4", "h5", "h6")

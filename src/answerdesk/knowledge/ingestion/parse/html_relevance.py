"""What of a page is its content, and what is furniture."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from answerdesk.knowledge.ingestion.parse.html_margins import is_mostly_links

NOT_SAID: Final = frozenset(
    {"script", "style", "template", "noscript", "noframes", "svg", "head", "title"}
    # What is struck through holds no longer, such as the price of before; how a word is read.
    | {"del", "s", "strike", "rt", "rp"}
)
"""Elements whose text nobody is told, wherever they stand."""
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
# By class, and by the id of a box; sections and headings are named after what they tell.
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
_MOSTLY_LINKS = re.compile(
    r"nav|navi|navigation|nav-?menu|menu|main-?menu|sub-?menu|menu-[\w-]+|related|quickview|footer"
    r"|page-header|toolbar|tabs|child-?links|prev-?next|pager|tags?-?(?:list|cloud|links)"
)
"""Names that content has as well (a restaurant's menu): gone where they hold little but links."""
_BOXES: Final = frozenset({"div", "aside", "ul", "ol", "table", "form", "footer", "header", "p"})
_OPENED_BY_VISITOR: Final = frozenset({"tabpanel", "region"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEAST_SHARE: Final = 0.2
"""A main element with less of the page's text than this is not where the text is."""


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
    """Say whether an element holds no content: code, controls, hidden or page furniture.

    `in_content` tells that it stands inside the content, where headers and asides belong to it.
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


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    # Panels of tabs and accordions are hidden until the visitor opens them.
    if attributes.get("role") in _OPENED_BY_VISITOR:
        return False
    # A shop's new price is seen, and said to screen readers in other words.
    if (attributes.get("aria-hidden") or "").lower() == "true" and tag != "ins":
        return True
    if _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    return (
        "hidden" in attributes
        and attributes["hidden"] != "until-found"
        and "aria-labelledby" not in attributes
    )


def _is_marked_as_furniture(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    if (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
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
    """Say whether a box begins with a heading: generators name it after that."""
    first = next((one for one in node.iter() if one.is_element_node), None)
    return first is not None and first.tag in ("h1", "h2", "h3", "h4", "h5", "h6")

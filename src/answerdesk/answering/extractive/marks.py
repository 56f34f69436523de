"""Lines that a page shows as something else than text, and that are no answer to anything.

They are left over from markup that ingestion doesn't know, or say what is in a picture.
"""

import re
from typing import Final

_LONGEST: Final = 300
"""Longer lines are text, whatever they begin with."""

_MKDOCS: Final = (
    r"===[!+]?\s+[\"“].*"  # a tab
    r"|(?:!!!|\?\?\?\+?)\s+(?:[\w-]+(?: inline(?: end)?)?(?:\s+[\"“].*)?|[\"“].*)"  # a box
    r"|(?:-{1,3}8<-{1,3}|;-{1,2}8<-{1,2}).*"  # a snippet
    r"|\{:?\s*(?:[.#][\w:.-]+|[\w-]+=\S+)[^{}]*\}|\{:\s*\w+\s*\}"  # attributes
    r"|\[\[?_?toc_?\]?\]|\*\s+toc"
)
_ROLE: Final = (
    r":[a-z][\w+.-]{0,30}(?::[a-z][\w+.-]{0,30})?:"
    r"(?:`[^`]+`|[^\s`<>]+(?: [^\s`<>]+){0,6} ?<[^\s<>]+>|[^\s`<>]+)"
)
_RST: Final = (
    # A directive, a target, a footnote or a comment, options of directives, and nothing but roles.
    r"\.\.(?:\s+(?:\|[^|]+\|\s+)?[\w:.-]+::(?:\s.*)?|\s+_[^:]+:(?:\s.*)?|\s+\[\S+\]|)"
    r"|:(?:alt|width|height|align|scale|target|class|name|figclass|figwidth|header-rows|widths"
    r"|maxdepth|caption|linenos|lineno-start|emphasize-lines|glob|hidden|local|depth|numbered"
    r"|titlesonly|orphan|nosearch|noindex|no-index|language|stub-columns|open|icon|color):(?:\s.*)?"
    rf"|(?:see(?: also)?:? |siehe(?: auch)? )?{_ROLE}"
    rf"(?:(?:,| and| or| und|, and) {_ROLE}){{0,4}}[.!]?"
)
_MYST: Final = (
    r":{3,}\s*(?:\{?[\w-]+\}?(?:\[[^\]]*\])?(?:\s.*)?)?"  # a box
    r"|[`~]{3,}\s*(?:\{[^{}]*\}.*|\S*)"  # the fence around code or a box
    r"|\([\w:. -]+\)="  # a target
    r"|(?:>\s?)?\[![\w-]+\][+-]?"  # GitHub's kinds of boxes
)
_TEMPLATES: Final = (
    r"(?:\{[%{#<][^{}\n]{0,300}[%}#>]\}\s*)+"
    r"|<!--.*|-->"
    r"|(?:</?[a-z][\w.:-]*(?:\s[^<>]*)?/?>\s*)+"
    r"|import\s(?:[\w*{},. -]+\sfrom\s+)?[\"'][^\"']+[\"'];?"
    r"|export\s+(?:const|let|default|function)\s[^={(;]*[={(;].*"
)
_PICTURES: Final = (
    r"!\[[^\]]*\]\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[!\[[^\]]*\]\([^()]*\)\]\([^()]*\)"
    r"|\S+\.(?:png|jpe?g|gif|svg|webp|avif|bmp)"
)
_RULES: Final = r"(?:[-=_*+~^#.:|]\s*){3,}"
_MARKUP: Final = re.compile(
    "|".join((_MKDOCS, _RST, _MYST, _TEMPLATES, _PICTURES, _RULES)), re.IGNORECASE
)

_CAPTION: Final = re.compile(
    r"(?:figure|fig\.?|image|picture|photo|screenshot|illustration|diagram|chart|plate|table|listing"
    r"|abbildung|abb\.?|bild|foto|tabelle|tab\.|figura|imagen|imagem|immagine|ilustración"
    r"|ilustração|illustrazione|tabla|tabela|tabella|tableau|afbeelding|tabel|rysunek|rys\.?)"
    r"\s+(?:\d{1,3}(?:[.-]\d{1,3}){0,3}[a-z]?|[ivx]{1,5}|[a-z])(?:\s*(?:[:.–—-](?:\s.*)?)|)",
    re.IGNORECASE,
)
"""With a number and a point or a colon: "Figure 3 shows how" is text."""

_SCREENSHOT: Final = re.compile(
    r"(?:(?:an?|the|ein(?:e[nmrs]?)?|une?|una?|een) (?:[\w-]+ ){0,2})?"
    r"(?:screen ?shots?|screen captures?|screen ?recordings?|bildschirmfotos?|bildschirmaufnahmen?"
    r"|captures? d['’]écran|capturas? de (?:pantalla|tela|ecrã)|schermat[ae]"
    r"|schermafbeelding(?:en)?|schermafdruk(?:ken)?|zrzuty? ekranu)"
    r"(?: (?:of|showing|shows|that shows|with|from|taken|von|vom|des|der|mit|zeigt|de|du|del|della"
    r"|di|do|da|van|met|montrant|mostrando)\b.*|[:.]?)",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(
    r"(?:(?:an?|the|ein(?:e[nmrs]?)?|une?|una?|een) (?:[\w-]+ ){0,2})?"
    r"(?:images?|pictures?|photos?|photographs?|illustrations?|diagrams?|drawings?|logos?|icons?"
    r"|bild|foto|zeichnung|schema|symbol|photographie|dessin|dibujo|disegno|afbeelding|tekening"
    r"|zdjęcie|rysunek)"
    r" (?:of|showing|shows|that shows|depicting|von|vom|des|der|zeigt|de|du|del|della|di|do|da|van"
    r"|montrant|mostrando)\b.*[^.!?:;,]",
    re.IGNORECASE,
)
"""Without the end of a sentence: "The picture of the month is chosen by members." is text."""


def is_raw_mark(line: str) -> bool:
    """Tell whether a line is left-over markup, a caption, or a text in place of a picture."""
    said = line.strip()
    if not said or len(said) > _LONGEST:
        return False
    return any(
        pattern.fullmatch(said) is not None
        for pattern in (_MARKUP, _CAPTION, _SCREENSHOT, _PICTURE)
    )

"""Lines that a page shows as something else than text, and that are no answer to anything.

They are left over from markup that ingestion doesn't know, or say what is in a picture.
"""

import re
from typing import Final

from answerdesk.knowledge.ingestion.captions import is_caption

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


def is_raw_mark(line: str) -> bool:
    """Tell whether a line is left-over markup, a caption, or a text in place of a picture."""
    said = line.strip()
    if not said or len(said) > _LONGEST:
        return False
    return _MARKUP.fullmatch(said) is not None or is_caption(said)

"""Texts about pictures, by their form: they say what is shown, and answer nothing."""

import re
from typing import Final

LONGEST: Final = 300
"""Longer texts say more, whatever they begin with."""

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


def is_caption(text: str) -> bool:
    """Tell whether a text is a caption, or stands in place of a picture."""
    return len(text) <= LONGEST and any(
        pattern.fullmatch(text) is not None for pattern in (_CAPTION, _SCREENSHOT, _PICTURE)
    )

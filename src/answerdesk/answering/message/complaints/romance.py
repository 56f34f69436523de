"""French, Spanish, Italian and Portuguese complaints.

These languages ask why without moving a word.
"""

import re
from typing import Final

from answerdesk.answering.message.complaints.rule import Question, complaints, rule, small


def _why(frame: str) -> Question:
    def ask(found: re.Match[str]) -> str:
        return frame.format(small(found["what"].strip()))

    return ask


_SOFTLY_FR: Final = r"(?: (?:toujours|vraiment|malheureusement|donc|même|plus))*"
_WH_FR: Final = (
    r"(?:comment|où|quand|pourquoi|combien|quel(?:le)?s?|qui|si|ce qu(?:e|i|')|à qui|d'où|depuis"
    r" quand)\b"
)

FRENCH: Final = complaints(
    r"pas|plus|jamais|aucune?|rien|impossible|est|sont|restent?",
    rule(
        rf"(?:je|nous|on) (?:ne |n')?(?:sais|savons|comprends|comprenons|vois|trouve){_SOFTLY_FR}"
        rf" pas,? (?P<what>{_WH_FR}.+)",
        "{what} ?",
    ),
    rule(
        r"(?:je|nous|on) (?:n'arrive|n'arrivons|arrive|ne parviens|ne parvenons|ne réussis)"
        rf"{_SOFTLY_FR} (?:pas|plus) à (?P<what>.+)",
        "Comment {what} ?",
    ),
    rule(
        rf"(?:je|nous|on) ne (?:peux|puis|pouvons|peut){_SOFTLY_FR} (?:pas|plus)?(?: plus)?"
        r" ?(?P<what>.+)",
        "Comment puis-je {what} ?",
    ),
    rule(
        rf"(?:je|nous|on) ne (?:trouve|retrouve|vois|trouvons){_SOFTLY_FR} (?:pas|plus)"
        r"(?: (?:de|d')(?= ?\w))? ?(?P<what>.+)",
        "Comment trouver {what} ?",
    ),
    rule(r"(?:il (?:est|m'est) |c'est )?impossible de (?P<what>.+)", "Comment {what} ?"),
    rule(
        r"(?P<what>(?!(?:je|nous|on) (?:ne |n')(?:veux|souhaite|voulons|ai pas de|suis|parle|bois"
        r"|mange)\b|(?:quand|si|comme|lorsque)\b).{0,100}?\b(?:ne |n').{1,60}?"
        r" (?:pas|plus|jamais|aucune?|rien)\b.*)",
        _why("Pourquoi {} ?"),
    ),
    rule(
        r"(?P<what>.{2,80}? (?:marche|fonctionne|charge|s'affiche|s'ouvre|démarre) (?:pas"
        r"|plus)\b.*)",
        _why("Pourquoi {} ?"),
    ),
    rule(
        r"(?P<what>.{2,80}? (?:est|sont|reste|restent) (?:\w{1,12} ){0,2}(?:cassée?s?|vides?"
        r"|bloquée?s?"
        r"|lente?s?|floue?s?|perdue?s?|endommagée?s?|en panne|en retard|défectueu(?:x|ses?)"
        r"|expirée?s?"
        r"|erronée?s?)\b.*)",
        _why("Pourquoi {} ?"),
    ),
)

_WH_ES: Final = (
    r"(?:cómo|como|dónde|donde|cuándo|cuando|qué|que|cuál(?:es)?|por qué|quién|cuánt[oa]s?|si)\b"
)
_SOFTLY_ES: Final = r"(?:(?:ya|todavía|aún|me) ){0,2}"

SPANISH: Final = complaints(
    r"no|nunca|tampoco|está|están|es|siguen?",
    rule(
        rf"(?:yo )?no (?:sé|se|entiendo|veo|comprendo|sabemos|recuerdo) (?P<what>{_WH_ES}.+)",
        "¿{what}?",
    ),
    rule(
        r"(?:yo )?(?:ya )?no (?:puedo|podemos|consigo|conseguimos|logro|logramos|pude|soy capaz de)"
        r" (?P<what>.+)",
        "¿Cómo puedo {what}?",
    ),
    rule(r"(?:yo )?no (?P<verb>encuentro|localizo|veo) (?P<what>.+)", "¿Cómo {verb} {what}?"),
    rule(
        r"(?P<what>(?!(?:yo )?no (?:quiero|tengo|necesito|soy|quisiera|hablo|creo|como|bebo)\b"
        rf"|(?:si|cuando|como)\b).{{0,100}}?\b(?:no|nunca|tampoco) {_SOFTLY_ES}\w.*)",
        _why("¿Por qué {}?"),
    ),
    rule(
        r"(?P<what>.{2,80}? (?:está|están|es|sigue|siguen) (?:\w{1,12} ){0,2}(?:rot[oa]s?"
        r"|vací[oa]s?"
        r"|bloquead[oa]s?|lent[oa]s?|borros[oa]s?|perdid[oa]s?|dañad[oa]s?|defectuos[oa]s?"
        r"|caducad[oa]s?"
        r"|averiad[oa]s?|retrasad[oa]s?|caíd[oa]s?)\b.*)",
        _why("¿Por qué {}?"),
    ),
)

_WH_IT: Final = (
    r"(?:come|dove|dov'è|quando|cosa|che cosa|quale|quali|qual è|perché|chi|quant[oaie]|se)\b"
)

ITALIAN: Final = complaints(
    r"non|mai|è|sono|resta|rimane",
    rule(rf"(?:io )?non (?:so|capisco|vedo|ricordo|sappiamo) (?P<what>{_WH_IT}.+)", "{what}?"),
    rule(
        r"(?:io )?non (?:riesco|riusciamo|sono riuscit[oa])(?: più)? a(?:d)? (?P<what>.+)",
        "Come posso {what}?",
    ),
    rule(r"(?:io )?non (?:posso|possiamo|potevo)(?: più)? (?P<what>.+)", "Come posso {what}?"),
    rule(r"(?:io )?non (?P<verb>trovo|vedo)(?: più)? (?P<what>.+)", "Come {verb} {what}?"),
    rule(
        r"(?P<what>(?!(?:io )?non (?:voglio|vorrei|ho (?:un|una|ancora)|sono|parlo|credo|mangio"
        r"|bevo)\b"
        r"|(?:se|quando|siccome)\b).{0,100}?\b(?:non|mai) \w.*)",
        _why("Perché {}?"),
    ),
    rule(
        r"(?P<what>.{2,80}? (?:è|sono|resta|rimane) (?:\w{1,12} ){0,2}(?:rott[oaie]|vuot[oaie]"
        r"|bloccat[oaie]|lent[oaie]|sfocat[oaie]|pers[oaie]|danneggiat[oaie]|difettos[oaie]"
        r"|scadut[oaie]|guast[oaie]|in ritardo)\b.*)",
        _why("Perché {}?"),
    ),
)

_WH_PT: Final = r"(?:como|onde|quando|o que|qual|quais|por que|quem|quant[oa]s?|se|porque)\b"

PORTUGUESE: Final = complaints(
    r"não|nunca|jamais|está|estão|é|continua|ficou",
    rule(
        rf"(?:eu )?não (?:sei|entendo|vejo|percebo|compreendo|sabemos|lembro) (?P<what>{_WH_PT}.+)",
        "{what}?",
    ),
    rule(
        r"(?:eu )?não (?:consigo|posso|conseguimos|podemos|consegui)(?: mais)? (?P<what>.+)",
        "Como posso {what}?",
    ),
    rule(r"(?:eu )?não (?P<verb>encontro|acho|vejo)(?: mais)? (?P<what>.+)", "Como {verb} {what}?"),
    rule(
        r"(?P<what>(?!(?:eu )?não (?:quero|tenho|preciso|sou|gostaria|falo|acredito|como|bebo)\b"
        r"|(?:se|quando|como)\b).{0,100}?\b(?:não|nunca|jamais) \w.*)",
        _why("Por que {}?"),
    ),
    rule(
        r"(?P<what>.{2,80}? (?:está|estão|é|continua|ficou) (?:\w{1,12} ){0,2}(?:quebrad[oa]s?"
        r"|vazi[oa]s?"
        r"|bloquead[oa]s?|lent[oa]s?|desfocad[oa]s?|perdid[oa]s?|danificad[oa]s?|avariad[oa]s?"
        r"|defeituos[oa]s?|expirad[oa]s?|atrasad[oa]s?)\b.*)",
        _why("Por que {}?"),
    ),
)

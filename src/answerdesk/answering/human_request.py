"""Recognises requests for a person: a way of reaching, and somebody to reach.

"I want to talk to a human", "agent please" and "is anyone there?" are requests. "How do I contact
customer support?" names a department, so the knowledge answers it, like "how many people work
there?". Who wants to be connected with the department, or asks it in, means a person: "connect me
with sales", "let me chat with your team", "customer service please".
"""

import re
from typing import Final

from answerdesk.kit.whitespace import squeezed

# Words for a person, by language. A job counts, a department doesn't.
_SOMEBODY: Final = {
    "en": (
        r"(?:human(?:s| being)?|(?:real|actual|live) (?:person|people|human|one)|person"
        r"|people|agents?|operators?|representatives?|reps?|assistants?|advis[oe]rs?"
        r"|consultants?|attendants?|supervisors?|managers?|specialists?|staff(?: member)?"
        r"|team member|member of (?:the )?(?:staff|team)|employees?|colleagues?|someone"
        r"|somebody|anyone|anybody|somone|humen)"
    ),
    "de": (
        r"(?:menschen?|person|jemand(?:en|em)?|mitarbeiter(?:in|s)?|berater(?:in|s)?"
        r"|kundenberater(?:in)?|ansprechpartner(?:in)?|ansprechperson"
        r"|sachbearbeiter(?:in)?|agent(?:en)?|operator|kolleg(?:e|en|in)|supporter"
        r"|bearbeiter)"
    ),
    "fr": (
        r"(?:humain|être humain|personne|quelqu'un|agent|opérateur|opératrice|conseiller"
        r"|conseillère|représentant|employé|interlocuteur|responsable)"
    ),
    "es": (
        r"(?:human[oa]|persona|ser humano|alguien|agente|operador(?:a)?|asesor(?:a)?"
        r"|representante|empleado|encargado|gestor)"
    ),
    "it": (
        r"(?:uman[oa]|essere umano|persona|qualcuno|agente|operatore|operatrice|consulente"
        r"|addetto|responsabile)"
    ),
    "pt": (
        r"(?:human[oa]|ser humano|pessoa|alguém|agente|atendente|operador(?:a)?|assistente"
        r"|consultor(?:a)?|representante|funcionário)"
    ),
    "nl": r"(?:mens|persoon|iemand|medewerker|adviseur|agent|operator|collega)",
    "pl": (
        r"(?:człowiekiem|człowieka|osobą|osoby|kimś|konsultantem|konsultanta|agentem"
        r"|pracownikiem|doradcą|operatorem)"
    ),
}
# Reaching somebody: the verb, then up to five filling words, then the person.
_REACHING: Final = {
    "en": (
        r"(?:speak(?:ing)?|speal|talk(?:ing)?|chat(?:ting)?|contact(?:ing)?|connect(?:ed"
        r"|ing)?|transfer(?:red)?|reach(?:ing)?|call(?:ing)?|message"
        r"|put (?:me )?(?:through|on)|get (?:me|in touch|hold)|give me|find me|send me"
        r"|hand (?:me )?(?:over|off)|switch|escalate|bring (?:me|in)|pass me)"
    ),
    "de": (
        r"(?:sprechen|reden|chatten|telefonieren|verbinde(?:n)?(?: sie)?(?: mich)?"
        r"|weiterleiten|kontaktieren|erreichen|gib(?:t)? mir|weiterverbinden|durchstellen"
        r"|übergeben)"
    ),
    "fr": (
        r"(?:parler|discuter|joindre|contacter|échanger|transférer|passez?[- ]moi"
        r"|mettez?[- ]moi en (?:relation|contact))"
    ),
    "es": (
        r"(?:hablar|chatear|contactar|comunicar(?:me)?|conectar(?:me)?|transferir"
        r"|p[aá]s[ae](?:me|rme)?|p[oó]n(?:ga)?me|hable)"
    ),
    "it": (
        r"(?:parlare|chattare|contattare|mettermi in contatto|passami|passarmi|collegarmi"
        r"|trasferirmi)"
    ),
    "pt": r"(?:falar|conversar|contatar|contactar|transferir|passe[- ]me|conectar)",
    "nl": r"(?:spreken|praten|chatten|contact|doorverbinden|bellen)",
    "pl": r"(?:porozmawiać|rozmawiać|połączyć|połącz|pogadać|skontaktować|rozmowę)",
}
# Wanting somebody: a request only if nothing but a purpose follows ("I need an agent to help").
_WANTING: Final = {
    "en": r"(?:want|need|require|prefer|like|request|where is|where's|is there|are there)(?: me)?",
    "de": r"(?:brauche|will|möchte|hätte gern(?:e)?|gibt es|ist da|wo ist|holen?)",
    "fr": r"(?:veux|voudrais|besoin d(?:e|')|faut)",
    "es": r"(?:quiero|necesito|quisiera|hay)",
    "it": r"(?:voglio|vorrei|bisogno di|c'è)",
    "pt": r"(?:quero|preciso(?: de)?|queria|gostaria de|há)",
    "nl": r"(?:wil|nodig|graag)",
    "pl": r"(?:chcę|potrzebuję|poproszę)",
}
_PURPOSE: Final = (
    r"(?=\W*\Z|\W*[.!?,;]|\W+(?:please|pls|bitte|now|here|there|asap|right now|instead"
    r"|available|online|hier|per favore|por favor)\b|\W+(?:to|who can|that can|for|um"
    r"|der|die|pour|qui|para|que|per|che)\W+(?:me |mir |m'|us )?(?:talk|speak|chat"
    r"|help|helps|call|answer|assist|reply|sprechen|reden|helfen|hilft|parler|aider"
    r"|aide|hablar|ayudar|parlare|aiutare|falar|ajudar))"
)
_FILLING: Final = {
    "en": (
        r"(?:me|us|to|too|ot|with|at|of|in|on|over|through|a|an|na|the|your|some|any|one"
        r"|another|live|real|actual|human|customer|support|service|sales|bloody|damn"
        r"|fucking|freaking|goddamn|stupid|proper|qualified|available|else|please|directly"
        r"|now|not|bot|you|there|call|have|speak|talk)"
    ),
    "de": (
        r"(?:mit|zu|an|einem|einen|einer|eine|ein|dem|den|der|ihrem|ihren|eurem|echten"
        r"|echter|realen|richtigen|lebenden|menschlichen|menschlicher|bitte|mich|von|live)"
    ),
    "fr": (
        r"(?:à|avec|un|une|le|la|vrai|vraie|réel|réelle|de|d|votre|vos|être|humain|service"
        r"|client|en|contact|s'il|vous|plaît)"
    ),
    "es": (
        r"(?:con|a|al|un|una|el|la|de|real|verdadera|verdadero|su|sus|humano|humana"
        r"|servicio|atención|cliente|por|favor|me)"
    ),
    "it": r"(?:con|a|un|una|uno|il|la|vero|vera|reale|del|di|umano|umana|vostro)",
    "pt": r"(?:com|a|um|uma|o|de|real|verdadeiro|verdadeira|seu|humano|humana|do|ao|para)",
    "nl": r"(?:met|een|echte|echt|de|van|opnemen|menselijke|graag|aan)",
    "pl": r"(?:z|ze|się|żywym|prawdziwym|do|mnie|się)",
}
# Outright requests, complete in themselves.
_OUTRIGHT: Final = {
    "en": (
        r"(?:human|live|real) (?:agent|person|support|operator|representative|chat|help"
        r"|assistance)|(?:live|human) (?:agent|chat|support)|not (?:a |with a )?(?:ro)?bot"
        r"|no (?:more )?(?:ro)?bots?|stop the bot|is (?:there )?any(?:one|body) (?:there"
        r"|here|available)|(?:can|could) (?:someone|somebody|anyone|a person"
        r"|an agent) (?:please )?(?:call|help|contact|assist|talk to"
        r"|speak to)(?: with)? me|call me back|hand ?over to"
    ),
    "de": (
        r"(?:echte[rnm]?|menschliche[rnm]?) (?:mensch(?:en)?|person|mitarbeiter"
        r"|ansprechpartner|berater|support|hilfe)|kein(?:en)? (?:ro)?bot|ist (?:da|hier"
        r"|dort) jemand|live[- ]?chat|rufen sie mich|rückruf|von mensch zu mensch"
    ),
    "fr": (
        r"(?:agent|conseiller|support|assistance|personne) (?:humain|humaine|réelle?)"
        r"|vraie personne|pas (?:un|à un) (?:ro)?bot|y a[- ]t[- ]il quelqu'un"
        r"|rappelez[- ]moi"
    ),
    "es": (
        r"(?:agente|persona|soporte|atención) (?:human[oa]|real)|no (?:un"
        r"|con un) (?:ro)?bot|hay alguien|ll[aá]m[ae]nme"
    ),
    "it": (
        r"(?:operatore|persona|assistenza) (?:uman[oa]|reale)|vera persona|c'è qualcuno"
        r"|non (?:un|con un) bot"
    ),
    "pt": (
        r"(?:atendente|pessoa|atendimento|suporte) (?:human[oa]|real)|há alguém|tem alguém"
        r"|não (?:um|com um) (?:ro)?bot"
    ),
    "nl": (
        r"(?:echt|echte|menselijke) (?:mens|persoon|medewerker|hulp)|is daar iemand"
        r"|geen (?:ro)?bot"
    ),
    "pl": r"żyw(?:ym|y|ego) człowiek\w*|jest tam kto[śs]|nie z botem",
}
_ALONE: Final = (
    r"(?:(?:please|pls|hi|hello|hey|bitte|hallo|a|an|the|por|favor|svp|ein|eine|einen"
    r"|un|una|une)\W+)*"
)
_POLITE: Final = (
    r"(?:\W+(?:please|pls|now|bitte|jetzt|por favor|s'il vous pla[iî]t|per favore|here"
    r"|there))*\W*"
)
_TALKED_ABOUT: Final = re.compile(
    (
        r"\b(?:how many|which|who|whose|what does|number of|cost of|price of|for (?:a"
        r"|another|one|two|each) (?:person|people))\b"
    ),
    re.IGNORECASE,
)
# What is not a person, but stands for people to reach.
_DEPARTMENT: Final = (
    r"(?:customer (?:service|support|care|relations)|(?:tech(?:nical)? )?support|help ?desk|sales"
    r"|billing|accounting|accounts|reception|human resources|hr|team)"
    r"(?: (?:team|department|desk|people))?"
)
# Only at its end or before a purpose: "connect me with sales tax rules" is no request.
_DEPARTMENT_WANTED: Final = (
    r"\b(?:(?:connect|transfer|redirect|forward|switch|hand)(?:ing)? (?:me|us)"
    r"|(?:put|pass) (?:me|us)|(?:let (?:me|us)|(?:can|could|may) (?:i|we)|i(?: would|'d) like to"
    r"|(?:i|we) (?:want|need) to|i wanna)(?: please)? (?:talk|speak|chat))"
    r"(?: (?:through|over|on|directly))? (?:to|with) (?:(?:the|your|a) )?(?:(?!my |our )\w+ )?"
    rf"{_DEPARTMENT}"
    r"(?=\W*\Z|\W*[.!?,;]|\W+(?:please|pls|now|right now|today|asap|instead|directly|about"
    r"|regarding|here)\b)"
    rf"|\A\W*(?:(?:hi|hello|hey|the|your)\W+)*{_DEPARTMENT}\W+(?:please|pls)\W*\Z"
    rf"|\A\W*(?:please|pls)\W+{_DEPARTMENT}\W*\Z"
)
# A topic that only sounds like people, named without anybody who wants something.
_ABOUT_STAFF: Final = re.compile(
    r"\babout (?:(?:the|a|an|your) )?(?:\w+ )?(?:human resources|hr|personnel|staff(?:ing)?) \w+",
    re.IGNORECASE,
)
_SOMEBODY_WANTS: Final = re.compile(
    r"\b(?:i|i'd|i'm|me|my|we|us|our|can|could|may|please|pls)\b", re.IGNORECASE
)


def _pattern(language: str) -> str:
    reaching, filling, somebody = _REACHING[language], _FILLING[language], _SOMEBODY[language]
    wanting = _WANTING[language]
    return (
        rf"\b{reaching}(?:\W+{filling}){{0,5}}\W+(?:l'|d'|un')?{somebody}\b(?!'s)"
        rf"|\b{wanting}(?:\W+{filling}){{0,4}}\W*\b(?:l'|d'|un')?{somebody}\b{_PURPOSE}"
        rf"|\b(?:{_OUTRIGHT[language]})\b"
        rf"|\A\W*{_ALONE}(?:{somebody}){_POLITE}\Z"
    )


_VERB_LAST: Final = (
    rf"\b(?:mit|zu|met"
    rf"|einen?)(?:\W+{_FILLING['de']}){{0,3}}\W+{_SOMEBODY['de']}(?:\W+\w+){{0,2}}\W+(?:sprechen"
    rf"|reden|chatten|telefonieren|verbinden|verbunden|kontaktieren|erreichen)\b"
    rf"|\b(?:met)(?:\W+{_FILLING['nl']}){{0,3}}\W+{_SOMEBODY['nl']}(?:\W+\w+){{0,2}}\W+(?:spreken"
    rf"|praten|chatten)\b"
)
_REQUEST: Final = re.compile(
    "|".join([*(_pattern(one) for one in _SOMEBODY), _VERB_LAST, _DEPARTMENT_WANTED]),
    re.IGNORECASE,
)
_OTHER_SCRIPTS: Final = re.compile(
    r"人工(?:客服|服务|坐席)?|真人|轉人工|转人工|オペレーター|担当者(?:と|に|へ)"
    r"|人間と(?:話|はな)|有人(?:対応|チャット)"
    r"|상담원|사람과 (?:이야기|대화|통화|채팅)|(?:с|со) (?:человеком|оператором|менеджером"
    r"|специалистом|кем-нибудь)|(?:позовите|нужен|соедините|переключите).{0,20}(?:человек|оператор"
    r"|менеджер)\w*|(?:التحدث|أتحدث|اتحدث|تحدث|تحويلي|أكلم).{0,15}(?:شخص|موظف|إنسان"
    r"|بشري|وكيل)"
)


def asks_for_human(text: str) -> bool:
    text = squeezed(text).replace("’", "'")
    if _OTHER_SCRIPTS.search(text):
        return True
    if _REQUEST.search(text) is None or _TALKED_ABOUT.search(text):
        return False
    return _ABOUT_STAFF.search(text) is None or _SOMEBODY_WANTS.search(text) is not None

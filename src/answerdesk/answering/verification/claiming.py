"""Sentences that claim nothing: greetings, offers, questions, what isn't known."""

import re
from typing import Final

_STARTS: Final = {
    "greeting": (
        r"hi|hello|hey|dear|good (?:morning|afternoon|evening)|welcome|thanks|thank you|you(?:'re"
        r"| are) welcome|no problem|my pleasure|sure|certainly|of course|great question"
        r"|good question|sorry|i(?:'m| am) sorry|i apologi[sz]e|apologies|hallo|guten (?:tag"
        r"|morgen|abend)|danke|vielen dank|gerne?|natürlich|selbstverständlich|entschuldig\w{1,6}"
        r"|es tut mir leid|tut mir leid|bonjour|salut|bonsoir|merci|bien sûr|de rien|désolée?"
        r"|je suis désolée?|hola|buenos días|buenas (?:tardes|noches)|gracias|por supuesto|claro"
        r"|de nada|lo siento|ciao|salve|buongiorno|grazie|prego|certo|mi dispiace|olá|oi|bom dia"
        r"|obrigad[oa]|claro que sim|desculpe|goedendag|dank u|dank je|bedankt|graag gedaan"
        r"|het spijt me|dzień dobry|cześć|dziękuję|przepraszam|oczywiście|здравствуйте|привет"
        r"|спасибо|извините|конечно|пожалуйста"
    ),
    "offer": (
        r"let me know|feel free|please (?:let me|feel free|don't hesitate)|if you (?:have"
        r"|need) (?:any )?(?:more|other|further|additional|questions|help)|i(?:'m| am) (?:here"
        r"|happy|glad)|i(?:'d| would) be (?:happy|glad)|i hope (?:this|that|it)|hope (?:this"
        r"|that) helps|is there anything|would you like|can i help|i can help|happy to help"
        r"|melden sie sich gerne?|ich hoffe|kann ich (?:ihnen|dir)|wenn sie (?:noch "
        r"|weitere )?fragen|falls (?:sie|du) (?:noch |weitere )?fragen|bei (?:weiteren )?fragen"
        r"|ich helfe|n'hésitez pas|j'espère|si vous avez (?:d'autres|besoin|des) |puis-je"
        r"|je suis là|no dude en|espero que|si (?:tiene|necesita) (?:más|otras?|alguna|ayuda)"
        r"|estoy aquí|fammi sapere|spero che|se hai (?:altre|bisogno)|não hesite|espero que"
        r"|se (?:tiver|precisar)|laat het (?:me|mij|ons) weten|ik hoop|als u (?:nog|meer) "
        r"|mam nadzieję|daj(?:cie)? znać|jeśli masz|надеюсь|если у вас (?:есть|возникнут)"
        r"|обращайтесь|дайте знать"
    ),
    "unknown": (
        r"(?:unfortunately,? |sorry,? |i(?:'m| am) sorry,? (?:but )?)?(?:i (?:do not|don't"
        r"|could not|couldn't|can't|cannot|am not able to|was not able to|was unable to"
        r"|am unable to) (?:know|have|find|see|answer|tell|help)|(?:the|these|this|my|our"
        r"|your) (?:passages?|sources?|documents?|information|knowledge|texts?) (?:that i have "
        r"|given |provided |available )?(?:do(?:es)? not|don't|doesn't) (?:say|mention|contain"
        r"|include|hold|cover|specify|tell|answer|provide|state)|there is no information"
        r"|no information)|(?:leider )?(?:weiß ich (?:das |es )?nicht|ich weiß (?:das |es "
        r"|leider )?nicht|ich (?:habe|finde|konnte|kann) (?:dazu |darüber |leider )?(?:keine?"
        r"|nichts|nicht)|(?:dazu|darüber) (?:habe|finde|steht|gibt)|in den (?:texten|quellen"
        r"|abschnitten) (?:steht|finde))|(?:malheureusement,? )?je ne (?:sais|trouve|peux|dispose)"
        r"|(?:lamentablemente,? )?no (?:lo )?(?:sé|encuentro|encontré|dispongo"
        r"|tengo (?:información|datos))|(?:purtroppo,? )?non (?:lo )?(?:so|trovo|ho trovato)"
        r"|(?:infelizmente,? )?não (?:sei|encontrei|tenho)|(?:helaas )?(?:weet ik|ik weet) (?:het "
        r"|dat )?niet|(?:niestety,? )?nie (?:wiem|znalazłem|mam informacji)"
        r"|(?:к сожалению,? )?я не (?:знаю|нашёл|нашел|могу)"
    ),
}
_NO_CLAIM: Final = {
    kind: re.compile(rf"\W{{0,8}}(?:{starts})(?!\w)", re.IGNORECASE)
    for kind, starts in _STARTS.items()
}
_QUESTION: Final = re.compile(r"[?？؟]\W{0,8}\Z")
_GOES_ON: Final = re.compile(
    r"(?<!\w)(?:but|however|aber|jedoch|mais|pero|ma|mas|maar|ale|но)(?!\w)|\d", re.IGNORECASE
)
_LONGEST_GREETING: Final = 8
"""Words; a longer sentence that begins with "Sure," goes on with what it claims."""


def claims_nothing(sentence: str) -> bool:
    """Tell whether a sentence claims nothing: it greets, offers help, asks, or doesn't know."""
    if not any(one.isalnum() for one in sentence) or _QUESTION.search(sentence):
        return True
    if _NO_CLAIM["unknown"].match(sentence) or _NO_CLAIM["offer"].match(sentence):
        return _GOES_ON.search(sentence) is None
    greets = _NO_CLAIM["greeting"].match(sentence) is not None
    return greets and len(sentence.split()) <= _LONGEST_GREETING and not _has_digit(sentence)


def _has_digit(sentence: str) -> bool:
    return any(one.isdigit() for one in sentence)

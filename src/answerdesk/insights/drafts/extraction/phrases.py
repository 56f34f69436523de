"""How people speak while they help: what belongs to the talk and not to the answer.

Sentences are matched in lower case, with single blanks and plain apostrophes. English, German,
French and Spanish stand together, as few words of one mean something else in another. Every
repetition is bounded, so that long texts take no time.
"""

import re
from typing import Final

_END: Final = r"\W{0,5}\Z"
# What ends an interjection: "sure, …", "ok - …"; not "right-click".
_PAUSE: Final = r"(?=[,;:!.…]|\s[-–—]\s|\Z)"

GREETING: Final = re.compile(
    r"\A\W{0,3}(?:hi(?:ya)?|hello|hey|good (?:morning|afternoon|evening|day)|greetings|welcome|dear"
    r"|hallo|guten (?:tag|morgen|abend)|moin|servus|gr[üu]ezi|gr[üu](?:ß|ss) gott|liebe[rs]?"
    r"|sehr geehrte[rs]?|bonjour|bonsoir|salut|coucou|ch[eè]re?s?|hola|buen(?:os d[ií]as|as tardes"
    r"|as noches|as)|estimad[oa]s?)(?=\W|\Z)"
    r"(?:\s(?:there|all|again|guys|folks|everyone|team|zusammen|nochmal|à tous|madame|monsieur"
    r"|frau|herr|mrs?"
    r"|ms|sr|sra)\b\.?)?"
)
"""A greeting; the name may follow."""

COURTESY: Final = re.compile(
    r"\A\W{0,3}(?:"
    # thanks
    r"(?:many |much |big |a lot of )?(?:thanks|thank you|thx|tyvm|cheers)\b"
    r"|(?:vielen |herzlichen |besten |lieben )?dank(?:e|\b)|merci\b|(?:muchas |mil )?gracias\b"
    # apologies
    r"|(?:i'm|i am|we're|we are)? ?(?:so |very |really |terribly )?sorry\b|(?:my |our )?apologies\b"
    r"|(?:i|we) apologi[sz]e\b|entschuldig\w{0,8}\b|verzeihung\b|tut mir (?:sehr )?leid\b"
    r"|(?:je suis |nous sommes )?désolée?s?\b|pardon\b|lo (?:siento|sentimos)\b|disculp\w{0,5}\b"
    r"|perd[oó]n\b"
    # being kind
    r"|(?:that's |what )?an? (?:great|good|excellent|fair) (?:question|point)\b"
    r"|(?:great|good|excellent|fair) (?:question|point|choice|news)\b|gute frage\b|bonne question\b"
    r"|buena pregunta\b|you're (?:very |most )?welcome\b|you are (?:very |most )?welcome\b"
    r"|(?:it's |it was )?(?:my|a) pleasure\b|(?:i'm |i am |we're )?(?:glad|happy|delighted) (?:to"
    r"|i|we|that)\b"
    r"|no (?:problem|worries|trouble)\b|don't worry\b|kein problem\b|gern(?:e)?(?: geschehen)?"
    + _PAUSE
    + r"|keine sorge\b"
    r"|pas de (?:problème|souci)\b|avec plaisir\b|je (?:vous|t')en prie\b|de rien\b|de nada\b"
    r"|con (?:mucho )?gusto\b|no se preocupe\b|no te preocupes\b|(?:nice|good|pleased) to (?:meet"
    r"|hear)\b"
    r"|how (?:lovely|nice|kind|sweet|wonderful)\b|(?:that|this)(?:'s| is) (?:so |very "
    r"|really )?(?:kind|lovely|nice"
    r"|great|sweet|good to hear)\b|congratulations\b|happy (?:birthday|anniversary|holidays"
    r"|new year)\b|haha\w{0,9}\b"
    r"|lol\b|herzlichen glückwunsch\b|félicitations\b|felicidades\b|enhorabuena\b"
    r"|i (?:can |completely |totally |fully )?understand (?:that|how|your|why|the|this)\b"
    r"|das (?:kann|verstehe) ich\b|je comprends\b|entiendo\b"
    # interjections
    r"|(?:(?:ah|oh|ok|okay|yes|ja|oui|sí) )?(?:so|now|also|perfect|great|wonderful|awesome|super"
    r"|excellent|brilliant|lovely|fantastic"
    r"|cool|nice|good"
    r"|of course|sure(?: thing)?|certainly|absolutely|definitely|right|okay|ok|alright|all right"
    r"|well"
    r"|i see|i understand|understood|got it|gotcha|noted|that makes sense|makes sense|ah|oh|hmm?"
    r"|klar|natürlich|selbstverständlich|alles klar|verstehe|prima|toll|ach so|genau|gut|sehr gut"
    r"|bien sûr|d'accord|parfait|très bien|bien|génial|entendu|claro|por supuesto|perfecto|vale"
    r"|de acuerdo|muy bien|genial|bueno|estupendo)" + _PAUSE + r")"
)
"""How a sentence begins that is kind and says nothing; what follows a comma may say something."""

FAREWELL: Final = re.compile(
    r"\b(?:(?:best|kind|warm|many|kindest) regards|have an? (?:\w{1,12} ){0,2}(?:day|evening"
    r"|weekend"
    r"|one|time|stay|trip|night|morning|afternoon)\b|enjoy (?:your|the rest)|anything else"
    r"|if you (?:still )?(?:have|need) (?:any|more|further|other|anything|help)|feel free to (?:ask"
    r"|contact|reach|write|get|come|message)|don't hesitate|(?:hope|trust) (?:this|that|it|you)"
    r"|happy to help|here to help|here if you|any (?:other|more|further) questions"
    r"|let (?:me|us) know (?:if|how|whether) (?:you (?:have|need|want|are|get|run|still)|that|this"
    r"|it"
    r"|there|i\b|we\b)|let (?:me|us) know"
    + _END
    + r"|(?:just )?(?:reach out|write|message us|ping me)"
    r" (?:again|any ?time)|take care|talk (?:to you )?soon|all the best|yours (?:sincerely|truly)"
    r"|mit freundlichen|(?:viele|liebe|beste|schöne|freundliche) grü(?:ß|ss)e|schönen (?:tag|abend"
    r"|feierabend|aufenthalt|urlaub)|schönes wochenende|melden sie sich|melde dich"
    r"|bei (?:weiteren )?"
    r"(?:rück)?fragen|(?:noch|weitere) fragen|sonst noch etwas|hoffe,? (?:das|ich|ihnen|dir|es)"
    r"|weiterhelfen|bonne (?:journée|soirée)|bon (?:week-end|séjour|voyage)|cordialement"
    r"|bien à vous|à bientôt|n'hésitez pas|autre chose|(?:d'autres|d'autre) questions?|j'espère"
    r"|que teng[aá]s?|un (?:cordial )?saludo|saludos|cualquier (?:otra )?(?:cosa|duda|pregunta)"
    r"|no dud(?:e|es) en|algo más|buen (?:día|fin de)|feliz día|espero que)"
    r"|\A\W{0,3}(?:best|sincerely|yours|cheers|bye(?: bye)?|goodbye|see you|ciao|tschüss?|servus"
    r"|lg|mfg"
    r"|vg|au revoir|adiós|hasta (?:luego|pronto))" + _END
)

INTRODUCTION: Final = re.compile(
    r"\b(?:my name is|you're (?:talking|speaking|chatting) (?:to|with)|how (?:can|may) i (?:help"
    r"|assist)"
    r"|what can i do for you|mein name ist|was kann ich für|wie kann ich (?:ihnen|dir)"
    r"|je m'appelle|en quoi puis-je|comment puis-je vous|me llamo|mi nombre es|en qué (?:le |te )?"
    r"pued[oe])\b|\A\W{0,3}\w{1,30} here\b|\b(?:this is|i'm|i am|ich bin|hier ist|ici|je suis|soy)"
    r" (?:the )?\w{1,30}(?: \w{1,30})? (?:from|with|vom|aus dem|von|du (?:service|support)"
    r"|de l'équipe"
    r"|del? (?:equipo|servicio|soporte))\b"
)

WAITING: Final = re.compile(
    r"\b(?:let me|allow me to|lemme) (?:just |quickly |please )?(?:check|look|see|find|ask|pull|get"
    r"|verify|confirm|open|have|take)\b|\b(?:i|we)(?:'ll| will| am going to|'m going to"
    r"|'re going to)"
    r" (?:just |quickly |also |now )?(?:check|look|ask|find out|get back|come back|be (?:back|right"
    r"|in touch)|have a|take a|pull|let you know|investigate|verify|keep you|see)\b"
    r"|\A\W{0,3}(?:ok(?:ay)?|sure|alright|right|yes)?\W{0,3}(?:just )?(?:one|a|1) (?:quick )?"
    r"(?:moment|second|sec|minute|min)\b|\bgive me (?:a|one|two|five|some)\b|\bbear with me\b"
    r"|\bhold on\b|\bhang on\b|\A\W{0,3}please (?:wait|hold)\b|\bi(?:'m| am) (?:just |now "
    r"|currently )?"
    r"(?:checking|looking|asking|having|pulling|back|on it)\b|\bstill (?:there|with me|checking"
    r"|looking)\b|\A\W{0,3}(?:checking|looking)\b"
    r"|\b(?:einen?|kleinen?) (?:kleinen |kurzen )?(?:moment|augenblick)\b|\bmoment bitte\b"
    r"|\bich (?:schaue?|sehe|prüfe|frage|kläre|melde|gucke|suche|gebe)\b"
    r"|\bun (?:petit )?(?:instant|moment)\b|\bje (?:vérifie|regarde|me renseigne|reviens|demande"
    r"|consulte)\b|\bun (?:momento|segundo|momentito)\b|\bd[eé]jeme\b|\bd[eé]jame\b"
    r"|\blo (?:compruebo"
    r"|consulto|miro|reviso)\b|\bvoy a (?:comprobar|consultar|mirar|revisar|preguntar|ver)\b"
)

_DONE: Final = (
    r"sent|refunded|cancell?ed|changed|updated|reset|forwarded|passed|checked|booked|extended|added"
    r"|removed|credited|issued|processed|created|asked|spoken|spoke|found|located|looked|marked"
    r"|moved"
    r"|noted|applied|upgraded|reported|escalated|put|made|set|given|gave|attached|e-?mailed"
    r"|unlocked"
    r"|activated|deleted|merged|opened|raised|fixed|transferred|reserved|arranged|ordered|switched"
)
PERSONAL: Final = re.compile(
    r"\bi(?:'ve| have)?(?: just| now| already| also)? \w{2,15}ed\b"
    rf"|\b(?:i|we)(?:'ve| have)?(?: just| now| already| also)? (?:{_DONE})\b"
    r"|\bi(?: can)? (?:see|notice)\b|\b(?:i|we)(?:'ll| will|'m going to| am going to) (?:send"
    r"|refund"
    r"|cancel|change|update|reset|book|credit|issue|process|arrange|make|put|add|remove|extend|pass"
    r"|forward|escalate|note|do|give|try|talk|speak|call|write|fix|reserve)\b"
    r"|\bi (?:do not|don't) have (?:access|that|any)\b|\byou (?:were|have been|had been|'ve been)"
    r" (?:charged|billed|refunded)\b|\bin your case\b|\b(?:as an exception|as a (?:one-off|gesture)"
    r"|just this once|this time only|for you this time)\b"
    r"|\bich (?:habe?|werde|schicke|sende|storniere|buche|leite|erstatte|kümmere|lege|reserviere"
    r"|notiere|ändere|trage)\b|\bhab(?:e)? ich\b|\bwir haben (?:ihnen|ihren?|ihrem|das|es|dir"
    r"|deinen?)\b"
    r"|\bausnahmsweise\b|\baus kulanz\b|\bin ihrem fall\b|\bin deinem fall\b"
    r"|\bj'ai\b|\bje (?:viens de|vais|vois|vous (?:ai|envoie|rembourse|transmets|confirme|fais"
    r"|tiens)"
    r"|transmets|m'en occupe)\b|\bnous (?:vous )?avons (?:bien )?(?:reçu|envoyé|remboursé"
    r"|expédié)\b"
    r"|\bà titre exceptionnel\b|\bdans votre cas\b"
    r"|\bhe (?:\w{1,15} ){0,2}\w{1,15}(?:ado|ido|sto|cho|to)\b|\bacabo de\b|\bveo que\b|\bvoy a\b"
    r"|\bya (?:le|te|lo) (?:he|hemos)\b|\bcomo excepción\b|\ben (?:su|tu) caso\b"
)
"""What the person did or does for this visitor alone."""

_THINGS: Final = (
    r"orders?|parcel|package|refund|booking|reservation|account|payment|invoice|ticket|request|case"
    r"|delivery|subscription|membership|return|room|appointment|licen[cs]e"
)
OF_A_CASE: Final = re.compile(
    rf"\byour (?:\w{{1,20}} ){{0,2}}(?:{_THINGS})\b[^,.;]{{0,50}}\b(?:has|was|were|had|left"
    rf"|is (?:now|already|reserved|booked|confirmed"
    r"|on (?:its|the) way|currently|scheduled|still|due|with|in transit|out for|ready)"
    r"|should (?:arrive"
    r"|be there|be with)|will (?:arrive|be with you|reach you))\b"
    r"|\b(?:ihre?|deine?)[nmrs]? (?:bestellung|paket|sendung|lieferung|rechnung|buchung|konto"
    r"|erstattung"
    r"|anfrage|kündigung)\b[^,.;]{0,30}\b(?:wurde|ist (?:bereits|schon|gerade|heute|gestern"
    r"|unterwegs|noch"
    r"|seit)|kommt (?:morgen|heute|am)|hat)\b"
    r"|\bvotre (?:commande|colis|réservation|remboursement|compte"
    r"|demande)\b[^,.;]{0,30}\b(?:a (?:été|bien)"
    r"|est (?:en|partie?|bien|déjà)|sera|arrivera)\b"
    r"|\b(?:su|tu) (?:pedido|paquete|reserva|reembolso|cuenta"
    r"|solicitud)\b[^,.;]{0,30}\b(?:ha (?:sido"
    r"|salido)|fue|está (?:en|ya|de)|llegará|saldrá)\b"
)
"""How things stand in this visitor's case, unless the sentence is about all cases."""

OF_ALL_CASES: Final = re.compile(
    r"\b(?:once|when(?:ever)?|if|after|as soon as|until|unless|before|every|each|always|usually"
    r"|normally|sobald|wenn|nachdem|falls|immer|normalerweise|dès que|quand|lorsque|si|après"
    r"|toujours"
    r"|normalement|cuando|una vez|después|siempre|normalmente)\b"
)

TRANSIENT: Final = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|this (?:morning|afternoon|evening)|right now"
    r"|at the moment|gestern|heute"
    r"|vorgestern|übermorgen|gerade eben|im moment|momentan|aujourd'hui|demain|en ce moment|ayer"
    r"|hoy|en este momento)\b"
)
"""True now, and not for long."""

SIGNS: Final = re.compile(
    r"\b(?:regards|sincerely|grü(?:ß|ss)en?|cordialement|saludos?)\b|\A\W{0,3}(?:best|cheers|lg"
    r"|mfg|vg)\W{0,3}\Z"
)
"""What follows is a signature."""

DOUBT: Final = re.compile(
    r"\b(?:i (?:think|believe|guess|suppose|assume)|i'm not (?:sure|certain)|i am not (?:sure"
    r"|certain)"
    r"|i don't know|i do not know|no idea|not (?:entirely |quite |100 ?% )?sure|as far as i know"
    r"|if i"
    r" remember|maybe|perhaps|probably|ich glaube|ich denke|ich weiß (?:es )?nicht"
    r"|bin (?:mir )?nicht"
    r" sicher|keine ahnung|vielleicht|wahrscheinlich|vermutlich|soweit ich weiß|je (?:crois|pense"
    r"|ne sais"
    r" pas)|pas sûre?|peut-être|probablement|(?:me )?creo que|no (?:lo )?sé|no estoy segur[oa]"
    r"|quizás?"
    r"|tal vez|probablemente|supongo)\b"
)
"""The person isn't sure."""

CORRECTION: Final = re.compile(
    r"\b(?:i (?:was|am|got (?:that|it|this)|had (?:that|it)|have to|need to|must|should) (?:wrong"
    r"|mistaken"
    r"|mixed up|correct (?:myself|that|this|what))|i (?:made|'ve made|have made) a mistake"
    r"|my mistake"
    r"|i (?:mixed|misread|misspoke|confused)|that (?:was|is|'s) (?:wrong|not right|incorrect"
    r"|not correct)"
    r"|that's (?:wrong|not right|incorrect)|scratch that|(?:ignore|forget) (?:my last|what i|that)"
    r"|correction"
    r"|i told you (?:the wrong|something wrong)|gave you the wrong|da habe ich mich (?:geirrt"
    r"|vertan)"
    r"|ich habe mich (?:geirrt|vertan|verschrieben)|korrektur|ich muss (?:mich|das) korrigieren"
    r"|das war"
    r" (?:falsch|nicht richtig)|das stimmt (?:so )?nicht|(?:war )?mein fehler"
    r"|je me suis tromp[ée]e?"
    r"|erreur de ma part|je (?:me )?corrige|me he equivocado|me equivoqué|corrijo|corrección"
    r"|error m[ií]o|(?:fue|es) un error)\b"
)
"""What was said before is wrong."""

EARLIER: Final = re.compile(
    r"\b(?:earlier|before|previous(?:ly)?|first (?:answer|reply)|above|vorhin|zuvor|eben|oben"
    r"|tout à l'heure"
    r"|avant|plus haut|antes|arriba)\b"
)

WANTS_TO_KNOW: Final = re.compile(
    r"\b(?:send|give|tell|share|provide|confirm)(?: me| us)? (?:with )?(?:your|what|which|when"
    r"|where|how"
    r"|more)\b|\bi(?:'d|'ll| would| will)? (?:just |also |still )?need (?:your|to know|a bit|some"
    r"|more)\b"
    r"|\bmay i have\b|\b(?:could|can|would) you (?:please )?(?:send|give|tell|share|provide"
    r"|confirm)\b"
    r"|\b(?:schicken|senden|nennen|geben|teilen|sagen) sie (?:mir|uns)\b|\b(?:schick|nenn|gib"
    r"|sag)e?"
    r" (?:mir|uns)\b|\bich (?:brauche|bräuchte|benötige)\b|\b(?:envoyez|donnez|indiquez|communiquez"
    r"|dites|précisez)-(?:moi|nous)\b|\bj'aurais besoin\b|\bil me (?:faut|faudrait)\b"
    r"|\b(?:env[íi]e|d[ée]|d[íi]ga|indique|facilite|di|manda)(?:me|nos)\b|\bnecesito (?:su|tu|el"
    r"|la|que)\b"
)
"""The person asks for something in return, without a question mark."""

FAILED: Final = re.compile(
    r"\b(?:(?:that|this|it|which) (?:did not|didn't|does not|doesn't|hasn't|has not) (?:work|help"
    r"|change|do)"
    r"|(?:still|yet) (?:not|doesn't|does not|can't|cannot|won't|no|nothing|the same|broken|isn't)"
    r"|(?:that|this)(?:'s| is) (?:wrong|not (?:right|true|what|correct|the))|tried that"
    r"|not what i asked"
    r"|(?:hat|das) (?:\w{1,10} )?nicht (?:geholfen|geklappt|funktioniert)|(?:geht|funktioniert"
    r"|klappt)"
    r" (?:immer )?(?:noch )?(?:immer )?nicht|stimmt (?:so )?nicht|(?:ça|cela) (?:ne )?(?:marche"
    r"|fonctionne)"
    r" (?:toujours )?pas|toujours pas|ce n'est pas (?:ça|vrai|correct)|(?:sigue|todavía) (?:sin|no)"
    r"|eso no (?:funciona|es|me))\b"
)
"""The visitor says that an answer was none."""

SMALL_TALK: Final = re.compile(
    r"\b(?:nice|crazy|lovely|terrible|awful|great|strange) (?:weather|day)\b|\b(?:schönes"
    r"|schlechtes) wetter\b|"
    r"\b(?:how are you|how's it going|are you (?:there|still|a (?:bot|robot|real|human|person)"
    r"|real|human"
    r"|serious|kidding|sure|an? ai)|am i (?:talking|speaking|chatting)|is (?:anyone|anybody"
    r"|somebody"
    r"|someone) (?:there|here|around)|do you (?:speak|understand)|what(?:'s| is) your name"
    r"|what do you mean"
    r"|does that make sense|wie geht'?s|wie geht es (?:ihnen|dir)|(?:sind sie"
    r"|bist du) (?:noch )?(?:da|ein"
    r"|sicher)|ist (?:da |hier |noch )?jemand|sprechen sie|ça va|comment allez-vous"
    r"|vous êtes (?:là|sûr"
    r"|un)|il y a quelqu'un|cómo está[s]?|hay alguien|está[s]? (?:ahí|segur))\b"
    r"|\b(?:can|could|may|might|would) (?:you|anyone|someone|somebody|i|we) (?:please |maybe "
    r"|perhaps )?"
    r"(?:help|assist|ask)(?: me| us| you)?(?: out)?(?: (?:with |about |please )?(?:something"
    r"|a question|this"
    r"|that|it|a problem|an issue))?(?: please)?"
    + _END
    + r"|\bi(?:'ve| have) (?:got )?(?:a|another|one more|two|some)"
    r" (?:quick |small |general )?(?:question|problem)s?"
    + _END
    + r"|\b(?:können sie|kannst du|könnten sie)"
    r" mir (?:bitte |da |kurz |vielleicht ){0,3}(?:weiter)?helfen"
    + _END
    + r"|\b(?:pouvez-vous|peux-tu)"
    r" m'aider"
    + _END
    + r"|\b(?:me puede[s]? ayudar|puede[s]? ayudarme)"
    + _END
    + r"|\bich (?:habe|hätte) (?:mal |da |noch ){0,2}eine (?:kurze )?frage"
    + _END
    + r"|\bj'ai une (?:petite )?question"
    + _END
    + r"|\btengo una (?:pregunta|duda)"
    + _END
)

LEAD_IN: Final = re.compile(
    r"\A\W{0,3}(?:(?:and |just |a |one |another |my |last |more |final |quick |small |short "
    r"|general |other"
    r" |kurze |noch |eine |letzte |une |petite |autre |dernière |una |otra |última ){0,4}"
    r"(?:questions?|one|thing|frage|pregunta|duda)\s?[:,–—-]\s?"
    r"|(?:and|also|but|so|und|aber|et|mais|y|pero)\s(?:also,? |then |auch |dann |alors |aussi "
    r"|entonces "
    r"|además )?|(?:also|by the way|btw|außerdem|übrigens|au fait|además|por cierto),\s)"
)
"""What may stand before a question and belongs to the talk."""

ASKS: Final = re.compile(
    r"\A\W{0,3}(?:how|what|when (?:do|does|is|are|can|will|did)|where|who|which|why|can|could|do"
    r"|does|is|are"
    r"|may|will|would|should|wie|was (?:kostet|ist|sind|muss|kann|mache|passiert)|wann|wo|wer"
    r"|welche[rsnm]?"
    r"|warum|kann|könn(?:en|te|ten)|darf|dürfen|gibt es|hab(?:en|t) (?:sie|ihr)|bietet|liefer(?:n"
    r"|t)"
    r"|comment|quand|où|quel(?:le)?s?|pourquoi|combien|est-ce|puis-je|peut-on|pouvez-vous|avez-vous"
    r"|livrez-vous|proposez-vous|acceptez-vous|y a-t-il|cómo|cuándo|dónde|quién|cuál(?:es)?"
    r"|cuánt[oa]s?"
    r"|por qué|qué|puedo|podemos|se puede|hay|tienen|hacen|aceptan|envían)\s"
    r"|\b(?:i(?:'d| would)? (?:like|want|need|wanted) to (?:know|ask)|(?:can"
    r"|could) you (?:please )?(?:tell|explain)"
    r"|please (?:tell|explain)|(?:i'm |i am |i was |just )?wondering|ich (?:möchte|wollte"
    r"|würde) (?:gerne? |nur |mal"
    r" |kurz ){0,2}(?:wissen|fragen)|je (?:voudrais|voulais|souhaite(?:rais)?) (?:savoir|demander)"
    r"|j'aimerais"
    r" savoir|(?:quería|quisiera|querría|me gustaría) (?:saber|preguntar))\b"
)
"""A question, even without a question mark."""

COMPLAINS: Final = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|won't|doesn't|does not|isn't|not working"
    r"|keeps? \w{2,15}ing|errors?|fails?"
    r"|failed|broken|stuck|forgot(?:ten)?|lost|never (?:got|received|arrived)|haven't (?:received"
    r"|got)|didn't (?:get"
    r"|receive|arrive)|problems? with|trouble|i (?:want|need|would like|wish) (?:to|a|an|my|the)"
    r"|i'd like (?:to|a|an)"
    r"|nicht (?:mehr )?(?:einloggen|anmelden|öffnen|bezahlen|finden|drucken)|(?:funktioniert|geht"
    r"|klappt) nicht"
    r"|fehler(?:meldung)?|vergessen|verloren|kaputt|ich (?:möchte|will|brauche|würde gerne?)"
    r"|ne (?:fonctionne"
    r"|marche|s'ouvre|charge) p(?:as|lus)|impossible de|n'arrive (?:pas|plus)|erreur|oublié|perdu"
    r"|cassée?|je"
    r" (?:voudrais|veux|souhaite)|j'aimerais|no (?:funciona|puedo|me deja|carga|abre)"
    r"|(?:he )?olvidad?[oé]|perdí"
    r"|quiero|quisiera|necesito|me gustaría)\b"
)
"""What wants help without asking: it asks how, or why."""

GENERIC: Final = re.compile(
    r"\A\W{0,3}(?:(?:so|and|but|und|et|y),? )?(?:what now|now what|what (?:can|should|do|shall"
    r"|must) (?:i|we) do"
    r"|how (?:can|do) (?:i|we) (?:fix|solve|do)|what(?:'s| is) (?:wrong|going on|happening)"
    r"|can you fix|was nun"
    r"|was (?:kann|soll|muss) ich (?:da |jetzt )?(?:tun|machen)|was ist da los|que faire"
    r"|que puis-je faire"
    r"|qué (?:hago|puedo hacer|pasa))\b"
)
"""A question that asks about whatever was said before it."""

FRAGMENT: Final = re.compile(
    r"\A\W{0,3}(?:(?:and|but|or|so|what about|how about|what if|same for|und|oder|was ist mit"
    r"|wie ist es mit|wie"
    r" sieht es (?:mit|bei)|et|ou|et pour|qu'en est-il|y|o|y para|qué pasa con)\b|(?:why(?: not)?"
    r"|how(?: so| much| many"
    r"| long| often| far)?|when|where|who|which(?: ones?)?|really|what else|more|since when"
    r"|until when|how come"
    r"|warum(?: nicht)?|wie(?: viel| lange| oft)?|wann|wo|wer|wieso|pourquoi(?: pas)?"
    r"|combien(?: de temps)?|quand"
    r"|comment|où|por qué(?: no)?|cuánto(?: tiempo)?|cuándo|cómo|dónde)" + _END + r")"
)
"""A question that only goes on from one before: "and for Austria?", "why?"."""

# Words that stand for something said before, by language: what is a pronoun in one is an article or
# a verb in another. Articles that are written like pronouns are left out.
_REFERENCES: Final = {
    "en": (
        r"\b(?:it|its|it's|they|them|their|he|him|his|she|her|this|that|these|those|ones?"
        r"|there)\b"
    ),
    "de": (
        r"\b(?:er|ihn|ihm|es|dies|diese[rsnm]?|davon|dafür|damit|dazu|darüber|daran|darin|dabei"
        r"|dort)\b"
        r"|\bdas (?=auch|noch|denn|so|dann|nicht|möglich|bei|für|in\b|mit\b)|\bdas\W{0,3}\Z"
    ),
    "fr": (
        r"\b(?:ça|cela|ceci|celui|celle|ceux|celles|ils?|elles?)\b"
        r"|\b(?:puis-je|je peux|peut-on|pouvez-vous|on peut) (?:me )?(?:le |la |les "
        r"|l')\w{1,20}(?:er|ir|re)\b"
    ),
    "es": (
        r"\b(?:eso|esto|esa|ese|ello|él|ella|ellos|ellas|allí|ahí)\b|\b\w{2,20}(?:ar|er|ir)(?:lo"
        r"|la|los|las)\b"
        r"|\b(?:lo|la|los|las) (?:puedo|puede|tengo|tienen|hay que)\b"
    ),
}
_NO_REFERENCES: Final = {
    "en": (
        r"\b(?:(?:is|was|does|will|would|can) (?:it|this) (?:possible|necessary|ok|okay|allowed"
        r"|true"
        r"|cost to|safe|legal)|(?:is|are|was|were|will) there|it(?:'s| is) possible"
        r"|how long does it take to"
        r"|this (?:site|page|website|shop|company|store|app|chat|hotel|club|year|week|month"
        r"|weekend|summer"
        r"|winter|morning|evening|season)|so that|that (?:is|are|i|you|we|the|can|has|have|says)"
        r"|the ones? (?:that|who|which)|one (?:of|day|week|month|year|person|night|way|time|hour"
        r"|more))\b"
    ),
    "de": (
        r"\b(?:gibt es|es gibt|geht es|dauert es|kostet es|ist es (?:möglich|erlaubt)"
        r"|diese[ns]? (?:jahr|woche"
        r"|wochenende|monat|sommer|winter|saison))\b"
    ),
    "fr": (
        r"\b(?:y a-t-il|il y a|est-il possible|faut-il|il (?:faut|est possible)"
        r"|est-ce qu'il (?:y a|faut|est))\b"
    ),
    "es": r"\b(?:esta (?:semana|noche|tarde)|este (?:mes|año))\b",
}
REFERENCE: Final = {language: re.compile(one) for language, one in _REFERENCES.items()}
NO_REFERENCE: Final = {language: re.compile(one) for language, one in _NO_REFERENCES.items()}
"""What looks like a reference and is none."""

_CONTINUING: Final = {
    "en": (
        r"then|after that|afterwards|otherwise|in that case|if so|if not|it|its|they|them|this|that"
        r"|these|those|there (?!(?:is|are)\b)|so|also|both|the same"
    ),
    "de": (
        r"dann|danach|sonst|andernfalls|in dem fall|es (?!gibt\b)|sie|das|dies|dort|dafür|damit"
        r"|außerdem"
    ),
    "fr": r"ensuite|puis|sinon|dans ce cas|il (?!(?:y a|faut)\b)|elle|ils|elles|cela|ça",
    "es": r"entonces|luego|después|si no|en ese caso|eso|esto|además",
}
CONTINUES: Final = {
    language: re.compile(rf"\A\W{{0,3}}(?:{one})\b") for language, one in _CONTINUING.items()
}
"""An answer's sentence that needs the one before."""

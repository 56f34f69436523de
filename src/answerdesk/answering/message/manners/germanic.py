"""German and Dutch manners."""

from typing import Final

from answerdesk.answering.message.manners.words import REST, Manners

_PLEASE_DE: Final = r"(?: (?:bitte|mal|kurz|vielleicht|eventuell|evtl|freundlicherweise|noch))*"
_MACHINE_DE: Final = r"(?:(?:chat)?bot|roboter|maschine|computer|ki|mensch(?:en)?|person)"

GERMAN: Final = Manners(
    hello=(
        r"hallo|hallöchen|hi|hey|moin(?: moin)?|servus|grüezi|grüß (?:gott|dich|euch|sie)"
        r"|(?:schönen )?guten? (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|werte[rs]?"
        r"|einen schönen guten (?:tag|morgen|abend)|morgen zusammen|mahlzeit"
    ),
    addressee=(
        r"zusammen|leute|(?:[\w-]{0,20})?team|ihr(?: lieben)?|alle|allerseits|miteinander"
        r"|damen und herren|support|kundenservice|kundendienst|nochmals?|(?:schon )?wieder|du|da"
    ),
    pleasantry=(
        r"(?:ich )?hoffe,? (?:es geht (?:ihnen|dir|euch)(?: allen)? gut|(?:es )?(?:ist )?alles"
        r" (?:ist )?gut|(?:sie können|du kannst|ihr könnt) mir (?:weiter)?helfen)"
        r"|(?:nur |mal )?(?:eine |noch eine )?(?:ganz )?(?:kurze|schnelle|kleine|dumme|weitere)"
        r" fragen?|entschuldigung|entschuldigen sie(?: bitte)?(?: die störung)?|entschuldige"
        r"|sorry|verzeihung|ich bin (?:ganz |noch )?neu hier|ich bin(?:'s| es) (?:noch ?mal|wieder)"
        r"|frohes neues(?: jahr)?|frohe (?:weihnachten|ostern)|erst ?mal|vorab"
        r"|mein name ist [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)"
    ),
    offering=(
        rf"(?:können|könnten|kannst|könntest|könnt) (?:sie|du|ihr)(?: mir| uns)?{_PLEASE_DE}"
        r" (?:weiter)?helfen|kann mir jemand (?:weiter)?helfen|(?:ich )?(?:brauche|bräuchte)"
        rf"{_PLEASE_DE} (?:dringend )?(?:ihre |deine |eure |etwas |mal )?hilfe|(?:bitte )?hilfe"
        r"|(?:ich )?(?:habe|hab|hätte)(?: (?:da|mal|noch|nur|ja))* (?:eine?|noch eine?|ein paar"
        r"|einige|zwei|mehrere)(?: (?:kurze|kleine|dringende|allgemeine))?"
        r" (?:fragen?|problem|anliegen|bitte)(?: an (?:sie|dich|euch))?"
        r"|(?:darf|kann) ich(?: (?:sie|dich|euch|mal|kurz|etwas|was))* fragen"
    ),
    thanks=(
        r"(?:ok(?:ay)?,? |super,? |prima,? |nein,? |ja,? )?(?:(?:vielen|herzlichen|besten|schönen"
        r"|tausend|lieben) (?:lieben |herzlichen )?dank|danke(?:schön)?|thx)"
        r"(?: (?:schön|sehr|dir|ihnen|euch|vielmals|nochmals?|schon ?mal|trotzdem|jedenfalls))*"
        rf"(?: fürs?{REST})?(?: im vor(?:aus|hinein))?|ich (?:be)?danke (?:mich|ihnen|dir|euch)"
        rf"(?: (?:sehr|herzlich|schon ?mal|im voraus))*(?: für{REST})?"
        r"|das (?:hat|hilft)(?: mir)?(?: (?:sehr|viel|gut))?(?: weiter)?(?: ?geholfen)?"
        r"|sehr (?:nett|hilfreich)|besten dank"
    ),
    closing=(
        r"(?:mit )?(?:ganz )?(?:(?:freundlichen?|besten?|herzlichen?|lieben?|vielen?|schönen?"
        r"|sonnigen?) )?(?:grüße?n?|gruß|gruss|grüssen?)(?: aus(?: \w{1,20}){1,2})?|mfg|lg|vg"
        rf"|hochachtungsvoll|(?:ich |wir )?freuen? (?:mich|uns)(?: (?:schon|sehr))? (?:auf"
        rf"|über){REST}"
        r"|alles gute"
    ),
    bye=(
        r"tsch(?:ü|u)ss+i?|tschau|auf wieder(?:sehen|hören|schauen)|bis (?:bald|dann|später|morgen"
        r"|zum nächsten mal)|(?:und )?(?:ich wünsche (?:ihnen|dir|euch) )?(?:noch )?(?:einen "
        r"|ein )?"
        r"(?:schönen?s?) (?:tag|abend|woche|wochenende|feierabend|sonntag)(?: noch)?|gute nacht"
        r"|mach'?s? gut"
    ),
    ok=(
        r"ok(?:ay)?|alles klar|in ordnung|gut|(?:ich )?verstehe|verstanden|super|prima|toll|klasse"
        r"|perfekt|passt(?: so)?|genau|ja(?: (?:bitte|gerne?|klar))?|jo|jep|nein|nö|nee|aha"
        r"|ach ?so|gerne?|schon gut|erledigt|wunderbar|sehr gut|na gut|stimmt|richtig|bitte"
    ),
    how_are_you=(
        r"(?:na,? |und,? )?wie geht(?:'s|s| es)(?: (?:dir|ihnen|euch|so|heute|denn))*"
        r"|wie läuft(?:'s| es)|alles gut(?: bei (?:dir|ihnen|euch))?|was geht(?: ab)?"
        r"|mir geht(?:'s| es) (?:gut|auch gut)"
    ),
    who_are_you=(
        r"(?:und )?wer (?:bist du|sind sie|seid ihr)(?: (?:denn|eigentlich|überhaupt))?"
        r"|was (?:bist du|sind sie)(?: (?:denn|eigentlich))?|wie hei(?:ß|ss)(?:t du|en sie)"
        r"|(?:bist du|sind sie|ist das|(?:spreche|rede|schreibe|chatte) ich(?: hier)? mit)"
        rf"(?: hier)?(?: nur)?(?: eine?[mrn]?)?(?: echte[rmn]?)? {_MACHINE_DE}"
        rf"(?: oder(?: eine?[mrn]?)?(?: echte[rmn]?)? {_MACHINE_DE})?|bist du echt"
        r"|was (?:kannst du|können sie)(?: (?:alles|denn|so|eigentlich))*(?: für mich tun| tun)?"
        r"|wo(?:bei|mit) (?:kannst du|können sie)(?: mir)? helfen"
        r"|wie (?:kannst du|können sie) mir helfen|mit wem (?:spreche|rede|schreibe|chatte) ich"
        r"(?: hier)?"
    ),
    please=(
        r"bitte(?: schön)?|danke(?: schön| sehr| im voraus)?|(?:vielen|herzlichen|besten) dank"
        r"(?: im voraus)?|lg|mfg|vg"
    ),
    asking=(
        r"(?:und |aber |oder |also |dann )?"
        r"(?:was|wie|wieviele?|wann|wo|wer|wen|wem|wessen|warum|wieso|weshalb|welche[rsnm]?|wohin"
        r"|woher|wofür|womit|wodurch|woran|worauf|wovon|wozu|worin|wobei"
        r"|(?:ab|bis|seit|an|bei|für|mit|in|auf|aus|von|zu|um|nach|gegen|unter|über) (?:wann|wen"
        r"|wem"
        r"|wo|welche[rsnm]?|was|wie)"
        r"|(?:kann|könnte|darf|muss|soll|sollte|gibt|ist|sind|war|hat|hab|habe|haben|habt|wird"
        r"|werden"
        r"|lässt|geht|gilt|gelten|funktioniert|liefern|liefert|bieten|bietet|nehmen|nehmt"
        r"|akzeptieren"
        r"|bekomme|brauche|kommt|kommen|verkauft|verkaufen|verschickt|verschicken|können|könnt"
        r"|kannst"
        r"|dürfen|darfst|müssen|wollen|stimmt|besteht|reicht|kostet|fährt|öffnet|hilft|zahlt|zahle)"
        r" (?:ich|man|es|er|sie|ihr|wir|du|der|die|das|dies\w{0,2}|eine?[rsnm]?|mein\w{0,2}|auch"
        r"|nach"
        r"|noch|dort|da|hier|sich|denn|eigentlich))"
    ),
    wishing=(
        rf"(?:können|könnten|kannst|könntest|könnt|würden|würdest) (?:sie|du|ihr)(?: mir| uns)?"
        rf"{_PLEASE_DE}(?: mir| uns)? (?:sagen|erklären|mitteilen|verraten|zeigen|beantworten)"
        r"|kann mir(?: bitte)? jemand (?:sagen|erklären|verraten)"
        r"|(?:ich|wir) (?:wüssten?|würden?|möchten?|wollen?|will|wollten?|hätten?)"
        r"(?: (?:gerne?|mal|nur|kurz|bitte|sie|dich|euch))*(?: (?:wissen|fragen|erfahren))?(?=,)"
        r"|(?:wissen sie|wei(?:ß|ss)t du|wisst ihr)(?: (?:zufällig|vielleicht))?"
        r"|(?:bitte )?(?:sagen sie|sag|erklären sie|erklär|zeigen sie)(?: (?:mir|uns))(?: bitte)?"
        r"|meine frage(?: (?:ist|lautet|wäre))?(?=[:,])|(?:ich )?(?:(?:habe|hätte) )?(?:mal "
        r"|noch )?"
        r"(?:eine |kurze )?frage (?:zu[mr]?|wegen)|ich frage mich|bitte"
        r"|(?:darf|kann) ich(?: (?:mal|kurz|sie))* fragen"
    ),
    helping=(
        rf"(?:können|könnten|kannst|könntest) (?:sie|du|ihr) mir{_PLEASE_DE} (?:dabei |bei )"
        r"(?:helfen,?)?|ich brauche hilfe (?:bei|mit)"
    ),
    wanting=(
        r"(?:ich|wir) (?:möchten?|will|wollen|wollten?|würden?|muss|müssen)"
        r"(?: (?:gerne?|bitte|nur|jetzt))*"
    ),
    how="Wie kann ich {}",
    vague=(
        r"was (?:kann|soll|muss|mache|mach|tue) ich(?: (?:jetzt|nun|da|dagegen|tun|machen))*"
        r"|was tun"
        r"|was nun|(?:irgend)?(?:welche |eine |hat jemand eine )?(?:ideen?|tipps?|vorschläge?)"
        r"|woran (?:kann|liegt|könnte) (?:das|es)(?: liegen)?|warum(?: (?:ist das so|nicht|das))?"
        r"|wieso|wie|wie (?:geht|mache ich|kann ich|behebe ich|ändere ich|löse ich) das"
        r"(?: (?:ändern|beheben|lösen|vermeiden|machen))?"
        r"|(?:ist|wäre|war) das (?:möglich|normal|richtig|erlaubt|so|üblich|in ordnung)|geht das"
        r"|was mache ich falsch|was (?:bedeutet|heißt) das|gibt es (?:dafür )?eine lösung"
        r"|was ist (?:da )?los|woher kommt das|wie (?:funktioniert|macht man) das"
    ),
    opening=(
        r"ich|wir|mein\w{0,2}|unser\w{0,2}|bitte|kann|können|könnten|der|die|das|es|ihr|eure?|du"
        r"|sie"
        r"|ist|sind|gibt|habt|haben|hat|wenn|seit|und|aber|nur|noch|eine?|kein\w{0,2}|nicht"
    ),
)

_PLEASE_NL: Final = r"(?: (?:alstublieft|alsjeblieft|aub|even|misschien|ook|svp))*"
_MACHINE_NL: Final = r"(?:(?:chat)?bot|robot|machine|computer|ai|mens|persoon)"

DUTCH: Final = Manners(
    hello=(
        r"hallo|hoi|hi|hey|hé|goede(?:morgen|middag|navond|ndag)|goede (?:morgen|middag|avond|dag)"
        r"|goeiemorgen|goeiedag|dag|beste|geachte|lieve"
    ),
    addressee=(
        r"allemaal|daar|iedereen|team|heer of mevrouw|heer/mevrouw|meneer|mevrouw|mensen|lezer"
        r"|klantenservice|opnieuw|weer|jullie"
    ),
    pleasantry=(
        r"(?:ik )?hoop(?:elijk)?(?: dat)? (?:gaat )?(?:het |alles )?(?:goed )?(?:met (?:u|je"
        r"|jullie) )?"
        r"(?:goed(?: gaat)?|gaat)(?: met (?:u|je|jullie))?|hopelijk gaat alles goed"
        r"|(?:even )?(?:een )?(?:kort|klein|snel)e? vraag(?:je)?|sorry|pardon|excuses"
        r"|neem me niet kwalijk|ik ben (?:hier )?nieuw(?: hier)?|gelukkig nieuwjaar"
        r"|mijn naam is [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)"
    ),
    offering=(
        rf"(?:kunt u|kan u|kun je|kan je|kunnen jullie|kan iemand) (?:mij|me"
        rf"|ons){_PLEASE_NL} helpen"
        r"|ik heb (?:een|nog een|een paar|twee)(?: kleine| korte)? (?:vraag|vraagje|vragen"
        r"|probleem)"
        r"|ik heb hulp nodig|help(?: me)?|mag ik(?: (?:u|je|jullie))?(?: iets)? vragen"
    ),
    thanks=(
        r"(?:nee,? |ok(?:é)?,? |super,? )?(?:heel (?:erg )?|hartelijk |alvast )?(?:bedankt"
        r"|dank(?: (?:je|u)"
        r"(?: wel)?)?|dankjewel|dankuwel|thanks)(?: (?:alvast|zeer|nogmaals|hoor))*"
        rf"(?: voor{REST})?|dat helpt(?: (?:mij|me|erg))*|bij voorbaat dank|met dank"
    ),
    closing=(
        r"(?:met )?(?:(?:vriendelijke|hartelijke|beste|lieve|veel) )?groet(?:en|jes)?"
        rf"|mvg|hoogachtend|ik (?:kijk uit|zie uit|hoor graag){REST}|alle goeds"
    ),
    bye=(
        r"doei+|dag hoor|tot (?:ziens|later|snel|morgen|de volgende keer)"
        r"|(?:nog )?een (?:fijne|prettige|goede) (?:dag|avond|week|weekend)(?: (?:nog|verder))?"
        r"|(?:fijne|prettige) (?:dag|avond)(?: (?:nog|verder))?|fijn weekend|welterusten"
    ),
    ok=(
        r"ok(?:é|ay)?|oké|prima|goed|top|super|fijn|mooi|helder|duidelijk|begrepen|akkoord|ja"
        r"(?: (?:graag|hoor|natuurlijk))?|jazeker|nee|neen|klopt|precies|in orde|perfect|geweldig"
        r"|graag|snap ik|ik snap het"
    ),
    how_are_you=(
        r"(?:en )?hoe gaat(?: het|'t)(?: (?:met (?:u|je|jou|jullie)|ermee|vandaag))*"
        r"|hoe is(?: het|'t)"
        r"|alles goed(?: met (?:u|je|jou|jullie))?"
    ),
    who_are_you=(
        r"(?:en )?wie (?:ben je|ben jij|bent u|zijn jullie)|wat (?:ben je|ben jij|bent u)"
        r"|hoe heet (?:je|jij|u)|(?:ben je|ben jij|bent u|is dit|(?:spreek|praat|chat) ik met)"
        rf"(?: een)?(?: echte?)? {_MACHINE_NL}(?: of(?: een)?(?: echte?)? {_MACHINE_NL})?"
        r"|wat (?:kun|kan) (?:je|jij|u)(?: allemaal)?(?: (?:doen|voor me doen))?"
        r"|wat kunt u(?: doen)?"
        r"|waarmee (?:kun|kan) (?:je|u) (?:me |mij )?helpen|met wie (?:spreek|praat|chat) ik"
    ),
    please=(
        r"alstublieft|alsjeblieft|aub|ajb|svp|graag|bedankt|dank (?:je|u)(?: wel)?|alvast bedankt"
    ),
    asking=(
        r"(?:en |maar |of |dus )?(?:wat|hoe|hoeveel|hoelang|wanneer|waar|wie|wiens|waarom|welke?"
        r"|waarheen|waarvoor|waarmee|(?:op|in|aan|bij|voor|met|van|tot|vanaf|sinds|per) (?:welke?"
        r"|wie"
        r"|wanneer|hoeveel|wat)"
        r"|(?:kan|kun|kunt|kunnen|mag|moet|is|zijn|was|heeft|hebben|heb|wordt|worden|zit|zitten"
        r"|geldt"
        r"|bestaat|gaat|leveren|levert|verkopen|verkoopt|accepteren|bieden|biedt|krijg|werkt|doen"
        r"|doet)"
        r" (?:ik|je|jij|u|hij|zij|ze|het|we|wij|jullie|er|de|een|mijn|dit|dat|deze|die|ook|men))"
    ),
    wishing=(
        rf"(?:kunt u|kan u|kun je|kan je|kunnen jullie|kan iemand|zou u|zou je|zou iemand)"
        rf"(?: (?:mij|me|ons))?{_PLEASE_NL}(?: kunnen)? (?:vertellen|zeggen|uitleggen|laten weten"
        r"|aangeven)|ik (?:zou|wil|wilde)(?: (?:graag|even|ook))*(?: willen)? (?:weten|vragen)"
        r"|weet (?:u|je|iemand)(?: (?:misschien|toevallig))?|weten jullie|ik vraag me af"
        r"|(?:mijn|een) vraag(?: is)?(?=[:,])|ik heb een vraag over|vraag over|zeg me"
    ),
    helping=(
        rf"(?:kunt u|kun je|kan iemand) (?:mij|me){_PLEASE_NL} helpen (?:met|om)"
        r"|ik heb hulp nodig (?:met|bij)"
    ),
    wanting=(
        r"(?:ik|wij|we) (?:wil|willen|wilde|wou|zou(?:den)?|moet|moeten)(?: (?:graag|even|nu))*"
    ),
    how="Hoe kan ik {}",
    vague=(
        r"wat (?:kan|moet|zal) ik(?: (?:nu|er|doen|hieraan|eraan))*|wat nu|(?:enig|iemand een)?"
        r" ?(?:idee|ideeën|tips?|suggesties?)|hoe (?:komt|kan) dat|waarom(?: (?:is dat|niet))?|hoe"
        r"|hoe (?:los|verander|doe) ik dat(?: op)?|(?:is|kan) dat(?: (?:normaal|mogelijk|juist))?"
        r"|wat doe ik (?:fout|verkeerd)|wat betekent dat|hoe werkt dat"
    ),
    opening=(
        r"ik|wij|we|mijn|onze?|graag|kan|kunt|kun|de|het|er|u|je|jullie|uw|is|zijn|heeft|hebben|als"
        r"|sinds|en|maar|een|geen|niet"
    ),
)

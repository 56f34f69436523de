"""French and Spanish manners."""

from typing import Final

from answerdesk.answering.message.manners.words import REST, Manners

_PLEASE_FR: Final = r"(?: (?:s'il (?:vous|te) pla[iî]t|svp|stp|juste|peut-être))*"
_MACHINE_FR: Final = (
    r"(?:(?:chat)?bot|robot|machine|ordinateur|ia|humaine?|personne(?: réelle)?|vraie personne)"
)

FRENCH: Final = Manners(
    hello=r"bonjour|bonsoir|salut|coucou|hey|allô|chère?s?|rebonjour|bien le bonjour",
    addressee=(
        r"à (?:tous|toutes|vous)(?: et à tous)?|tout le monde|l'équipe|toute l'équipe"
        r"|(?:mesdames|madame|mesdames et messieurs|monsieur)(?:,? (?:messieurs|monsieur|madame))?"
        r"|messieurs|les amis|service client"
    ),
    pleasantry=(
        r"j'espère que (?:vous allez|tu vas|tout va|tout se passe)(?: très)? bien(?: pour vous)?"
        r"|en espérant que vous allez bien|(?:juste )?(?:une )?(?:petite"
        r"|simple) question(?: rapide)?"
        r"|question rapide|excusez-moi(?: de vous déranger)?|désolée?(?: de vous déranger)?|pardon"
        r"|je suis (?:nouveau|nouvelle)(?: ici)?|bonne année|joyeux noël|mesdames,? messieurs"
        r"|madame,? monsieur|je m'appelle [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)"
        r"|c'est encore moi"
    ),
    offering=(
        rf"(?:pouvez-vous|pourriez-vous|vous pouvez|peux-tu|tu peux){_PLEASE_FR} (?:m'|nous )aider"
        r"|(?:est-ce que )?(?:vous pouvez|quelqu'un peut) m'aider"
        r"|j'(?:ai|aurais)(?: juste)? (?:une|un|des|quelques|deux)(?: petite?)? (?:questions?"
        r"|problème"
        r"|souci)|j'ai besoin d'aide|(?:à l')?aide(?:z-moi)?"
        r"|(?:puis-je|je peux)(?: vous)? poser une question"
    ),
    thanks=(
        r"(?:non,? |ok,? |super,? |parfait,? |un grand |mille )?(?:merci|remerciements)"
        r"(?: (?:beaucoup|bien|à (?:vous|toi)|infiniment|mille fois|encore|quand même))*"
        rf"(?: (?:pour|de){REST})?(?: (?:d'avance|par avance))?"
        rf"|je vous remercie(?: (?:d'avance|par avance|beaucoup))*(?: (?:pour|de){REST})?"
        r"|(?:ça|cela) m'a (?:beaucoup |bien )?aidée?|très utile|c'est (?:très )?(?:gentil|parfait)"
    ),
    closing=(
        r"(?:bien )?cordialement(?: vôtre)?|(?:bien )?(?:amicalement|sincèrement|respectueusement)"
        r"|(?:mes |avec mes )?(?:meilleures|sincères) salutations(?: distinguées)?|salutations"
        r"|(?:bien )?à vous|cdt|bises"
        rf"|(?:dans l'attente|en attente|en attendant){REST}|veuillez{REST}"
    ),
    bye=(
        r"au revoir|à (?:bientôt|plus(?: tard)?|demain|la prochaine)|(?:passez une )?bon(?:ne)?"
        r" (?:journée|soirée|week-end|fin de journée|nuit|après-midi)(?: à (?:vous|tous))?|adieu"
    ),
    ok=(
        r"ok(?:ay)?|d'accord|entendu|très bien|bien(?: sûr)?|parfait|super|génial|compris"
        r"|je (?:vois|comprends)|oui(?:,? (?:s'il (?:vous|te) pla[iî]t|svp|bien sûr|merci))?|ouais"
        r"|non|exact(?:ement)?|c'est (?:bon|noté|clair)|ça marche|noté|top|nickel|cool"
    ),
    how_are_you=(
        r"(?:comment )?(?:ça|ca) va(?: bien)?(?: (?:aujourd'hui|et (?:toi|vous)))?"
        r"|comment (?:allez-vous|vas-tu|tu vas|vous allez)(?: aujourd'hui)?|quoi de neuf"
        r"|(?:vous allez|tu vas) bien"
    ),
    who_are_you=(
        r"(?:qui (?:êtes-vous|es-tu)|(?:vous êtes|t'es|tu es) qui|qu'êtes-vous|qui est-ce)"
        r"(?: exactement)?|comment (?:t'appelles-tu|vous appelez-vous|tu t'appelles)"
        r"|(?:êtes-vous|es-tu|tu es|vous êtes|est-ce que (?:tu es|vous êtes)|est-ce|je parle à)"
        rf"(?: une?)? {_MACHINE_FR}(?: ou(?: une?)? {_MACHINE_FR})?"
        r"|que (?:pouvez-vous|sais-tu|peux-tu|savez-vous) faire(?: pour moi)?"
        r"|comment (?:pouvez-vous|peux-tu) m'aider|à qui (?:je parle|ai-je affaire)"
    ),
    please=r"s'il (?:vous|te) pla[iî]t|svp|stp|merci(?: (?:beaucoup|bien|d'avance))?",
    asking=(
        r"(?:et |mais |ou |alors |donc )?(?:comment|combien|quand|où|qui|que|quoi|quel(?:le)?s?"
        r"|pourquoi|est-ce qu(?:e\b|')|qu'est-ce qu(?:e\b|i\b|')|lequel|laquelle|lesquel(?:le)?s"
        r"|(?:à|de|pour|avec|dans|chez|sur|depuis|jusqu'à|en) (?:qui|quoi|quel(?:le)?s?|quand"
        r"|combien"
        r"|où)|y a-t-il|(?:puis|peut|pouvez|avez|êtes|faites|livrez|proposez|acceptez|vendez|dois"
        r"|faut|doit|existe-t|a-t|est|sont|ai|as|est-il|sera-t|peux|savez|prenez|offrez)-\w{1,5}"
        r"|c'est (?:quoi|combien|quand|où|possible)|vous (?:livrez|avez|faites|acceptez|vendez"
        r"|proposez) \w)"
    ),
    wishing=(
        r"(?:pouvez-vous|pourriez-vous|pourrais-tu|peux-tu|vous pouvez|quelqu'un peut)"
        rf"{_PLEASE_FR} (?:me |m'|nous )?(?:dire|indiquer|expliquer|préciser|renseigner sur"
        rf"|informer"
        r" sur|faire savoir)|(?:je|j') ?(?:voudrais|veux|souhaiterais|souhaite|aimerais)"
        r"(?: bien)? (?:savoir|connaître|demander|comprendre)|savez-vous|sais-tu|je me demande"
        r"|je me demandais|dites-moi|dis-moi|ma question(?: est)?(?=[ :,])"
        r"|j'ai une question (?:sur|concernant|à propos de)|question sur"
    ),
    helping=rf"(?:pouvez-vous|pourriez-vous|peux-tu){_PLEASE_FR} m'aider à",
    wanting=(
        r"(?:je|j'|nous) ?(?:voudrais|veux|souhaiterais|souhaite|aimerais|dois|voulons|souhaitons"
        r"|cherche à|essaie de|voudrions|aimerions)(?: bien)?"
    ),
    how="Comment {}",
    vague=(
        r"que (?:puis-je|dois-je|peut-on) faire|que faire|quoi faire|comment faire|une idée"
        r"|des idées"
        r"|avez-vous une (?:idée|solution)|pourquoi(?: (?:cela|ça))?|comment"
        r"|comment (?:puis-je )?(?:résoudre|régler|corriger|changer|éviter) (?:ça|cela|ce problème)"
        r"|est-ce (?:normal|possible)|c'est (?:normal|possible)|que se passe-t-il"
        r"|d'où vient le problème"
        r"|y a-t-il une solution|qu'est-ce que (?:ça|cela) (?:veut dire|signifie)"
        r"|comment ça (?:marche|fonctionne)"
    ),
    opening=(
        r"je|j'\w{1,20}|nous|on|mon|ma|mes|notre|nos|votre|vos|le|la|les|l'\w{1,20}|il|elle|un"
        r"|une|vous"
        r"|pouvez-vous|pourriez-vous|c'est|ce|si|depuis|et|mais|suite|concernant"
    ),
)

_PLEASE_ES: Final = r"(?: (?:por favor|amablemente))*"
_MACHINE_ES: Final = r"(?:(?:chat)?bot|robot|máquina|ordenador|ia|human[oa]|persona(?: real)?)"

SPANISH: Final = Manners(
    hello=(
        r"hola+|buenos días|buenas(?: (?:tardes|noches))?|buen día|saludos(?=,)|hey"
        r"|estimad[oa]s?(?: señor(?:es|as?)?)?|querid[oa]s?"
    ),
    addressee=(
        r"a todos|a todas|equipo|amig[oa]s?|señor(?:es|as?)?|de nuevo|otra vez|a tod@s|soporte"
        r"|(?:muy )?(?:buenas|buenos días|buenas tardes)|gente|chicos"
    ),
    pleasantry=(
        r"espero que (?:estén?|estéis|se encuentren|todo (?:esté|vaya))(?: (?:muy"
        r"|todos))? ?(?:bien)?"
        r"|(?:solo )?(?:una )?(?:pregunta rápida|preguntita|duda rápida|pequeña (?:pregunta|duda))"
        r"|(?:una|tengo una) (?:consulta|pregunta|duda)|disculpen?(?: (?:la molestia"
        r"|las molestias))?"
        r"|perdón|perdone|perdona|lo siento|soy nuev[oa](?: aquí)?|feliz año(?: nuevo)?"
        r"|feliz navidad|me llamo [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)|soy yo otra vez"
    ),
    offering=(
        rf"(?:me )?(?:puede|podría|puedes|podrías|pueden|podrían)n?{_PLEASE_ES} ayudar(?:me|nos)?"
        r"|tengo (?:una|un|unas|otra|algunas|dos)(?: pequeña)? (?:preguntas?|dudas?|problema"
        r"|consultas?)|necesito(?: (?:su|tu|un poco de))? ayuda|ayuda(?:me)?"
        r"|(?:puedo|podría) (?:hacer(?:le|te)? una pregunta|preguntar(?:le|te)?(?: algo)?)"
    ),
    thanks=(
        r"(?:no,? |ok,? |vale,? |perfecto,? |(?:muchas|muchísimas|mil|much[ao]) )?gracias"
        rf"(?: (?:a (?:usted|ti|ustedes|todos)|igualmente|de nuevo|de antemano))*(?: por{REST})?"
        r"(?: (?:de antemano|por adelantado))?|(?:le|te|les) agradezco(?: mucho)?|muy amable"
        r"|(?:eso|esto) me (?:ayuda|ayudó)(?: mucho)?|muy útil"
    ),
    closing=(
        r"(?:un |muchos )?(?:(?:cordial(?:es)?|atentos?) )?saludos?(?: cordial(?:es)?)?|atentamente"
        rf"|cordialmente|un abrazo|(?:quedo|en espera|a la espera|espero su){REST}"
    ),
    bye=(
        r"adi[oó]s|hasta (?:luego|pronto|mañana|la próxima|la vista)|chao|chau|nos vemos"
        r"|(?:que (?:tenga|tengas|tengan|pase|pases) )?(?:un )?buen(?:a)? (?:día|tarde|noche"
        r"|fin de semana)"
    ),
    ok=(
        r"ok(?:ay|ey)?|vale|de acuerdo|(?:muy )?bien|entendido|entiendo|perfecto|genial|claro"
        r"|s[ií](?:,? (?:por favor|claro|gracias))?|no|exacto|correcto|listo|estupendo|bueno"
        r"|excelente"
        r"|está bien|ya veo"
    ),
    how_are_you=(
        r"¿?(?:y )?(?:qué tal(?: (?:estás?|está usted|todo))?|cómo (?:estás?|están|está usted"
        r"|te va|le va"
        r"|va todo|va)(?: hoy)?|todo bien)"
    ),
    who_are_you=(
        r"¿?(?:(?:y )?(?:tú )?(?:quién|qué) (?:eres|es usted)(?: (?:tú|exactamente))?"
        r"|cómo te llamas"
        r"|cómo se llama usted"
        rf"|(?:eres|es usted|es esto|hablo con|estoy hablando con)(?: una?)? {_MACHINE_ES}"
        rf"(?: o(?: una?)? {_MACHINE_ES})?|qué (?:puedes|puede|sabes) hacer(?: por mí)?"
        r"|(?:cómo|en qué) (?:puedes|puede) ayudarme|con quién (?:hablo|estoy hablando))"
    ),
    please=r"por favor|porfa|(?:muchas )?gracias(?: de antemano)?",
    asking=(
        r"¿|(?:y |pero |o |entonces )?(?:qué|cómo|cuándo|dónde|adónde|quién(?:es)?|cuál(?:es)?"
        r"|cuánt[oa]s?|por qué|(?:a|de|con|para|en|desde|hasta|por) (?:qué|quién|cuál|dónde|cuándo"
        r"|cuánt[oa]s?)|como (?:puedo|se|hago)|donde (?:puedo|está|esta|encuentro)|cuanto (?:cuesta"
        r"|vale|tarda)|(?:hay|tienen|aceptan|venden|envían|ofrecen|puedo|se puede|es posible|hacen"
        r"|existe|debo|tengo que) \w)"
    ),
    wishing=(
        r"¿?(?:me )?(?:puede|podría|puedes|podrías|pueden|podrían)"
        rf"{_PLEASE_ES} (?:decir(?:me)?|indicar(?:me)?|explicar(?:me)?|informar(?:me)?(?: sobre)?)"
        rf"{_PLEASE_ES}"
        r"|(?:quisiera|querría|me gustaría|quiero|necesito) (?:saber|preguntar|conocer|consultar)"
        r"|¿?(?:sabe|sabes|saben)(?: usted)?(?= )|me pregunto|mi pregunta es|tengo una (?:pregunta"
        r"|duda) sobre|una (?:pregunta|duda|consulta) sobre|dígame|dime"
    ),
    helping=rf"¿?(?:me )?(?:puede|podría|puedes|podrías){_PLEASE_ES} ayudar(?:me)? (?:a|con)",
    wanting=(
        r"(?:quiero|quisiera|querría|me gustaría|necesito|queremos|deseo|quería|intento|trato de"
        r"|debo|tengo que)"
    ),
    how="¿Cómo puedo {}",
    vague=(
        r"¿?(?:qué (?:puedo|debo|tengo que) hacer|qué hago(?: ahora)?|alguna (?:idea|sugerencia"
        r"|solución)|por qué(?: (?:pasa|es) (?:eso|esto))?|cómo(?: (?:puedo )?(?:solucion|arregl"
        r"|cambi|evit)(?:o|ar)(?:lo)?(?: (?:eso|esto))?)?|es (?:eso |esto )?(?:normal|posible)"
        r"|qué (?:pasa|ocurre|significa (?:eso|esto))|hay (?:alguna )?solución|a qué se debe"
        r"|cómo funciona (?:eso|esto))"
    ),
    opening=(
        r"¿|yo|mi|mis|nuestr[oa]s?|el|la|los|las|un|una|me|se|no|tengo|quiero|quisiera|necesito"
        r"|puedo"
        r"|podría|hay|compré|hice|es|está|si|desde|y|pero|su|sus"
    ),
)

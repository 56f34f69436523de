"""What visitors say in French, Spanish, Italian and Portuguese when they ask for a person."""

from typing import Final

from answerdesk.answering.human_request.phrases import END, Phrases

FRENCH: Final = Phrases(
    somebody=(
        r"humaine?|être humain|personne|quelqu'un|agente?|opérat(?:eur|rice)|conseill(?:er|ère)s?"
        r"|représentante?|employée?|interlocut(?:eur|rice)|responsable|technicien(?:ne)?"
        r"|collaborat(?:eur|rice)s?|collègue|supérieur|manager|directeur|gérant|superviseur"
        r"|chargée? de clientèle|spécialiste|vendeur|membre de (?:l'|votre )équipe"
    ),
    reaching=(
        r"parler|parle|discuter|joindre|contacter|échanger|transférer|dialoguer|communiquer"
        r"|tchatter"
        r"|chatter|tchater|appeler|rediriger|connecter|(?:passez?|transférez?|redirigez?|connectez?"
        r"|dirigez|donnez)[- ]moi|mett(?:ez|re|s)(?:[- ]moi)? en (?:relation|contact|communication)"
        r"|mise? en (?:relation|contact)|me passer|me transférer"
        r"|(?:transférez|transférer|passez|passer|transmettez) (?:ce chat|cette (?:conversation"
        r"|discussion))"
        r"|écrire"
    ),
    wanting=(
        r"veux|voudrais|besoin|faut|préfère|souhaite|souhaiterais|aimerais|exige|demande"
        r"|y a[- ]t[- ]il|il y a"
    ),
    filling=(
        r"à|avec|un|une|des|le|la|les|vrai|vraie|véritable|réel|réelle|de|d|du|au|votre|vos|l|être"
        r"|humain|humaine|service|client|en|contact|s'il|vous|plaît|svp|directement|par|téléphone"
        r"|moi|me|plutôt|autre|aide|l'aide|vite|maintenant|qu|que|avoir|parler|être|par|rappelé"
        r"|obtenir|d'|joindre"
    ),
    connecting=(
        r"(?:passez|passe|transférez|mettez|connectez|redirigez|dirigez)[- ]moi"
        r"|(?:me|nous) (?:passer|transférer|connecter|rediriger"
        r"|mettre(?: en (?:relation|contact|communication))?)"
        r"|être mise? en (?:contact|relation)"
        r"|(?:veux|voudrais|souhaite|souhaiterais|aimerais|puis[- ]je|peux|pourrais[- ]je|dois)"
        r" (?:parler|discuter|échanger|tchatter)"
    ),
    department=(
        r"(?:service (?:clients?|clientèle|après[- ]vente|commercial|technique)|sav"
        r"|support(?: technique)?|assistance|hotline|équipe(?: commerciale| technique)?)"
    ),
    outright=(
        r"(?:agent|conseiller|support|assistance|personne|interlocuteur|aide) (?:humaine?|réelle?)"
        r"|vraie personne|vrai (?:humain|conseiller|agent)|personne réelle"
        r"|pas (?:envie de |vouloir )?(?:parler |discuter |échanger |dialoguer )?"
        rf"(?:à |avec )?(?:une? |ce |cette |le )?(?:(?:ro|chat)?bot|machine|ia)\b{END}"
        r"|il y a (?:vraiment )?quelqu'un(?= (?:là|ici|de disponible|en ligne|derrière)|\W*\Z)"
        r"|y a[- ]t[- ]il quelqu'un(?= (?:là|ici|de disponible|en ligne|derrière|à qui|pour"
        r"|qui (?:peut|pourrait|puisse))|\W*\Z)"
        r"|rappel(?:ez|le)[- ]moi|(?:pouvez|pourriez)[- ]vous me (?:rappeler|faire rappeler)"
        r"|(?:quelqu'un|une (?:vraie )?personne|un (?:agent|conseiller|humain|collègue|technicien)"
        r"|un membre)(?: (?:de|du|chez|d'entre)(?: \w+){1,3}?)?"
        r" (?:peut|pourrait|pourra|va|doit)(?:[- ]il|[- ]elle|[- ]on)?"
        r"(?: bien)? (?:(?:m'|me |nous )(?:rappeler|appeler|aider|contacter|répondre|recontacter)"
        r"|prendre le relais)"
        r"|qu'(?:une? )?(?:vraie )?(?:personne|humain|quelqu'un|agent|conseiller|être humain)"
        r"(?: (?:de|du) (?:\w+ )?\w+)? (?:m'|me |nous |s'occupe)"
        r"|(?:à|avec) qui (?:puis[- ]je|je peux|pourrais[- ]je|peut[- ]on) (?:parler|discuter"
        r"|échanger)"
        r"|être (?:rappelée?|contactée?|recontactée?|aidée?) par"
    ),
    begging=r"s'il vous pla[iî]t|s'il te pla[iî]t|svp|stp",
    polite=(
        r"s'il vous pla[iî]t|s'il te pla[iî]t|svp|stp|vite|rapidement|tout de suite|bonjour|un"
        r"|une|maintenant|merci|vrai|vraie"
    ),
    talked_about=(
        r"combien|attribuer|quels?|quelles?|(?<!quelqu'un )qui (?:est|sont|peut)"
        r"|par personne|autre personne"
        r"|pour (?:une|deux|chaque) personnes?|virtuel"
        r"|(?:mes|nos|les) (?:clients|visiteurs|utilisateurs)|immobilier"
    ),
    purpose=r"pour|qui|à qui|au téléphone|en ligne|au bout du fil|de disponible",
)


SPANISH: Final = Phrases(
    somebody=(
        r"human[oa]s?|personas?|ser humano|alguien|agente|operador(?:a)?|asesor(?:a)?"
        r"|representante|emplead[oa]|encargad[oa]|gestor(?:a)?|responsable|supervisor(?:a)?|gerente"
        r"|ejecutiv[oa]|técnic[oa]|compañer[oa]|jef[ea]|consultor(?:a)?|especialista"
        r"|trabajador(?:a)?"
        r"|teleoperador(?:a)?|miembro del equipo|comercial"
    ),
    reaching=(
        r"hablar(?:le)?|hablo|hable|chatear|contactar(?:me)?|comunicar(?:me|se)?"
        r"|comuní(?:queme|came|quenme)|comun[ií]queme|conectar(?:me)?|con[eé]ct[ae](?:me|nme)?"
        r"|transferir(?:me)?|transfi[eé]r[ae](?:me|nme)|p[aá]s[ae](?:me|nme)|pasarme"
        r"|p[oó]n(?:ga|gan)?me(?: en contacto)?|derivar(?:me)?|der[ií]v[ae](?:me|nme)|conversar"
        r"|charlar|platicar|tratar|dialogar|escribir(?:me)?"
        r"|d[eéaá](?:n)?me|(?:transfier[ae]n?|transferir|pas[ae]n?|deriv[ae]n?)"
        r" (?:este chat|esta (?:conversación|charla))|me (?:comunica|pasa|conecta|transfiere|pone"
        r"|deriva|contacta)n?|fale"
        r"|(?:puede|pueden|podría) (?:pasarme|comunicarme|conectarme|transferirme|ponerme)"
    ),
    wanting=(
        r"quiero|necesito|quisiera|prefiero|exijo|deseo|querría|me gustaría|solicito|busco|hay"
    ),
    filling=(
        r"con|a|al|un|una|el|la|de|del|real|verdader[oa]|su|sus|tu|tus|vuestro|human[oa]|servicio"
        r"|atención|cliente|por|favor|me|directamente|algún|alguna|otro|ayuda|asistencia|hablar"
        r"|que|ser|atendido|atendida|mejor|ya|ahora"
    ),
    connecting=(
        r"comun[ií](?:queme|came|quenme)|con[eé]ct[ae](?:me|nme)|transfi[eé]r[ae](?:me|nme)"
        r"|p[aá]s[ae](?:me|nme)|p[oó]n(?:ga|gan)?me|der[ií]v[ae](?:me|nme)"
        r"|(?:conectar|transferir|comunicar|pasar|derivar)me"
        r"|(?:quiero|quisiera|necesito|deseo|puedo|podría|me gustaría|querría)"
        r" (?:hablar|chatear|comunicarme|contactar)"
    ),
    department=(
        r"(?:(?:servicio de )?atención al (?:cliente|usuario)|servicio al cliente|servicio técnico"
        r"|soporte(?: técnico)?|ventas|equipo(?: de \w+)?|departamento de \w+)"
    ),
    outright=(
        r"(?:agente|persona|soporte|atención|asesor|asistencia) (?:human[oa]|real|de verdad)"
        r"|no (?:quiero |deseo )?(?:hablar |chatear )?(?:más )?(?:un |con un |con el |con una "
        r"|con )?"
        rf"(?:(?:ro|chat)?bot|máquina)s?{END}"
        r"|hay alguien(?= (?:ahí|aquí|disponible|real|en línea|que|con quien)|\W*\Z)"
        r"|ll[aá]m(?:e|en|a|ad)me|(?:pueden|puede|podr[ií]an?|podéis|puedes) (?:ustedes )?"
        r"(?:llamarme|contactarme|devolverme la llamada)"
        r"|que (?:me|nos) (?:llame|contacte)n?\b"
        r"|que (?:me|nos) (?:atienda|ayude|responda|conteste|hable)"
        r" (?:alguien|un[ao]? (?:persona|human[oa]|agente|asesor|ser humano))"
        r"|(?:alguien|una persona|un humano|un agente|un asesor)(?: (?:de|del|real"
        r"|en)(?: \w+){0,2}?)?"
        r" (?:me )?(?:puede|podría|pueda|podrá)(?: \w+)?"
        r" (?:llamar|atender|ayudar|contactar|contestar|responder)(?:me|nos)?\b"
        r"|(?:me|nos) (?:puede|podría|pueden) (?:atender|ayudar|llamar|contestar|hablar)"
        r" (?:alguien|un[ao]? (?:persona|human[oa]|agente|asesor))"
        r"|(?:puede|podría) (?:atenderme|ayudarme|llamarme|contactarme|contestarme)"
        r" (?:alguien|un[ao]? (?:persona|human[oa]|agente|asesor))"
        r"|(?:ser )?atendid[oa] por (?:alguien|un[ao]? )"
        r"|con quién (?:puedo|podría|podemos) (?:hablar|chatear|comunicarme|contactar)"
        r"|que (?:alguien|un[ao]? (?:persona|human[oa]|agente|asesor(?:a)?|operador(?:a)?"
        r"|empleado))"
        r"(?: (?:real|human[oa]|de verdad))? (?:me|nos) "
        r"|(?:un agente|una persona|un humano|alguien) (?:puede|podría) (?:seguir|continuar|tomar"
        r"|retomar)"
        r"|me (?:llaman|llamáis|llaman?) (?:por favor|porfa)"
    ),
    begging=r"por favor|porfa|porfavor",
    polite=r"por favor|porfa|porfavor|hola|un|una|ya|ahora|real|de verdad|buenas|gracias",
    talked_about=(
        r"cu[aá]nt[oa]s?|asignar|qui[eé]n(?:es)? (?:es|son|puede)|qué (?:empleados|personas|hace"
        r"|es)"
        r"|por persona|otra persona|para (?:una|dos|cada) personas?|más de una"
        r"|(?:mis|nuestros|los) (?:clientes|visitantes|usuarios)"
    ),
    purpose=r"que|para|quien|al teléfono|por teléfono",
)


ITALIAN: Final = Phrases(
    somebody=(
        r"uman[oa]|essere umano|persona|qualcuno|agente|operat(?:ore|rice|ori)|consulente"
        r"|addett[oa]|responsabile|impiegat[oa]|collaborat(?:ore|rice)|tecnico|collega|dipendente"
        r"|rappresentante|supervisore|direttore|titolare|capo|incaricat[oa]|specialista|referente"
        r"|membro del (?:vostro )?(?:team|staff)"
    ),
    reaching=(
        r"parlare|parlo|chattare|chatto|contattare|discutere|comunicare|conversare|interagire"
        r"|dialogare"
        r"|mettermi in (?:contatto|comunicazione)|mett(?:a|i|e|ete|ete)temi in contatto"
        r"|mett(?:i|ete)mi in contatto|mi (?:metta|metti|mettete|mette) in contatto"
        r"|passa(?:mi|temi)|passarmi|mi pass[ia]|collega(?:rmi|temi)|mi collegh?[ia]"
        r"|trasferi(?:rmi|temi|scimi)|mi trasferisc[ae]|sentire|scrivere|dammi"
        r"|(?:trasferite|trasferisca|trasferire|passate|passi) questa (?:chat|conversazione)"
        r"|f(?:ate|am)mi parlare"
        r"|mi (?:può|puo|puoi|potete|potrebbe|potreste) (?:passare|collegare|trasferire"
        r"|mettere in contatto)|chiamare|contatto"
    ),
    wanting=(
        r"voglio|vorrei|bisogno|c'è|posso avere|serve|desidero|preferisco|preferirei|pretendo"
        r"|cerco|datemi"
    ),
    filling=(
        r"con|a|ad|all|un|una|uno|il|la|lo|l|i|vero|vera|reale|del|di|da|d|umano|umana|vostro"
        r"|vostra|vostri|suo|sua|qualche|al|alla|dal|direttamente|per|favore|in|carne|ossa|altro"
        r"|parlare|subito|aiuto|assistenza|l'aiuto|essere"
    ),
    connecting=(
        r"mi (?:passi|passa|colleghi|collega|trasferisca|trasferisce|metta)"
        r"(?: in contatto)?|(?:passa|collega|trasferi|metti)(?:temi|mi)(?: in contatto)?"
        r"|(?:passar|collegar|trasferir|metter)mi(?: in contatto)?"
        r"|(?:vorrei|voglio|posso|potrei|desidero|devo|mi faccia|fatemi) (?:parlare|chattare)"
    ),
    department=(
        r"(?:(?:servizio )?(?:assistenza|supporto)(?: clienti| tecnic[ao])?|servizio clienti"
        r"|(?:vostro )?team|ufficio \w+|customer service)"
    ),
    outright=(
        r"(?:operatore|persona|assistenza|supporto|consulente) (?:uman[oa]|reale|ver[oa])"
        r"|vera persona|vero operatore"
        r"|c'è qualcuno(?= (?:lì|qui|là|online|disponibile|con cui|che)|\W*\Z)"
        r"|non (?:voglio )?(?:parlare |chattare )?(?:un |con un |con il |con una |con )?"
        rf"(?:(?:ro|chat)?bot|macchina)\b{END}"
        r"|(?:potete|può|potreste|potrebbe|puoi) (?:richiamarmi|chiamarmi|ricontattarmi"
        r"|farmi (?:ri)?chiamare)|richiamatemi|chiamatemi|mi (?:richiami|richiamate|ricontatti)\b"
        r"|(?:qualcuno|una persona|un (?:operatore|addetto|umano|tecnico|collega))"
        r"(?: (?:di|del|della|dal)(?: \w+){1,2}?)?"
        r" (?:può|potrebbe|puo|deve)(?: \w+)?"
        r" (?:aiutarmi|contattarmi|chiamarmi|richiamarmi|rispondermi|assistermi|aiutarci)"
        r"|(?:può|potrebbe|puo) (?:aiutarmi|contattarmi|chiamarmi|richiamarmi|rispondermi)"
        r" (?:qualcuno|una persona|un (?:vostro )?(?:operatore|addetto|umano|essere umano|collega"
        r"|responsabile))"
        r"|(?:contattat|richiamat|chiamat|ricontattat|assistit|seguit|aiutat)[oa] da"
        r" (?:qualcuno|una?|un')"
        r"|(?:vorrei|voglio|desidero|posso|potrei|preferirei) essere (?:ri|ricon)?"
        r"(?:chiamat|contattat|assistit|aiutat)[oa]"
        r"|con chi (?:posso|potrei|possiamo) (?:parlare|chattare)"
        r"|che (?:mi|ci) (?:risponda|aiuti|chiami|richiami|contatti|assista|parli)"
        r" (?:qualcuno|una persona|un)"
        r"|che (?:qualcuno|una persona|un operatore)(?: \w+){0,2} (?:mi|ci) "
    ),
    begging=r"per favore|per piacere",
    polite=r"per favore|per piacere|perfavore|grazie|ciao|salve|un|una|ora|subito|reale|buongiorno",
    talked_about=(
        r"quant[aeio]|assegnare|quali|chi (?:è|sono|può)|per persona|a persona|un'altra persona"
        r"|per (?:una|due|ogni) person[ae]"
        r"|(?:miei|nostri|i) (?:clienti|visitatori|utenti)|a cosa serve"
    ),
    purpose=r"per|che|con cui|al telefono",
)


PORTUGUESE: Final = Phrases(
    somebody=(
        r"human[oa]|ser humano|pessoa|algu[ée]m|agente|atendente|operador(?:a)?|consultor(?:a)?"
        r"|assistente|representante|funcionári[oa]|gerente|responsável|supervisor(?:a)?|colega"
        r"|técnic[oa]|especialista|vendedor(?:a)?|gestor(?:a)?|colaborador(?:a)?|chefe|encarregado"
        r"|membro da equip[ea]|gente(?: de verdade| real)"
    ),
    reaching=(
        r"falar|falo|fala|conversar|converso|contatar|contactar|transferir|transfer[ei]|transfira"
        r"(?:[- ]me)?|passe[- ]me|passa[- ]me|me pass[ae]|passar|conectar|conect[ae](?:[- ]me)?"
        r"|me d[áêae]|d[êe][- ]me|(?:transfira|transferir|passe|passa) (?:est[ea]"
        r"|ess[ea]) (?:chat|conversa)"
        r"|escrever|me (?:coloque|coloca|ponha) em contato|ponha[- ]me em contacto|ligue[- ]me"
        r"|cham[ae]r?"
        r"|encaminh[ae](?:[- ]me)?|dialogar|tratar|teclar"
    ),
    wanting=(r"quero|preciso(?: de)?|queria|gostaria(?: de)?|prefiro|desejo|exijo|solicito|há|tem"),
    filling=(
        r"com|a|um|uma|o|de|do|da|real|verdade|verdadeir[oa]|seu|sua|vosso|human[oa]|ao|para|por"
        r"|favor|algum|alguma|me|diretamente|outro|pra|pro|dum|duma|falar|ser|atendido|atendida"
        r"|ajuda|agora|logo"
    ),
    connecting=(
        r"transfira|transfere|encaminhe|me (?:transfir?[ae]|transfere|passe|passa|conecte|conecta"
        r"|encaminhe|coloque em contato"
        r"|coloca em contato)|(?:passe|passa|conecte|transfira|ponha|ligue)[- ]me(?: em contacto)?"
        r"|(?:quero|queria|preciso|gostaria de|posso|poderia|desejo) (?:falar|conversar)"
    ),
    department=(
        r"(?:suporte(?: técnico)?|atendimento(?: ao cliente)?|apoio ao cliente|sac|vendas"
        r"|assistência(?: técnica)?|equip[ea](?: de \w+)?)"
    ),
    outright=(
        r"(?:atendente|pessoa|atendimento|suporte|agente) (?:human[oa]|real|de verdade)"
        r"|(?:há|tem) algu[ée]m(?= (?:aí|aqui|disponível|online|que|com quem|para)|\W*\Z)"
        r"|não (?:quero )?(?:falar |conversar )?(?:um |com um |com o |com uma |com )?"
        rf"(?:(?:ro|chat)?bot|robôs?|máquina)\b{END}"
        r"|(?:podem|pode|poderiam?|podes) (?:me ligar|ligar[- ]me|me retornar|ligar (?:para"
        r"|pra) mim"
        r"|me contatar|contactar[- ]me)|me ligu?em?\b|liguem?[- ]me"
        r"|(?:que )?(?:algu[ée]m|uma pessoa|um (?:humano|atendente|agente|colega))"
        r"(?: (?:da|do|de)(?: \w+){1,2}?)?(?: (?:pode|poderia|possa|possam|consegue))?"
        r" (?:me )?(?:ligue|ligar|ajude|ajudar|contate|contatar|contacte|atenda|atender|responda"
        r"|responder)(?:[- ]me)?\b"
        r"|(?:ser )?atendid[oa] por (?:algu[ée]m|um|uma) "
        r"|com quem (?:posso|poderia|eu posso|consigo) (?:falar|conversar)"
        r"|que (?:algu[ée]m|uma? (?:pessoa|humano|atendente|agente)) (?:me|nos) "
    ),
    begging=r"por favor|pfv",
    polite=r"por favor|pfv|pf|olá|oi|um|uma|agora|já|real|de verdade|obrigad[oa]|bom dia",
    talked_about=(
        r"quant[oa]s?|atribuir|quem (?:é|são|pode)|quais|por pessoa|outra pessoa"
        r"|para (?:uma|duas|cada) pessoas?|(?:meus|nossos|os) (?:clientes|visitantes|usuários)"
    ),
    purpose=r"que|para|pra|com quem|no telefone|ao telefone",
)

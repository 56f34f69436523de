"""Italian and Portuguese manners."""

from typing import Final

from answerdesk.answering.message.manners.words import REST, Manners

_PLEASE_IT: Final = r"(?: (?:per favore|per cortesia|gentilmente|cortesemente))*"
_MACHINE_IT: Final = (
    r"(?:(?:chat)?bot|robot|macchina|computer|ia|uman[oa]|persona(?: (?:reale|vera))?)"
)

ITALIAN: Final = Manners(
    hello=(
        r"ciao|salve|buon(?:giorno|asera|pomeriggio)|buon (?:giorno|pomeriggio)|buona sera"
        r"|gentil[ei](?: (?:signor[ie]|signora|team|servizio clienti))?|egregi[o]?"
        r"(?: signor[ie])?|spett\.?le|car[oaie]|hey|ehi"
    ),
    addressee=(
        r"a tutt[ie]|tutt[ie]|team|signor[ie]|signora|ragazzi|di nuovo|ancora|amici"
        r"|servizio clienti"
    ),
    pleasantry=(
        r"spero (?:che )?(?:stiate|stia|vada|tutto vada|tu stia"
        r"|vi troviate)(?: tutti)?(?: tutto)? bene"
        r"|(?:solo )?(?:una )?(?:domanda (?:veloce|rapida)|domandina|piccola domanda)"
        r"|scus[iate]{1,3}(?:mi)?(?: (?:il|per il) disturbo)?|mi scus[i]|perdon[i]?"
        r"|sono nuov[oa](?: qui)?|buon anno|buon natale"
        r"|mi chiamo [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)|sono ancora io"
    ),
    offering=(
        rf"(?:mi )?(?:può|puoi|potrebbe|potresti|potete|potreste){_PLEASE_IT} (?:aiutarmi|aiutare"
        r"|darmi una mano)|ho (?:una|un|alcune|un'altra|due)(?: piccola)? (?:domand[ae]|problema"
        r"|richiesta)|ho bisogno di(?: (?:un|il vostro|un po' di))? ?aiuto|aiuto|avrei una domanda"
        r"|posso (?:chiedere|fare una domanda|farvi una domanda)"
    ),
    thanks=(
        r"(?:no,? |ok,? |perfetto,? |(?:molte|tante|mille) )?grazie"
        rf"(?: (?:mille|tante|infinite|a (?:lei|te|voi|tutti)|ancora|lo stesso))*(?: (?:per|di"
        rf"|del|della"
        rf"|dell'){REST})?(?: (?:in anticipo|anticipatamente))?|vi ringrazio(?: (?:molto"
        rf"|in anticipo))*"
        r"|la ringrazio(?: (?:molto|in anticipo))*|molto (?:gentile|utile)"
        r"|(?:questo )?mi (?:è|ha) (?:stato )?(?:molto )?(?:utile|aiutato)"
    ),
    closing=(
        r"(?:i (?:miei )?)?(?:(?:cordiali|distinti|cari|tanti|migliori) )?saluti|cordialmente"
        rf"|un (?:saluto|caro saluto)|(?:resto in attesa|in attesa|attendo|aspetto){REST}"
    ),
    bye=(
        r"arrivederci|arrivederla|a (?:presto|dopo|domani|più tardi)|ci vediamo|ciao ciao"
        r"|(?:le |vi |ti )?(?:auguro )?(?:una )?buona (?:giornata|serata|notte|settimana)|addio"
        r"|buon (?:weekend|fine settimana|lavoro)|buonanotte"
    ),
    ok=(
        r"ok(?:ay|ey)?|va bene|d'accordo|(?:molto )?bene|capito|ho capito|perfetto|ottimo|certo"
        r"|s[iì](?:,? (?:grazie|per favore|certo))?|no|esatto|giusto|benissimo|fantastico"
        r"|tutto chiaro"
        r"|chiaro|bravo"
    ),
    how_are_you=(
        r"(?:e )?come (?:stai|sta|state|va|ti va|vanno le cose)(?: (?:oggi|lei|tu))?|tutto bene"
        r"|come butta"
    ),
    who_are_you=(
        r"(?:e )?(?:tu )?chi (?:sei|è lei|siete)(?: (?:tu|esattamente))?|(?:che )?cosa sei"
        r"|come ti chiami|come si chiama lei"
        rf"|(?:sei|è|parlo con|sto parlando con)(?: un[ao']?)? ?{_MACHINE_IT}"
        rf"(?: o(?: un[ao']?)? ?{_MACHINE_IT})?|(?:che )?cosa (?:sai|puoi|può) fare(?: per me)?"
        r"|come (?:puoi|può) aiutarmi|con chi (?:parlo|sto parlando)"
    ),
    please=r"per (?:favore|piacere|cortesia)|grazie(?: mille)?(?: in anticipo)?",
    asking=(
        r"(?:e |ma |o |allora |quindi )?(?:che|cosa|che cosa|come|quando|dove|chi|quale|quali|qual"
        r"|quant[oaie]|perché|perche|dov'è|com'è|qual è|cos'è"
        r"|(?:a|di|da|con|per|in|su|entro|fino a) (?:che|cosa|chi|quale|quali|quando|quant[oaie]"
        r"|dove)"
        r"|(?:posso|si può|è possibile|avete|accettate|vendete|spedite|offrite|c'è|ci sono|esiste"
        r"|devo|fate|consegnate) \w)"
    ),
    wishing=(
        r"(?:mi )?(?:può|puoi|potrebbe|potresti|potete|potreste|sapete|sa|sapreste|saprebbe)"
        rf"{_PLEASE_IT} (?:dir(?:mi|e|ci)|indicar(?:mi|e)|spiegar(?:mi|e))"
        r"|(?:vorrei|volevo|voglio|desidero)(?: (?:solo|anche))? (?:sapere|chiedere|chiedervi"
        r"|capire"
        r"|conoscere)|(?:sapete|sa|sai)(?= (?:se|dove|come|quando|quanto|chi|cosa|quale))|mi chiedo"
        r"|mi chiedevo|la mia domanda è|ho una domanda (?:su|sul|sulla|riguardo)|ditemi|dimmi"
        r"|mi dica"
    ),
    helping=rf"(?:mi )?(?:può|puoi|potrebbe|potete){_PLEASE_IT} (?:aiutarmi|aiutare) (?:a|con)",
    wanting=(
        r"(?:vorrei|voglio|devo|dovrei|desidero|vorremmo|vogliamo|ho bisogno di|cerco di|provo a)"
    ),
    how="Come posso {}",
    vague=(
        r"(?:che )?cosa (?:posso|devo|dovrei) fare|che (?:posso |devo )?(?:fare|faccio)"
        r"|qualche (?:idea"
        r"|suggerimento|consiglio)|idee|perché|come mai|come(?: (?:posso )?(?:risolver|cambiar"
        r"|evitar)lo"
        r"| (?:posso )?(?:fare|risolvo))?|è (?:normale|possibile)|cosa succede|c'è una soluzione"
        r"|(?:che )?cosa significa|come funziona"
    ),
    opening=(
        r"io|il|la|le|lo|gli|i|l'\w{1,20}|mi|mio|mia|ho|non|vorrei|posso|potrei|avete|è|c'è|sono"
        r"|un|una"
        r"|se|da|e|ma|abbiamo|nostr[oaie]|vostr[oaie]|devo"
    ),
)

_PLEASE_PT: Final = r"(?: (?:por favor|por gentileza))*"
_MACHINE_PT: Final = r"(?:(?:chat)?bot|robô|robot|máquina|computador|ia|human[oa]|pessoa(?: real)?)"

PORTUGUESE: Final = Manners(
    hello=(
        r"ol[áa]|oi+|bom dia|boa (?:tarde|noite)|boas|prezad[oa]s?(?: senhor(?:es|as?)?)?"
        r"|car[oa]s?(?: senhor(?:es|as?)?)?|exmos?\.? senhores|alô|e aí|viva(?=[,!])"
    ),
    addressee=(
        r"a tod[oa]s|tod[oa]s|pessoal|gente|equipe|equipa|senhor(?:es|as?)?|amig[oa]s?|de novo"
        r"|novamente|outra vez|galera"
    ),
    pleasantry=(
        r"espero que (?:esteja|estejam|vocês estejam|você esteja|tudo esteja)(?: tudo| todos)? bem"
        r"|(?:só |apenas )?(?:uma )?(?:pergunta rápida|dúvida rápida|perguntinha"
        r"|pequena (?:pergunta"
        r"|dúvida))|desculpe?(?:m)?(?: (?:o|pelo) (?:incômodo|incómodo))?|perdão|com licença"
        r"|sou nov[oa](?: aqui)?|feliz ano novo|feliz natal"
        r"|(?:meu nome é|o meu nome é|chamo-me) [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)"
    ),
    offering=(
        rf"(?:você |vocês )?(?:pode|poderia|podem|poderiam"
        rf"|podes){_PLEASE_PT} (?:me )?ajudar(?:-me)?"
        r"|(?:tenho|tinha) (?:uma|um|umas|algumas|outra|duas)(?: pequena)? (?:perguntas?|dúvidas?"
        r"|problema|questão|questões)|(?:preciso|precisava) de(?: (?:uma|sua))? ?ajuda|ajuda"
        r"|posso (?:fazer uma pergunta|perguntar)"
    ),
    thanks=(
        r"(?:não,? |ok,? |perfeito,? |muit[oíi]ss?imo |muito |mil )?(?:obrigad[oa]s?|obg|brigad[oa]"
        r"|valeu|agradeço|agradecid[oa])(?: (?:desde já|mesmo|novamente|de novo|a (?:você|todos)"
        rf"|na mesma))*(?: (?:por|pelo|pela|pelos|pelas){REST})?(?: (?:desde já|antecipadamente))?"
        r"|(?:isso|isto) (?:me )?ajud(?:a|ou)(?:-me)?(?: muito)?|muito útil|muito gentil"
    ),
    closing=(
        r"(?:com os )?(?:(?:melhores|meus) )?cumprimentos|atenciosamente|att|cordialmente|saudações"
        rf"|(?:um )?abraços?|grat[oa]|(?:fico no aguardo|aguardo|fico à espera|no aguardo){REST}"
    ),
    bye=(
        r"tchau(?: tchau)?|adeus|até (?:logo|breve|já|amanhã|mais|a próxima)|(?:(?:tenha(?:m)? )?um"
        r" (?:bom|ótimo) (?:dia|trabalho)|(?:um )?(?:bom|ótimo) fim de semana)(?: para (?:si|você"
        r"|vocês))?"
        r"|(?:tenha(?:m)? )?uma boa (?:tarde|noite|semana)"
    ),
    ok=(
        r"ok(?:ay)?|está bem|tá (?:bom|bem|certo)|certo|(?:muito )?bem|entendi|entendido|percebi"
        r"|perfeito"
        r"|ótimo|claro|sim(?:,? (?:por favor|claro|obrigad[oa]))?|não|exat(?:o|amente)|beleza"
        r"|combinado"
        r"|de acordo|legal|excelente|com certeza|isso"
    ),
    how_are_you=(
        r"(?:e )?(?:tudo (?:bem|bom|certo)(?: (?:com (?:você|vocês|voce)|contigo|aí))?"
        r"|como (?:vai|está|estás|estão|vão)(?: (?:você|vocês|tudo|hoje))?)"
    ),
    who_are_you=(
        r"(?:e )?quem (?:é (?:você|o senhor)|és(?: tu)?|está aí|são vocês)|o que (?:é você"
        r"|és(?: tu)?"
        r"|você é)|você é quem|como (?:você se chama|te chamas|se chama)|(?:qual é o )?(?:seu"
        r"|teu) nome"
        rf"|(?:você é|és|é|estou falando com|estou a falar com|falo com)(?: uma?)? {_MACHINE_PT}"
        rf"(?: ou(?: uma?)? {_MACHINE_PT})?|o que (?:você |é que )?(?:pode|podes|sabe"
        rf"|consegue) fazer"
        r"(?: por mim)?|como (?:você )?(?:pode|podes) (?:me )?ajudar(?:-me)?"
        r"|com quem (?:eu )?(?:falo"
        r"|estou falando|estou a falar)"
    ),
    please=r"por favor|pfv|obrigad[oa](?: desde já)?|se faz favor",
    asking=(
        r"(?:e |mas |ou |então )?(?:o que|que|qual|quais|como|quando|onde|aonde|quem|quant[oa]s?"
        r"|por que|porque|porquê|(?:a|de|com|para|em|desde|até|por) (?:que|quem|qual|quais|onde"
        r"|quando"
        r"|quant[oa]s?)|(?:posso|pode-se|é possível|vocês|há|existe|tem|têm|aceitam|vendem|enviam"
        r"|oferecem|entregam|preciso|devo|fazem|dá para) \w)"
    ),
    wishing=(
        r"(?:você |vocês )?(?:pode|poderia|podem|poderiam|podia|podes)"
        rf"{_PLEASE_PT} (?:me )?(?:dizer|informar|explicar|indicar)(?:-me)?{_PLEASE_PT}"
        r"|(?:gostaria de|queria|quero|gostava de|preciso)(?: só)? (?:saber|perguntar|entender"
        r"|conhecer)"
        r"|(?:você sabe|sabe|sabem|vocês sabem)(?= (?:se|onde|como|quando|quanto|quem|qual))"
        r"|(?:eu )?me pergunto|minha pergunta é|tenho uma (?:pergunta|dúvida) sobre"
        r"|uma (?:pergunta|dúvida) sobre|diga-me|me diga"
    ),
    helping=(
        rf"(?:você |vocês )?(?:pode|poderia|podem){_PLEASE_PT} (?:me )?ajudar(?:-me)? (?:a|com)"
    ),
    wanting=(
        r"(?:eu )?(?:quero|queria|gostaria de|gostava de|preciso(?: de)?|queremos|desejo|tento"
        r"|tenho que|devo|estou tentando)"
    ),
    how="Como posso {}",
    vague=(
        r"o que (?:posso|devo|tenho que|eu) (?:fazer|faço)|que fazer|o que faço(?: agora)?"
        r"|alguma (?:ideia|sugestão|solução)|por qu[eê]|porquê|como(?: (?:posso )?(?:resolv|mud"
        r"|evit)"
        r"(?:o|er|ar) (?:isso|isto))?|(?:isso |isto )?é (?:normal|possível)|o que (?:houve"
        r"|aconteceu"
        r"|se passa|significa (?:isso|isto))|há (?:alguma )?solução|como funciona (?:isso|isto)"
    ),
    opening=(
        r"eu|o|a|os|as|meu|minha|meus|minhas|nosso|nossa|um|uma|não|tenho|quero|queria|gostaria"
        r"|preciso"
        r"|posso|há|é|está|se|desde|e|mas|comprei|fiz|vocês|seu|sua"
    ),
)

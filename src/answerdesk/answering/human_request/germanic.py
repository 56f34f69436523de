"""What visitors say in English, German and Dutch when they ask for a person."""

from typing import Final

from answerdesk.answering.human_request.phrases import END, Phrases

ENGLISH: Final = Phrases(
    somebody=(
        r"humans?|humen|human beings?|(?:real|actual|live) (?:persons?|people|humans?|ones?)"
        r"|persons?|people|agents?|operators?|representatives?|reps?|assistants?|advis[oe]rs?"
        r"|consultants?|attendants?|supervisors?|managers?|boss|specialists?|technicians?|experts?"
        r"|staff(?: members?)?|team ?mates?|team members?|members? of (?:the |your )?(?:staff|team)"
        r"|employees?|colleagues?|someone|somebody|anyone|anybody|somone"
        r"|(?:person|one|whoever(?: is)?) in charge"
    ),
    reaching=(
        r"speak(?:ing)?|speal|talk(?:ing)?|chat(?:ting)?|contact(?:ing)?|connect(?:ed|ing)?"
        r"|transfer(?:red)?|reach(?:ing)?|call(?:ing)?|message|discuss (?:this|it|that|my \w+)"
        r"|put (?:me )?(?:through|on|in touch)|get (?:me|in touch|hold)|give me|find me|send me"
        r"|fetch me"
        r"|hand (?:me |this )?(?:over|off)|switch(?: me)?|escalate(?: (?:this|it|me|my \w+))?"
        r"|(?:transfer|pass|forward|hand|move|escalate) (?:over )?(?:this|the) (?:chat"
        r"|conversation|case|issue)"
        r"(?: over| on)?|bring (?:me|in)|pass (?:me|this)(?: on)?|refer me|forward me|let me have"
    ),
    wanting=(
        r"(?:want|need|require|prefer|like|request|demand|where is|where's|is there|are there)"
        r"(?: me)?|(?:can|could|may) (?:i|we)(?: please)? (?:get|have|see)|get"
    ),
    filling=(
        r"me|us|to|too|ot|with|at|of|in|on|over|through|from|a|an|na|the|your|some|any|one|another"
        r"|live|real|actual|human|customer|support|service|sales|bloody|damn|fucking|freaking"
        r"|goddamn|stupid|proper|qualified|available|else|please|pls|directly|now|not|bot|you|there"
        r"|call|have|speak|talk|instead|rather|straight|help|assistance|w|support|by|phone|chat"
    ),
    connecting=(
        r"(?:connect|transfer|redirect|forward|switch|hand|refer)(?:ing)? (?:me|us)"
        r"|(?:put|pass) (?:me|us)|(?:let (?:me|us)|(?:can|could|may) (?:i|we)"
        r"|i(?: would|'d) like to|(?:i|we) (?:want|need) to|i wanna)(?: please)?"
        r" (?:talk|speak|chat)"
    ),
    department=(
        r"(?:customer (?:service|support|care|relations)|(?:tech(?:nical)? )?support|help ?desk"
        r"|sales|billing|accounting|accounts|reception|human resources|hr|team)"
        r"(?: (?:team|department|desk|people))?"
    ),
    outright=(
        rf"(?:want|need|like|prefer|get|with) (?:\w+ ){{0,2}}"
        rf"(?:human|live|real) (?:support|chat|help|assistance)\b"
        rf"|\A\W{{0,3}}(?:(?:hi|hello|please)\W{{1,3}})?(?:live|human|real) (?:chat|support|help"
        rf"|assistance)"
        rf"(?:\W{{1,3}}(?:please|pls|now))?\W*\Z"
        rf"|(?:not|don't want)(?: (?:to )?(?:talk|speak|chat))?(?: (?:a|to|with|to a|with a|any))?"
        rf" (?:ro|chat)?bots?{END}"
        rf"|(?:don't|do not|dont|won't|not going to|refuse to) (?:want to )?(?:talk|speak|chat"
        rf"|deal)"
        rf" (?:to|with) (?:a |an |the |this |some )?(?:stupid )?(?:(?:ro|chat)?bots?|machine|ai)\b"
        rf"|no (?:more )?(?:ro|chat)?bots?{END}|stop the bot"
        r"|(?:is (?:there )?)?any(?:one|body)(?: real| human)? (?:there|here|available|home|around)"
        r"|any (?:real |live |actual )?(?:humans?|people|persons?|agents?|staff)"
        r" (?:there|here|online|available|around)"
        rf"|(?:is|are)(?: there)? (?:an?|any|some|the)(?: real| live| actual)?"
        rf" (?:humans?|people|persons?|agents?|staff|operators?|representatives?|managers?)"
        rf" (?:there|here|online|available|around|free)(?: now| right now| today)?{END}"
        r"|(?:customer (?:service|support|care)|support|sales|billing|your team)(?: team)?"
        r" (?:to |should |must |can |could )?(?:please )?(?:call|contact|ring|phone|email|write to"
        r"|reply to|get back to|get in touch with|reach out to) (?:me|us)\b"
        r"|who can (?:i|we) (?:talk|speak|chat)"
        r"|(?:can|could|would|will|may|have|get|ask|let|want|need|like)"
        r" (?:you (?:please )?(?:have|get|ask|let) )?(?:(?:a|an|the|your|one of your) )?"
        r"(?:real )?(?:someone|somebody|anyone|anybody|person|human|people|agents?|colleagues?"
        r"|representative|manager|member of (?:your|the) (?:team|staff)|advis[oe]r)"
        r"(?: (?:from|of|on|in|at) (?:the |your )?(?:\w+ )?"
        r"(?:team|support|staff|sales|service|company|department))?"
        r"(?: please)?(?: to)?(?: please)? (?:call|ring|phone|help|contact|assist|answer|email"
        r"|write to|reply to|respond to|get back to|get in touch with|reach out to|talk to|speak to"
        r"|talk with|speak with|chat with|take over)(?: with)? ?(?:me|us|this|from here)?\b"
        r"|(?:please )?call me back|give me a call"
        r"|(?:can|could|would|will) an? (?:real |actual |live )?(?:human|person)(?: being)?"
        r"(?: please)? (?:look|check|review|handle|read|see|deal|take care)"
        r"|(?:rather|prefer to|want to|like to|wish to|need to) (?:deal|work|interact|communicate)"
        r" with (?:an? )?(?:real |actual |live )?(?:human|person|people)"
        r"|\A\W{0,3}(?:can |could |please )?(?:someone|somebody|anyone"
        r"|anybody)(?: please)?(?: please)? help\b"
        r"|(?:can|could|will|would) (?:an? |the )?(?:real )?(?:human|person|agent|someone|somebody)"
        r"(?: please)? take over"
    ),
    begging=r"please|pls|plz",
    polite=r"please|pls|plz|now|here|there|hi|hello|hey|a|an|the|asap|real|live|help",
    talked_about=(
        r"how many|assign(?:ed|ing)?|which|whose|what does"
        r"|(?<!someone )(?<!somebody )(?<!anyone )(?<!person )(?<!human )"
        r"who(?! can (?:i|we) (?:talk|speak|chat))"
        r"|number of|cost of|price of|for (?:a|another|one|two|each) (?:person|people)"
        r"|how (?:does|do|would|will|can) (?:the|your|our|an?|it|this|people|customers|visitors)\b"
        r"|(?:can|could|does|do|will|may) (?:an?|the|my|our|your) (?:agents?|operators?|employees?"
        r"|staff|managers?|representatives?|members?|bot)\b"
        r"(?!(?:\W{1,3}\w+){0,12}\W{1,3}(?:me|us)\b)"
        r"|(?:my|our|the|if) (?:customers?|visitors?|users?|clients?|employees)"
    ),
    purpose=r"to|who|that|for|which|i can|we can|with|on the (?:line|phone)",
)


GERMAN: Final = Phrases(
    somebody=(
        r"mensch(?:en)?|person|jemand(?:en|em)?|mitarbeiter(?:in|s|n)?|(?:kunden)?berater(?:in|s)?"
        r"|ansprechpartner(?:in)?|ansprechperson|sachbearbeiter(?:in)?|agent(?:en|in)?|operator"
        r"|kolleg(?:e|en|in)|supporter|bearbeiter(?:in)?|vorgesetzten?|chef(?:in)?|zuständigen?"
        r"|verantwortlichen?|techniker(?:in)?|expert(?:en|in)|fachmann|fachkraft"
        r"|(?:service|support|kundendienst)[- ]?mitarbeiter(?:in)?|teammitglied|menschlichen wesen"
        r"|(?:echten?|richtigen?) leute"
    ),
    reaching=(
        r"sprechen|reden|chatten|telefonieren|verbinde(?:n|t)?(?: sie)?(?: mich| uns)?"
        r"|weiterleiten|kontaktieren|kontakt|erreiche(?:n|)|gib(?:t)? mir|geben sie mir"
        r"|weiterverbinden|durchstellen|übergeben|(?:leite|leiten sie|leitet) (?:mich|uns)"
        r"|stellen sie mich|übergib mich|hol(?:en|e|t)?(?: sie)?(?: mir)?|ruf(?:en|e"
        r"|t)? (?:sie )?mir"
        r"|spreche|rede|dieses gespräch|diesen chat|diese unterhaltung|weiterleitung|verbindung"
        r"|vermittlung|rückruf|austausch|termin"
    ),
    wanting=(
        r"brauche|will|möchte|hätte gern(?:e)?|gibt es|ist (?:da|hier)|wo ist|verlange"
        r"|wünsche(?: mir)?"
        r"|bevorzuge|benötige|bitte um|suche|finde ich|kann ich|kriege ich|bekomme ich|darf ich"
    ),
    filling=(
        r"mit|zu|an|einem|einen|einer|eine|ein|'nem|nem|dem|den|der|ihrem|ihren|ihrer|eurem|euren"
        r"|echten|echter|echtem|realen|richtigen|richtiger|lebenden|lebendigen|menschlichen"
        r"|menschlicher|bitte|mich|mir|von|aus|live|hier|da|auch|gern|gerne|lieber|direkt|jetzt"
        r"|endlich|sofort|dringend|unbedingt|mal|mehr|hilfe|persönlich|anderen|zuständigen"
        r"|anständigen|durch|irgendeinen|ich|haben"
    ),
    connecting=(
        r"verbinde(?:n sie|t|) (?:mich|uns)|(?:leite|leiten sie|leitet) (?:mich|uns)"
        r"|stell(?:en sie|e|t) (?:mich|uns)"
        r"|(?:möchte|will|würde|muss|kann|könnte|darf|wollen|können|möchten) (?:\w+ ){0,2}mit"
        r"|(?:mich|uns)(?: bitte)? (?:an|mit|zum|zur)"
    ),
    department=(
        r"(?:kunden(?:service|dienst|betreuung|support)|(?:technischen? )?support|service(?:team)?"
        r"|vertrieb|hotline|team|technik|buchhaltung)"
        r"(?: (?:sprechen|reden|chatten|telefonieren|verbinden|weiter|weiterleiten|durch))?"
    ),
    outright=(
        r"(?:echte[rnm]?|menschliche[rnm]?|richtige[rnm]?) (?:mensch(?:en)?|person|mitarbeiter"
        r"|ansprechpartner|berater|support|hilfe|unterstützung)"
        rf"|kein(?:en|em)? (?:ro|chat)?bot(?:er|s)?{END}"
        r"|(?:nicht|ungern)(?: \w+){0,2} (?:mit|an) (?:\w+ )?(?:ro|chat)?bot(?:er)?s?\b"
        r"|(?:nicht|ungern)(?: \w+){0,2} mit (?:\w+ )?(?:maschine|ki|computer)\b"
        r"|(?:ist|is) (?:da|hier|dort)(?: \w+)? (?:jemand|wer)\b|jemand (?:da|hier|zu hause)"
        rf"|live[- ]?chat (?:bitte|mit|starten)|(?:bitte|den) live[- ]?chat{END}"
        r"|ruf(?:en|t)? (?:sie )?mich(?: bitte)? (?:an|zurück)|(?:um|bitte) (?:einen )?rückruf"
        r"|rückruf bitte|von mensch zu mensch"
        r"|\A\W{0,3}bitte (?:\w+ ){0,3}?(?:mitarbeiter(?:in)?|menschen|kollegen|kollegin"
        r"|berater(?:in)?|vorgesetzten|chef(?:in)?) (?:holen|rufen|schicken|dazuholen)\b"
        r"|\b(?:mit|zu|bei|an)(?:\W{1,3}(?:einem|einen|einer|eine|'nem|nem|dem|den|der|ihrem|ihren"
        r"|eurem|echten|echter|realen|richtigen|lebenden|lebendigen|menschlichen|menschlicher"
        r"|zuständigen|anderen)){0,3}"
        r"\W{1,3}(?:menschen?|person|jemand(?:en|em)?|mitarbeiter(?:in|n)?"
        r"|(?:kunden)?berater(?:in)?"
        r"|ansprechpartner(?:in)?|sachbearbeiter(?:in)?|agenten|kolleg(?:en|in)|vorgesetzten|chef"
        r"|zuständigen|verantwortlichen|techniker(?:in)?|experten)"
        r"(?:\W{1,3}\w+){0,3}\W{1,3}(?:sprechen|reden|chatten|telefonieren|schreiben|klären"
        r"|besprechen|verbunden|unterhalten|kommunizieren|austauschen)\b"
        r"|(?:mich|uns)(?: bitte)? (?:mit|an|zu)(?:\W{1,3}\w+){0,2}\W{1,3}(?:menschen|person"
        r"|jemand(?:en|em)?|mitarbeiter(?:in)?|(?:kunden)?berater(?:in)?|ansprechpartner(?:in)?"
        r"|kolleg(?:en|in)|vorgesetzten)"
        r"|(?:kann|könnte|könnt|können|soll|sollte|möge|würde)(?: (?:sich|mich|mir|uns|bitte|hier"
        r"|mal|vielleicht|nicht)){0,3}"
        r" (?:jemand|einer (?:von|aus)|ein (?:mensch|mitarbeiter|kollege|berater))(?: \w+){0,6}"
        r" (?:an|zurück)?(?:rufen|helfen|melden|kontaktieren|antworten|kümmern|schreiben"
        r"|weiterhelfen)\b"
        r"|(?:können|könnt|könnten|könntet|kann|würden|würdet) (?:sie|ihr|man|du)"
        r"(?: (?:mich|uns|bitte|mal|kurz|vielleicht|auch)){1,4} (?:an|zurück)rufen\b"
        r"|von (?:einem|einer|ihrem|jemand)(?:em)?(?: (?:echten|richtigen|menschlichen|ihrer))?"
        r"(?: (?:menschen|mitarbeiter(?:in)?|berater(?:in)?|person|kollegen))?(?: \w+)?"
        r" (?:beraten|betreut|bedient|angerufen|kontaktiert|zurückgerufen)"
        r"|(?:beraten|betreut|bedient|angerufen|kontaktiert)(?: werden)?,? von (?:einem|einer"
        r"|jemand)"
        r"|hilft (?:mir|uns)(?: \w+){0,2} (?:jemand|ein (?:mensch|mitarbeiter|kollege|berater))"
        r"|dass (?:mir|mich|sich)(?: \w+)? (?:ein (?:mensch|mitarbeiter)|jemand)"
        r"|mit wem (?:kann|könnte|darf) ich (?:\w+ )?(?:sprechen|reden|chatten)"
        r"|(?:jemand|ein mensch|ein mitarbeiter) (?:soll|muss|möge)(?: \w+){0,3}"
        r" (?:anrufen|zurückrufen|melden|helfen|kontaktieren)"
    ),
    begging=r"bitte",
    polite=r"bitte|danke|hallo|hi|ein|eine|einen|einem|jetzt|sofort|echter|echten|hier|guten tag",
    talked_about=(
        r"wie ?viele|zuweisen|zuordnen|welche[rsnm]?|wessen|wer (?:ist|sind|kann|hat|darf)"
        r"|was kostet|pro person"
        r"|für (?:eine|zwei|jede|mehrere) person(?:en)?|jemand anderes|jemand anderen"
        r"|(?:meine|unsere|die|wenn) (?:kunden|besucher|nutzer|benutzer)"
    ),
    purpose=r"um|der|die|zum|mit dem|mit der|am telefon|haben|sprechen",
)


DUTCH: Final = Phrases(
    somebody=(
        r"mens|persoon|iemand|medewerk(?:er|ster)|adviseur|agent|operator|collega|leidinggevende"
        r"|manager|chef|baas|consulent|deskundige|specialist|technicus|monteur|vertegenwoordiger"
        r"|teamlid"
    ),
    reaching=(
        r"spreken|spreek|praten|praat|chatten|chat|contact|doorverbinden|verbind (?:me"
        r"|mij)(?: door)?"
        r"|zet (?:deze chat|dit gesprek)(?: door)?|bellen|overleggen|geef (?:me|mij)"
        r"|in contact komen|schakel (?:me|mij) door|telefoneren"
    ),
    wanting=r"wil|nodig|graag|zoek|verlang|liever|is er|is hier|heb|mag ik|kan ik|geef",
    filling=(
        r"met|een|echte|echt|de|van|opnemen|menselijke|graag|aan|uw|jullie|je|ik|liever|door|naar"
        r"|gewoon|alsjeblieft|alstublieft|direct|ook|hier|hulp|levende|andere|wil|kan|nu|brengen"
        r"|komen"
        r"|krijgen|even|toch|om|te|hebben"
    ),
    connecting=(
        r"verbind (?:me|mij|ons)(?: (?:door|even))?|schakel (?:me|mij) door"
        r"|(?:wil|kan|mag|moet|zou)(?: \w+){0,2} met|(?:me|mij|ons) (?:doorverbinden|door)"
    ),
    department=(
        r"(?:klantenservice|klantendienst|helpdesk|support|servicedesk|verkoop|technische dienst"
        r"|jullie team)(?: (?:spreken|praten|chatten|doorverbinden))?"
    ),
    outright=(
        r"(?:echte?|menselijke|levende?) (?:mens|persoon|medewerker|hulp|adviseur)"
        r"|is (?:daar|er|hier) iemand(?= (?:aanwezig|beschikbaar|daar|hier|die)|\W*\Z)"
        rf"|(?:geen|niet met een|niet met de) (?:ro|chat)?bot\b(?: (?:praten|spreken"
        rf"|chatten))?{END}"
        r"|(?:kan|mag|wil|zou|graag|moet|hoe)(?: (?:ik|u|je|wij|we|graag|met|de|een|uw|jullie|even"
        r"|ook|hier|echte?|kan|wil|alsjeblieft)){0,6}"
        r" (?:mens|persoon|iemand|medewerk(?:er|ster)|adviseur|agent|collega|leidinggevende|manager"
        r"|chef|baas|specialist)(?: van(?: \w+){1,2}?)?(?: \w+){0,2}"
        r" (?:spreken|praten|chatten|bellen|overleggen)\b"
        r"|(?:ik|wij|we)(?: \w+){0,4} (?:mens|persoon|iemand|medewerk(?:er|ster)|adviseur|collega"
        r"|leidinggevende|manager|chef|baas)(?: van(?: \w+){1,2}?)?(?: \w+){0,2}"
        r" (?:spreken|praten|chatten)\b"
        r"|door (?:een )?(?:echt |echte |menselijke )?(?:mens|medewerker|persoon|iemand|collega)"
        r"(?: \w+)? (?:geholpen|gebeld|teruggebeld|bediend|te woord)"
        r"|met (?:een )?(?:echte? |menselijke )?(?:mens|medewerk(?:er|ster)|persoon|iemand|adviseur"
        r"|collega)(?: \w+){0,2} (?:praten|spreken|chatten)\b"
        r"|dat (?:er )?(?:iemand|een (?:mens|persoon|medewerker))(?: (?:mij|me|ons))?"
        r" (?:antwoordt|helpt|belt|terugbelt|reageert)"
        r"|met wie (?:kan|mag|kunnen) (?:ik|wij|we) (?:\w+ )?(?:praten|spreken|chatten)"
        r"|(?:kunt u|kun je|kunnen jullie|wilt u|wil je)(?: (?:mij|me|ons|even|alsjeblieft)){1,3}"
        r" (?:terug|op)?bellen\b"
        r"|(?:kan|kunnen|zou|zouden|laat|wil|mag)(?: (?:er|alsjeblieft|misschien)){0,2}"
        r" (?:iemand|(?:een|uw|je) (?:collega|medewerker|mens|adviseur|echt persoon))"
        r"(?: van(?: \w+){1,2}?)?(?: (?:kunnen|even|alsjeblieft|contact|met)){0,3}"
        r" (?:mij|me|ons)(?: \w+){0,3}"
        r" (?:terug)?(?:bellen|helpen|contacteren|opnemen|antwoorden|benaderen)\b"
        r"|laat iemand(?: \w+){0,6} (?:opnemen|bellen|helpen)|bel (?:me|mij)(?: \w+)? (?:terug|op)"
        r"|iemand aan de (?:lijn|telefoon)"
    ),
    begging=r"alsjeblieft|alstublieft|aub|graag",
    polite=(
        r"alsjeblieft|alstublieft|aub|ajb|beschikbaar|aanwezig|bereikbaar|graag|hallo|hoi|een|nu"
        r"|echte?|de|goedendag"
    ),
    talked_about=(
        r"hoeveel|toewijzen|welke|(?<!met )wie (?:is|zijn|kan)|per persoon|ander persoon"
        r"|iemand anders"
        r"|voor (?:een|twee|elke) perso(?:on|nen)|(?:onze|de) (?:klanten|bezoekers|gebruikers)"
    ),
    purpose=r"om|die|voor|nodig|aan de lijn|aan de telefoon",
)

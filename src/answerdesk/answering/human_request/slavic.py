"""What visitors say in Polish when they ask for a person."""

from typing import Final

from answerdesk.answering.human_request.phrases import END, Phrases

POLISH: Final = Phrases(
    somebody=(
        r"człowiek(?:iem|a|owi)?|osob(?:ą|y|ę|a)|kimś|kogoś|ktoś|konsultant(?:em|a|owi|ką|ki|kę"
        r"|ka)?"
        r"|agent(?:em|a)?|pracownik(?:iem|a|owi)?|doradc(?:ą|y|ę|a)|operator(?:em|a)?"
        r"|kierownik(?:iem|a)?|menedżer(?:em|a)?|przełożon(?:ym|ego|ą)|specjalist(?:ą|y|ę|a)"
        r"|szef(?:em|a)|technik(?:iem|a)|człowiekowi"
    ),
    reaching=(
        r"porozmawiać|rozmawiać|pogadać|mówić|pomówić|rozmow(?:ę|y|a)|połącz(?:yć|cie|enie)?"
        r"|skontaktować|kontakt(?:u)?|przełącz(?:cie|yć)?|przekieruj(?:cie)?|przekierować"
        r"|czat(?:u)?"
        r"|czatować|daj(?:cie)?|zawołaj(?:cie)?|połączony|połączona|rozmawiał(?:bym|abym)?"
    ),
    wanting=(
        r"chcę|potrzebuję|poproszę|chciał(?:bym|abym)|wolę|żądam|proszę|wolał(?:bym|abym)"
        r"|jest (?:tu|tam|tutaj)|czy jest"
    ),
    filling=(
        r"z|ze|się|żyw(?:ym|y|ego|ą)|prawdziw(?:ym|y|ego|ą|ą)|do|mnie|mi|jak(?:imś|iś|ąś|aś)"
        r"|was(?:z|zym)"
        r"|o|od|państwa|proszę|tu|tam|tutaj|pomocy|pomoc|kontakt|rozmowę|innym|bezpośrednio|teraz"
        r"|na|telefoniczny|telefonicznie"
        r"|osobisty|dostępn(?:y|a)|wolny|jest|chat|czat|o|połączenie|kimkolwiek"
    ),
    connecting=(
        r"(?:połącz|przełącz|przekieruj)(?:cie)?(?: proszę)? (?:mnie|nas)"
        r"|(?:połączyć|przełączyć|przekierować) (?:mnie|nas)|mnie (?:połączyć|przełączyć"
        r"|przekierować)"
        r"|(?:chcę|chciał(?:bym|abym)|mogę|muszę) (?:po)?rozmawiać|o (?:kontakt|rozmowę|połączenie)"
    ),
    department=(
        r"(?:(?:biur\w+ |dział\w* )?obsług\w+(?: klienta)?|pomoc\w+ techniczn\w+|wsparci\w+"
        r"|infolini\w+|dział\w* \w+)"
    ),
    outright=(
        r"żyw(?:ym|y|ego) człowiek\w*|prawdziw(?:ym|y|ego|ą) (?:człowiek\w*|osob\w+)"
        r"|jest tam kto[śs]|jest tu kto[śs]|(?:czy )?jest ktoś(?= (?:tu|tam|dostępny)|\W*\Z)"
        r"|(?:nie|żadnych)(?: chcę)?(?: rozmawiać| gadać| pisać)?(?: z)?(?: żadnym)?"
        rf" (?:bot|robot|maszyn)\w*{END}"
        r"|(?:niech|czy|aby|żeby|może) (?:ktoś|konsultant|pracownik|człowiek)(?: \w+){0,4}"
        r" (?:do mnie|ze mną|mi|do nas)(?: \w+){0,2}"
        r"|(?:niech|czy|aby|żeby|może) (?:ktoś|konsultant|pracownik)(?: \w+){0,3}"
        r" (?:zadzwoni\w*|oddzwoni\w*|skontaktuj\w*|skontaktow\w*|pomóc|pomoże|pomógł)"
        r"|(?:żeby|aby|by|niech)(?: \w+){0,2} (?:zadzwoni|oddzwoni|skontaktowa|odezwa|skontaktuj"
        r"|odpowiedzia|odpisa)\w*"
        r"|czy (?:może|mógłby|mogłaby) (?:mi|nam) (?:pomóc|odpowiedzieć|doradzić)"
        r" (?:ktoś|człowiek|pracownik|konsultant(?:ka)?|doradca)\b"
        r"|z kim (?:mogę|można|mógłbym|mogłabym) (?:po)?(?:rozmawiać|gadać)"
        r"|(?:proszę )?(?:do mnie )?(?:oddzwoni(?:ć|enie)|zadzwońcie)|oddzwońcie"
    ),
    begging=r"proszę|poproszę",
    polite=r"proszę|poproszę|teraz|cześć|dzień dobry|z|żywy|prawdziwy|halo|witam",
    talked_about=(
        r"ile|ilu|przypisać|kto (?:odpowiada|jest|może)|któr(?:zy|a|y|e)|na osobę|za osobę"
        r"|inn(?:ą|a) osob\w+"
        r"|dla (?:dwóch|jednej|każdej)|(?:moi|nasi) (?:klienci|użytkownicy)"
    ),
    purpose=r"aby|żeby|który|która|do|przez telefon",
)

"""Polish manners."""

from typing import Final

from answerdesk.answering.message.manners.words import REST, Manners

_MACHINE: Final = (
    r"(?:(?:chat)?bot(?:em)?|robot(?:em)?|maszyn[aą]|komputer(?:em)?|ai|człowiek(?:iem)?)"
)
_PLEASE: Final = r"(?: (?:proszę|może|pan|pani|państwo|mi|nam))*"

POLISH: Final = Manners(
    hello=(
        r"dzień dobry|dobry wieczór|cześć|czesc|hej|witam(?: (?:serdecznie|państwa))?|witaj(?:cie)?"
        r"|siema|szanowni? (?:państwo|panie|pani)|drodzy|halo"
    ),
    addressee=r"wszystkim|państwu|zespole|wszyscy|ponownie|znowu|panu|pani|ekipo|wam",
    pleasantry=(
        r"mam nadzieję,? że (?:wszystko )?(?:u (?:was|państwa) )?(?:wszystko )?(?:dobrze"
        r"|w porządku)"
        r"|(?:mam )?(?:tylko )?(?:krótkie|szybkie|jedno|małe) pytanie|przepraszam(?: (?:za kłopot"
        r"|że przeszkadzam))?|jestem tu(?:taj)? now[ya]|szczęśliwego nowego roku|wesołych świąt"
        r"|nazywam się [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)"
    ),
    offering=(
        rf"(?:czy )?(?:może|mógłby|mogłaby|możecie|możesz){_PLEASE} pomóc(?: mi)?"
        r"|mam (?:pytanie|pytania|kilka pytań|problem|prośbę|jeszcze jedno pytanie)"
        r"|potrzebuję pomocy|pomocy|pomóżcie|(?:czy )?mogę o coś (?:za)?pytać"
    ),
    thanks=(
        r"(?:nie,? |ok,? |super,? |bardzo |serdecznie |wielkie )?(?:dziękuj(?:ę|e|emy)|dzięki"
        r"|dzieki"
        rf"|dziekuje|dzięks)(?: (?:bardzo|serdecznie|wielkie|z góry|ślicznie))*(?: za{REST})?"
        r"(?: z góry)?|z góry dziękuję|(?:to )?(?:bardzo )?pomogło"
    ),
    closing=(
        r"(?:serdecznie |gorąco )?pozdrawiam(?: (?:serdecznie|ciepło))?|pozdrowienia"
        rf"|z (?:poważaniem|wyrazami szacunku)|czekam na{REST}|pzdr"
    ),
    bye=(
        r"do widzenia|do zobaczenia|na razie|pa+|do (?:usłyszenia|jutra)|dobranoc|żegnam"
        r"|(?:życzę )?miłego (?:dnia|wieczoru|weekendu)|miłej (?:nocy|niedzieli)"
    ),
    ok=(
        r"ok(?:ej|ay)?|dobrze|dobra|w porządku|rozumiem|jasne|super|świetnie|tak(?: (?:proszę"
        r"|poproszę"
        r"|jest))?|nie|zgoda|fajnie|pewnie|oczywiście|zrozumiałem|zrozumiałam|spoko|idealnie"
    ),
    how_are_you=(
        r"(?:a )?jak (?:się masz|leci|się (?:pan|pani) (?:ma|miewa)|tam|idzie)(?: dzisiaj)?"
        r"|co (?:słychać|tam)(?: u (?:ciebie|was))?|wszystko (?:dobrze|ok)"
    ),
    who_are_you=(
        r"(?:a )?(?:kim|czym) (?:jesteś|pan jest|pani jest|jesteście)|jak (?:się nazywasz"
        r"|masz na imię)"
        rf"|(?:czy )?(?:jesteś|to jest|to|rozmawiam z|piszę z)(?: prawdziwym)? {_MACHINE}"
        rf"(?: czy {_MACHINE})?|co (?:potrafisz|umiesz|możesz)(?: (?:zrobić|robić"
        rf"|dla mnie zrobić))?"
        r"|w czym (?:możesz|może pan|może pani)(?: mi)? pomóc|jak możesz mi pomóc"
        r"|z kim (?:rozmawiam|piszę)"
    ),
    please=r"proszę|dziękuję(?: z góry)?|dzięki|z góry dziękuję",
    asking=(
        r"(?:a |i |ale |lub |więc )?(?:co|jak|kiedy|gdzie|kto|kogo|komu|czyj\w?|który|która|które"
        r"|jaki|jaka|jakie|jakich|jakim|ile|dlaczego|czemu|czy|skąd|dokąd"
        r"|(?:na|w|do|od|z|za|po|o|dla|przez) (?:co|czego|jak\w{1,4}|który\w{0,2}|kiedy|kogo|ile"
        r"|czym))"
    ),
    wishing=(
        rf"(?:czy )?(?:może|mógłby|mogłaby|możecie|możesz|mógłbyś|moglibyście){_PLEASE}"
        rf" (?:powiedzieć|wyjaśnić|wytłumaczyć|napisać){_PLEASE}"
        r"|(?:chciałbym|chciałabym|chcę|chcemy)(?: (?:się|tylko))? (?:wiedzieć|dowiedzieć się"
        r"|zapytać"
        r"|spytać|dowiedzieć)|(?:czy )?(?:wiecie|wie pan|wie pani|wiesz)|zastanawiam się"
        r"|proszę(?: mi)? (?:powiedzieć|o informację)|moje pytanie(?: to| brzmi)?(?=[ :,])"
        r"|mam pytanie (?:o|dotyczące|odnośnie)"
    ),
    helping=rf"(?:czy )?(?:może|mógłby|mogłaby|możecie|możesz){_PLEASE} pomóc(?: mi)? (?:w|z|przy)",
    wanting=r"(?:chciałbym|chciałabym|chcę|chcemy|chcielibyśmy|muszę|musimy|próbuję|potrzebuję)",
    how="Jak mogę {}",
    vague=(
        r"co (?:mogę|mam|powinienem|powinnam) (?:z tym )?zrobić|co (?:teraz|robić|zrobić)"
        r"|(?:jakieś|jakiś) (?:pomysły?|rady?)|dlaczego(?: tak (?:jest|się dzieje))?"
        r"|jak(?: to (?:zmienić"
        r"|naprawić|rozwiązać|zrobić))?|czy to (?:normalne|możliwe)|co się (?:dzieje|stało)"
        r"|czy (?:jest|istnieje) (?:jakieś )?rozwiązanie|co to (?:znaczy|oznacza)|jak to działa"
    ),
    opening=(
        r"ja|mój|moja|moje|mam|nie|chcę|chciałbym|chciałabym|proszę|czy|mogę|kupiłem|kupiłam|to"
        r"|ten|ta"
        r"|te|jest|są|od|a|i|ale|nasz\w{0,2}|wasz\w{0,2}|zamówiłem|zamówiłam|w|na|po"
    ),
)

"""Words that reverse a statement: opposites, by language."""

from functools import cache
from typing import Final

_PAIRS: Final = {
    "en": """
        able/unable above/below accept/refuse accept/reject accepted/refused accepted/rejected
        active/inactive after/before agree/disagree agreed/refused all/none allies/enemies
        allow/forbid allow/prevent allow/prohibit allowed/forbidden allowed/prohibited ally/enemy
        always/never ancient/modern approve/reject approved/rejected arrive/depart
        arrived/departed attack/defend attack/defense attacked/defended autumn/spring bad/good
        began/ended begin/end beginning/end best/worst better/worse birth/death born/died
        bottom/top bought/sold build/destroy built/destroyed buy/sell buyer/seller cheap/expensive
        cheapest/expensive cold/hot common/rare common/uncommon common/unusual create/destroy
        created/destroyed day/night decline/growth decrease/increase decreased/increased
        decreases/increases decreasing/increasing defeat/victory defense/offense
        defensive/offensive dependent/independent different/same different/similar difficult/easy
        dry/wet earlier/later earliest/latest early/late east/west eastern/western
        employee/employer enemy/friend enter/leave entered/left excluded/included exclude/include
        export/import exports/imports external/internal fail/succeed failed/succeeded
        failure/success fall/rise fall/spring far/near fast/slow faster/slower fastest/slowest
        fell/rose female/male few/many fewer/more fewest/most final/first final/initial first/last
        first/second foot/head forward/backward former/latter free/paid gain/lose gained/lost
        gave/took give/take good/poor greater/lesser greater/smaller greatest/least hard/easy
        hard/soft heavier/lighter heavy/light high/low higher/lower highest/lowest
        horizontal/vertical hottest/coldest illegal/legal important/unimportant
        impossible/possible increase/reduce increased/reduced incoming/outgoing inner/outer
        inside/outside inward/outward irregular/regular join/leave joined/left known/unknown
        large/small larger/lesser larger/smaller largest/smallest last/next lead/follow left/right
        least/most legitimate/illegitimate less/more likely/unlikely little/much long/short
        longer/shorter longest/shortest lost/won lose/win loss/victory loud/quiet lower/raise
        lower/upper lowered/raised main/minor major/minor majority/minority maximum/minimum
        men/women min/max modern/traditional month/week month/year morning/evening narrow/wide
        negative/positive never/often never/usually new/old newer/older newest/oldest
        night/morning north/south northeast/southwest northern/southern northwest/southeast
        official/unofficial often/rarely often/seldom older/younger oldest/youngest online/offline
        open/closed opened/closed oppose/support opposed/supported opposite/same optional/required
        parent/child partial/complete peace/war permanent/temporary permitted/prohibited
        plural/singular poor/rich popular/unpopular poorest/richest predecessor/successor
        private/public profit/loss push/pull receive/send received/sent rich/poor rural/urban
        sender/receiver shared/unshared short/tall shrink/expand simple/complex start/end
        started/ended start/stop started/stopped strong/weak stronger/weaker strongest/weakest
        successful/unsuccessful summer/winter teacher/student thick/thin tight/loose
        tropical/arctic true/false under/over up/down upstream/downstream usual/unusual
        usually/rarely visible/invisible voluntary/mandatory warm/cold week/year win/loss win/lose
        with/without young/old decade/century daily/weekly daily/monthly monthly/weekly
        annual/monthly kilometers/miles
    """,
    "de": """
        alt/neu alt/jung ältere/jüngere älteste/jüngste älteste/neueste anfang/ende
        angriff/verteidigung arm/reich auf/zu besser/schlechter beste/schlechteste beginn/ende
        begann/endete erste/letzte ersten/letzten ersten/zweiten erlaubt/verboten export/import
        früher/später früheste/späteste gewann/verlor gewinn/verlust groß/klein größer/kleiner
        größte/kleinste größten/kleinsten geburt/tod geboren/gestorben hoch/niedrig
        höher/niedriger höchste/niedrigste höchsten/niedrigsten innen/außen innere/äußere
        immer/nie jahr/monat jahr/woche kalt/warm kalt/heiß kauf/verkauf kaufen/verkaufen
        krieg/frieden kurz/lang kürzer/länger kürzeste/längste langsam/schnell leicht/schwer
        links/rechts maximum/minimum männer/frauen maximal/minimal mehr/weniger
        mehrheit/minderheit meisten/wenigsten mit/ohne nach/vor nord/süd norden/süden
        nördlich/südlich nördlichen/südlichen ost/west osten/westen östlich/westlich
        öffentlich/privat positiv/negativ sieg/niederlage sommer/winter stark/schwach stieg/sank
        steigen/sinken städtisch/ländlich tag/nacht tag/monat tag/woche viel/wenig viele/wenige
        vorteil/nachteil zunahme/abnahme
    """,
}


@cache
def opposites(language: str) -> dict[str, frozenset[str]]:
    """Return the opposites of each word that has any, in lower case."""
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.get(language, "").split():
        one, other = pair.split("/")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}

import pytest

from answerdesk.knowledge.ingestion.parse.raised import LEVEL, RAISED, settle


@pytest.mark.parametrize(
    ("given", "written"),
    [
        # Prices.
        ("$11{99}", "$11.99"),
        ("11{99} €", "11.99 €"),
        ("CHF 1.299{95}", "CHF 1.299,95"),
        ("€ 12{–}", "€ 12.–"),
        ("{$}11{99}", "$11.99"),
        ("room 11{99}", "room 11⁹⁹"),
        # Times.
        ("9{00}–17{30} Uhr", "9:00–17:30 Uhr"),
        ("9{30} am", "9:30 am"),
        ("10{30}", "10³⁰"),
        # Powers.
        ("10{6}", "10⁶"),
        ("10 {6}", "10⁶"),
        ("10{−3}", "10⁻³"),
        ("2{n} and 2{k+1}", "2ⁿ and 2^(k+1)"),
        ("25 m{2}, 3 cm{3}, 4 m·s{-2}, 5 sec{2}", "25 m², 3 cm³, 4 m·s⁻², 5 sec²"),
        ("E = mc{2}", "E = mc²"),
        ("(a + b){2}", "(a + b)²"),
        ("Ca{2+}", "Ca²⁺"),
        # Notes.
        ("delivery{1} and returns{2, 3}", "delivery and returns"),
        ("Over.{12} Next", "Over. Next"),
        ("Over {[3]} next", "Over next"),
        ("price{a} and {b} more", "price and more"),
        ("price{a,b} and imaging{i}", "price and imaging"),
        ("$20{*}", "$20"),
        ("20 %{1}", "20 %"),
        ("{1}In Europe", "In Europe"),
        ("{1} In Europe", " In Europe"),
        ("of 1,250{1} euros", "of 1,250¹ euros"),
        # The rest.
        ("1{st}, M{me}, N{o}, 2{nd}", "1st, Mme, No, 2nd"),
        ("1{a}, 240{a}", "1a, 240"),
        ("Kestrel{TM} by Acme {TM}", "Kestrel™ by Acme™"),
        ("1{1}/2 and {3}/4", "1 1/2 and 3/4"),
        ("Pro plan{new in May}", "Pro plan new in May"),
        ("a {raised word} here", "a raised word here"),
        ("a{ }b {} c", "a b  c"),
        ("10{1}{2}", "10¹²"),
        ("none", "none"),
    ],
)
def test_raised_text_is_written_so_that_it_changes_nothing(given: str, written: str) -> None:
    assert settle(given.replace("{", RAISED).replace("}", LEVEL)) == written


def test_marks_that_do_not_match_are_dropped() -> None:
    assert settle(f"a{RAISED}b{RAISED}2{LEVEL}c{LEVEL}{LEVEL}{RAISED}d") == "ab²cd"
    # Many of them take no longer than their number.
    assert settle(f"x{RAISED}2{LEVEL} " * 100_000) == "x² " * 100_000
    assert settle(RAISED * 500_000) == ""

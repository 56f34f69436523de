import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.kit.terms import analyse, share_of, term_id

TERM_IDS = {"price": 106_168_242, "50%": 273_496_531, "送料": 938_893_904, "": 258_269_877}


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("en", "The companies' prices were rising", ["compani", "price", "rise"]),
        ("en", "C++, C# or .NET?", ["c++", "c#", ".net", "net"]),
        ("en", "R&D at AT&T", ["r&d", "at&t"]),
        ("en", "Python 3.11.4", ["python", "3.11.4", "3.11"]),
        ("en", "v1.2.3", ["1.2.3", "1.2"]),
        ("en", "open 24/7", ["open", "24/7", "24", "7"]),
        ("en", "50% of 1,000", ["50", "50%", "1000"]),
        ("en", "US$3 or $3.50", ["3", "$3", "3.50", "$3.50"]),
        ("en", "ISO-27001", ["iso27001", "iso", "27001"]),
        ("en", "error E1234", ["error", "e1234", "1234"]),
        ("en", "max_tokens", ["maxtoken", "max", "token"]),
        ("en", "maxTokens", ["maxtoken", "max", "token"]),
        ("en", "os.path.join()", ["ospathjoin", "os", "path", "join"]),
        ("en", "e-mail", ["email", "mail"]),
        ("en", "don't O'Neill's ``code``", ["oneil", "neill", "code"]),
        ("en", "half: ½ ﬁne", ["half", "1/2", "1", "2", "fine"]),
        ("de", "Öffnungszeiten der Fahrräder", ["offnungszeit", "offnung", "fahrrad"]),
        ("de", "1.000 Stück zu 3,5 Euro", ["1000", "stuck", "3.5", "euro"]),
        ("fr", "l'eau d'aujourd'hui", ["eau", "aujourdhui"]),
        ("tr", "İstanbul", ["istanbul"]),
        ("hi", "शिपिंग", ["शिपिंग"]),
        ("hi", "दुकान के दरवाज़े में", ["दुकान", "दरवाज़"]),
        ("ja", "送料はGPUです", ["送", "料", "送料", "料は", "gpu"]),
        ("ja", "バッグ", ["バ", "ッ", "グ", "バッ", "ッグ", "バッグ"]),
        ("th", "ส่ง", ["ส่", "่ง", "ส่ง"]),
        ("ko", "배송비는 얼마", ["배송", "송비", "비는", "얼마"]),
        ("zh", "水", ["水"]),
        ("zh", "自行车", ["自", "行", "车", "自行", "行车"]),
        ("vi", "Thuê xe, phải 2.900", ["thuê", "~thue", "xe", "~xe", "thuê xe", "2900"]),
        ("vi", "là gì", ["là", "gì"]),
        ("xx", "Running", ["running"]),
    ],
)
def test_terms(language: str, text: str, terms: list[str]) -> None:
    assert analyse(text, language) == terms


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "e-mail", "email"),
        ("en", "ISO 27001", "ISO-27001"),
        ("en", "API_KEY", "apiKey"),
        ("en", "sign up", "sign-up"),
        ("en", "Node", "node.js"),
        ("de", "Strasse", "Straße"),
        ("de", "Muenchen", "München"),
        ("de", "Versand", "Versandkosten"),
        ("fr", "reservation", "réservations"),
        ("es", "envio", "envío"),
        ("ru", "ёлка", "елка"),
        ("ar", "أسعار", "اسعار"),
        ("vi", "bao hanh", "bảo hành"),
        ("zh", "自行车", "单车"),
        ("th", "จักรยานไฟฟ้า", "รถไฟฟ้า"),
        ("und", "pricing plan", "pricing plans"),
    ],
)
def test_spellings_of_one_thing_share_a_term(language: str, one: str, other: str) -> None:
    assert set(analyse(one, language)) & set(analyse(other, language)) != set()


def test_an_unknown_language_is_analysed_as_english() -> None:
    assert analyse("the pricing plans", "und") == analyse("the pricing plans", "en")


def test_a_text_of_stop_words_keeps_them() -> None:
    assert analyse("what is it?", "en") == ["what", "is", "it"]
    assert analyse("!!! ???", "en") == []


def test_a_long_token_is_indexed_by_its_parts_only() -> None:
    assert analyse("a" * 500, "en") == []
    assert max(map(len, analyse("-".join(["part"] * 100), "en"))) <= 64


def test_term_ids_are_the_same_for_ever() -> None:
    # Stored in every index: a change here orphans all of them.
    assert {term: term_id(term) for term in TERM_IDS} == TERM_IDS


@given(st.text(max_size=100), st.sampled_from(["en", "de", "fr", "ar", "ja", "und", "xx"]))
def test_terms_are_never_empty_and_have_ids_in_range(text: str, language: str) -> None:
    for term in analyse(text, language):
        assert term
        assert not term.isspace()
        assert 1 <= term_id(term) <= 1_000_000_000


def test_marks_of_vietnamese_tell_words_apart() -> None:
    shared = set(analyse("má", "vi")) & set(analyse("mã", "vi"))
    assert shared == {"~ma"}
    assert share_of("~ma") < share_of("mã")


@pytest.mark.parametrize(
    ("term", "share"),
    [("price", 1.0), ("नया", 1.0), ("배송", 1.0), ("車", 0.7), ("車両", 0.3), ("ส่ง", 0.15)],
)
def test_a_gram_is_worth_less_than_a_word(term: str, share: float) -> None:
    assert share_of(term) == share


@pytest.mark.parametrize("sign", ["字", "カ", "の", "ก", "한"])
def test_a_run_without_end_is_taken_apart_in_linear_time(sign: str) -> None:
    few, many = (len(analyse(sign * size, "und")) for size in (1_000, 100_000))
    assert many <= 101 * few
    assert set(map(len, analyse(sign * 1_000, "und"))) <= {1, 2, 3}

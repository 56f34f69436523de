import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.kit.sentences import sentences

ALPHABET = st.text(alphabet="aBc.!?… \n\"'()[]12-*。」สв;\t\u2028", max_size=80)


def split(text: str, language: str = "en") -> list[str]:
    return [span.of(text) for span in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "Dr. Smith met J. R. Smith in the U.S. in 1999.| He paid $3.50, e.g. for tea."),
        ("en", "It was 5 p.m.| The end."),
        ("en", 'He said "Stop."| Then he left.| "Really?" he asked.| (It was late.)| So what?!'),
        ("en", "See https://example.com/a.b?x=1.| Open foo.py and README.md.| Use v1.2.3."),
        ("en", "The word.[1]| Next thing.[2][3]| Another."),
        (
            "en",
            "Apple Inc. shares rose.| Acme Inc.| The company fell.| No. 5 is here.| Is it?| No.",
        ),
        ("en", "how are you?| i have a question"),
        ("en", "Wait... what?| Yes…| Maybe… no."),
        ("en", "Take vitamin C.| It helps.| George W. Bush won."),
        ("en", "1. Install it.| Then run."),
        (
            "de",
            "Am 3. Oktober 1990 war z. B. der 2. Weltkrieg vorbei.| Er kam 1999.| Berlin ist groß.",
        ),
        ("de", "Das kostet ca. 3,50 Euro.| Im 4. Jahrtausend v. Chr. lebte Dr. h. c. Müller."),
        ("de", "Karl V. von Spanien bzw. Friedrich II. Barbarossa.| Das war es."),
        ("fr", "M. Dupont est arrivé.| Il a dit : « Bonjour. »| Puis il est parti."),
        ("es", "¿Qué?| ¡Hola!| El Sr. Pérez vino."),
        ("ja", "彼は「はい。」と言った。|それから帰った！|本当？|そう。"),
        ("zh", "你好。|今天天气很好！|“好。”|他说。"),
        ("ar", "كم تكلفة الشحن؟| السعر هو 5 دولارات.| شكرا."),
        ("hi", "यह है।| वह है।"),
        ("el", "Πόσο κοστίζει;| Είναι ακριβό."),
        ("ru", "Он жил в г. Москве.| Потом, т.е. позже, уехал."),
        (
            "th",
            "ผมต้องการทราบค่าจัดส่งสินค้าไปยังต่างประเทศและใช้เวลากี่วันในการจัดส่ง| กรุณาแจ้งให้ทราบด้วยครับขอบคุณ",
        ),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, marked: str) -> None:
    assert split(marked.replace("|", ""), language) == [one.strip() for one in marked.split("|")]


def test_lines_broken_on_purpose_end_a_sentence_and_wrapped_ones_do_not() -> None:
    text = (
        "Steps:\n- first do this\n- second\n\n"
        "This line was wrapped by an editor at about eighty\ncharacters and goes on. Next."
    )
    assert split(text) == [
        "Steps:",
        "- first do this",
        "- second",
        "This line was wrapped by an editor at about eighty\ncharacters and goes on.",
        "Next.",
    ]


@pytest.mark.parametrize("text", ["", "   \n\t ", "\u2028"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


@given(text=st.one_of(ALPHABET, st.text(max_size=80)), language=st.sampled_from(["en", "de", "el"]))
def test_every_character_is_in_one_sentence(text: str, language: str) -> None:
    spans = sentences(text, language)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert text[end : span.start].strip() == ""
        assert span.of(text) == span.of(text).strip()
        end = span.end
    assert text[end:].strip() == ""

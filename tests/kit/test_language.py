import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.kit.language import detect_language

QUESTIONS = {
    "en": [
        "What does shipping cost?",
        "opening hours",
        "refund policy",
        "I want a pillow",
        "shipments to Dublin",
    ],
    "de": [
        "Was kostet der Versand?",
        "Öffnungszeiten",
        "kann ich kündigen",
        "Wie verhindert Ungleichheit Wachstum?",
    ],
    "fr": ["Combien coûte la livraison ?", "Quels sont vos horaires ?", "puis-je annuler"],
    "es": ["¿Cuánto cuesta el envío?", "cuanto cuesta el envio", "puedo cancelar mi pedido"],
    "it": ["Quanto costa la spedizione?", "orari di apertura", "Dove siete?"],
    "pt": ["Quanto custa o frete?", "Como redefino minha senha?", "Onde vocês ficam?"],
    "nl": ["Wat kost de verzending?", "openingstijden", "Waar zijn jullie?"],
    "sv": ["Vad kostar frakten?", "Hur återställer jag mitt lösenord?"],
    "da": ["Hvad koster fragten?", "Hvordan nulstiller jeg min adgangskode?"],
    "no": ["Hva koster frakten?", "Hvordan tilbakestiller jeg passordet mitt?"],
    "fi": ["Paljonko toimitus maksaa?", "Missä te olette?"],
    "pl": ["Ile kosztuje wysyłka?", "Jak zresetować hasło?"],
    "cs": ["Kolik stojí doprava?", "Kde jste?"],
    "ro": ["Cât costă livrarea?", "Unde sunteți?"],
    "hu": ["Mennyibe kerül a szállítás?", "Hol vannak?"],
    "tr": ["Kargo ücreti ne kadar?", "Şifremi nasıl sıfırlarım?"],
    "ru": ["Сколько стоит доставка?", "Где вы?"],
    "uk": ["Скільки коштує доставка?"],
    "ja": ["送料はいくらですか？"],
    "zh": ["运费多少钱？"],
    "ko": ["배송비는 얼마인가요?"],
    "th": ["ค่าส่งเท่าไหร่"],
    "ar": ["كم تكلفة الشحن؟"],
    "he": ["כמה עולה המשלוח?"],
    "el": ["Πόσο κοστίζει η αποστολή;"],
    "vi": ["Màn hình báo E21 thì phải làm gì?", "E07 là lỗi gì?", "Khi nào nên thay xích?"],
    "hi": ["शिपिंग की लागत कितनी है?"],
}


@pytest.mark.parametrize(
    ("language", "question"), [(code, one) for code, many in QUESTIONS.items() for one in many]
)
def test_a_short_question_tells_its_language(language: str, question: str) -> None:
    assert detect_language(question) == language


@pytest.mark.parametrize("text", ["", "?", "12345", "Kubernetes", "GPT-4", "OK", "foo_bar()", "🙂"])
def test_what_is_in_no_language_is_undetermined(text: str) -> None:
    assert detect_language(text) == "und"


def test_a_word_that_is_small_in_another_language_does_not_decide() -> None:
    row = "Room: {} view – Single | Winter: 80 euros | Summer: 120 euros"
    text = "\n".join(("Prices per night, with breakfast.", row.format("Sea"), row.format("Garden")))
    assert detect_language(text) == "en"


def test_names_and_addresses_in_another_language_do_not_decide() -> None:
    assert (
        detect_language("Wie öffne ich https://example.com/what-is-the-price mit München?") == "de"
    )
    assert detect_language("Qui était Hồ Chí Minh ?") == "fr"
    assert detect_language("Wo bekomme ich Phở?") == "de"
    assert detect_language("Where is the 京都 office of Müller and Søn?") == "en"


@given(st.text(max_size=200))
def test_any_text_has_a_code(text: str) -> None:
    code = detect_language(text)
    assert code == "und" or (len(code) == 2 and code.islower())

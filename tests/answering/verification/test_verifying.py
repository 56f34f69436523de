"""Whether passages say a sentence: refusals first."""

import pytest

from answerdesk.answering.verification import Evidence, Verdict, verify
from tests.bounds.texts import every
from tests.bounds.work import within

PLANS = (
    "The Basic plan costs 5 euros a month. The Team plan costs 12 euros a month and includes phone "
    "support. Refunds are possible within 30 days. Phone support is not available on weekends."
)
PRINTER = (
    "The Aquila 400 prints 20 pages per minute. Export the report before you close the window. "
    "Photos are saved automatically. The printer was built by Marta Olsen in Bergen in 2016."
)
GERMAN = (
    "Die Lieferung dauert drei Tage und kostet 1.500 Euro. Rücksendungen sind nicht kostenlos. "
    "Der Laden ist sonntags geschlossen."
)
FRENCH = "La livraison prend trois jours. Les retours ne sont pas gratuits."
SPANISH = "El envío tarda tres días. Las devoluciones no son gratuitas."


def judged(sentence: str, *passages: str, question: str = "") -> Verdict:
    return verify(sentence, Evidence.of(passages or (PLANS, PRINTER)), question=question)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Refunds are possible within 60 days.", "number"),
        ("Refunds are possible within 30 weeks.", "number"),
        ("The Team plan costs 5 euros a month.", "number"),
        ("The Aquila 300 prints 20 pages per minute.", "number"),
        ("The printer was built by Marta Lindqvist in Bergen in 2016.", "name"),
        ("Phone support is available on weekends.", "negation"),
        ("Refunds are not possible within 30 days.", "negation"),
        ("Export the report after you close the window.", "opposite"),
        ("Photos are saved manually.", "opposite"),
        ("Our staff speaks Portuguese and enjoys hiking in the mountains.", "unsaid"),
    ],
)
def test_what_the_passages_do_not_say_is_found_out(sentence: str, reason: str) -> None:
    verdict = judged(sentence)
    assert verdict.supported is False
    assert verdict.score < 0.5
    assert verdict.sources == ()
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("You pay 12 euros a month for the Team plan.", 0),
        ("You can get a refund within thirty days.", 0),
        ("There is no phone support on weekends.", 0),
        ("The Aquila 400 manages 20 pages per minute.", 1),
        ("Photos are stored automatically.", 1),
        ("Marta Olsen built the printer in Bergen in 2016.", 1),
    ],
)
def test_a_paraphrase_is_supported_by_its_passage(sentence: str, source: int) -> None:
    verdict = judged(sentence)
    assert verdict.supported is True
    assert verdict.score >= 0.5
    assert verdict.sources[0] == source
    assert verdict.reason is None


@pytest.mark.parametrize(
    ("passage", "true", "wrong"),
    [
        (GERMAN, "Die Lieferung kostet 1500 €.", "Die Lieferung kostet 1.800 €."),
        (GERMAN, "Rücksendungen sind nicht kostenlos.", "Rücksendungen sind kostenlos."),
        (
            GERMAN,
            "Sonntags ist der Laden zu, also geschlossen.",
            "Sonntags ist der Laden geöffnet.",
        ),
        (FRENCH, "La livraison prend 3 jours.", "La livraison prend 5 jours."),
        (FRENCH, "Les retours ne sont pas gratuits.", "Les retours sont gratuits."),
        (SPANISH, "El envío tarda 3 días.", "El envío tarda 3 semanas."),
        (SPANISH, "Las devoluciones no son gratuitas.", "Las devoluciones son gratuitas."),
    ],
)
def test_other_languages(passage: str, true: str, wrong: str) -> None:
    assert judged(true, passage).supported is True
    assert judged(wrong, passage).supported is False


@pytest.mark.parametrize(
    "sentence",
    [
        "Hello!",
        "Sure, I can help.",
        "Let me know if you need anything else.",
        "Which plan do you have?",
        "I don't know.",
        "The passages do not mention opening hours.",
        "Das weiß ich leider nicht, es tut mir leid?",
        "N'hésitez pas à demander.",
        "…",
    ],
)
def test_what_claims_nothing_is_neither(sentence: str) -> None:
    assert judged(sentence).supported is None


def test_an_excuse_does_not_hide_a_claim() -> None:
    sentence = "I don't know the reason, but refunds are possible within 60 days."
    assert judged(sentence).supported is False


def test_a_wrong_citation_gets_the_right_source() -> None:
    evidence = Evidence.of((PLANS, PRINTER))
    verdict = verify("Photos are saved automatically.", evidence, cited=(0,))
    assert verdict.supported is True
    assert verdict.sources == (1,)


def test_what_the_question_says_needs_no_support() -> None:
    sentence = "Refunds for order 77123 are possible within 30 days."
    assert judged(sentence).supported is False
    question = "Can I get a refund for order 77123?"
    assert judged(sentence, question=question).supported is True


def test_nothing_supports_without_passages() -> None:
    assert verify("Refunds take 30 days.", Evidence.of(())).supported is False


def test_another_language_is_judged_by_numbers_and_similarity() -> None:
    evidence = Evidence.of((GERMAN,))
    wrong = "The shipment is going to take nine days until it arrives at your house."
    true = "The shipment is going to take three days until it arrives at your house."
    assert verify(wrong, evidence).reason == "number"
    assert verify(true, evidence).supported is True
    assert verify(true, evidence, similarity=[0.9]).sources == (0,)
    assert verify(true, evidence, similarity=[0.5]).supported is False


def test_no_sentence_and_no_passage_takes_long() -> None:
    for name, text in every(4_000, mixtures=8):
        with within(3.0, name):
            evidence = Evidence.of([text] * 8)
            verdict = verify(text[:2_500], evidence, cited=(0, 7), question=text[:500])
        assert 0.0 <= verdict.score <= 1.0

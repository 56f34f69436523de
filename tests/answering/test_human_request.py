"""Asking for a person is recognised; talking about people is not."""

import pytest

from answerdesk.answering.human_request import asks_for_human


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "agent please",
        "Is anyone there?",
        "can I speak with a real person?",
        "connect me to an operator",
        "Human.",
        "I don't want a bot, get me someone",
        "could somebody please call me?",
        "I’d like to chat with a live agent",
        "TRANSFER ME TO A REPRESENTATIVE",
        "customer service please",
        "Please, technical support",
        "let me chat with your team",
        "connect me with sales",
        "Connect me to your billing department now",
        "put me through to the support team, please",
        "Can I speak to sales about my order?",
        "I'd like to talk to customer care",
        "I want to talk to a person about the human resources plan",
        "talk to a person about my order",
        "Ich möchte mit einem Menschen sprechen",
        "Kann ich bitte mit einem Mitarbeiter reden?",
        "Ist da jemand?",
        "Verbinden Sie mich mit einem Berater",
        "Je veux parler à un conseiller",
        "Y a-t-il quelqu'un ?",
        "Quiero hablar con una persona",
        "Vorrei parlare con un operatore",
        "Quero falar com um atendente",
        "Ik wil met een medewerker spreken",
        "Chcę porozmawiać z konsultantem",
        "转人工",
        "オペレーターと話したい",
        "상담원 연결해 주세요",
        "Соедините меня с оператором",
        "أريد التحدث مع موظف",
    ],
)
def test_a_request_for_a_person(text: str) -> None:
    assert asks_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How many people work at your company?",
        "Who is the manager of the Berlin office?",
        "Is the human body covered by the insurance?",
        "What does a personal plan cost?",
        "Can I add another person to my account?",
        "I need to talk about my order",
        "How do I contact customer support?",
        "talk to a person about the human resources plan",
        "Customer service",
        "Is your customer service open on Sundays?",
        "Can I talk to the support bot in Slack?",
        "connect me with sales tax rules",
        "How do I connect with sales data?",
        "let me chat with my team in the app",
        "Can I chat with our team?",
        "Which plan lets me chat with your team?",
        "Does the Team plan include sales please?",
        "What is the price for an agent seat?",
        "My agent's licence expired",
        "Does the operator precedence matter?",
        "When do you open?",
        "What does calling an agent cost?",
        "Wie viele Menschen arbeiten bei euch?",
        "Was kostet das Ticket für eine Person?",
        "Wann öffnen Sie?",
        "Combien de personnes travaillent chez vous ?",
        "¿Cuántas personas caben?",
        "人口はどのくらいですか",
    ],
)
def test_no_request_for_a_person(text: str) -> None:
    assert not asks_for_human(text)

"""Addresses and numbers of people are found, and other numbers are left."""

import pytest

from answerdesk.kit.redaction import personal, redacted, without_cards
from tests.bounds.work import within

LEFT = [
    "",
    "No numbers here.",
    "We moved on 2024-05-01, 01.02.2024, 1/2/2024 and 31-12-99.",
    "Open from 01.02.2024 10:30 to 05.02.2024 18:00.",
    "It happened at 2024-05-01T10:00:00.123456+00:00.",
    "It costs 1.234.567,89 €, 1,234,567.89 USD or 600 123 456 Kč.",
    "That makes $555 123 456.",
    "It costs 0.123456789 or 0,99, at 52.520008, 13.404954.",
    "Order 0012345678 and order number: 0301234567 are the same.",
    "Bestellnummer 0301234567, Rechnung Nr. 0301234567",
    "My order is #0301234567.",
    "Invoice INV-2024-0012345 of case 20240012345",
    "Version 10.0.22631.4317 and v0.12.345.67890, then 0.12.345.67890",
    "From 192.168.100.200 and 10.0.0.1:8080 to 2001:db8:85a3::8a2e:370:7334",
    "ISBN 978-3-16-148410-0, ISBN 0306406152, 0-306-40615-2, 0 306 40615 2",
    "EAN 4006381333931 and 4006381333931, 9783161484100",
    "IBAN DE89 3704 0044 0532 0130 00",
    "The years 1999 2000 2001 2002, the pages 12-15, the time 09:00-17:00 and 0900-1700.",
    "conv_0123456789abcdef0123456789abcdef and 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "Since 1714564800, in milliseconds 1714564800123",
    "0x7f3344556677, sha256:0301234567abcdef",
    "12 apples, 1000 pears, 1 000 000 nuts, 25 %",
    "Tracking number 00340434161094042557",
    "pip install tool@1.2.3 and @mention, a @ b",
    "Card-like, but not by Luhn: 4111 1111 1111 1112",
    "0000 0000 0000 0000",
]

ADDRESSES = [
    "ann@example.com",
    "ann.o'brien+desk@mail.example.co.uk",
    "Jürgen@müller.example",
    "ann%40example.com",
    "ann@xn--mller-kva.example",
    "ANN_1@EXAMPLE.MUSEUM",
]

PHONES = [
    "+49 30 1234567",
    "+49 (0) 30 / 1234567",
    "+49(0)30-123456-78",
    "+4915112345678",
    "+1 (555) 123-4567",
    "+1-555-123-4567",
    "+44 20 7946 0958",
    "+33 6 12 34 56 78",
    "+91 98765 43210",
    "+86 138 0013 8000",
    "+372 5123 456",
    "+47 21 00 00 00",
    "0049 30 1234567",
    "030 1234567",
    "030/1234567",
    "(030) 1234567",
    "0151-23456789",
    "01712345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "020 7946 0958",
    "079 123 45 67",
    "090-1234-5678",
    "(555) 123-4567",
    "555-123-4567",
    "555.123.4567",
    "1-800-555-0199",
    "8 (800) 555-35-35",
    "600 123 456",
    "98765 43210",
    "(11) 91234-5678",
    "11 91234-5678",
    "138 0013 8000",
    "+49 30 1234567",
    "+49 30 12‑34‑56",
]

CARDS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111 1111 1111 1111",
    "5555555555554444",
    "5105 1051 0510 5100",
    "2223 0031 2200 3222",
    "378282246310005",
    "3782 822463 10005",
    "3056 9309 0259 04",
    "6011 1111 1111 1117",
    "3530 1113 3330 0000",
    "6200 0000 0000 0005",
    "4222222222222",
]


@pytest.mark.parametrize("text", LEFT)
def test_other_numbers_are_left(text: str) -> None:
    assert redacted(text) == text
    assert without_cards(text) == text
    assert not personal(text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_replaced(address: str) -> None:
    for around in ("{}", "I am {}.", "<{}>", "('{}',)", "mailto:{}", "a,{};b", "?mail={}&x=1"):
        assert redacted(around.format(address)) == around.format("[e-mail]")
    assert without_cards(f"I am {address}.") == f"I am {address}."


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_replaced(phone: str) -> None:
    for around in ("{}", "I am at {}.", "{}, please", "It is {}!", "On 01.02.2024 {}", "'{}'"):
        assert redacted(around.format(phone)) == around.format("[phone]")
    assert without_cards(f"I am at {phone}.") == f"I am at {phone}."


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_replaced(card: str) -> None:
    for around in ("{}", "It is {}.", "{}, please", "Order 12345: {} 12/27", "'{}'"):
        assert redacted(around.format(card)) == around.format("[card]")
        assert without_cards(around.format(card)) == around.format("[card]")


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("call me at 555-1234", "call me at [phone]"),
        ("Handynummer: 15112345678", "Handynummer: [phone]"),
        ("my phone is 21 00 00 00", "my phone is [phone]"),
        ("tel. 5551234567", "tel. [phone]"),
        ("030 1234567 0151 2345678", "[phone] [phone]"),
        ("+49 30 1234567 0151 2345678", "[phone] [phone]"),
        ("030 1234567 / 0151 2345678", "[phone] / [phone]"),
        ("+49 30 1234567 +49 30 7654321", "[phone] [phone]"),
        ("12345 4111 1111 1111 1111", "12345 [card]"),
        ("4111 1111 1111 1111 5555 5555 5555 4444", "[card] [card]"),
        ("4111 1111 1111 1111 030 1234567", "[card] [phone]"),
        ("ann@example.com, 030 1234567", "[e-mail], [phone]"),
        ("order +49 30 1234567", "order [phone]"),
        ("٤١١١١١١١١١١١١١١١", "[card]"),
    ],
)
def test_what_stands_around_decides(text: str, without: str) -> None:
    assert redacted(text) == without
    assert personal(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "0 ",
        "+1",
        "4111 1111 1111 1111 ",
        "030 1234567 ",
        "a@",
        "a@b.",
        "a.",
        "%40",
        "1.",
    ],
)
def test_work_is_linear(piece: str) -> None:
    with within(2, "redaction"):
        redacted(piece * (50_000 // len(piece)))
        without_cards(piece * (50_000 // len(piece)))


def test_nothing_is_redacted_twice() -> None:
    for text in (*ADDRESSES, *PHONES, *CARDS):
        assert redacted(redacted(text)) == redacted(text)

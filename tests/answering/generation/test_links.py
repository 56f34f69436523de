"""Links of a model's answer: which stay, and that none gets by however the text is cut."""

import random

import pytest

from answerdesk.answering.generation.links import LinkGuard
from tests.answering.generation.clients import addresses

HOSTS = ("good.example", "docs.good.example")
PASSAGES = ("Read https://foreign.example/manual or www.other.example/a for more.",)

Cut = int | None


def guarded(text: str, cut: Cut = None, seed: int = 0) -> str:
    """Guard a text that arrives in pieces of a length, or of any lengths."""
    guard, lengths = LinkGuard(HOSTS, PASSAGES), random.Random(seed)
    said: list[str] = []
    place = 0
    while place < len(text):
        length = cut or lengths.randint(1, 6)
        said.append(guard.feed(text[place : place + length]))
        place += length
    said.append(guard.end())
    return "".join(said)


EVIL = [
    "[here](https://evil.example/?q=secret)",
    "![x](https://evil.example/p.png)",
    "![x][1]\n\n[1]: https://evil.example/p.png",
    "![x]\n\n[x]: <https://evil.example/p.png>",
    "[x]: //evil.example\n\n[x]",
    "<https://evil.example>",
    "<img src=https://evil.example/p>",
    "<IMG SRC='//evil.example/p'>",
    "</p><script src=https://evil.example></script>",
    "<!-- --><a href=https://evil.example>x</a>",
    "https://evil.example/a?b=c",
    "HTTPS://EVIL.EXAMPLE",
    "www.evil.example",
    "//evil.example/x",
    "ftp://evil.example/x",
    "https://good.example@evil.example/",
    "https://good.example\\@evil.example/",
    "[x](https://good.example\\@evil.example/)",
    "[x](https://good.example&#64;evil.example/)",
    "[x](https://good.example&commat;evil.example/)",
    "[x](&#104;ttps://evil.example)",
    "&#104;ttps://evil.example",
    "h&#116;tps://evil.example",
    "https:\\\\evil.example",
    "https:/\\evil.example",
    "[x](https:evil.example)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert%281%29)",
    "[x](data:text/html,hello)",
    "[x](vbscript:x)",
    "[x](/logout)",
    "[![x](https://evil.example/p)](https://good.example/)",
    "[a\\](https://evil.example)](https://evil.example)",
    "\\[x](https://evil.example)",
    "\\\\[x](https://evil.example)",
    "a ` b\n`![x](https://evil.example)`",
    "`` a ` ![x](https://evil.example)",
    "a `b``![x](https://evil.example)`",
    "1. a\n   ```\n![x](https://evil.example)",
    "> ```\n![x](https://evil.example)",
    "- ```\n![x](https://evil.example)",
    "foo\n    ```\n    ![x](https://evil.example)",
    "```\ncode\n```\n![x](https://evil.example)",
    "```\ncode\n````` \n![x](https://evil.example)",
    "``` `\n![x](https://evil.example)",
    "[x](\nhttps://evil.example)",
    "[x\ny](https://evil.example)",
    "[x](https://evil.example 'a title')",
    "[x](<https://evil.example/a b>)",
    "| a |\n|---|\n| ![x](https://evil.example) |",
    f"[{'x' * 400}](https://evil.example)",
    f"[x](https://evil.example/{'y' * 3000})",
    f"https://evil.example/{'y' * 3000}",
    "[x](https://foreign.example/manual)",
]


@pytest.mark.parametrize("text", EVIL)
def test_no_link_leads_to_a_host_that_nobody_vouches_for(text: str) -> None:
    for around in ("{}", "See {} now.", "A.\n\n{}\n\nB `c` d", "* {}\n* x", "**{}**"):
        whole = around.format(text)
        for cut in (1, 2, 3, 7, len(whole), None):
            left = addresses(guarded(whole, cut))
            assert not [one for one in left if "good.example" not in one or "evil" in one], left


def test_a_random_mixture_of_marks_and_addresses_lets_none_by() -> None:
    parts = [*"`[]()!<>\\&*_~\n \t", "```", "![x](", "](", "https://evil.example", "//evil.example"]
    parts += ["\n\n", "- ", "> ", "    ", "[1]", "word", "&#91;", "[a]: ", "\n```\n", "'", '"']
    mixture = random.Random(11)
    for number in range(1500):
        text = "".join(mixture.choices(parts, k=mixture.randint(3, 25)))
        left = [one for one in addresses(guarded(text, None, number)) if "evil" in one]
        assert not left, (text, guarded(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nothing special, is it? 3 < 4 & 5!", None),
        ("[Prices](https://good.example/prices) and https://docs.good.example/a_b.", None),
        ("A claim [1] and another [2, 3].", None),
        ("`code <b> [x](https://evil.example)` stays", None),
        ("```html\n<a href=https://evil.example>\n```\nafter", None),
        ("Use http: or https: here", None),
        ("see https://foreign.example/manual.", "see foreign.example/manual."),
        ("see www.other.example/a, please", "see other.example/a, please"),
        ("see https://foreign.example/else.", "see …."),
        ("![a chart](https://good.example/c.png)", "[a chart](https://good.example/c.png)"),
        ("An [optional] part", "An \\[optional] part"),
    ],
)
def test_what_is_said_instead(text: str, said: str | None) -> None:
    for cut in (1, 2, 5, len(text), None):
        assert guarded(text, cut) == (text if said is None else said)


def test_text_is_passed_on_as_soon_as_nothing_depends_on_what_follows() -> None:
    guard = LinkGuard(HOSTS, PASSAGES)
    shown = [guard.feed(word) for word in ("The ", "small ", "plan ", "costs ", "`9` ", "euros")]
    assert "".join(shown) == "The small plan costs `9` euros"


@pytest.mark.parametrize("unit", ["[", "`", "<", "![", "](", "https://", "\\", "&#", "```\n", "h"])
def test_any_length_of_marks_is_little_work(unit: str) -> None:
    guard = LinkGuard(HOSTS, PASSAGES)
    for _ in range(8_000):
        guard.feed(unit)
    guard.end()

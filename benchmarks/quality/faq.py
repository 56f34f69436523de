"""Whether a customer's message meets the right Q&A item, and whether the rest is turned away."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.types import Answer
from answerdesk.providers.embedder import Embedder
from benchmarks.data import Message, Paragraph, messages
from benchmarks.metrics import separation, share
from benchmarks.product import Product
from benchmarks.quality.rankers import Bm25s
from benchmarks.report import Cell, Report, Table

_OUT_OF_SCOPE: Final = "NO_NODES_DETECTED"
_SIGNALS: Final = ("signal", "AUROC", "false answers where 95 % are answered")
_ACCURACY: Final = ("items' answers", "in scope", "right item first", "answered", "false answers")
_OTHERS: Final = ("order by", "in scope", "right item first")


async def run(product: Product, report: Report) -> None:
    examples = messages("hint3_sofmattress/train.jsonl")
    asked = messages("hint3_sofmattress/test.jsonl")
    labels = sorted({one.label for one in examples})
    variants: dict[str, Callable[[str], str]] = {
        "the intent's name": lambda label: label.replace("_", " ").capitalize(),
        "a number": lambda label: f"No. {labels.index(label) + 1}",
    }
    accuracy, signals = [], []
    for name, text_of in variants.items():
        row, table = await _measure(product, name, examples, asked, text_of)
        accuracy.append(row)
        signals.append(table)
    title = f"hint3_sofmattress: {len(examples)} examples as items, {len(asked)} messages"
    report.add(Table(title, _ACCURACY, tuple(accuracy)))
    rows = tuple(
        (name, len(hits), share(hits))
        for name, hits in (await _others(product, examples, asked)).items()
    )
    report.add(Table("The same examples in other orders, without answers", _OTHERS, rows))
    for table in signals:
        report.add(table)


async def _others(
    product: Product, examples: list[Message], asked: list[Message]
) -> dict[str, list[bool]]:
    """Return for each other order whether the first example has the message's intent."""
    inside = [one for one in asked if one.label != _OUT_OF_SCOPE]
    names = [str(place) for place in range(len(examples))]
    words = Bm25s(
        [Paragraph(name, "", one.text) for name, one in zip(names, examples, strict=True)],
        "en",
        titles=False,
    )
    embedders = product.application.embedders
    embedder = await embedders.of(embedders.default)
    known = np.array([await _vector(embedder, one.text) for one in examples])
    nearest = [int((known @ await _vector(embedder, one.text)).argmax()) for one in inside]
    first = [int(words.rank(one.text)[0]) for one in inside]
    return {
        name: [examples[place].label == one.label for place, one in zip(order, inside, strict=True)]
        for name, order in (("bm25s", first), ("nearest example's vector", nearest))
    }


async def _vector(embedder: Embedder, text: str) -> NDArray[np.float32]:
    (embedded,) = await embedder.embed_questions([text])
    return embedded.vector


async def _measure(
    product: Product,
    name: str,
    examples: list[Message],
    asked: list[Message],
    text_of: Callable[[str], str],
) -> tuple[tuple[Cell, ...], Table]:
    label_of = {text_of(one.label): one.label for one in examples}
    items = [(one.text, text_of(one.label)) for one in examples]
    results = await product.ask_items(f"items with {name}", items, asked)
    in_scope = [one.label != _OUT_OF_SCOPE for one in asked]
    hits = [
        bool(found) and label_of.get(found[0].passage.rsplit("\n", 1)[-1]) == message.label
        for message, (_, found, _) in zip(asked, results, strict=True)
    ]
    answered = [isinstance(answer, Answer) for _, _, answer in results]
    signals = {
        "**confidence**": [answer.confidence for _, _, answer in results],
        "search score": [found[0].score if found else -1.0 for _, found, _ in results],
        "best BM25": [rows.bm25.max(initial=0.0) for rows, _, _ in results],
        "best chunk cosine": [rows.chunk.max(initial=-1.0) for rows, _, _ in results],
    }
    rows = tuple((label, *separation(scores, in_scope)) for label, scores in signals.items())
    row = (
        name,
        sum(in_scope),
        share([hit for hit, inside in zip(hits, in_scope, strict=True) if inside]),
        share([one for one, inside in zip(answered, in_scope, strict=True) if inside]),
        share([one for one, inside in zip(answered, in_scope, strict=True) if not inside]),
    )
    counts = f"{sum(in_scope)} in scope, {len(asked) - sum(in_scope)} not"
    return row, Table(f"Out of scope, items with {name}: {counts}", _SIGNALS, rows)

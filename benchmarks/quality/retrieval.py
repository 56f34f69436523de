"""Whether the paragraph that a question was written for is found, and how far up."""

from collections.abc import Sequence
from typing import Final

from benchmarks.data import PassageSet, passage_set
from benchmarks.metrics import mean, ndcg, recall, share
from benchmarks.product import Asked, Product
from benchmarks.quality.rankers import (
    Bm25s,
    Ranking,
    order,
    reciprocal_rank_fusion,
    sweep,
)
from benchmarks.report import Cell, Report, Table

SETS: Final = ("squad2", "xquad_en", "union")
_COLUMNS: Final = (
    "order by",
    "recall@1",
    "recall@5",
    "recall@10",
    "nDCG@10",
    "tuning: recall@1",
    "tuning: nDCG@10",
)


async def run(product: Product, report: Report) -> None:
    for name in SETS:
        report.add(await table(product, passage_set(name)))


async def table(product: Product, passages: PassageSet) -> Table:
    """Rank every paragraph for every answerable question, in each way."""
    everything = await product.ask(passages, answers=passages.name != "union")
    asked = [one for one in everything if not one.question.impossible]
    rankings, notes = _rankings(passages, asked)
    held_out = [place for place, one in enumerate(asked) if one.question.held_out]
    tuning = [place for place, one in enumerate(asked) if not one.question.held_out]
    rows = []
    for name, ranked in rankings.items():
        unseen, seen = _measure(asked, ranked, held_out), _measure(asked, ranked, tuning)
        rows.append((name, *unseen, seen[0], seen[-1]))
    title = (
        f"{passages.name}: {len(passages.paragraphs)} paragraphs, "
        f"{len(held_out)} questions about held-out articles, {len(tuning)} about tuning articles"
    )
    return Table(title, _COLUMNS, tuple(rows), notes)


def _rankings(
    passages: PassageSet, asked: Sequence[Asked]
) -> tuple[dict[str, list[Ranking]], tuple[str, ...]]:
    tuning = [one for one in asked if not one.question.held_out]
    chunk = sweep(tuning, lambda one: one.chunk)
    sentence = sweep(tuning, lambda one: one.sentence)
    texts = [one.question.text for one in asked]
    rows = [one.candidates for one in asked]
    outside = Bm25s(passages.paragraphs, passages.language, titles=False)
    titled = Bm25s(passages.paragraphs, passages.language, titles=True)
    rankings = {
        "bm25s, text": [outside.rank(text) for text in texts],
        "bm25s, title and text": [titled.rank(text) for text in texts],
        "BM25 (ours)": [order(one.documents, one.bm25) for one in rows],
        "chunk vectors": [order(one.documents, one.chunk) for one in rows],
        "best sentence's vector": [order(one.documents, one.sentence) for one in rows],
        "reciprocal rank fusion, k = 60": [reciprocal_rank_fusion(one) for one in rows],
        "weighted BM25 and chunk vectors": [
            order(one.documents, chunk.scores(one.bm25, one.chunk)) for one in rows
        ],
        "weighted BM25 and best sentence": [
            order(one.documents, sentence.scores(one.bm25, one.sentence)) for one in rows
        ],
        "**Answerdesk**": [[document.document for document in one.found] for one in asked],
    }
    note = f"Weights swept on the tuning articles: chunk {chunk}; best sentence {sentence}."
    return rankings, (note,)


def _measure(
    asked: Sequence[Asked], rankings: Sequence[Ranking], places: Sequence[int]
) -> tuple[Cell, ...]:
    pairs = [(rankings[place], asked[place].question.relevant) for place in places]
    first, five, ten = (
        [recall(ranking, relevant, k) for ranking, relevant in pairs] for k in (1, 5, 10)
    )
    gains = [ndcg(ranking, relevant, 10) for ranking, relevant in pairs]
    return share(first), share(five).value, share(ten).value, mean(gains)

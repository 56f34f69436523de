"""Whether questions to help pages, put as customers put them, get the piece that answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.answering.types import Answer, Exchange
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.ingestion.parse import media_type_of
from answerdesk.knowledge.types import IncomingDocument
from benchmarks.help_centre.packages import pages
from benchmarks.help_centre.places import texts_of, with_pieces
from benchmarks.help_centre.scoring import VERDICTS, Verdict, score
from benchmarks.help_centre.sites import WAYS, HelpQuestion, Site, questions, sites
from benchmarks.metrics import share
from benchmarks.product import Product, progress
from benchmarks.report import Cell, Report, Table

_FOLLOW_UP: Final = "follow-up"
_ANSWERABLE: Final = ("way of asking", "n", *VERDICTS, "share right", "right page cited")
_UNANSWERABLE: Final = ("way of asking", "n", "answered", "share answered")
_LIST: Final = ("question", "put", "verdict", "shown")


@dataclass(frozen=True, slots=True)
class Reply:
    """A question as it was put, and what came of it."""

    question: HelpQuestion
    way: str
    put: str
    shown: str | None
    cited: frozenset[str]

    @property
    def verdict(self) -> Verdict:
        return score(self.shown, self.question.pieces, self.question.key)

    @property
    def right_page(self) -> bool:
        return any(piece.document in self.cited for piece in self.question.pieces)


async def run(product: Product, report: Report) -> None:
    """Ask all sites. Of a held-out site nothing but totals is ever printed."""
    contents = {site.name: pages(site) for site in sites()}
    for site in sites():
        documents = [
            IncomingDocument(page.path, page.content, media_type_of(page.path))
            for page in contents[site.name]
        ]
        project = await product.ingest(site.name, documents)
        texts = texts_of(contents[site.name])
        asked = [with_pieces(question, texts) for question in questions(site.name)]
        replies = await _ask(product, project, asked, site.name)
        for table in tables(site, len(documents), replies):
            report.add(table)
        if report.listing and (listed := listing(site, replies)):
            report.add(listed)


def tables(site: Site, page_count: int, replies: Sequence[Reply]) -> tuple[Table, Table]:
    """Return the totals of a site, by way of asking: with an answer in its pages, and without."""
    answerable = [reply for reply in replies if reply.question.pieces]
    others = [reply for reply in replies if not reply.question.pieces]
    title = f"{site.name} ({site.use}), {site.what}: {page_count} pages"
    rows = tuple(_totals(way, part) for way, part in _by_way(answerable))
    answered = tuple(
        (way, len(part), sum(given), share(given))
        for way, part in _by_way(others)
        for given in ([reply.shown is not None for reply in part],)
    )
    return (
        Table(f"{title}, answerable", _ANSWERABLE, rows),
        Table(f"{title}, unanswerable", _UNANSWERABLE, answered),
    )


async def _ask(
    product: Product, project: ProjectId, asked: Sequence[HelpQuestion], name: str
) -> list[Reply]:
    replies = []
    for question in progress(asked, f"{name}: ask"):
        replies += [
            await _reply(product, project, question, way, question.ways[way])
            for way in WAYS
            if way in question.ways
        ]
        if question.follow_up is not None:
            replies.append(await _reply_to_follow_up(product, project, question))
    return replies


async def _reply_to_follow_up(
    product: Product, project: ProjectId, question: HelpQuestion
) -> Reply:
    """Ask the question before, and then the follow-up in the same conversation."""
    assert question.follow_up is not None
    first = await product.answer(project, question.follow_up.before)
    before = Exchange(question.follow_up.before, first.text)
    return await _reply(
        product, project, question, _FOLLOW_UP, question.follow_up.then, history=(before,)
    )


async def _reply(
    product: Product,
    project: ProjectId,
    question: HelpQuestion,
    way: str,
    put: str,
    history: tuple[Exchange, ...] = (),
) -> Reply:
    answer = await product.answer(project, put, history)
    if not isinstance(answer, Answer):
        return Reply(question, way, put, None, frozenset())
    cited = frozenset(citation.document for citation in answer.citations)
    return Reply(question, way, put, answer.text, cited)


def _by_way(replies: Sequence[Reply]) -> list[tuple[str, list[Reply]]]:
    parts = [(way, [reply for reply in replies if reply.way == way]) for way in (*WAYS, _FOLLOW_UP)]
    return [(way, part) for way, part in parts if part]


def _totals(way: str, replies: Sequence[Reply]) -> tuple[Cell, ...]:
    counts = Counter(reply.verdict for reply in replies)
    return (
        way,
        len(replies),
        *(counts[verdict] for verdict in VERDICTS),
        share([reply.verdict == "right" for reply in replies]),
        share([reply.right_page for reply in replies]).value,
    )


def listing(site: Site, replies: Sequence[Reply]) -> Table | None:
    """Return every question with what was shown; None for a held-out site."""
    if site.held_out:
        return None
    rows = tuple(
        (
            f"{reply.question.id}, {reply.way}",
            _cell(reply.put),
            reply.verdict if reply.question.pieces else _without_answer(reply),
            _cell(reply.shown or ""),
        )
        for reply in replies
    )
    return Table(f"{site.name}: every question with what was shown", _LIST, rows)


def _without_answer(reply: Reply) -> str:
    return "abstained" if reply.shown is None else "answered, though no page does"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())

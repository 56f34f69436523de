"""All benchmarks by name."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:  # A list of names needs no product.
    from benchmarks.product import Product
    from benchmarks.report import Report


class QualityModule(Protocol):
    """A module that measures the running product and adds its tables to the report."""

    async def run(self, product: "Product", report: "Report", /) -> None: ...


class DataModule(Protocol):
    """A module that reads data from outside of this repository."""

    def require(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is measured, and the module that does it.

    `data` is the module of the data that it reads.
    """

    summary: str
    module: str
    data: str = "benchmarks.data"

    def require(self) -> None:
        """Raise DataMissing unless its data are there."""
        cast("DataModule", import_module(self.data)).require()

    def load(self) -> QualityModule:
        return cast("QualityModule", import_module(self.module))


QUALITY: Final = {
    "retrieval": Benchmark(
        "Is the paragraph that a question was written for found, and how far up?",
        "benchmarks.quality.retrieval",
    ),
    "answers": Benchmark(
        "Does the answer contain what was asked for, and in how many sentences?",
        "benchmarks.quality.answers",
    ),
    "unanswerable": Benchmark(
        "Does the confidence tell questions that the knowledge answers from others?",
        "benchmarks.quality.unanswerable",
    ),
    "calibration": Benchmark(
        "Are answers of confidence p right in a share p of the cases?",
        "benchmarks.quality.calibration",
    ),
    "faq": Benchmark(
        "Does a customer's message meet the right Q&A item, or none where there is none?",
        "benchmarks.quality.faq",
    ),
    "german": Benchmark("Retrieval and answers in German.", "benchmarks.quality.german"),
    "human_request": Benchmark(
        "Is a request for a person recognised?", "benchmarks.quality.human_request"
    ),
    "help_centre": Benchmark(
        "Do questions to help pages, put as customers put them, get the piece that answers?",
        "benchmarks.help_centre.asking",
        data="benchmarks.help_centre.packages",
    ),
    "languages": Benchmark(
        "Are passages found in Chinese, Japanese, Thai, Vietnamese and Hindi, and how sure is it?",
        "benchmarks.languages.asking",
        data="benchmarks.languages.sets",
    ),
}
"""These share one installation, and the sets that were asked already."""

SCRIPTS: Final = {
    "embedder": Benchmark("The embedder by itself: speed and memory.", "benchmarks.embedder"),
    "chats": Benchmark(
        "Time to the first token of extractive chats, at 1, 16 and 64 clients.",
        "benchmarks.speed.chats",
    ),
    "dialects": Benchmark(
        "What each dialect's chat costs beside the visitor tier's.", "benchmarks.speed.dialects"
    ),
    "bombs": Benchmark(
        "Chats while documents are taken in, also such as are made to choke readers.",
        "benchmarks.speed.bombs",
    ),
    "log_in": Benchmark(
        "CPU of a log-in, and what 100 at once do to a chat's first words.",
        "benchmarks.speed.log_in",
    ),
    "idle_streams": Benchmark(
        "What 1,000 streams that wait for news cost, and how soon all are told.",
        "benchmarks.speed.idle_streams",
    ),
    "worst_messages": Benchmark(
        "How long `/healthz` takes beside each of the worst messages.",
        "benchmarks.speed.worst_messages",
    ),
    "widget": Benchmark(
        "What the widget costs a page, and how soon a visitor sees an answer and a reply.",
        "benchmarks.speed.widget",
    ),
    "inbox": Benchmark(
        "Lists and searches among 100,000 conversations, and how soon the inbox shows them.",
        "benchmarks.speed.inbox",
    ),
    "memory": Benchmark(
        "Memory after ingesting 1,000 chunks, start to ready, ingest rate.",
        "benchmarks.speed.memory",
    ),
    "scale": Benchmark(
        "Search in projects of 1,000, 10,000 and 100,000 chunks.", "benchmarks.speed.scale"
    ),
    "ingest_rate": Benchmark(
        "Ingestion as a project grows, by thousand chunks: flat is the aim.",
        "benchmarks.speed.ingest_rate",
    ),
    "neighbours": Benchmark(
        "A small project's search among 1,000 projects, one of them large.",
        "benchmarks.speed.neighbours",
    ),
    "webhooks": Benchmark(
        "Deliveries a second beside chats, and beside another account's open transaction.",
        "benchmarks.speed.webhooks",
    ),
    "verification": Benchmark(
        "Are sentences of a model that the passages don't say found out?",
        "benchmarks.verification.measure",
    ),
    "due": Benchmark("Due work: jobs a second, time from commit to run.", "benchmarks.due"),
}
"""These run in a process of their own."""


def summary_of(name: str) -> str:
    if name == "quality":
        return f"All of {', '.join(QUALITY)}."
    return {**QUALITY, **SCRIPTS}[name].summary

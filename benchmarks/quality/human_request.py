"""Whether a request for a person is recognised as one."""

from typing import Final

from answerdesk.answering.human_request import asks_for_human
from benchmarks.data import messages
from benchmarks.metrics import share
from benchmarks.product import Product
from benchmarks.report import Report, Table

_POSITIVE: Final = "contact_human_agent"
_AMBIGUOUS: Final = "contact_customer_service"
_COLUMNS: Final = ("set", "requests for a person", "others", "precision", "recall")


async def run(_: Product, report: Report) -> None:
    asked = [one for one in messages("bitext/intents.jsonl") if one.label != _AMBIGUOUS]
    recognised = [asks_for_human(one.text) for one in asked]
    positive = [one.label == _POSITIVE for one in asked]
    row = (
        "bitext",
        sum(positive),
        len(asked) - sum(positive),
        share([true for true, said in zip(positive, recognised, strict=True) if said]),
        share([said for true, said in zip(positive, recognised, strict=True) if true]),
    )
    report.add(Table("Requests for a person", _COLUMNS, (row,)))

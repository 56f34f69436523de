"""The same as `retrieval` and `answers`, in German."""

from benchmarks.data import passage_set
from benchmarks.product import Product
from benchmarks.quality import answers, retrieval
from benchmarks.report import Report


async def run(product: Product, report: Report) -> None:
    report.add(await retrieval.table(product, passage_set("xquad_de")))
    report.add(await answers.table(product, "xquad_de"))

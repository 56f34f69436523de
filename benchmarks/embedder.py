"""Measures an embedder by itself: start, questions, passages, both at once, memory.

    python -m benchmarks.embedder [--model e5] [--threads N] [--passages N] [--questions N] [--json]

Texts are made up from a fixed list with a fixed seed, so that a run needs no data; their token
counts are printed, since speed depends on little else. Every figure is measured in a process of its
own that did nothing before, except those said to come from the same process.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from answerdesk.kit.spans import Span
from answerdesk.providers.e5.embedder import E5Embedder
from answerdesk.providers.e5.tokenizer import UnigramTokenizer
from answerdesk.providers.e5.weights import locate as locate_e5
from answerdesk.providers.e5.weights import read_model
from answerdesk.providers.embedder import Passage
from answerdesk.providers.in_process.embedder import InProcessEmbedder
from answerdesk.providers.minilm import MiniLmEmbedder
from answerdesk.providers.minilm.weights import locate
from answerdesk.providers.minilm.windows import WindowTokenizer

MODELS: dict[str, Callable[..., InProcessEmbedder]] = {"minilm": MiniLmEmbedder, "e5": E5Embedder}

SUBJECTS = (
    "the customer portal", "a delayed parcel", "our support team", "the monthly invoice",
    "a gift card", "the Vienna warehouse", "your subscription", "an expired password",
    "the mobile application", "a returned article", "the service contract", "every employee",
)  # fmt: skip
PREDICATES = (
    "is available within three working days", "can be changed in the settings at any time",
    "was introduced in 2019 and revised last spring", "requires a confirmed e-mail address",
    "costs 4.90 euros in Germany and 12.50 euros elsewhere", "is handled by the regional office",
    "must be reported before the end of the month", "appears on the overview page",
    "remains valid for thirty-six months after purchase", "cannot be combined with a discount",
)  # fmt: skip
ASKED = (
    "How long does it take until",
    "Why do you say that",
    "Is it true that",
    "Where do I see how",
)


def sentence(random_: random.Random) -> str:
    return f"{random_.choice(SUBJECTS).capitalize()} {random_.choice(PREDICATES)}. "


def make_passages(count: int) -> list[Passage]:
    """Return passages of 4 to 16 sentences, each with its spans."""
    random_ = random.Random(7)
    passages = []
    for number in range(count):
        text, spans = f"Manual > Section {number}\n", []
        for _ in range(random_.randint(4, 16)):
            addition = sentence(random_)
            spans.append(Span(len(text), len(text) + len(addition)))
            text += addition
        passages.append(Passage(text, tuple(spans)))
    return passages


def make_questions(count: int) -> list[str]:
    """Return questions, all different, so that none is answered from memory."""
    random_ = random.Random(11)
    return [
        f"{random_.choice(ASKED)} {random_.choice(SUBJECTS)} {random_.choice(PREDICATES)} ({n})?"
        for n in range(count)
    ]


def memory() -> dict[str, float]:
    """Return this process's memory in MB: proportional, its private part, and the peak so far."""
    fields: dict[str, float] = {}
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
        name, value, *_ = line.split()
        fields[name.rstrip(":")] = int(value) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "pss_mb": round(fields["Pss"], 1),
        "anonymous_mb": round(fields["Pss_Anon"], 1),
        "peak_rss_mb": round(peak, 1),
    }


def percentiles(seconds: list[float]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    return {"p50_ms": round(p50, 1), "p95_ms": round(p95, 1), "p99_ms": round(p99, 1)}


async def ask_all(embedder: InProcessEmbedder, questions: list[str], clients: int) -> list[float]:
    """Ask each question once, `clients` at a time; return the seconds that each took."""
    waiting = iter(questions)
    seconds: list[float] = []

    async def client() -> None:
        for question in waiting:
            start = time.perf_counter()
            await embedder.embed_questions([question])
            seconds.append(time.perf_counter() - start)

    await asyncio.gather(*(client() for _ in range(clients)))
    return seconds


async def measure_start(args: argparse.Namespace, threads: int | None) -> dict[str, Any]:
    start = time.perf_counter()
    embedder = MODELS[args.model](threads=threads)
    await embedder.ready()
    ready = time.perf_counter() - start
    await embedder.embed_questions(["How do I reset my password?"])
    first = time.perf_counter() - start
    used = memory()
    await embedder.close()
    return {"ready_s": round(ready, 3), "first_question_s": round(first, 3), **used}


async def measure_questions(args: argparse.Namespace, threads: int | None) -> dict[str, Any]:
    embedder = MODELS[args.model](threads=threads)
    await ask_all(embedder, ["warm up"] * 3, 1)
    result: dict[str, Any] = {}
    questions = make_questions(4 * args.questions)
    for clients in (1, 16, 64):
        part, questions = questions[: args.questions], questions[args.questions :]
        start, computing = time.perf_counter(), time.process_time()
        seconds = await ask_all(embedder, part, clients)
        rate = len(part) / (time.perf_counter() - start)
        computing = 1000 * (time.process_time() - computing) / len(part)
        result[f"clients_{clients}"] = {
            "n": len(part),
            "per_s": round(rate, 1),
            "processor_ms_a_question": round(computing, 1),
            **percentiles(seconds),
        }
    result["memory"] = memory()
    await embedder.close()
    return result


async def measure_passages(args: argparse.Namespace, threads: int | None) -> dict[str, Any]:
    embedder = MODELS[args.model](threads=threads)
    passages = make_passages(args.passages)
    await embedder.embed_passages(passages[:8])
    start, computing = time.perf_counter(), time.process_time()
    await embedder.embed_passages(passages)
    seconds, computing = time.perf_counter() - start, time.process_time() - computing
    result = {
        "n": len(passages),
        "sentences": sum(len(passage.sentences) for passage in passages),
        "passages_per_s": round(len(passages) / seconds, 1),
        # Processor time of all threads: the figure that depends least on who else is working.
        "processor_ms_a_passage": round(1000 * computing / len(passages), 1),
        **token_figures(args.model, passages, seconds),
        "memory": memory(),
    }
    questions = make_questions(args.questions)
    ingesting = asyncio.create_task(embedder.embed_passages(passages * 50))
    await asyncio.sleep(0.5)
    result["question_while_ingesting"] = percentiles(await ask_all(embedder, questions[:100], 1))
    assert not ingesting.done()
    ingesting.cancel()
    await asyncio.gather(ingesting, return_exceptions=True)
    await embedder.close()
    return result


def token_figures(model: str, passages: list[Passage], seconds: float) -> dict[str, Any]:
    tokenizer: WindowTokenizer | UnigramTokenizer
    if model == "minilm":
        tokenizer = WindowTokenizer(locate().tokenizer)
    else:
        tokenizer = UnigramTokenizer(read_model(locate_e5())[0])
    counts = [len(tokenizer.passage(passage).ids) + 2 for passage in passages]
    return {
        "tokens_a_passage": round(float(np.mean(counts)), 1),
        "tokens_per_s": round(sum(counts) / seconds),
    }


MEASUREMENTS = {
    "start": measure_start,
    "questions": measure_questions,
    "passages": measure_passages,
}


def machine() -> dict[str, Any]:
    cpu = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "onnxruntime": version("onnxruntime"),
        "numpy": version("numpy"),
    }


def in_own_process(args: argparse.Namespace, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.embedder", "--only", name]
    command += ["--passages", str(args.passages), "--questions", str(args.questions)]
    command += ["--model", args.model]
    command += ["--threads", str(args.threads)] if args.threads else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the embedder by itself.")
    parser.add_argument("--model", choices=list(MODELS), default="minilm")
    parser.add_argument("--threads", type=int, help="cores for the model (default: all physical)")
    parser.add_argument("--passages", type=int, default=200)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=list(MEASUREMENTS), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        print(json.dumps(asyncio.run(MEASUREMENTS[args.only](args, args.threads))))
        return
    report: dict[str, Any] = {
        "command": " ".join(["python -m benchmarks.embedder", *sys.argv[1:]]),
        "machine": machine(),
        # The first start reads the weights from the disk, the others from its cache.
        "starts": [in_own_process(args, "start") for _ in range(args.starts)],
        "questions": in_own_process(args, "questions"),
        "passages": in_own_process(args, "passages"),
    }
    if args.json:
        print(json.dumps(report, indent=2))
        return
    for name, value in report.items():
        for entry in value if isinstance(value, list) else [value]:
            lines = entry.items() if isinstance(entry, dict) else [("", entry)]
            print(name)
            for key, figure in lines:
                print(f"  {key}  {figure}")


if __name__ == "__main__":
    main()

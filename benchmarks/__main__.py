"""Runs benchmarks by name: `python -m benchmarks [name …] [--json FILE]`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # Two libraries that fill all cores hinder both.

import argparse
import asyncio
import subprocess
import sys
from pathlib import Path

import structlog

from benchmarks.data import DataMissing
from benchmarks.registry import QUALITY, SCRIPTS, summary_of
from benchmarks.report import Report


def main() -> int:
    arguments = _arguments()
    if arguments.list:
        for name in ("quality", *QUALITY, *SCRIPTS):
            print(f"{name:16}{summary_of(name)}")
        return 0
    names: list[str] = arguments.names or ["quality", *SCRIPTS]
    quality = list(QUALITY) if "quality" in names else [name for name in QUALITY if name in names]
    if quality:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        try:
            for name in quality:
                QUALITY[name].require()
            asyncio.run(_measure_quality(quality, arguments))
        except DataMissing as missing:
            print(missing, file=sys.stderr)
            return 2
    codes = [_run_script(name) for name in SCRIPTS if name in names]
    return max(codes, default=0)


async def _measure_quality(names: list[str], arguments: argparse.Namespace) -> None:
    from benchmarks.product import product  # noqa: PLC0415  # `--list` needs no model.

    report = Report(listing=arguments.show)
    async with product() as running:
        for name in names:
            benchmark = QUALITY[name]
            report.section(name, benchmark.summary)
            await benchmark.load().run(running, report)
    report.finish()
    if arguments.json is not None:
        report.write_json(arguments.json)


def _run_script(name: str) -> int:
    print(f"### {name}\n\n{SCRIPTS[name].summary}\n", flush=True)
    command = [sys.executable, "-m", SCRIPTS[name].module]
    return subprocess.run(command, check=False).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure answer quality, speed and memory."
    )
    choices = ["quality", *QUALITY, *SCRIPTS]
    parser.add_argument("names", nargs="*", metavar="name", help="what to measure (default: all)")
    parser.add_argument("--list", action="store_true", help="list the names")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write quality figures there too")
    parser.add_argument(
        "--show",
        action="store_true",
        help="help_centre: list every question with what was shown, on the sites for tuning",
    )
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in choices:
            parser.error(f"there is no benchmark {name!r}; there are {', '.join(choices)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())

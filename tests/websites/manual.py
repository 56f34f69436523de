"""A manual to crawl: hundreds of pages, always the same, each with a fact that no other has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from random import Random

# Each thing is a chapter, each task in it a page.
THINGS = (
    *("account", "backup", "calendar", "camera", "certificate", "contract", "dashboard", "device"),
    *("document", "domain", "folder", "invoice", "licence", "location", "mailbox", "member"),
    *("message", "network", "order", "parcel", "password", "payment", "phone", "printer"),
    *("project", "refund", "report", "robot", "room", "schedule", "sensor", "ticket"),
    *("survey", "template", "vehicle", "workspace"),
)
TASKS = (
    *("Adding", "Archiving", "Assigning", "Checking", "Closing", "Comparing", "Copying"),
    *("Deleting", "Exporting", "Finding", "Importing", "Limiting", "Locking", "Merging"),
    *("Moving", "Printing", "Renaming", "Repairing", "Restoring", "Sharing", "Sorting"),
    *("Splitting", "Tagging", "Tracking", "Unlocking", "Updating", "Validating", "Watching"),
)
ROLES = ("an administrator", "an owner", "an editor", "a team leader", "a guest", "an auditor")
PLACES = ("the side bar", "the settings", "the tool bar", "the context menu", "the command line")
UNITS = ("seconds", "minutes", "hours", "days", "megabytes", "entries")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: the id of its heading, the heading, and its paragraphs."""

    anchor: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page of the manual. `question` is answered by `fact`, a sentence of this page alone."""

    path: str
    title: str
    chapter: str
    sections: tuple[Section, ...]
    question: str
    fact: str
    links: tuple[str, ...] = ()

    def with_paragraph(self, anchor: str, text: str) -> "ManualPage":
        """Return the page with the last paragraph of a section said otherwise."""
        changed = tuple(
            replace(one, paragraphs=(*one.paragraphs[:-1], text)) if one.anchor == anchor else one
            for one in self.sections
        )
        assert changed != self.sections, f"{self.path} has no section {anchor}"
        return replace(self, sections=changed)


@dataclass(frozen=True, slots=True)
class Manual:
    """A whole manual; `pages` by path, the home page "/" first."""

    name: str
    pages: dict[str, ManualPage]

    def html(self, path: str, *, build: str = "1") -> str:
        """Return a page as it is served; `build` changes the furniture around its content."""
        page = self.pages[path]
        body = "\n".join(_section(section) for section in page.sections)
        contents = "".join(f'<li><a href="#{s.anchor}">{s.heading}</a></li>' for s in page.sections)
        listing = "".join(
            f'<li><a href="{to}">{escape(self.pages[to].title)}</a></li>' for to in page.links
        )
        linked = f'<ul class="pages">{listing}</ul>' if listing else ""
        return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(page.title)} – {self.name}</title>
<meta name="generator" content="Press {build}"><link rel="stylesheet" href="/style.{build}.css">
</head><body>
<header class="banner"><a href="/">{self.name}</a>
<form role="search"><input name="q"></form></header>
<nav class="sidebar" aria-label="Chapters"><ul>{self._side_bar()}</ul></nav>
<main><h1>{escape(page.title)}</h1>
<nav class="toc"><ul>{contents}</ul></nav>
{body}
{linked}
</main>
<nav class="pagination">{self._neighbours(path)}</nav>
<footer><p>© {self.name}. Build {build}. <a href="/">Home</a>
<a href="mailto:press@example.com">Write to us</a>
<a href="/legal?build={build}" rel="nofollow">Legal notice</a></p></footer>
<script src="/search.{build}.js"></script>
</body></html>
"""

    def all_html(self, *, build: str = "1") -> dict[str, str]:
        """Return every page as it is served, by path."""
        return {path: self.html(path, build=build) for path in self.pages}

    def with_page(self, page: ManualPage) -> "Manual":
        """Return the manual with a page changed or added."""
        return replace(self, pages={**self.pages, page.path: page})

    def without(self, *paths: str) -> "Manual":
        """Return the manual without pages, and without the links to them."""
        gone = set(paths)
        return replace(
            self,
            pages={
                path: replace(page, links=tuple(to for to in page.links if to not in gone))
                for path, page in self.pages.items()
                if path not in gone
            },
        )

    def topics(self) -> list[ManualPage]:
        """Return the pages that have a fact: all but the home page and those of the chapters."""
        return [page for page in self.pages.values() if page.fact]

    def _side_bar(self) -> str:
        home = self.pages["/"]
        return "".join(f'<li><a href="{to}">{self.pages[to].title}</a></li>' for to in home.links)

    def _neighbours(self, path: str) -> str:
        order = list(self.pages)
        at = order.index(path)
        before = f'<a rel="prev" href="{order[at - 1]}">Previous</a>' if at else ""
        after = f'<a rel="next" href="{order[at + 1]}">Next</a>' if at + 1 < len(order) else ""
        return before + after


def manual(pages: int = 400, *, name: str = "Harbour manual") -> Manual:
    """Make a manual of exactly so many pages: a home page, chapters, and their topics.

    The same number gives the same manual; a smaller one is not the beginning of a larger one.
    """
    assert 3 <= pages <= 1 + len(THINGS) * (1 + len(TASKS)), "the vocabulary ends there"
    chapters = max(1, min(len(THINGS), round((pages - 1) ** 0.5)))
    while chapters * (1 + len(TASKS)) < pages - 1:
        chapters += 1
    topics = pages - 1 - chapters
    made: dict[str, ManualPage] = {}
    fronts = []
    for index, thing in enumerate(THINGS[:chapters]):
        count = topics // chapters + (index < topics % chapters)
        own = [_topic(thing, task) for task in TASKS[:count]]
        front = _chapter(thing, own)
        fronts.append(front)
        made |= {page.path: page for page in (front, *own)}
    return Manual(name, {"/": _home(name, fronts), **made})


def _home(name: str, fronts: list[ManualPage]) -> ManualPage:
    welcome = (
        f"Welcome to the {name}. It has {len(fronts)} chapters.",
        "Every chapter deals with one kind of thing and with everything that you can do with it.",
    )
    sections = (Section("welcome", "Welcome", welcome),)
    return ManualPage("/", name, "", sections, "", "", tuple(page.path for page in fronts))


def _chapter(thing: str, topics: list[ManualPage]) -> ManualPage:
    about = (
        f"This chapter explains what you can do with a {thing}, and who may do it.",
        f"It has {len(topics)} topics.",
    )
    sections = (Section("about", f"About {thing}s", about),)
    links = tuple(page.path for page in topics)
    return ManualPage(f"/{thing}/", f"{thing.title()}s", thing, sections, "", "", links)


def _topic(thing: str, task: str) -> ManualPage:
    random = Random(f"{thing} {task}")
    doing = task.lower()
    number, unit = random.randrange(3, 990), random.choice(UNITS)
    fact = f"The limit for {doing} a {thing} is {number} {unit}."
    sections = (
        Section(
            "purpose", f"Why {doing} a {thing} matters", tuple(_prose(random, thing, doing, 2))
        ),
        Section("steps", "Step by step", tuple(_steps(random, thing, doing))),
        Section("limits", "Limits", (*_prose(random, thing, doing, 1), fact)),
    )
    return ManualPage(
        path=f"/{thing}/{doing}.html",
        title=f"{task} a {thing}",
        chapter=thing,
        sections=sections,
        question=f"What is the limit for {doing} a {thing}?",
        fact=fact,
    )


def _prose(random: Random, thing: str, doing: str, count: int) -> Iterator[str]:
    for _ in range(count):
        yield (
            f"{random.choice(ROLES).capitalize()} reaches {doing} a {thing} through"
            f" {random.choice(PLACES)}. The change is visible to {random.choice(ROLES)} after"
            f" {random.randrange(2, 60)} {random.choice(UNITS[:4])}, and it is written to the log"
            f" under number {random.randrange(1000, 9999)}."
        )


def _steps(random: Random, thing: str, doing: str) -> Iterator[str]:
    yield f"Open the {thing} in {random.choice(PLACES)} and choose the entry for {doing} it."
    yield (
        f"Confirm with code {random.randrange(100, 999)}. Without the code the {thing} stays as it"
        f" is, and {random.choice(ROLES)} is told why."
    )


def _section(section: Section) -> str:
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in section.paragraphs)
    return (
        f'<section><h2 id="{section.anchor}">{escape(section.heading)}</h2>\n{paragraphs}</section>'
    )

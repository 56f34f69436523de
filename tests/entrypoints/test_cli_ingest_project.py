"""Which project `ingest` adds to when none is named, and what it says of it."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.installation import Installation, installation, write_files
from tests.websites import Website, manual


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation(ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8", ANSWERDESK_CRAWL_DELAY="0") as made:
        yield made


def folder(parent: Path, name: str) -> Path:
    return write_files(parent / name, {"a.md": f"The colour of {name} is blue.\n"})


def project_of(desk: Installation, *arguments: str | Path) -> dict[str, str]:
    """Ingest, and return the project that it went to."""
    project: dict[str, str] = desk.run("ingest", *arguments, "--json").ok().json["project"]
    return project


def test_what_is_in_different_projects_is_not_mixed(desk: Installation, tmp_path: Path) -> None:
    apples, pears = folder(tmp_path, "apples"), folder(tmp_path, "pears")
    homes = {project_of(desk, one)["name"] for one in (apples, pears)}
    assert homes == {"apples", "pears"}
    done = desk.run("ingest", apples, pears, "--json")
    error = json.loads(done.errors)["error"]
    assert (done.status, done.output, error["code"]) == (1, "", "several_projects")
    assert f"{apples} in apples" in error["message"]
    assert f"{pears} in pears" in error["message"]
    both = project_of(desk, apples, pears, "--project", "pears")
    assert both["name"] == "pears"
    # Now one project has both.
    assert project_of(desk, apples, pears) == both


def test_a_folder_begins_a_project_of_its_name_and_stays_in_it(
    desk: Installation, tmp_path: Path
) -> None:
    plums = folder(tmp_path, "plums")
    first = project_of(desk, plums)
    assert first["name"] == "plums"
    assert project_of(desk, plums) == first
    assert project_of(desk, plums / "a.md") == first
    # What is new goes along with what is known.
    assert project_of(desk, folder(tmp_path, "cherries"), plums) == first
    assert project_of(desk, tmp_path / "cherries") == first


def test_a_second_folder_of_a_name_is_told_from_the_first(
    desk: Installation, tmp_path: Path
) -> None:
    for parent, name in (("north", "figs"), ("south", "south/figs")):
        assert project_of(desk, folder(tmp_path / parent, "figs"))["name"] == name


def test_a_folder_in_a_named_project_is_looked_for_there(
    desk: Installation, tmp_path: Path
) -> None:
    project_of(desk, folder(tmp_path, "dates"))
    nuts = folder(tmp_path, "nuts")
    assert project_of(desk, nuts, "--project", "dates")["name"] == "dates"
    assert project_of(desk, nuts)["name"] == "dates"


def test_a_website_begins_a_project_of_its_host(desk: Installation) -> None:
    book = manual(4)
    with Website() as site:
        site.put({path: book.html(path) for path in book.pages})
        host = site.url.removeprefix("http://")
        first = project_of(desk, site.url)
        assert first["name"] == host
        assert project_of(desk, f"{site.url}/") == first
        path = next(one for one in book.pages if one != "/")
        page = project_of(desk, f"{site.url}{path}", "--page")
        assert page["name"] == f"{host}{path}".rstrip("/")


def test_it_says_which_project_and_how_to_ask_it(desk: Installation, tmp_path: Path) -> None:
    limes = folder(tmp_path, "sweet limes")
    done = desk.run("ingest", limes).ok()
    [line] = [one for one in done.output.splitlines() if one.startswith("Project")]
    assert "sweet limes (proj_" in line
    assert line.endswith(", new)")
    assert "new)" not in desk.run("ingest", limes).ok().output
    [how] = [one for one in done.output.splitlines() if one.startswith("Ask it")]
    _, *command, last = shlex.split(how.removeprefix("Ask it"))
    assert last == "QUESTION"
    answer = desk.run(*command, "What is the colour of sweet limes?", "--json").ok().json
    assert "blue" in answer["answer"]
    project_id = line.partition("(")[2].partition(",")[0]
    assert f"/?project={project_id}" in done.output

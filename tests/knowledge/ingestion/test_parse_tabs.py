"""A panel of tabs is read under its label."""

import pytest

from answerdesk.knowledge.ingestion.parse import parse

ARIA = """<div role=tablist><button role=tab id=t1 aria-controls=p1>Windows</button>
<button role=tab id=t2 aria-controls=p2>macOS</button></div>
<div role=tabpanel id=p1 aria-labelledby=t1><p>Run setup.exe.</p></div>
<div role=tabpanel id=p2 hidden><p>Drag it into Applications.</p></div>"""
MATERIAL = """<div class="tabbed-set"><input type=radio id=a><input type=radio id=b>
<div class="tabbed-labels"><label for=a>Windows</label><label for=b>macOS</label></div>
<div class="tabbed-content"><div class="tabbed-block"><p>Run setup.exe.</p></div>
<div class="tabbed-block"><p>Drag it into Applications.</p></div></div></div>"""
SPHINX = """<div class="sd-tab-set"><input><label class="sd-tab-label">Windows</label>
<div class="sd-tab-content"><p>Run setup.exe.</p></div><input>
<label class="sd-tab-label">macOS</label>
<div class="sd-tab-content"><p>Drag it into Applications.</p></div></div>"""
MKDOCS = """=== "Windows"

    Run setup.exe.

=== "macOS"

    Drag it into Applications.
"""
MDX = """<Tabs groupId="os">
<TabItem value="win" label="Windows">

Run setup.exe.

</TabItem>
<TabItem value="mac" label="macOS">

Drag it into Applications.

</TabItem>
</Tabs>
"""


def page(inside: str) -> bytes:
    return (
        "<html><body><main><h1>Install</h1><p>Choose your system before you begin.</p>"
        f"{inside}<p>Then start it.</p></main></body></html>"
    ).encode()


def markdown(inside: str) -> bytes:
    return f"# Install\n\n{inside}\nThen start it.\n".encode()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (page(ARIA), "install.html"),
        (page(MATERIAL), "install.html"),
        (page(SPHINX), "install.html"),
        (markdown(MKDOCS), "install.md"),
        (markdown(MDX), "install.mdx"),
    ],
    ids=["aria", "material", "sphinx", "mkdocs", "mdx"],
)
def test_a_panel_stands_under_its_label(content: bytes, name: str) -> None:
    media_type = "text/html" if name.endswith("html") else "text/markdown"
    parsed = parse(content, media_type, name)
    by_text = {block.text: block.heading_path for block in parsed.blocks}
    assert by_text["Run setup.exe."] == ("Windows",)
    assert by_text["Drag it into Applications."] == ("macOS",)
    assert by_text["Then start it."] == ()


def test_tabs_inside_tabs_and_code_that_only_looks_like_one() -> None:
    text = (
        '# Install\n\n=== "macOS"\n\n    === "Intel"\n\n        Take the x64 file.\n\n'
        '```sh\n=== "no tab"\n```\n'
    )
    parsed = parse(text.encode(), "text/markdown", "install.md")
    assert ("macOS", "Intel") in {block.heading_path for block in parsed.blocks}
    assert any("no tab" in block.text and block.kind == "code" for block in parsed.blocks)


def test_panels_without_a_label_are_text() -> None:
    inside = "<div role=tabpanel><p>Run setup.exe.</p></div>"
    parsed = parse(page(inside), "text/html", "install.html")
    assert {block.heading_path for block in parsed.blocks} == {()}

from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, parse

GUIDE = """\
---
layout: page
title: "Shop \\"guide\\"" # comment
---

Intro before any heading.

# Shop

[![Build](https://img.shields.io/x.svg)](https://x) ![A map](a.png)

Plain with **bold**, `code`, [a link](http://x) and [support](mailto:help@x.com).
Wrapped line  
hard break.[^1]

## Shipping & returns! {#ship}

Costs by country:

| Country | Price | Days |
|---|---:|---|
| Germany | **$3** | 2 |
| France | $5 | |

### To Japan?

No. See <https://example.com>.

> [!NOTE]
> Be careful.

!!! warning "Careful"
    Do not do that.

    Really.

Afterwards.

:::tip
Inner text
:::

1. First
   ```sh
   make run
   ```
2. Second
   - nested *a*
   - nested b

## Shipping

<details>
<summary>What about returns?</summary>

You can return within **30 days**.

</details>

After details.

<!-- secret -->
<h3 align="center">Centered</h3>
<p>Raw paragraph</p>

## Shipping

### Nothing here

Setext
------

    indented code

```python
# no heading
x = 1
```
"""  # noqa: W291 (two spaces break a line)


def read(text: str, name: str = "docs/my_guide.md") -> ParsedDocument:
    return parse(text.encode(), "text/markdown", name)


def test_a_document_with_all_that_markdown_has() -> None:
    document = read(GUIDE)
    assert document.title == 'Shop "guide"'
    assert document.language == "en"
    shop, ship = ("Shop",), ("Shop", "Shipping & returns!")
    japan, again = (*ship, "To Japan?"), ("Shop", "Shipping")
    assert list(document.blocks) == [
        Block("paragraph", "Intro before any heading.", (), None),
        Block("paragraph", "A map", shop, "shop", is_caption=True),
        Block(
            "paragraph",
            "Plain with bold, code, a link and support (help@x.com). Wrapped line\nhard break.",
            shop,
            "shop",
        ),
        Block("paragraph", "Costs by country:", ship, "ship"),
        Block(
            "table",
            "Country: Germany | Price: $3 | Days: 2\nCountry: France | Price: $5",
            ship,
            "ship",
        ),
        Block("paragraph", "No. See https://example.com.", japan, "to-japan"),
        Block("quote", "Note: Be careful.", japan, "to-japan"),
        Block("quote", "Careful: Do not do that.", japan, "to-japan"),
        Block("quote", "Really.", japan, "to-japan"),
        Block("paragraph", "Afterwards.", japan, "to-japan"),
        Block("paragraph", "Tip: Inner text", japan, "to-japan"),
        Block(
            "list",
            "1. First\n  make run\n2. Second\n  - nested a\n  - nested b",
            japan,
            "to-japan",
        ),
        Block(
            "paragraph",
            "You can return within 30 days.",
            (*again, "What about returns?"),
            "shipping",
        ),
        Block("paragraph", "After details.", again, "shipping"),
        Block("paragraph", "Raw paragraph", (*again, "Centered"), "centered"),
        Block("paragraph", "Nothing here", again, "nothing-here"),
        Block("code", "    indented code".strip(), ("Shop", "Setext"), "setext"),
        Block("code", "# no heading\nx = 1", ("Shop", "Setext"), "setext"),
    ]


def test_the_title_is_the_front_matters_then_the_first_heading_then_the_files_name() -> None:
    assert read("---\ntitle: 'It''s'\n---\n# Other\n\ntext").title == "It's"
    assert read('+++\ntitle = "Toml"\n+++\ntext').title == "Toml"
    assert read("## Small\n\n# The *Title*\n\ntext").title == "The Title"
    assert read("just text").title == "My guide"


def test_the_title_is_in_no_heading_path() -> None:
    assert read("# Shop\n\ntext").blocks == (Block("paragraph", "text", (), "shop"),)
    same = read("---\ntitle: Shop\n---\n# shop\n\n## Prices\n\ntext")
    assert same.blocks == (Block("paragraph", "text", ("Prices",), "prices"),)


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    assert [block.text for block in read("---\n\nfirst\n\n---\n\nsecond").blocks] == [
        "first",
        "second",
    ]


def test_anchors_are_those_of_github() -> None:
    headings = ["Hello, World!", "A  b", "Über_uns 2.0", "Hello, World!", "hello-world-1", "日本語"]
    document = read("\n\n".join(f"## {heading}\n\ntext" for heading in headings))
    assert [block.anchor for block in document.blocks] == [
        "hello-world",
        "a-b",
        "über_uns-20",
        "hello-world-1",
        "hello-world-1-1",
        "日本語",
    ]


def test_fences_and_code_spans_are_left_as_they_are() -> None:
    text = "~~~\n:::tip\n!!! note\n[^1] <b> &amp;\n~~~\n\nUse `<b>` and `[^1]`."
    assert [block.text for block in read(text).blocks] == [
        ":::tip\n!!! note\n[^1] <b> &amp;",
        "Use <b> and [^1].",
    ]


def test_boxes_with_a_title_only_and_in_lists_are_read() -> None:
    text = (
        '??? "By hand"\n    ```sql\n    delete;\n    ```\n\nAfter.\n\n'
        "1. First\n\n    !!! note\n        Mind it.\n\n2. Second\n"
    )
    assert [(block.kind, block.text) for block in read(text).blocks] == [
        ("quote", "By hand:"),
        ("code", "delete;"),
        ("paragraph", "After."),
        ("list", "1. First\n  Note: Mind it.\n2. Second"),
    ]


def test_module_lines_of_mdx_are_dropped() -> None:
    text = "import X from './x'\nexport const y = 1\n\n# Title\n\n<X>Inside</X>\n"
    document = read(text, "a.mdx")
    assert (document.title, [block.text for block in document.blocks]) == ("Title", ["Inside"])


def test_a_document_of_a_title_alone_can_be_found() -> None:
    assert [block.text for block in read("# Coming soon").blocks] == ["Coming soon"]


def test_the_language_is_that_of_the_prose() -> None:
    code = "```\nif the value is what you want then return it to them\n```"
    assert read(f"# Doku\n\n{code}\n\nSo geht es mit der Datei.").language == "de"


def test_a_paragraph_of_very_many_links_is_taken_as_it_is() -> None:
    assert read("[a](b) " * 999).blocks[0].text == " ".join(["a"] * 999)
    assert read("[a](b) " * 1_001).blocks[0].text == " ".join(["[a](b)"] * 1_001)


def test_a_note_that_a_reader_may_fold_is_a_note() -> None:
    (block,) = read("> [!tip]- Mind it\n> Really.").blocks
    assert (block.kind, block.text) == ("quote", "Mind it: Really.")


def test_tags_of_site_generators_are_no_text() -> None:
    source = """\
{{< figure src="a.png" caption="Links count as 23 characters" >}}

{{< hint style="warning" >}}
Lock your account first.
{{< /hint >}}

Press {%- include key.html -%} twice.{{% toc %}}

Write `{{< figure >}}` for a picture.

```jinja
{% if user %}
```
"""
    parsed = parse(source.encode(), "text/markdown", "page.md")
    assert [block.text for block in parsed.blocks] == [
        "Lock your account first.",
        "Press twice.",
        "Write {{< figure >}} for a picture.",
        "{% if user %}",
    ]


def test_the_mark_of_a_note_is_left_out_before_a_colon_too() -> None:
    document = read("- **Mail**[^1]: import it.\n\n[^1]: The note.\n")
    assert [block.text for block in document.blocks] == ["- Mail: import it.", "[^1]: The note."]


def test_icons_and_classes_of_mkdocs_are_no_text() -> None:
    source = (
        ":octicons-tag-24: v1.7.0\n\n"
        "See [the demo](https://example.org){ .md-button .md-button--primary }.\n\n"
        ":material-clock:{ .lg .middle } __Quick__ to set up, at 10:30:15.\n\n"
        "`:material-clock:` is an icon, {.this} is not, nor is a:b-c:d.\n"
    )
    assert [block.text for block in read(source).blocks] == [
        "v1.7.0",
        "See the demo.",
        "Quick to set up, at 10:30:15.",
        ":material-clock: is an icon, {.this} is not, nor is a:b-c:d.",
    ]

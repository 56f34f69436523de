"""Ticks and crosses of tables and lists are read, whatever shows them."""

import pytest

from answerdesk.knowledge.ingestion.parse import parse
from tests.knowledge.ingestion.test_parse_html import texts


def cell(inside: str, attributes: str = "") -> str:
    (row,) = texts(
        "<main><table><tr><th>Feature<th>Free</tr>"
        f"<tr><td>Single sign-on</td><td {attributes}>{inside}</td></tr></table></main>"
    )
    return row.removeprefix("Feature: Single sign-on").removeprefix(" | Free: ")


@pytest.mark.parametrize(
    ("icon", "said"),
    [
        ("<svg role=img aria-label='Not included'></svg>", "Not included"),
        ("<span aria-hidden=true>✗</span><span class=sr-only>Not included</span>", "Not included"),
        (
            "<i class='fa fa-check' aria-hidden=true></i><span class=visually-hidden>Yes</span>",
            "Yes",
        ),
        ("<svg><title>Included</title><path d=M0></svg>", "Included"),
        ("<span class=icon title='Not available'></span>", "Not available"),
        (
            "<span aria-label='4 out of 5 stars'><i class='fa fa-star'></i></span>",
            "4 out of 5 stars",
        ),
        ("<img class=emoji alt='✅' src=2705.png>", "✅"),
        ("✗", "✗"),
        ("<span aria-hidden=true>✔</span>", "✔"),
        # By class: Font Awesome, Bootstrap, Material, Lucide, WordPress, …
        ("<i class='fas fa-times-circle text-danger'></i>", "✗"),
        ("<i class='bi bi-check2'></i>", "✓"),
        ("<i class='bi bi-x-lg'></i>", "✗"),
        ("<span class='glyphicon glyphicon-ok'></span>", "✓"),
        ("<span class='dashicons dashicons-no-alt'></span>", "✗"),
        ("<svg class='lucide lucide-x h-4 w-4'></svg>", "✗"),
        ("<svg class='svg-inline--fa' data-icon=xmark aria-hidden=true><path d=M0></svg>", "✗"),
        ("<svg><use href='/icons.svg#check'></use></svg>", "✓"),
        ("<span class=material-icons>close</span>", "✗"),
        ("<mat-icon>check_circle</mat-icon>", "✓"),
        ("<ion-icon name=checkmark></ion-icon>", "✓"),
        ("<iconify-icon icon='mdi:close'></iconify-icon>", "✗"),
        ("<span class='icon not-included'></span>", "✗"),
        ("<i class='fa fa-minus'></i>", "–"),
        ("<img src='/img/cross.svg' alt=''>", "✗"),
        ("<img src='/img/tick.png'>", "✓"),
        ("<i class='fa fa-check'></i> up to 5", "✓ up to 5"),
        ("<input type=checkbox disabled>", "☐"),
        ("<input type=checkbox checked aria-label='Single sign-on'>", "☑"),
        ("<i class=fa>&#xf00c;</i>", "✓"),
        ('<img class="emoticon emoticon-cross" alt="(error)" src=error.svg>', "✗"),
        # No signs.
        ("<svg class='h-5 gap-x-4 space-x-2'><path d=M0></svg>", ""),
        ("<i class='fa fa-2x fa-rocket'></i>", ""),
        ("<img src=x.jpg alt='A view'>", "A view"),
        ("<i class='fa fa-info-circle'></i>", ""),
    ],
)
def test_what_an_icon_in_a_cell_says(icon: str, said: str) -> None:
    assert cell(icon) == said


@pytest.mark.parametrize(
    ("attributes", "said"), [("class=no", "✗"), ("title=Yes", "Yes"), ("class='px-4 w-2'", "")]
)
def test_an_empty_cell_says_what_its_own_attributes_say(attributes: str, said: str) -> None:
    assert cell("", attributes) == said


def test_the_items_of_a_list_keep_their_crosses() -> None:
    items = (
        "<li><i class='fa fa-check'></i> SSO</li><li><i class='fa fa-times'></i> Audit log</li>"
        "<li><svg role=img aria-label='Not included'></svg> Seats</li>"
        "<li><a href=/x><i class='fa fa-close'></i></a> Close</li><li><i class='fa fa-minus'>"
        "</i> A</li>"
        "<li><input type=checkbox checked disabled> Done</li><li><input type=checkbox> Form</li>"
    )
    assert texts(f"<ul>{items}</ul>") == [
        "- ✓ SSO\n- ✗ Audit log\n- Not included Seats\n- Close\n- A\n- ☑ Done\n- Form"
    ]


def test_markdown_has_ticks_by_name_and_boxes() -> None:
    source = (
        "| F | Free | Pro |\n|-|-|-|\n| SSO | :x: | :white_check_mark: |\n| B | [ ] | [x] |\n"
        "| M | :material-close: | :octicons-check-16: |\n\n- [x] done\n- [ ] open\n\n"
        "See `:x:` and [x] and 10:30:x.\n"
    )
    found = [block.text for block in parse(source.encode(), "text/markdown", "a.md").blocks]
    assert found == [
        "F: SSO | Free: ✗ | Pro: ✓\nF: B | Free: ☐ | Pro: ☑\nF: M | Free: ✗ | Pro: ✓",
        "- ☑ done\n- ☐ open",
        "See :x: and [x] and 10:30:x.",
    ]

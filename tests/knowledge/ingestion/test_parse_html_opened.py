"""What a visitor has to open is read under its question; what else is hidden stays out."""

import pytest

from tests.knowledge.ingestion.test_parse_html import read, texts


def sections(html: str) -> list[tuple[tuple[str, ...], str]]:
    document = read(f"<body><div><h1>Help</h1>{html}<p>Outside.</p></div></body>")
    return [(block.heading_path, block.text) for block in document.blocks]


FORMS = {
    "bootstrap 5": (
        "<div class=accordion-item><h2 class=accordion-header><button class=accordion-button"
        " data-bs-toggle=collapse data-bs-target='#c1' aria-expanded=false>Q?</button></h2>"
        "<div id=c1 class='accordion-collapse collapse'><div>A.</div></div></div>"
    ),
    "bootstrap 3": (
        "<div class=panel-heading><div class=panel-title><a href='#c' data-toggle=collapse>Q?</a>"
        "</div></div><div id=c class='panel-collapse collapse' aria-hidden=true><p>A.</p></div>"
    ),
    "elementor": (
        "<div role=button aria-controls=e1 aria-expanded=false><span aria-hidden=true>+</span>"
        "<a tabindex=0>Q?</a></div><div id=e1 role=region hidden=hidden><p>A.</p></div>"
    ),
    "material": (
        "<div role=button aria-expanded=false aria-controls=m1><p>Q?</p></div>"
        "<div class=MuiCollapse-root style='visibility:hidden'><div><div role=region id=m1>"
        "<p>A.</p>"
        "</div></div></div>"
    ),
    "webflow": (
        "<div class=w-dropdown-toggle id=w0 aria-controls=w1 aria-expanded=false role=button>"
        "<div>Q?</div></div><nav id=w1 aria-labelledby=w0 style='display:none'><p>A.</p></nav>"
    ),
    "w3schools": (
        "<button type=button class=collapsible>Q?</button><div class=content style='display:none'>"
        "<p>A.</p></div>"
    ),
    "jquery": "<h3>Q?</h3><div class=answer style='display: none'><p>A.</p></div>",
    "onclick": "<a onclick=\"toggle('a1')\">Q?</a><div id=a1 style='display:none'>A.</div>",
    "tailwind": "<button aria-expanded=false>Q?<span>▾</span></button><div class=hidden>A.</div>",
    "shopify": "<details><summary><h2>Q?</h2></summary><div><p>A.</p></div></details>",
    "popover": "<button popovertarget=p>Q?</button><div id=p popover>A.</div>",
    "divs": "<div class=faq-question>Q?</div><div class=faq-answer style='display:none'>A.</div>",
    "inner": (
        "<button aria-controls=i1 aria-expanded=false>Q?</button>"
        "<div id=i1><div style='display:none'>A.</div></div>"
    ),
    "schema.org": (
        "<div itemscope itemtype='https://schema.org/Question'><button is=x itemprop=name>Q?"
        "</button>"
        "<div itemprop=acceptedAnswer itemtype='https://schema.org/Answer' hidden><p>A.</p>"
        "</div></div>"
    ),
}


@pytest.mark.parametrize("html", FORMS.values(), ids=FORMS)
def test_a_closed_answer_stands_under_its_question(html: str) -> None:
    assert sections(html) == [(("Q?",), "A."), ((), "Outside.")]


def test_a_window_that_a_button_opens_is_read() -> None:
    html = (
        "<p>Every size.</p><button onclick=\"document.getElementById('s').showModal()\">Sizes"
        "</button>"
        "<dialog id=s><p>Size M is 50 cm wide.</p></dialog>"
    )
    assert (("Sizes",), "Size M is 50 cm wide.") in sections(html)


def test_a_control_that_says_nothing_is_no_heading() -> None:
    html = (
        "<p>Short <span id=more style='display:none'>and the rest</span></p>"
        "<button aria-controls=more>Read more</button>"
    )
    assert sections(html)[0] == ((), "Short and the rest")
    confluence = (
        "<div class=expand-control role=button aria-expanded=false>Click here to expand...</div>"
        "<div class=expand-content aria-hidden=true><p>The rest.</p></div>"
    )
    assert ((), "The rest.") in sections(confluence)


def test_closed_answers_in_lists_of_terms_and_in_lists() -> None:
    terms = "<dl><dt>Why is it slow?<dd style='display:none'>It is cold.</dl>"
    assert texts(terms) == ["- Why is it slow? It is cold."]
    items = (
        "<ul><li><a data-toggle=collapse href='#q'>Q?</a><div id=q aria-hidden=true>A.</div></ul>"
    )
    assert texts(items) == ["- Q? A."]


def test_tabs_by_their_addresses_are_read_under_their_labels() -> None:
    html = (
        "<ul class='nav nav-tabs'><li><a data-toggle=tab href='#w'>Windows</a></li>"
        "<li><a role=tab href='#m'>macOS</a></li></ul><div class=tab-content>"
        "<div class='tab-pane active' id=w>Run it.</div>"
        "<div class=tab-pane role=tabpanel id=m hidden aria-hidden=true>Drag it.</div>"
        "<div class=tab-pane id=l style='display: none'>Nobody opens it.</div></div>"
    )
    found = sections(html)
    assert found[-3:] == [(("Windows",), "Run it."), (("macOS",), "Drag it."), ((), "Outside.")]
    assert "Nobody" not in str(found)


@pytest.mark.parametrize(
    "html",
    [
        "<div hidden>GONE</div>",
        "<div class=d-none>GONE</div>",
        "<div class='hidden px-4'>GONE</div>",
        "<h2>News</h2><div hidden>GONE</div>",
        "<p>What is it?</p><div hidden>GONE</div>",
        (
            "<div class=accordion-item><h3><button>Q?</button></h3><p>A.</p></div><div hidden>GONE"
            "</div>"
        ),
        # Consent, menus, forms, windows and baskets, though a control opens them.
        (
            "<button aria-controls=c aria-expanded=false>Cookie settings</button>"
            "<div id=c hidden><p>GONE</p></div>"
        ),
        "<button aria-controls=c>Details</button><div id=c class=cookie-banner hidden>GONE</div>",
        "<button aria-controls=c>More</button><dialog id=c>We use cookies. GONE</dialog>",
        (
            "<button aria-controls=m aria-expanded=false>Products</button><ul id=m hidden>"
            "<li><a href=/a>GONE</a><li><a href=/b>B</a><li><a href=/c>C</a></ul>"
        ),
        (
            "<button aria-controls=s aria-expanded=false>Find</button><div id=s hidden><form>"
            "<input>"
            "<p>GONE</p></form></div>"
        ),
        "<a href='#cart' aria-controls=cart>Cart</a><div id=cart hidden>GONE</div>",
        (
            "<button data-bs-toggle=modal data-bs-target='#l'>Account</button>"
            "<div class=modal id=l role=dialog aria-hidden=true><h5>GONE</h5><input"
            " type=email></div>"
        ),
        # Nothing opens these.
        "<div class=modal role=dialog aria-hidden=true><p>GONE: save 10 percent.</p></div>",
        "<dialog><p>GONE: subscribe, and save 10 percent.</p></dialog>",
        "<button class=btn>Send</button><div class=message style='display:none'>Thanks! GONE</div>",
        "<button aria-controls=t>Q?</button><template id=t>GONE</template>",
        "<div role=region aria-label='Cookie banner' hidden>GONE</div>",
    ],
)
def test_what_else_is_hidden_stays_out(html: str) -> None:
    found = sections(html)
    assert "Outside." in [text for _, text in found]
    assert "GONE" not in str(found)


@pytest.mark.parametrize("classes", ["hidden md:block", "d-none d-lg-flex", "hidden print:inline"])
def test_what_is_hidden_on_some_screens_only_is_read(classes: str) -> None:
    assert texts(f"<p>first</p><div class='{classes}'>kept</div>") == ["first", "kept"]


def test_controls_in_a_circle_are_read_once() -> None:
    html = (
        "<div id=a role=button aria-controls=b aria-expanded=false hidden>First?</div>"
        "<div id=b role=button aria-controls=a aria-expanded=false hidden>Second?</div>"
    )
    assert str(sections(html)).count("Second?") <= 2

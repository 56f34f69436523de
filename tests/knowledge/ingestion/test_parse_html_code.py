"""The lines of code stay lines, whatever elements carry them, and their numbers go."""

import pytest

from answerdesk.knowledge.ingestion.parse import parse
from tests.knowledge.ingestion.test_parse_html import read, texts

FORMS = {
    "div": "<pre><code><div class=line>cd app</div><div class=line>npm i</div></code></pre>",
    "shiki": "<pre class=shiki><code><span class=line>cd app</span><span class=line>npm i"
    "</span></code></pre>",
    "shiki, with line feeds": (
        "<pre><code><span class=line>cd app</span>\n<span class=line>npm i</span></code></pre>"
    ),
    "react": (
        "<pre><code><span style='display:block'>cd app</span><span style='display: block'>npm"
        " i</span>"
        "</code></pre>"
    ),
    "paragraphs": "<pre><p>cd app</p><p>npm i</p></pre>",
    "prettify": "<pre><ol class=linenums><li class=L0>cd app</li><li class=L1>npm i</li></ol>"
    "</pre>",
    "docusaurus": (
        "<pre><code><span class=token-line><span>cd app</span><br></span>"
        "<span class=token-line><span class=codeLineNumber_T></span>npm i<br></span></code></pre>"
    ),
    "hugo": (
        "<pre><code><span class=line><span class=ln>1</span><span class=cl>cd app\n</span></span>"
        "<span class=line><span class=ln>2</span><span class=cl>npm i\n</span></span></code></pre>"
    ),
    "hugo, as a table": (
        "<div class=highlight><table class=lntable><tr><td class=lntd><pre><span class=lnt>1\n"
        "</span>"
        "<span class=lnt>2\n</span></pre><td class=lntd><pre>cd app\nnpm i</pre></table></div>"
    ),
    "rouge": (
        "<div class=highlight><table class=rouge-table><tr><td class='rouge-gutter gl'>"
        "<pre class=lineno>1\n2</pre><td class=rouge-code><pre>cd app\nnpm i\n</pre></table></div>"
    ),
    "numbers without a name": (
        "<table><tr><td><pre>1\n2\n</pre><td><pre>cd app\nnpm i</pre></table>"
    ),
    "prism": (
        "<pre class=line-numbers><code>cd app\nnpm i<span class=line-numbers-rows aria-hidden=true>"
        "<span></span><span></span></span></code></pre>"
    ),
    "syntax highlighter of react": (
        "<pre><code><span class=react-syntax-highlighter-line-number"
        " style='user-select:none'>1</span>"
        "<span>cd app\n</span><span class=linenumber>2</span><span>npm i</span></code></pre>"
    ),
    "rehype": "<pre><code><span data-line=''>cd app</span><span data-line=''>npm i</span>"
    "</code></pre>",
    "github": (
        "<table class=highlight><tr><td data-line-number=1><td class=blob-code>cd app</tr>"
        "<tr><td data-line-number=2><td class=blob-code>npm i</table>"
    ),
    "highlight.js": (
        "<pre><code><table class=hljs-ln><tr><td class=hljs-ln-numbers data-line-number=1>"
        "<div class=hljs-ln-n data-line-number=1></div><td class=hljs-ln-code>cd app</tr>"
        "<tr><td class=hljs-ln-numbers data-line-number=2><td class=hljs-ln-code>npm i</table>"
        "</pre>"
    ),
    "wordpress": (
        "<div class=syntaxhighlighter><table><tr><td class=gutter><div class=line>1</div>"
        "<div class=line>2</div><td class=code><div class=container><div class=line>cd app</div>"
        "<div class=line>npm i</div></div></table></div>"
    ),
    "old highlighter": "<div class=dp-highlighter><ol><li><span>cd app </span><li>npm i</ol></div>",
    "code with breaks": "<p><code>cd app<br>npm i</code></p>",
    "code with breaks and line feeds": "<p><code>\n  cd app<br />\n  npm i<br />\n</code></p>",
    "codemirror": (
        "<div class=cm-content><div class=cm-line>cd app</div><div class=cm-line>npm i</div></div>"
    ),
    "text field": "<textarea readonly>cd app\nnpm i</textarea>",
}  # fmt: skip


@pytest.mark.parametrize("html", FORMS.values(), ids=FORMS)
def test_lines_stay_lines(html: str) -> None:
    (block,) = read(f"<main><h1>Code</h1>{html}</main>").blocks
    assert (block.kind, block.text) == ("code", "cd app\nnpm i")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<pre><div>a</div><div></div><div>b</div></pre>", "a\n\nb"),
        (("<pre><span class=line>a</span>\n<span class=line></span>\n<span class=line>b</span>"
        "</pre>"),
         "a\n\nb"),
        ("<pre><span class=line>a</span><span class=line></span><span class=line>b</span></pre>",
         "a\n\nb"),
        ("<pre><del>- old</del>\n<ins>+ new</ins></pre>", "- old\n+ new"),
        ("<pre>if x:\n    <span>y</span> = <span class=mi>1</span>\n</pre>", "if x:\n    y = 1"),
        ("<pre>1\n2\n3</pre>", "1\n2\n3"),
        ("<pre>cd<button>Copy</button></pre>", "cd"),
        ("<pre>10<sup>6</sup></pre>", "10⁶"),
        ("<p><code>if x:<br>&nbsp;&nbsp;y</code></p>", "if x:\n  y"),
    ],
)  # fmt: skip
def test_what_else_stands_in_code(html: str, said: str) -> None:
    (block,) = read(f"<main>{html}</main>").blocks
    assert (block.kind, block.text) == ("code", said)


def test_what_only_looks_like_code_is_none() -> None:
    parts = "<table><tr><td>Pump<td class=code>E104<tr><td>Lid<td class=code>E105</table>"
    assert texts(parts) == ["Pump | E104\nLid | E105"]
    verse = "<div class=line-block><div class=line>Roses are</div><div class=line>red</div></div>"
    assert [block.kind for block in read(verse).blocks] == ["paragraph", "paragraph"]
    assert texts("<p>Run <code>a<br>b</code> now.</p>") == ["Run a\nb now."]


def test_code_of_html_in_markdown() -> None:
    source = b"<pre><code><div>cd app</div><div>npm i</div></code></pre>\n"
    (block,) = parse(source, "text/markdown", "a.md").blocks
    assert (block.kind, block.text) == ("code", "cd app\nnpm i")

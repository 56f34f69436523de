from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, parse

NOTES = """\
Opening hours
=============

We are open from Monday to Friday, and on the first
Saturday of each month. Call us:
+49 30 123
Mon-Fri

Prices
------

Plan      Price    Seats
Pro       $20      5
Team      $50      20

We take:
- Visa
- Mastercard, if it was issued in the
  European Union
  - Maestro
1) cash

----------

The end.\f
Next page.
"""


def read(text: str) -> ParsedDocument:
    return parse(text.encode(), "text/plain", "NOTES.txt")


def test_a_text_with_headings_lists_and_columns() -> None:
    document = read(NOTES)
    assert document.title == "Opening hours"
    prices = ("Prices",)
    assert list(document.blocks) == [
        Block(
            "paragraph",
            "We are open from Monday to Friday, and on the first Saturday of each month. Call us:\n"
            "+49 30 123\nMon-Fri",
        ),
        Block(
            "code",
            "Plan      Price    Seats\nPro       $20      5\nTeam      $50      20",
            prices,
        ),
        Block("paragraph", "We take:", prices),
        Block(
            "list",
            "- Visa\n- Mastercard, if it was issued in the European Union\n  - Maestro\n1) cash",
            prices,
        ),
        Block("paragraph", "The end.", prices),
        Block("paragraph", "Next page.", prices),
    ]


def test_a_text_without_headings_is_named_after_its_file() -> None:
    document = read("One.\r\n\r\nTwo.\rThree.")
    assert document.title == "NOTES"
    assert [block.text for block in document.blocks] == ["One.", "Two.\nThree."]


def test_markup_in_plain_text_is_text() -> None:
    assert [block.text for block in read("# a <b> &amp; **c**").blocks] == ["# a <b> &amp; **c**"]


def test_indented_prose_is_prose_and_indented_code_is_code() -> None:
    document = read(
        "Notes\n\n    We are open on the first Saturday of each month, and on\n"
        "    Sundays before Christmas.\n\n"
        "    def run(x):\n        return x\n\n    $ make install\n    $ make run it all\n"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "Notes"),
        (
            "paragraph",
            "We are open on the first Saturday of each month, and on Sundays before Christmas.",
        ),
        ("code", "    def run(x):\n        return x"),
        ("code", "    $ make install\n    $ make run it all"),
    ]


RST = """\
.. _top:

=====
Guide
=====

Use :py:func:`~acme.run` or :ref:`the other <other>`, with ``x = *y*``; see `the
site <https://acme.com>`_ and **read** *it*. A colon::

    $ acme run

.. toctree::
   :maxdepth: 2

   install
   use

Plans
~~~~~

.. note:: Prices are *without* tax.

   Ask `us`_ for more.

.. code-block:: python
   :linenos:

   x = 1
   y = 2

.. versionadded:: 2.0
.. image:: a.png
   :alt: x

.. [1] A note.
.. This is a comment
   of two lines.

Inner
.....

:param x: what it is
"""


def test_restructured_text_is_read_without_its_markup() -> None:
    for name, media_type in (("guide.rst", ""), ("guide.txt", "text/plain")):
        document = parse(RST.encode(), media_type, name)
        assert document.title == "Guide"
        assert [(block.kind, block.heading_path, block.text) for block in document.blocks] == [
            (
                "paragraph",
                (),
                "Use run or the other, with x = *y*; see the\nsite and read it. A colon:",
            ),
            ("code", (), "    $ acme run"),
            ("paragraph", ("Plans",), "Note: Prices are without tax."),
            ("paragraph", ("Plans",), "Ask us for more."),
            ("code", ("Plans",), "    x = 1\n    y = 2"),
            ("paragraph", ("Plans",), "Added in version 2.0"),
            ("paragraph", ("Plans",), "[1] A note."),
            ("paragraph", ("Plans", "Inner"), "param x: what it is"),
        ]


def test_a_heading_is_one_whatever_underlines_it() -> None:
    for mark in "*`_:=~":
        text = (
            f"Usage\n#####\n\nlist\n{mark * 4}\nshows *all* events.\n\nimport\n{mark * 6}\nreads."
        )
        blocks = parse(text.encode(), "", "usage.rst").blocks
        assert [(block.heading_path, block.text) for block in blocks] == [
            (("list",), "shows all events."),
            (("import",), "reads."),
        ], mark


RESTORE = """\
Restore
=======

Example::

    # It extracts into the current folder.
    mkdir restored
    cd restored

    acme extract /backup::monday path/to/file

Then compare.

.. code-block:: console

   $ acme check

   $ acme list

::

    Ask somebody who has the key to the archive,
    who can always tell you what is in it.
"""


def test_a_literal_block_stays_whole_over_its_blank_lines() -> None:
    blocks = parse(RESTORE.encode(), "", "restore.rst").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "Example:"),
        (
            "code",
            (
                "    # It extracts into the current folder.\n    mkdir restored\n"
                "    cd restored\n\n    acme extract /backup::monday path/to/file"
            ),
        ),
        ("paragraph", "Then compare."),
        ("code", "    $ acme check\n\n    $ acme list"),
        (
            "paragraph",
            "Ask somebody who has the key to the archive,\nwho can always tell you what is in it.",
        ),
    ]


MANUAL = """\
OTTER(1)                    User Commands                    OTTER(1)

NAME
       otter - keep ponds clean all year round

SYNOPSIS
       otter [OPTION]...

DESCRIPTION
       Clean  the  pond.   Other  animals  that  live there are not dis‐
       turbed. Larger ponds  take  longer,  as  the  otter  goes  around
       A‐frames on foot.

OPENING HOURS
We open at nine.
"""


def test_a_manual_page_has_its_sections_and_its_words_in_one_piece() -> None:
    blocks = read(MANUAL).blocks
    assert [(block.heading_path, block.text) for block in blocks[1:]] == [
        (("NAME",), "otter - keep ponds clean all year round"),
        (("SYNOPSIS",), "otter [OPTION]..."),
        (
            ("DESCRIPTION",),
            (
                "Clean the pond. Other animals that live there are not disturbed. Larger ponds take"
                " longer, as the otter goes around A‐frames on foot."
            ),
        ),
        # A line in capitals that stands over others as they are heads nothing.
        (("DESCRIPTION",), "OPENING HOURS\nWe open at nine."),
    ]

"""Left-over markup, captions and texts in place of pictures are told from what a page says."""

import pytest

from answerdesk.answering.extractive.marks import is_raw_mark

TEXT = """
The shop opens at nine.
=== is how JavaScript compares.
Use === "a" to compare strings exactly.
!!! This is important: never unplug it.
??? What does that mean
.. and so it went on.
...
Note: mind the step.
: a definition
:smile: is an emoji that we like.
:func:`open` returns a file that you must close.
See the guide.
Open :ref:`the settings <settings>` and press Save to keep it.
:param name: the name of the file
:returns: a list of names
> A quotation.
<b>Important:</b> the price rises in May.
The tag <br> breaks a line.
Import the file from "Downloads" by dragging it.
Figure 3 shows how the parts fit.
Table 2 lists the prices of all plans.
Fig trees need sun.
Figure it out with the manual.
Table for two, please.
The picture of the month is chosen by the members.
Pictures of your pets can be sent to us by e-mail.
Take screenshots of the error, please.
Send us a picture of the damage
Take a screenshot of the error and send it to us.
To make a screenshot, press Print.
Screenshots are saved in the folder Pictures.
Images are 1,200 pixels wide at most.
Save it as logo.png in the folder.
Image quality: high
Logo: blue
- first
1. first
(see below)
[x] done
{name} is replaced by the visitor's name.
Price: 9 €
3 + 4
-1
10:30
C:
A.
Table A is by the window.
Export default settings before you update.
"""

MARKS = """
=== "macOS"
===! "Linux"
===+ "Windows (64 bit)"
!!! note
!!! note "Careful"
!!! warning inline end
??? tip
???+ "Folded"
--8<-- "inc.md"
{: .cls }
{ .annotate }
{#anchor}
{:toc}
.. note::
.. image:: shot.png
.. |logo| image:: logo.png
.. _label:
.. code-block:: python
..
:alt: A cat on a sofa
:width: 300
:ref:`the guide <guide>`
:ref:the guide <guide>
See :ref:`the guide <guide>` and :doc:`x`.
:py:class:`Shelf`
:::
:::note
:::{note} Title
:::tip[Take care]
```
```{note}
~~~ python
(target)=
[TOC]
[[_TOC_]]
[!WARNING]
> [!NOTE]
{% include x %}
{{< youtube abc >}}
{{ page.title }}
<!-- a comment -->
-->
<br>
</details>
<img src="a.png" alt="x">
<a id="x"></a>
import Tabs from '@theme/Tabs';
export const x = 1;
![A cat](cat.png)
[![Build](https://a.example/b.svg)](https://a.example)
IMG_2034.jpg
---
* * *
=====
|---|:--|
^^^^
Figure 3: The settings page.
Fig. 2.1. The parts
Figure 4
Abbildung 12: Der Schrank
Table 1. Prices
Tableau 2 : Tarifs
A screenshot of the settings page.
Screenshot
Screenshot showing the menu
Bildschirmfoto der Einstellungen
Capture d’écran du menu
A small screenshot of a form
Picture of a cat on a sofa
The Kestrel logo of 2020
Diagram showing how the pump is connected
"""


@pytest.mark.parametrize("line", TEXT.strip().splitlines())
def test_what_a_page_says_is_no_mark(line: str) -> None:
    # Three points alone are a rule, and say nothing.
    assert is_raw_mark(line) == (line == "...")


@pytest.mark.parametrize("line", MARKS.strip().splitlines())
def test_markup_and_texts_of_pictures_are_marks(line: str) -> None:
    assert is_raw_mark(line)
    assert is_raw_mark(f"  {line} ")


@pytest.mark.parametrize("line", ["", "  ", "Screenshot of " + "a window and " * 40])
def test_nothing_and_long_texts_are_no_marks(line: str) -> None:
    assert not is_raw_mark(line)

"""Squeezed white space, so that long runs of it cost nothing."""


def squeezed(text: str) -> str:
    """Return `text` trimmed, each run of white space as one space, or as one line feed.

    A run with a line end becomes a line feed. Later work on the text then takes time proportional
    to its length, however long the runs were.
    """
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)

"""White space as a text is worked on: single, so that nobody pays for runs of it."""


def squeezed(text: str) -> str:
    """Return `text` trimmed, each run of white space one blank, or one line feed if a line ends.

    Work on it takes time in proportion to its length, however long the runs are.
    """
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)

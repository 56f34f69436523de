"""What comes before a model's answer: its thoughts, and whether it has an answer at all."""

from typing import Final

from answerdesk.answering.generation.prompt import NO_ANSWER

_THOUGHTS: Final = "<think>"
_END_OF_THOUGHTS: Final = "</think>"


class Opening:
    """Passes on an answer's text without the thoughts that some models write before it.

    `has_no_answer` tells that the model says so; then nothing is passed on.
    """

    def __init__(self) -> None:
        self._held = ""
        self._is_over = False
        self._thinks = False
        self.has_no_answer = False

    def feed(self, text: str) -> str:
        """Return what of the answer can be shown now."""
        if self._is_over:
            return "" if self.has_no_answer else text
        self._held += text
        if self._thinks:
            _, ends, after = self._held.partition(_END_OF_THOUGHTS)
            if not ends:
                # Thoughts are long; only what may be the beginning of their end matters.
                self._held = self._held[-len(_END_OF_THOUGHTS) :]
                return ""
            self._held, self._thinks = after, False
        said = self._held.lstrip()
        if said.startswith(_THOUGHTS):
            self._held, self._thinks = said.removeprefix(_THOUGHTS), True
            return self.feed("")
        if _THOUGHTS.startswith(said) or (NO_ANSWER.startswith(said) and said != NO_ANSWER):
            return ""
        return self._begin(said)

    def end(self) -> str:
        """Return what is left at the end of the answer."""
        if self._is_over or self._thinks:
            return ""
        return self._begin(self._held.lstrip())

    def _begin(self, said: str) -> str:
        self._is_over = True
        self._held = ""
        self.has_no_answer = said.startswith(NO_ANSWER)
        return "" if self.has_no_answer else said

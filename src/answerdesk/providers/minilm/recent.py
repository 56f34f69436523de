"""Remembers the vectors of the questions asked last."""

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray


class Recent:
    """A map from text to vector that forgets what was not used for longest; any thread may ask."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> NDArray[np.float32] | None:
        """Return the vector of `text`, if it is remembered."""
        with self._lock:
            row = self._rows.get(text)
            if row is not None:
                self._rows.move_to_end(text)
            return row

    def put(self, text: str, row: NDArray[np.float32]) -> None:
        """Remember a vector in place of the one unused for longest."""
        with self._lock:
            self._rows[text] = row
            self._rows.move_to_end(text)
            if len(self._rows) > self._size:
                self._rows.popitem(last=False)

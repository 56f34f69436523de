"""What the collector visits: not again what it has found alive, but all of it from time to time."""

import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from answerdesk.entrypoints.cli.serve import ShortCollections


class Node:
    """Something that can be part of a cycle."""

    def __init__(self) -> None:
        self.next = self


@contextmanager
def collecting(everything_every: float) -> Iterator[None]:
    callback = ShortCollections(everything_every)
    gc.callbacks.append(callback)
    try:
        yield
    finally:
        gc.callbacks.remove(callback)
        gc.unfreeze()


def test_what_was_found_alive_is_set_aside() -> None:
    alive = Node()
    with collecting(everything_every=3600):
        assert any(one is alive for one in gc.get_objects())
        gc.collect()
        assert not any(one is alive for one in gc.get_objects())


def test_what_is_new_is_collected() -> None:
    with collecting(everything_every=3600):
        gc.collect()
        gone = weakref.ref(Node())
        gc.collect()
        assert gone() is None


def test_what_was_alive_once_is_collected_when_all_is_visited() -> None:
    node = Node()
    watched = weakref.ref(node)
    with collecting(everything_every=3600):
        gc.collect()
        del node
        gc.collect()
        assert watched() is not None, "visited too soon: every full collection takes long"
    node = Node()
    watched = weakref.ref(node)
    with collecting(everything_every=0):
        gc.collect()
        del node
        gc.collect()
        assert watched() is None


def test_a_partial_collection_sets_nothing_aside() -> None:
    alive = Node()
    with collecting(everything_every=3600):
        gc.collect(1)
        assert any(one is alive for one in gc.get_objects())

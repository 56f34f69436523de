"""Sketches of texts as bytes."""

import struct

from answerdesk.knowledge.crawl.sketch import Sketch


def pack_sketch(sketch: Sketch) -> bytes:
    """Write a sketch as it is stored: 64-bit numbers, big-endian."""
    return struct.pack(f">{len(sketch)}Q", *sketch)


def unpack_sketch(stored: bytes | None) -> Sketch:
    """Read a sketch; an empty one where none is stored."""
    content = bytes(stored or b"")
    return struct.unpack(f">{len(content) // 8}Q", content)

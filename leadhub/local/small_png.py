"""A picture of a page as a small PNG: at most 256 colours, which a screen of text and lines hardly has more of."""

import struct
import zlib

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
COLOURS = 256


def small_png(pixels: Pixels) -> bytes:
    """The PNG of an image (height × width × red, green, blue); rare colours become the nearest of the frequent ones."""
    height, width, _channels = pixels.shape
    palette, places = _reduced(pixels.reshape(-1, 3))
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places.reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _reduced(colours: Pixels) -> tuple[Pixels, Pixels]:
    """The most frequent colours, and the place of each pixel's colour among them."""
    packed = colours.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, which, counts = np.unique(packed, return_inverse=True, return_counts=True)
    every = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.int32)
    kept = every[np.argsort(-counts, kind="stable")[:COLOURS]]
    near = [int(((kept - one) ** 2).sum(axis=1).argmin()) for one in every]
    return kept.astype(np.uint8), np.array(near, np.uint8)[which.ravel()]

"""What a file is: its encoding and delimiter, or a sentence that says why it is no table at all."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

DELIMITERS = (",", ";", "\t", "|")
#: Eight-bit encodings cannot be told apart by looking: one is assumed and said, the other may be declared.
ASSUMED, DECLARABLE = "cp1252", ("utf-8", "utf-16", "cp1252", "cp1250", "iso-8859-2")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLOCK = 1 << 20


class FileRefused(Exception):
    """The file cannot be read as a table; the text is a sentence for people."""


@dataclass(frozen=True)
class Source:
    """A file and how it is read. `assumed`: the encoding was not told by the file."""

    path: Path
    encoding: str
    delimiter: str
    assumed: bool = False

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """The file as text; line ends as they are."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            yield stream


def look_at(path: Path, *, encoding: str = "", delimiter: str = "") -> Source:
    """How the file is to be read; raises `FileRefused` when it is empty, no text, or something else than a table."""
    try:
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as fault:
        raise FileRefused(_("The file cannot be opened: %(why)s.") % {"why": fault.strerror or fault}) from fault
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FileRefused(_("The file is empty."))
    _refuse_other_kinds(head)
    found, assumed = (_declared(encoding), False) if encoding else _encoding_of(path, head)
    _decodes(path, found)
    return Source(path, found, delimiter or _delimiter_of(path, found), assumed)


def _refuse_other_kinds(head: bytes) -> None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kinds = (
        (
            head.startswith(b"PK\x03\x04"),
            _("This is an Excel workbook or another zip archive, not a CSV file. Save it as CSV first."),
        ),
        (
            head.startswith(b"\xd0\xcf\x11\xe0"),
            _("This is an old Excel workbook, not a CSV file. Save it as CSV first."),
        ),
        (head.startswith(b"%PDF"), _("This is a PDF document, not a CSV file.")),
        (head.startswith(b"\x1f\x8b"), _("This is a compressed file (gzip), not a CSV file. Unpack it first.")),
        (
            text.startswith(b"version https://git-lfs"),
            _("This is a Git LFS pointer, not the file itself. Fetch the file with “git lfs pull”."),
        ),
        (
            text.startswith((b"<!doctype html", b"<html")),
            _("This is a web page (HTML), not a CSV file. Download the file itself."),
        ),
        (text.startswith(b"<?xml"), _("This is an XML document, not a CSV file.")),
        (text.startswith((b"{", b"[{")), _("This is JSON, not a CSV file. The API takes JSON.")),
    )
    for is_so, sentence in kinds:
        if is_so:
            raise FileRefused(sentence)


def _declared(encoding: str) -> str:
    if encoding.lower() not in DECLARABLE:
        raise FileRefused(_("The encoding can be %(list)s.") % {"list": ", ".join(DECLARABLE)})
    return "utf-8-sig" if encoding.lower() == "utf-8" else encoding.lower()


def _encoding_of(path: Path, head: bytes) -> tuple[str, bool]:
    """BOM, else UTF-16 by its zeros, else strict UTF-8, else an assumed eight-bit encoding."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, False
    pairs = max(len(head) // 2, 1)
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[offset::2].count(0) > 0.4 * pairs and head[1 - offset :: 2].count(0) < 0.1 * pairs:
            return encoding, False
    try:
        _decodes(path, "utf-8")
    except FileRefused:
        return ASSUMED, True
    return "utf-8", False


def _decodes(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError as fault:
        raise FileRefused(
            _("The file is not text in %(encoding)s, nor in another encoding we know.") % {"encoding": encoding}
        ) from fault


def _delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter under which the first rows have the same number of cells, the most of them."""
    with path.open(encoding=encoding, newline="") as stream:
        sample = [line for line in (stream.readline(100_000) for _line in range(30)) if line.strip()]
    return max(DELIMITERS, key=lambda mark: _fits(sample, mark))


def _fits(sample: list[str], delimiter: str) -> tuple[Any, ...]:
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        widths = [len(line.split(delimiter)) for line in sample]
    width = widths[0] if widths else 1
    return width > 1, widths.count(width) * (width > 1), width

"""What was taken out of a text and what was put in, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Words that stay the same between two changes, shown at either side; the rest of them is left out.
SHOWN = 12


@dataclass(frozen=True)
class Run:
    """Words one after another that are the same in both texts, gone, new, or left out since nothing changed there."""

    kind: str  # same, gone, new, cut
    text: str


def word_diff(before: str, after: str) -> list[Run]:
    """The runs of words that lead from one text to the other; one run where nothing differs."""
    old, new = _words(before), _words(after)
    runs: list[Run] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            runs += _shortened(old[i1:i2], first=not runs, last=i2 == len(old) and j2 == len(new))
            continue
        runs += [Run("gone", "".join(old[i1:i2]))] if i2 > i1 else []
        runs += [Run("new", "".join(new[j1:j2]))] if j2 > j1 else []
    return runs


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text.replace("\r\n", "\n"))


def _shortened(words: list[str], *, first: bool, last: bool) -> list[Run]:
    """The words around the changes; a long stretch between them is left out."""
    head, tail = 0 if first else SHOWN * 2, 0 if last else SHOWN * 2
    if len(words) <= head + tail + SHOWN:
        return [Run("same", "".join(words))]
    runs = [Run("same", "".join(words[:head]))] if head else []
    runs.append(Run("cut", ""))
    return [*runs, Run("same", "".join(words[len(words) - tail :]))] if tail else runs

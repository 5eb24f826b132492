"""The user guide: a paragraph and a picture for every part of scoring, of sales' day and of marketing's week, each made by the script, and small."""

import re
from pathlib import Path

import numpy as np
import pytest

from leadhub.local.pictures import IMAGES, SHOTS, SIZE
from leadhub.local.small_png import small_png

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guide"
MOST_BYTES, MOST_PICTURES = 90_000, 30
CHAPTERS = {"scoring": 8, "sales": 7, "marketing": 7}


def text_of(guide: str) -> str:
    return (GUIDES / f"{guide}.md").read_text(encoding="utf-8")


def chapters(guide: str) -> dict[str, str]:
    parts = re.split(r"^## (\d)\. .*$", text_of(guide), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("guide", CHAPTERS)
def test_every_part_has_a_paragraph_and_a_picture(guide: str) -> None:
    assert len(chapters(guide)) >= CHAPTERS[guide]
    for chapter in chapters(guide).values():
        words, *pictures = re.split(r"!\[[^]]+\]\(img/", chapter)
        assert len(words.split()) > 30
        assert pictures


def test_the_pictures_of_the_guide_are_those_the_script_takes() -> None:
    shown = re.findall(r"\(img/([a-z-]+)\.png\)", "".join(map(text_of, CHAPTERS)))
    assert sorted(shown) == sorted(shot.name for shot in SHOTS) == sorted(path.stem for path in IMAGES.iterdir())
    assert len(shown) <= MOST_PICTURES


def test_pictures_are_small_and_of_one_size() -> None:
    for path in IMAGES.glob("*.png"):
        picture = path.read_bytes()
        assert len(picture) <= MOST_BYTES, path.name
        assert picture[16:24] == b"".join(SIZE[side].to_bytes(4, "big") for side in ("width", "height"))


def test_an_image_of_many_colours_keeps_the_frequent_ones() -> None:
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[0, :, 0] = np.arange(40)
    pixels[1:20] = 255
    picture = small_png(pixels)
    assert picture.startswith(b"\x89PNG")
    assert picture.index(b"PLTE") < picture.index(b"IDAT")
    assert picture[picture.index(b"PLTE") + 4 :][:6] == b"\x00\x00\x00\xff\xff\xff"

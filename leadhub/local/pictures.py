"""`make pictures`: the pictures of the user guide, taken of a LeadHub that starts anew with the sample company."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from . import browser
from .home import CHECKOUT, LocalError
from .small_png import small_png

IMAGES = CHECKOUT / "docs" / "guide" / "img"
SIZE = {"width": 1280, "height": 800}
#: Milliseconds: the longest that background work may take before its page stands, and what charts and panels need.
LONGEST, DRAWN = 180_000, 2_000
#: Pixels of an image as the browser decodes it.
PIXELS = """async (source) => {
    const image = new Image(); image.src = source; await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
    let text = ""; for (const one of pen.getImageData(0, 0, image.width, image.height).data) text += String.fromCharCode(one);
    return btoa(text);
}"""


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which page, from which part of it on, once what is `waited_for` is there and the keys are pressed.

    `{…}` in an address: of the scene.
    """

    name: str
    who: str
    address: str
    part: str = ""
    waited_for: str = "h1"
    keys: tuple[str, ...] = ()


SHOTS = (
    Shot("rule-editor", "mona", "/scoring/{draft}/"),
    Shot("replay", "mick", "/reports/replay/?version={draft}"),
    Shot("replay-bands", "mick", "/reports/replay/?version={draft}", "#bands"),
    Shot("agreement", "sue", "/scoring/{proposed}/agreement/"),
    Shot("versions", "mick", "/scoring/"),
    Shot("effect", "sue", "/reports/versions/{published}/"),
    Shot("ledger", "mona", "{lead}score/"),
    Shot("points-chart", "mick", "/scoring/{published}/chart/"),
    Shot("rule-health", "mick", "/scoring/{published}/health/", waited_for="main table"),
    Shot("flaps", "mick", "/scoring/flaps/?days=180"),
    Shot("check", "ada", "/scoring/check/"),
    Shot("score-api", "ada", "/api/docs", "section:has-text('GET /api/scores/changes')"),
    Shot("inbox", "rita", "/inbox/", keys=("j", "Enter")),
    Shot("qualification", "rita", "{handoff}", ".bant-form"),
    Shot("record", "sue", "{handoff}record/"),
    Shot("team", "sue", "/inbox/team/"),
    Shot("routing", "sue", "/routing/"),
    Shot("rehearsal", "sue", "/routing/rehearsal/"),
    Shot("policy", "sue", "/handoffs/policy/"),
    Shot("proof", "sue", "/sla/proof/"),
    Shot("sent-back", "mona", "/reports/sent-back/"),
    Shot("marketing-home", "mona", "/"),
    Shot("list", "mona", "{list}"),
    Shot("email", "mona", "{email}edit/", waited_for="iframe"),
    Shot("program", "mona", "{program}"),
    Shot("letters", "mona", "/letters/"),
    Shot("letter", "mona", "{letter}"),
    Shot("program-effect", "mick", "{program}", "#effect"),
)


class Studio:
    """A browser beside a running LeadHub in which everybody is signed in once."""

    def __init__(self, chromium: Browser, address: str, passwords: dict[str, str]) -> None:
        self.chromium, self.address, self.passwords = chromium, address, passwords
        self.pages: dict[str, Page] = {}

    def page_of(self, who: str) -> Page:
        """The page of a person, by the name before the @."""
        if who not in self.pages:
            place = {"base_url": self.address, "viewport": SIZE, "color_scheme": "light"}
            page = self.chromium.new_context(**place).new_page()  # type: ignore[arg-type]
            page.goto("/")
            page.fill("input[type=email]", f"{who}@leadhub.example")
            page.fill("input[type=password]", self.passwords[who])
            page.click("main button[type=submit], form button[type=submit]")
            page.wait_for_url(lambda url: "sign-in" not in url)
            self.pages[who] = page
        return self.pages[who]

    def take(self, shot: Shot, places: dict[str, str]) -> Path:
        """Take one picture and keep it small."""
        page = self.page_of(shot.who)
        page.goto(shot.address.format(**places))
        page.locator(shot.waited_for).first.wait_for(timeout=LONGEST)
        for key in shot.keys:
            page.keyboard.press(key)
        if shot.part:
            page.locator(shot.part).last.evaluate("part => part.scrollIntoView({ block: 'start' })")
        page.wait_for_timeout(DRAWN)
        target = IMAGES / f"{shot.name}.png"
        target.write_bytes(self._small(page.screenshot(animations="disabled", caret="hide")))
        return target

    def _small(self, png: bytes) -> bytes:
        desk = self.chromium.new_page()
        said = desk.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(png).decode())
        desk.close()
        flat = np.frombuffer(base64.b64decode(said), np.uint8)
        return small_png(flat.reshape(SIZE["height"], SIZE["width"], 4)[:, :, :3])


# --- The scene ----------------------------------------------------------------------------------------------------------
def set_scene(studio: Studio) -> dict[str, str]:
    """A version that both teams agreed on and that counts, one that waits for sales, a draft; and a lead to look at."""
    first = _version_from(studio, "Prices weigh more", {"pricing-page": 8}, mql={"total": 45})
    _propose(studio, first, "Who looks at prices twice buys twice as often.")
    _approve(studio, "mick", first)
    _approve(studio, "sue", first)
    _publish(studio, first)
    second = _version_from(studio, "Webinars weigh more", {"webinar-attended": 14, "careers": -20})
    _propose(studio, second, "Sales says that webinar guests ask the better questions.")
    _approve(studio, "mick", second)
    draft = _version_from(
        studio, "Next year", {"demo-requested": 45, "pricing-again": 15}, sql={"total": 95, "intent_fit": 30}
    )
    places = {
        "lead": _first(studio, "mona", "/leads/?stage=mql&sort=score", "a[data-open]"),
        "handoff": _first(studio, "rita", "/inbox/", "#inbox a[data-open]"),
        "list": _first(studio, "mona", "/lists/", "main tbody a"),
        "email": _first(studio, "mona", "/emails/", "main tbody a"),
        "program": _first(studio, "mona", "/programs/", "main tbody a"),
        "letter": _first(studio, "mona", "/letters/", "main tbody a"),
    }
    _answer(studio, places["letter"])
    return {"published": first, "proposed": second, "draft": draft, **places}


def _first(studio: Studio, who: str, address: str, row: str) -> str:
    """Where the first row of a list leads."""
    page = studio.page_of(who)
    page.goto(address)
    return page.locator(row).first.get_attribute("href") or ""


def _answer(studio: Studio, letter: str) -> None:
    """Somebody reads the letter and follows its first link; a scanner had been there before."""
    page = studio.page_of("mona")
    page.goto(letter)
    link = re.findall(r"http://\S+/e/c/[^\s>]+", page.locator("main").inner_text())[0]
    for agent in (
        "BarracudaCentral/1.0 link scanner",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ):
        studio.chromium.new_context(user_agent=agent).request.get(link, max_redirects=0)


def _version_from(studio: Studio, name: str, points: dict[str, float], **marks: dict[str, float]) -> str:
    """A new draft that says what counts, with other points and marks, brought in as a file; its number."""
    page = studio.page_of("mona")
    page.goto("/scoring/")
    row = page.locator("tr", has_text="Published").locator("a[data-open]").first.get_attribute("href") or ""
    document = json.loads(page.request.get(f"{row}export/").text()) | {"name": name}
    for rule in document["rules"]:
        rule["points"] = points.get(rule["key"], rule["points"])
    for stage, changed in marks.items():
        document["definitions"][stage] |= changed
    file = {"name": "rules.json", "mimeType": "application/json", "buffer": json.dumps(document).encode()}
    page.set_input_files("input[type=file]", files=file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Make a draft of it").click()
    page.wait_for_url(re.compile(r"/scoring/\d+/$"))
    return urlsplit(page.url).path.split("/")[2]


def _propose(studio: Studio, version: str, reason: str) -> None:
    page = studio.page_of("mona")
    page.goto(f"/scoring/{version}/propose/")
    page.get_by_label("Why these changes").fill(reason)
    page.get_by_role("button", name="Propose").click()
    page.wait_for_url(f"**/scoring/{version}/agreement/")


def _approve(studio: Studio, who: str, version: str) -> None:
    page = studio.page_of(who)
    page.goto(f"/scoring/{version}/agreement/")
    page.get_by_role("button", name="Approve for").click()
    page.get_by_role("button", name="Withdraw my approval").wait_for()


def _publish(studio: Studio, version: str) -> None:
    page = studio.page_of("mick")
    page.goto(f"/scoring/{version}/agreement/")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    page.get_by_text("is published").first.wait_for()


# --- The house ----------------------------------------------------------------------------------------------------------
@contextmanager
def running() -> Iterator[tuple[str, dict[str, str]]]:
    """A LeadHub of its own with the sample company: its address, and the password of everybody; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="leadhub-pictures-"))
    folder.chmod(0o755)  # started by root, the engines run as somebody else and keep their data inside
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environment = os.environ | {"LEADHUB_LOCAL": str(folder), "PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "leadhub.local", "up"]
    house = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{port}", _sign_ins(house)
    finally:
        house.terminate()
        house.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _sign_ins(house: "subprocess.Popen[str]") -> dict[str, str]:
    """Who signs in with which password, as `make run` prints it once it answers."""
    said = ""
    for line in house.stdout or ():
        said += line
        if "Stop: Ctrl-C" in line:
            return dict(re.findall(r"(\w+)@leadhub\.example\s+(\S+)", said))
    raise LocalError(f"LeadHub did not start:\n{said}")


def take_all() -> None:
    """Take every picture of the guide anew; says how large each is."""
    program = browser.find()
    if program is None:
        raise LocalError(f"Pictures need Chromium: {browser.MISSING}.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running() as (address, passwords), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=browser.QUIET_AND_ALONE)
        studio = Studio(chromium, address, passwords)
        places = set_scene(studio)
        for shot in SHOTS:
            made = studio.take(shot, places)
            print(f"{made.relative_to(CHECKOUT)}  {made.stat().st_size // 1024} KB", flush=True)
        chromium.close()


if __name__ == "__main__":
    try:
        take_all()
    except LocalError as problem:
        sys.exit(f"LeadHub: {problem}")

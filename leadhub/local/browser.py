"""A Chromium for the browser tests: found on the PATH or, as root on Debian, installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
QUIET_AND_ALONE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium or Chrome on the PATH (as root on Debian `make test` installs one; else install it yourself)"


def find() -> str | None:
    """The browser's program, or None."""
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or next((path for path in MACOS if Path(path).exists()), None)


def provide() -> None:
    """Install Debian's chromium where that is possible and none is there. Without one, browser tests say why they skip."""
    if find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Browser tests will be skipped: {MISSING}.", file=sys.stderr)
        return
    print("Installing Debian's chromium for the browser tests.", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", *words],  # noqa: S607
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    if not find():
        print("Debian's chromium could not be installed; browser tests will be skipped.", file=sys.stderr)

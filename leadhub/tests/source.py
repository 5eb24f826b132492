"""The source of the house as data, for the tests that hold its shape: modules, imports, templates."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent.parent
#: Rooms from the ground up; rooms in one line do not know each other (architecture.md §2).
FLOORS = [["accounts"], ["outbox"], ["leads"], ["scoring"], ["handoff", "nurture"], ["reports"], ["leadhub"]]
ROOMS = [room for floor in FLOORS for room in floor]


def floor_of(room: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if room in floor)


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path

    @property
    def where(self) -> str:
        return str(self.path.relative_to(HOUSE))

    @cached_property
    def name(self) -> str:
        """`leads.models.lead`; a package's own file is named like the package."""
        parts = self.path.relative_to(HOUSE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        return self.name.split(".")[0]

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts or self.path.name in ("testing.py", "conftest.py")

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.where)

    @cached_property
    def imports(self) -> list[str]:
        """Full names of everything imported, wherever the import hides: in functions, under TYPE_CHECKING."""
        return [name for node in ast.walk(self.tree) for name in self._names(node)]

    @cached_property
    def imports_at_load(self) -> list[str]:
        """Those that run when the module is loaded."""
        return [name for node in self._at_load(self.tree.body) for name in self._names(node)]

    def _at_load(self, body: list[ast.stmt]) -> Iterator[ast.AST]:
        for node in body:
            if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from self._at_load([*node.body, *node.orelse])
            elif isinstance(node, ast.Try):
                yield from self._at_load(node.body)
            else:
                yield node

    def _names(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = self._package(node.level) if node.level else ""
            start = ".".join(filter(None, [base, node.module or ""]))
            yield from (f"{start}.{alias.name}" for alias in node.names)

    def _package(self, level: int) -> str:
        parts = list(self.path.relative_to(HOUSE).parent.parts)
        return ".".join(parts[: len(parts) - level + 1])

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Calls whose last word is one of the names: `x.y.filter(…)` is a call of `filter`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and last_word(node.func) in names:
                yield node


def last_word(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the rooms."""
    return tuple(Module(path) for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py")))


def code() -> list[Module]:
    """Modules that run in production: neither tests nor migrations."""
    return [module for module in modules() if not module.is_test and not module.is_migration]


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted((HOUSE / "templates").rglob("*.html")))

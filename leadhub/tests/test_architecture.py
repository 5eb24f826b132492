"""The shape of the house (architecture.md §2, §3, §8): who may import whom, and what no module does."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model
from django.utils.module_loading import import_string

from .source import ROOMS, Module, code, floor_of, last_word, modules

FORBIDDEN_NAMES = {"common", "core", "utils", "helpers", "services"}
MOST_LINES = {False: 300, True: 400}  # code, tests


def may_import(room: str, other: str) -> bool:
    return room == other or floor_of(other) < floor_of(room)


def test_rooms_import_only_the_rooms_below():
    faults = [
        f"{module.where} imports {name}"
        for module in modules()
        if not module.is_test
        for name in module.imports
        if (other := name.split(".")[0]) in ROOMS and not may_import(module.room, other)
    ]
    assert faults == []


def test_nobody_reaches_up_by_a_dotted_text_either():
    names = {module.name for module in code()}
    faults = [
        f"{module.where}:{node.lineno} names {node.value}"
        for module in code()
        if module.room != "leadhub"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", node.value)
        if (room := node.value.split(".")[0]) in ROOMS and not may_import(module.room, room)
        if node.value in names or node.value.rpartition(".")[0] in names
    ]
    assert faults == []


def test_foreign_keys_point_down():
    faults = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, Model)
        if (other := field.related_model._meta.app_label) in ROOMS and not may_import(model._meta.app_label, other)
    ]
    assert faults == []


def edges(module: Module, imports: list[str]) -> set[str]:
    """Modules of the same room that these imports reach; a package's parts do not import the package by being in it."""
    names = {other.name for other in code()}
    targets = {name if name in names else name.rpartition(".")[0] for name in imports}
    return {
        name
        for name in targets & names
        if name.split(".")[0] == module.room and name != module.name and not module.name.startswith(f"{name}.")
    }


def reached(start: str, graph: dict[str, set[str]]) -> set[str]:
    """Every module that the start imports, directly or by others."""
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        if (here := waiting.pop()) not in found:
            found.add(here)
            waiting += graph.get(here, ())
    return found


def test_no_circle_inside_a_room():
    graph = {module.name: edges(module, module.imports_at_load) for module in code()}
    assert [name for name in graph if name in reached(name, graph)] == []


def test_only_models_close_a_circle_by_a_hidden_import():
    """A verb of a model may be written in a module beside it, which imports the model: one end is always a model."""
    graph = {module.name: edges(module, module.imports) for module in code()}
    faults = [
        f"{module.name} → {target}"
        for module in code()
        for target in graph[module.name] - edges(module, module.imports_at_load)
        if module.name in reached(target, graph) and ".models" not in module.name and ".models" not in target
    ]
    assert faults == []


RECEIVERS = re.compile(r"^- `(\w+)`: (.+)$", re.MULTILINE)


@pytest.mark.parametrize("name", ["accounts.signals", "leads.signals"])
def test_the_receivers_of_a_signal_are_those_written_down(name: str):
    module = __import__(name, fromlist=["x"])
    for signal_name, written in RECEIVERS.findall(module.__doc__ or ""):
        connected = set()
        for _key, receiver, *_rest in getattr(module, signal_name).receivers:
            function = receiver() if not hasattr(receiver, "__qualname__") else receiver
            connected.add(f"{function.__module__}.{function.__qualname__}")
        assert connected == (set() if written.startswith("none") else set(written.replace(" ", "").split(","))), (
            signal_name
        )


def test_no_drawer_for_everything():
    assert [module.where for module in modules() if FORBIDDEN_NAMES & set(module.path.with_suffix("").parts)] == []


def test_every_module_says_what_it_is_for_and_stays_readable():
    quiet = [module.where for module in code() if module.text.strip() and not ast.get_docstring(module.tree)]
    long = [
        f"{module.where}: {lines} lines"
        for module in modules()
        if not module.is_migration and (lines := module.text.count("\n")) > MOST_LINES[module.is_test]
    ]
    assert (quiet, long) == ([], [])


def test_periodic_work_exists():
    from leadhub.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(app.tasks) == set()
    assert all(callable(import_string(step)) for step in settings.SWEEPER_STEPS)


def test_business_time_never_lives_in_the_memory_of_a_worker():
    """No eta, no countdown, no sleeping (quality.md rule 2)."""
    faults = [
        f"{module.where}:{call.lineno}"
        for module in code()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and {"eta", "countdown"} & {word.arg for word in call.keywords}
    ]
    faults += [
        f"{module.where}:{call.lineno} sleeps"
        for module in code()
        for call in module.calls("sleep")
        if not may_sleep(module)
    ]
    assert faults == []


def may_sleep(module: Module) -> bool:
    """What runs engines and the loop that goes round, and what lets them fail."""
    return (
        module.name.startswith(("leadhub.local", "leadhub.management", "leadhub.prove"))
        or "management.commands" in module.name
    )


def is_screen(module: Module) -> bool:
    return module.path.name.startswith("views") or "views" in module.path.parts


NARROWING = ("filter", "exclude", "annotate", "aggregate")


def test_views_hold_no_chains_of_queries():
    """Queries are named by what the rows are, on the model; a view may look one row up."""
    faults = [
        f"{module.where}:{call.lineno}"
        for module in code()
        if is_screen(module)
        for call in module.calls(*NARROWING, "all", "raw", "extra", "bulk_create")
        if last_word(call.func) not in NARROWING
        or any(last_word(inner) in NARROWING for inner in ast.walk(call.func.value))  # type: ignore[attr-defined]
        if last_word(call.func) != "all" or last_word(call.func.value) == "objects"  # type: ignore[attr-defined]
    ]
    assert faults == []


def test_forms_name_their_fields():
    """`fields = "__all__"` and `exclude` let in what nobody thought of (rule 27)."""
    faults = [
        f"{module.where}:{node.lineno}"
        for module in code()
        for meta in ast.walk(module.tree)
        if isinstance(meta, ast.ClassDef) and meta.name == "Meta"
        for node in meta.body
        if isinstance(node, ast.Assign) and (
            last_word(node.targets[0]) == "exclude" or (isinstance(node.value, ast.Constant) and node.value.value == "__all__")
        )
    ]  # fmt: skip
    assert faults == []


def test_nothing_happens_behind_a_save():
    """No work in `save()`, no model signals: verbs do what they say (architecture.md §2)."""
    faults = [
        f"{module.where}:{node.lineno} overrides {node.name}"
        for module in code()
        for model in ast.walk(module.tree)
        if isinstance(model, ast.ClassDef) and any("Model" in ast.unparse(base) for base in model.bases)
        for node in model.body
        if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete")
    ]
    faults += [
        f"{module.where} imports {name}"
        for module in code()
        for name in module.imports
        if name.rpartition(".")[2] in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
    ]
    assert faults == []


#: Where the clock may be read; everything else takes `at` or `now` (style.md habit 6).
EDGES = (
    "views",
    "tasks",
    "management",
    "middleware",
    "forms",
    "sign_in",
    "api",
    "requests",
    "local",
    "face",
    "answers",
    "card",
)


#: Publishes the shipped scoring model when `migrate` ends.
AT_MIGRATE = {"scoring.versions"}


def test_time_is_an_argument():
    faults = [
        f"{module.where}:{call.lineno}"
        for module in code()
        if module.room != "leadhub" and not any(edge in part for part in module.name.split(".") for edge in EDGES)
        if module.name not in AT_MIGRATE
        for call in module.calls("now", "today", "utcnow", "localdate", "localtime")
        if isinstance(call.func, ast.Attribute) and last_word(call.func.value) in ("timezone", "datetime", "date")
        if not (call.args and last_word(call.func) in ("localtime", "localdate"))
    ]
    assert faults == []

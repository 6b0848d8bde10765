"""Who may import whom: one direction, and a technology only where it belongs (ADR 0010)."""

import ast
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.house import FOLDERS, Source, sources

_API: Final = {
    "events.catalogue",
    "events.codec",
    "events.event",
    "events.personal",
    "events.recorded",
    "events.schemas",
    "events.values",
    "aggregates.refusals",
    "commands",
    "readmodels",
    "replay",
    "fastapi",
    "starlette",
    "pydantic",
    "pydantic_core",
}

MAY_IMPORT: Final = {
    "events": {"pydantic"},
    "aggregates": {"events"},
    "aggregates/policies": {"events", "aggregates", "celpy", "jsonschema_rs"},
    "commands": {"events", "aggregates", "pydantic"},
    "projections": {"events", "polars"},
    # The one place that works on bare columns of numbers.
    "projections/scoring": {"events", "projections", "polars", "numpy"},
    "readmodels": {"events", "projections", "psycopg", "polars"},
    "replay": {"events", "aggregates", "projections", "polars", "pydantic", "cryptography"},
    "api": _API,
    # Decides who sees what; nobody else asks a policy engine.
    "api/access": _API | {"cedarpy"},
}
"""Folder to what it may import besides itself and the standard library; dots reach into a folder.

``runtime`` is not in it: it may import everything, and nobody imports it but ``tests`` and
``benchmarks``.
"""

NOWHERE_ELSE: Final = {"os", "importlib", "subprocess", "socket", "threading", "multiprocessing"}
"""Parts of the standard library that are about the machine: only ``runtime`` knows it."""


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted name of everything a file imports, also inside functions; names included."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(level=0, module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)
            case ast.ImportFrom(level=level) if level > 0:
                yield "a relative import"
            case ast.Call(func=ast.Name(id="__import__")):
                yield "__import__"
            case _:
                pass


def allowed(path: str) -> set[str]:
    """What the file at ``path`` may import: its folder's row, or its sub-folder's where it has one.

    A file that stands in no folder with a row may import nothing of the house.
    """
    folder, _, rest = path.partition("/")
    area = f"{folder}/{rest.partition('/')[0]}"
    return {folder} | MAY_IMPORT.get(area, MAY_IMPORT.get(folder, set()))


def forbidden(path: str, text: str) -> set[str]:
    """What the file at ``path`` imports and may not; empty for a file in order."""
    may = allowed(path)
    return {
        name
        for name in imported(ast.parse(text))
        if not any(name == prefix or name.startswith(f"{prefix}.") for prefix in may)
        and not _standard(name)
    }


def _standard(name: str) -> bool:
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names and top not in NOWHERE_ELSE


RULED: Final = sources(*(folder for folder in FOLDERS if folder != "runtime"))


@pytest.mark.parametrize("source", RULED, ids=[source.path for source in RULED])
def test_every_file_imports_only_what_its_folder_may(source: Source) -> None:
    assert forbidden(source.path, source.text) == set()


def test_runtime_does_not_import_the_tests() -> None:
    offenders = {
        source.path
        for source in sources("runtime")
        if any(name.partition(".")[0] in {"tests", "benchmarks"} for name in imported(source.tree))
    }
    assert offenders == set()


def test_every_folder_has_its_row() -> None:
    assert {key for key in MAY_IMPORT if "/" not in key} == set(FOLDERS) - {"runtime"}


@pytest.mark.parametrize("source", sources(), ids=[source.path for source in sources()])
def test_a_package_file_holds_one_sentence_and_nothing_else(source: Source) -> None:
    if source.stem != "__init__":
        return
    assert len(source.tree.body) == 1
    assert ast.get_docstring(source.tree)


@pytest.mark.parametrize(
    ("path", "text", "caught"),
    [
        ("events/x.py", "import aggregates.refusals", {"aggregates.refusals"}),
        ("events/x.py", "import psycopg.rows", {"psycopg.rows"}),
        ("events/x.py", "import os", {"os"}),
        ("events/x.py", "from . import values", {"a relative import"}),
        ("events/x.py", "__import__('kafka')", {"__import__"}),
        ("events/x.py", "from importlib import import_module", {"importlib.import_module"}),
        ("aggregates/x.py", "import celpy", {"celpy"}),
        (
            "aggregates/x.py",
            "def f():\n    from commands.ports import Context",
            {"commands.ports.Context"},
        ),
        ("aggregates/pipeline/x.py", "import jsonschema_rs", {"jsonschema_rs"}),
        ("commands/x.py", "from runtime.settings import settings", {"runtime.settings.settings"}),
        (
            "commands/x.py",
            "from eventsourcing.domain import Aggregate",
            {"eventsourcing.domain.Aggregate"},
        ),
        ("projections/x.py", "import psycopg", {"psycopg"}),
        ("projections/x.py", "from readmodels import funnel", {"readmodels.funnel"}),
        ("readmodels/x.py", "from commands import ports", {"commands.ports"}),
        ("replay/x.py", "import psycopg", {"psycopg"}),
        (
            "api/x.py",
            "from aggregates.accounts.account import ACCOUNT",
            {"aggregates.accounts.account.ACCOUNT"},
        ),
        ("api/x.py", "from events.upcasters import STEPS", {"events.upcasters.STEPS"}),
        ("api/x.py", "import kafka", {"kafka"}),
        ("api/x.py", "from runtime import composition", {"runtime.composition"}),
        ("elsewhere.py", "import events.values", {"events.values"}),
    ],
)
def test_the_check_itself_catches(path: str, text: str, caught: set[str]) -> None:
    """A rule that cannot fail is no rule."""
    assert forbidden(path, text) == caught


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("events/x.py", "from pydantic import BaseModel\nimport json"),
        ("aggregates/policies/x.py", "import celpy\nfrom aggregates.decider import Decider"),
        ("api/x.py", "from aggregates.refusals import Refusal\nfrom aggregates import refusals"),
        ("readmodels/x.py", "from projections.funnel import FUNNEL\nfrom psycopg import sql"),
    ],
)
def test_the_check_lets_pass_what_is_allowed(path: str, text: str) -> None:
    assert forbidden(path, text) == set()

"""The house as text: its folders, its files, and what the names in a file stand for."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = (
    "events",
    "aggregates",
    "commands",
    "projections",
    "readmodels",
    "replay",
    "api",
    "runtime",
)
AREAS: Final = ("organization", "accounts", "planning", "pipeline", "policies", "service", "work")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: where it stands under the root, and its text."""

    path: str
    text: str

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem

    @property
    def tree(self) -> ast.Module:
        """The text as a syntax tree."""
        return ast.parse(self.text, self.path)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files of the given folders, in order of their paths; of all eight by default."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text())
        for folder in folders or FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    )


def aliases(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: local name to dotted name, wherever it is imported."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    if name.asname is None:
                        top = name.name.partition(".")[0]
                        known[top] = top
                    else:
                        known[name.asname] = name.name
            case ast.ImportFrom(module=str(module), names=names):
                for name in names:
                    known[name.asname or name.name] = f"{module}.{name.name}"
            case _:
                pass
    return known


def dotted(node: ast.AST, known: dict[str, str]) -> str | None:
    """The dotted name an expression spells, imports followed; ``None`` for any other expression."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=value, attr=attr):
            owner = dotted(value, known)
            return None if owner is None else f"{owner}.{attr}"
        case _:
            return None


def docstrings(tree: ast.AST) -> frozenset[int]:
    """The identities of the nodes that are docstrings, or sentences under an attribute."""
    return frozenset(
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def classes(tree: ast.Module, base: str) -> Iterator[ast.ClassDef]:
    """The classes that name ``base`` as a base, in order."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(parent, ast.Name) and parent.id == base for parent in node.bases
        ):
            yield node


def snake(name: str) -> str:
    """A class name in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

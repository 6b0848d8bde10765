"""Nothing that decides or folds asks the machine: no clock, no chance, no environment."""

import ast
import re
from typing import Final

import pytest

from tests.architecture.house import FOLDERS, Source, aliases, docstrings, dotted, sources

AMBIENT: Final = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.strftime",
    "uuid.uuid1",
    "uuid.uuid4",
    "random",
    "secrets",
    "os.environ",
    "os.environb",
    "os.getenv",
    "os.urandom",
)
"""Dotted names that may stand in ``runtime`` only, with everything under them."""

AMBIENT_SQL: Final = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random"
    r"|gen_random_uuid|uuidv4|uuidv7)\s*\(\s*\)|\bcurrent_(date|time|timestamp)\b",
    re.IGNORECASE,
)
"""The same questions asked of the database."""


def ambient(text: str) -> set[str]:
    """What a file asks of the machine or of the database's clock; empty for a file in order."""
    tree = ast.parse(text)
    known, told = aliases(tree), docstrings(tree)
    found = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and (name := dotted(node, known)) is not None
        and _is_ambient(name)
    }
    found |= {name for name in known.values() if _is_ambient(name)}
    found |= {
        question.group()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        for question in AMBIENT_SQL.finditer(node.value)
    }
    return found


def _is_ambient(name: str) -> bool:
    return any(name == banned or name.startswith(f"{banned}.") for banned in AMBIENT)


RULED: Final = sources(*(folder for folder in FOLDERS if folder != "runtime"))


@pytest.mark.parametrize("source", RULED, ids=[source.path for source in RULED])
def test_only_runtime_asks_the_machine(source: Source) -> None:
    assert ambient(source.text) == set()


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("import datetime\ndatetime.datetime.now()", "datetime.datetime.now"),
        ("from datetime import UTC, datetime\ndatetime.now(UTC)", "datetime.datetime.now"),
        ("from datetime import datetime as dt\nwhen = dt.utcnow", "datetime.datetime.utcnow"),
        ("import datetime as d\nd.date.today()", "datetime.date.today"),
        ("from datetime import date\ndef f():\n    return date.today()", "datetime.date.today"),
        ("from time import time\ntime()", "time.time"),
        ("import time as t\nt.time_ns()", "time.time_ns"),
        ("from uuid import uuid4", "uuid.uuid4"),
        ("import uuid\nfield(default_factory=uuid.uuid4)", "uuid.uuid4"),
        ("import random\nrandom.choice([1])", "random.choice"),
        ("from random import *", "random.*"),
        ("from secrets import token_hex", "secrets.token_hex"),
        ("import os\nos.environ['HOME']", "os.environ"),
        ("from os import getenv\ngetenv('HOME')", "os.getenv"),
        ("QUERY = 'INSERT INTO t VALUES (now())'", "now()"),
        ("QUERY = 'SELECT current_date'", "current_date"),
    ],
)
def test_the_check_itself_catches(text: str, caught: str) -> None:
    """A rule that cannot fail is no rule."""
    assert caught in ambient(text)


@pytest.mark.parametrize(
    "text",
    [
        "def decide(context):\n    return context.now",
        "from datetime import datetime\ndatetime.fromisoformat('2017-06-30')",
        "from uuid import uuid5, NAMESPACE_URL\nuuid5(NAMESPACE_URL, 'x')",
        '"""Never uses now() or current_date."""',
        "import time\ntime.monotonic()",
    ],
)
def test_the_check_lets_pass_what_is_allowed(text: str) -> None:
    assert ambient(text) == set()

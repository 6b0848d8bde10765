"""What the documents name exists: files, make targets, commands, facts, links."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import TypeAdapter

from commands.catalogue import HANDLERS
from commands.command import command_name
from events.catalogue import EVENTS
from tests.architecture.house import FOLDERS, ROOT
from tests.architecture.verbs import verbs

DOCUMENTS: Final = ("README.md", "WALK.md", "CHANGELOG.md")
DECISIONS: Final = tuple(sorted((ROOT / "docs" / "decisions").glob("*.md")))
EVERYTHING: Final = (*(ROOT / name for name in DOCUMENTS), *DECISIONS)

SECTIONS: Final = ("Context", "Decision", "Consequences", "Alternatives", "Enforced by")
"""What a decision record is made of, in this order."""

OURS: Final = (*FOLDERS, "tests", "benchmarks", "docs", ".ci")
ROOT_FILE: Final = re.compile(r"[A-Z][A-Za-z]*(\.[a-z]+)?|[\w.-]+\.(toml|lock|yml|yaml|md)")

CODE: Final = re.compile(r"`([^`\n]+)`")
LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAKE: Final = re.compile(r"\bmake ([a-z]+)\b")
VERB: Final = re.compile(r"\bkeyledger ([a-z]+)\b")
CURL: Final = re.compile(r"/v1/commands/([a-z-]+)(?:(?!curl ).)*?-d '(\{.*?\})'", re.DOTALL)


def code(text: str) -> str:
    """What a document sets in code type: blocks and words between backticks."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return "\n".join([*blocks, *CODE.findall(rest)])


def paths(text: str) -> set[str]:
    """The files and folders of this repository that a document names in code type."""
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {
        word
        for word in CODE.findall(rest)
        if re.fullmatch(r"[\w./-]+", word)
        and (word.partition("/")[0] in OURS if "/" in word else ROOT_FILE.fullmatch(word))
        and (("/" in word) or (ROOT / word).suffix or word in {"Makefile", "Dockerfile"})
    }


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands_in(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The commands a document issues with curl: name and body."""
    return [(name, json.loads(body)) for name, body in CURL.findall(text)]


@pytest.mark.parametrize("document", EVERYTHING, ids=lambda path: path.name)
def test_every_file_it_names_exists(document: Path) -> None:
    missing = {path for path in paths(document.read_text()) if not (ROOT / path).exists()}
    assert missing == set()


@pytest.mark.parametrize("document", EVERYTHING, ids=lambda path: path.name)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    links = {link.partition("#")[0] for link in LINK.findall(document.read_text())}
    dead = {
        link
        for link in links
        if link and "://" not in link and not (document.parent / link).exists()
    }
    assert dead == set()


@pytest.mark.parametrize("document", EVERYTHING, ids=lambda path: path.name)
def test_every_make_target_and_every_verb_it_names_exists(document: Path) -> None:
    text = code(document.read_text())
    assert set(MAKE.findall(text)) <= targets()
    assert set(VERB.findall(text)) <= verbs()


@pytest.mark.parametrize("document", EVERYTHING, ids=lambda path: path.name)
def test_a_command_it_issues_is_one_the_ledger_takes(document: Path) -> None:
    kinds = {command_name(kind): kind for kind in HANDLERS}
    for name, body in commands_in(document.read_text()):
        fields = {
            key: value for key, value in body.items() if key not in {"occurred_at", "imported"}
        }
        TypeAdapter(kinds[name]).validate_json(json.dumps(fields))


def test_the_readme_issues_a_command() -> None:
    assert commands_in((ROOT / "README.md").read_text())


def test_the_readme_is_two_screens() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 140


def test_the_changelog_tells_every_fact() -> None:
    told = (ROOT / "CHANGELOG.md").read_text()
    assert {name for name in EVENTS if f"`{name}`" not in told} == set()
    assert "### Facts" in told


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.name)
def test_a_decision_record_has_its_parts(record: Path) -> None:
    text = record.read_text()
    number = record.name.partition("-")[0]
    assert re.match(rf"# {number} · \S", text)
    assert re.search(r"^Status: (accepted|superseded by \d{4})", text, re.MULTILINE)
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    bodies = re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]
    assert all(body.strip() for body in bodies)


def test_decision_records_are_numbered_without_a_hole() -> None:
    numbers = [int(record.name.partition("-")[0]) for record in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("folder", OURS)
def test_a_record_that_is_cited_exists(folder: str) -> None:
    cited = {
        number
        for path in (ROOT / folder).rglob("*.py")
        for number in re.findall(r"\bADR (\d{4})\b", path.read_text())
    }
    assert cited <= {record.name.partition("-")[0] for record in DECISIONS}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see `commands/carry_out.py`", {"commands/carry_out.py"}),
        ("see `events/gone.py` and `README.md`", {"events/gone.py", "README.md"}),
        ("`GET /v1/funnel` and `SELECT 1`", set()),
        ("`application/json`", set()),
        ("`requirements.lock`", {"requirements.lock"}),
    ],
)
def test_the_check_of_files_itself_finds(text: str, found: set[str]) -> None:
    """A rule that cannot fail is no rule."""
    assert paths(text) == found


def test_the_check_of_commands_itself_finds() -> None:
    text = """```sh
curl -X POST $URL/v1/commands/move-region -H "Idempotency-Key: 1" \\
  -d '{"region_id": "north", "parent_id": null}'
```"""
    assert commands_in(text) == [("move-region", {"region_id": "north", "parent_id": None})]
    assert set(MAKE.findall(code("`make nothing`"))) - targets() == {"nothing"}

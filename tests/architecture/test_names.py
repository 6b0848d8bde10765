"""One word, one path: what names may look like, and that a stem stands in every folder it needs."""

import re
from pathlib import PurePath
from typing import Final

import pytest

from commands.catalogue import HANDLERS
from commands.command import Command, command_name
from events.catalogue import EVENTS
from events.event import Event
from tests.architecture.house import AREAS, ROOT, classes, snake, sources

JUNK: Final = frozenset(
    "base common core helper helpers impl info manager managers misc shared util utils".split()
)
"""What a drawer is called before it fills with junk."""

VERBS: Final = frozenset(
    """
    Acknowledge Activate Add Advance Amend Approve Assess Assign Cancel Change Claim Classify Close
    Complete Confirm Correct Decide Delegate Discard Draft Drop End Erase Escalate Establish Grant
    Hire Issue Link List Log Lose Mark Merge Move Open Place Propose Publish Raise Reassign
    Reclassify Record Register Release Reopen Replace Reprice Resolve Retire Return Revoke Rotate
    Set Start State Submit Unlink Unmerge Win Withdraw
    """.split()
)
"""The verbs of the trade. A new one is a word of the language: add it on purpose."""

EVENT_NAME: Final = re.compile(r"^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$")
IRREGULAR: Final = frozenset("Done Left Lost Met Read Sent Set Withdrawn Won".split())
"""Participles that do not end in -ed."""


def junk(path: str) -> set[str]:
    """The parts of a path that name no concept; empty for a path in order."""
    return set(PurePath(path).with_suffix("").parts) & JUNK


def is_imperative(command: str) -> bool:
    """Whether a command class is a verb of the trade and its object, and nothing else."""
    verb, *thing = re.findall(r"[A-Z][a-z0-9]*", command)
    return verb in VERBS and bool(thing) and thing[-1] not in {"Command", "Request"}


def is_past(event: str) -> bool:
    """Whether an event class is a thing and what became of it."""
    thing, *rest = re.findall(r"[A-Z][a-z0-9]*", event)
    return bool(thing and rest) and (rest[-1].endswith("ed") or rest[-1] in IRREGULAR)


def says_its_class(name: str, event: str) -> bool:
    """Whether the stored name has the form ``thing.participle`` and reads like its class."""
    return EVENT_NAME.match(name) is not None and name.replace(".", "_") == snake(event)


def command_classes() -> dict[str, str]:
    """Every command class that is written down, and the file it stands in."""
    return {
        node.name: source.path
        for area in AREAS
        for source in sources(f"commands/{area}")
        for node in classes(source.tree, "Command")
    }


@pytest.mark.parametrize("path", [source.path for source in sources()])
def test_no_module_is_named_like_a_junk_drawer(path: str) -> None:
    assert junk(path) == set()


def test_every_command_that_is_written_has_one_handler() -> None:
    assert sorted(kind.__name__ for kind in HANDLERS) == sorted(command_classes())


@pytest.mark.parametrize("kind", HANDLERS, ids=command_name)
def test_a_command_is_an_imperative(kind: type[Command]) -> None:
    said = f"{kind.__name__} is not a verb of VERBS and its object; a new verb is added there"
    assert is_imperative(kind.__name__), said


@pytest.mark.parametrize("kind", HANDLERS, ids=command_name)
def test_a_handler_is_called_as_its_command_and_stands_beside_it(kind: type[Command]) -> None:
    handler = HANDLERS[kind]
    assert (handler.__module__, handler.__name__) == (kind.__module__, snake(kind.__name__))


@pytest.mark.parametrize("kind", HANDLERS, ids=command_name)
def test_a_command_says_in_a_sentence_what_it_asks_for(kind: type[Command]) -> None:
    assert kind.__doc__
    assert kind.__doc__ != Command.__doc__


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_an_event_is_named_in_the_past_and_stored_under_that_name(kind: type[Event]) -> None:
    assert is_past(kind.__name__)
    assert says_its_class(kind.NAME, kind.__name__)
    assert EVENTS[kind.NAME] is kind


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_a_person_or_partition_an_event_names_is_one_of_its_fields(kind: type[Event]) -> None:
    named = {field for field in (kind.PERSON, kind.PARTITION) if field is not None}
    if named - set(kind.model_fields):
        assert kind.PARTITION not in kind.model_fields  # then the stream stands in for it
        named.discard(kind.PARTITION or "")
    assert named <= set(kind.model_fields)


@pytest.mark.parametrize(
    "path",
    [
        source.path
        for area in AREAS
        for source in sources(f"commands/{area}")
        if not source.path.endswith("/catalogue.py")
    ],
)
def test_a_stem_of_commands_has_its_twins(path: str) -> None:
    below = path.partition("/")[2]
    assert [
        folder for folder in ("aggregates", "events") if not (ROOT / folder / below).exists()
    ] == []


@pytest.mark.parametrize("folder", ["events", "aggregates", "commands"])
def test_the_same_areas_stand_in_each_folder(folder: str) -> None:
    assert set(AREAS) <= {path.name for path in (ROOT / folder).iterdir() if path.is_dir()}


@pytest.mark.parametrize(
    ("path", "caught"),
    [
        ("runtime/utils.py", {"utils"}),
        ("events/common/money.py", {"common"}),
        ("commands/base.py", {"base"}),
        ("runtime/settings.py", set()),
    ],
)
def test_the_check_of_modules_itself_catches(path: str, caught: set[str]) -> None:
    """A rule that cannot fail is no rule."""
    assert junk(path) == caught


@pytest.mark.parametrize(
    ("name", "imperative"),
    [
        ("WinOpportunity", True),
        ("ChangeEmployeeRoles", True),
        ("OpportunityApproval", False),
        ("UpdateAccount", False),
        ("WinOpportunityCommand", False),
        ("Win", False),
    ],
)
def test_the_check_of_commands_itself_catches(name: str, imperative: bool) -> None:
    assert is_imperative(name) is imperative


@pytest.mark.parametrize(
    ("stored", "name", "in_order"),
    [
        ("opportunity.won", "OpportunityWon", True),
        ("employee.manager_changed", "EmployeeManagerChanged", True),
        ("opportunity.wons", "OpportunityWon", False),
        ("opportunity_won", "OpportunityWon", False),
        ("Opportunity.won", "OpportunityWon", False),
        ("opportunity.won", "OpportunityWonEvent", False),
        ("opportunity.win", "OpportunityWin", False),
    ],
)
def test_the_check_of_events_itself_catches(stored: str, name: str, in_order: bool) -> None:
    assert (is_past(name) and says_its_class(stored, name)) is in_order

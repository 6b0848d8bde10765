"""Who asks a question, and what they see of the answers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.requests import Request

from api.access.decisions import POLICY_HASH, decide, seen_fields
from api.access.scopes import scope_of
from api.field_classes import Sight
from api.ports import Doors
from api.problems import Problem
from api.security import Principal, authenticate
from readmodels.access import GUARDED, KINDS, NOWHERE, Resource, surroundings, surroundings_of_teams
from readmodels.reading import Stand, narrow, reading, wait_for_position
from readmodels.scope import NOTHING, READS, Scope

WAIT_S: Final = 3.0
"""How long an answer waits for what it rests on."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and at which doors."""

    doors: Doors
    principal: Principal
    resource: Resource | None
    """The one record that is asked about, where not everybody sees it."""
    told: dict[str, Any]
    """What the line about this request will say besides."""

    @property
    def scope(self) -> Scope:
        """What they see today, also of the past."""
        today = self.doors.clock().astimezone(self.doors.zone).date()
        return scope_of(self.principal, today)

    def expect_replays(self) -> None:
        """Let pass who may have the past replayed, and see what comes of it; it is noted.

        Raises:
            Problem: ``replays-of-the-company``.
        """
        allowed = decide(self.scope, "replay", None)
        self._note(allowed=allowed)
        if not allowed:
            raise Problem(
                "not-allowed",
                "replays-of-the-company",
                "replays are for keys of administrators, sales managers, analysts and auditors "
                "that see the whole company",
            )

    @contextmanager
    def looking(self, connection: Any, names: tuple[str, ...]) -> Iterator[tuple[Stand, Sight]]:
        """A look at the read models ``names`` with their eyes, and which fields they see.

        Whoever may not see the record that is asked about finds none. What was decided is noted.

        Raises:
            Problem: ``read-model-behind``: one of them has never been built, or who sees what is
                not known as far as they are.
        """
        with _level(connection, self.scope, names) as stand:
            yield stand, self._decide(connection)

    def _decide(self, connection: Any) -> Sight:
        scope, around, served = self.scope, None, NOWHERE
        if scope.breadth != "company":
            served = surroundings_of_teams(connection, scope)
            if self.resource is not None:
                around = surroundings(connection, scope, self.resource)
        allowed = decide(scope, "read", around)
        if not allowed:
            narrow(connection, NOTHING)
        self._note(allowed=allowed)
        return seen_fields(scope, served)

    def _note(self, *, allowed: bool) -> None:
        self.told.update(
            actor=self.principal.actor,
            key=self.principal.key.key_id,
            allowed=allowed,
            policies=POLICY_HASH,
        )


@contextmanager
def _level(connection: Any, scope: Scope, names: tuple[str, ...]) -> Iterator[Stand]:
    """A reading in which row security has come as far as what it guards."""
    guards = () if scope.breadth == "company" else READS
    with reading(connection, scope) as stand:
        for name in (*names, *guards):
            if name not in stand.positions:
                raise behind(f"{name} is being built for the first time")
        least = stand.position(*names)
        if not guards or stand.position(*guards) >= least:
            yield stand
            return
    if not wait_for_position(connection, guards, least, WAIT_S):
        raise behind("who sees what is not known that far yet; ask again in a moment")
    with reading(connection, scope) as stand:
        yield stand


def behind(detail: str) -> Problem:
    """The answer while read models are on their way."""
    return Problem("read-model-behind", "read-model-behind", detail)


async def reader(request: Request) -> Reader:
    """The dependency that lets pass whoever has a key that works, whatever its role."""
    doors: Doors = request.app.state.doors
    principal = await authenticate(request.headers, doors.access, doors.clock(), fresh=True)
    return Reader(doors, principal, _named(request.path_params), request.state.told)


def _named(parameters: Mapping[str, str]) -> Resource | None:
    if (table := KINDS.get(parameters.get("record_type", ""))) is not None:
        return Resource(table, parameters["record_id"])
    for field, identity in parameters.items():
        if field in GUARDED:
            return Resource(GUARDED[field], identity)
    return None


ReaderOf = Annotated[Reader, Depends(reader)]

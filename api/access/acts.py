"""Which records a command may be about: those that the one who asks sees, and may act on."""

from collections.abc import Iterator
from typing import Any, Final

from aggregates.refusals import NotAllowed, NotFound
from api.access.decisions import decide
from api.ports import Pool
from commands.command import Command
from readmodels.access import GUARDED, KINDS, NOWHERE, Resource, surroundings
from readmodels.reading import reading
from readmodels.scope import COMPANY, READS, Scope

_ALSO: Final = {
    "other_id": "account_id",
    "parent_id": "account_id",
    "into_id": "contact_id",
    "team_account_ids": "account_id",
}
"""Fields that name such a record without being called after it."""

_CALLED: Final = {
    "account_link": ("link", "link"),
    "account_outcome": ("outcome", "outcome"),
    "account_plan": ("plan", "account plan"),
    "competitor": ("competitor", "entry"),
    "customer_goal": ("goal", "goal"),
    "joint_project": ("project", "joint project"),
    "solution_document": ("document", "document"),
    "survey_answer": ("survey-answer", "answer"),
    "value_claim": ("claim", "value claim"),
}
"""What refusals call a record, in the id of the rule and in words, where that is not its kind."""

_OF_REGIONS: Final = "commands.organization"


def check_acts(pool: Pool, scope: Scope, command: Command) -> None:
    """Let pass what is about records that ``scope`` may act on, and what is about new ones.

    It goes by the read models: a record they do not know yet is decided about without this.

    Raises:
        NotFound: as for a record there is not, where it may not be seen.
        NotAllowed: ``granted-to-read``, where it may be seen and no more.
    """
    named = list(_named(command))
    if scope.breadth == "company" or not named:
        return
    with pool.connection() as connection, reading(connection, COMPANY) as stand:
        if not stand.positions.keys() >= set(READS):
            return
        for field, resource in named:
            _check(connection, scope, field, resource)


def _check(connection: Any, scope: Scope, field: str, resource: Resource) -> None:
    around = surroundings(connection, scope, resource)
    if around is NOWHERE or decide(scope, "write", around):
        return
    if decide(scope, "read", around):
        raise NotAllowed("granted-to-read", "it was granted to be read, and no more", field=field)
    rule, words = called(resource)
    raise NotFound(f"unknown-{rule}", f"there is no such {words}", field=field)


def called(resource: Resource) -> tuple[str, str]:
    """What refusals call a record: in the id of the rule, and in words."""
    kind = "account" if resource.table.key[0] == "account_id" else resource.table.name
    return _CALLED.get(kind, (kind, kind))


def _named(command: Command) -> Iterator[tuple[str, Resource]]:
    given = dict(command)
    if (table := KINDS.get(str(given.get("record_type")))) is not None:
        yield "record_id", Resource(table, str(given["record_id"]))
    for field, value in given.items():
        if field == "parent_id" and type(command).__module__.startswith(_OF_REGIONS):
            continue
        table = GUARDED.get(_ALSO.get(field, field.removesuffix("s")))
        ids = value if isinstance(value, tuple) else (value,)
        if table is not None:
            yield from ((field, Resource(table, one)) for one in ids if one is not None)

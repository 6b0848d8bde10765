"""The engine of every approval: what a subject has to tell, and how it is put up and voided.

A new kind of subject is a `Subject` in the file of its commands and a line in
`commands/subjects.py`. Nothing else here knows one kind from another.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aggregates.decider import Decider
from aggregates.policies import approval_route
from aggregates.policies.approval_route import APPROVAL_ROUTE, route_id
from aggregates.policies.condition import Kind, Value
from aggregates.refusals import WrongState
from aggregates.work import request
from aggregates.work.request import APPROVAL, resolved, roles_of_all
from commands.look import Decided, Look
from commands.organization.employee import holders
from commands.organization.region import regions_from
from commands.ports import Write
from commands.roles import Role
from events.event import Event
from events.policies.approval_route import ApprovalRoute
from events.recorded import content_sha256
from events.work.approval import (
    ApprovalDecided,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    Outcome,
    RoleInRegion,
    RouteVersion,
    SubjectFact,
)

DECIDING: Final = frozenset[Role]({"administrator", "sales_manager", "sales_rep"})
"""The roles that may decide where a route names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A subject as it stands: what a request freezes and the conditions see."""

    account_id: str | None
    author_ids: tuple[str, ...]
    """Who wrote it; none of them approves it."""
    facts: Mapping[str, Value]
    """One for each of the subject's variables."""
    content: Mapping[str, Any]
    """Everything an approval is about, as JSON values; whoever changes it voids the request."""

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal."""
        return content_sha256(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One kind of thing that is approved."""

    kind: str
    """Its name in routes and requests: an id without a dot."""
    variables: Mapping[str, Kind]
    """The facts its conditions may name, with their types."""
    decider: Decider[Any, Any]
    describe: Callable[[Look, Any, str, int], Described]
    """The subject ``id`` in this state; what belongs together is added up over so many days."""
    approve: Callable[[Any, str], tuple[Event, ...]]
    """What becomes of its state when the approval of this id is granted."""
    reject: Callable[[Any, str, Outcome, str | None], tuple[Event, ...]]
    """What becomes of its state when it is refused, or sent back, with these words or none."""
    identity: Callable[[str], str] = field(default=lambda subject_id: subject_id)
    """The identity of the record it is in; of most kinds each is a record of its own."""

    def stream(self, subject_id: str) -> str:
        """The stream of the record it is in."""
        return self.decider.stream(self.identity(subject_id))

    def state(self, look: Look, subject_id: str) -> Any:
        """The state of the record it is in."""
        return look(self.decider, self.identity(subject_id))


def put_up(
    look: Look,
    subject: Subject,
    subject_id: str,
    *,
    approval_id: str,
    requester_id: str,
    region_id: str,
    facts: tuple[Event, ...],
) -> Decided:
    """Ask for the approval of a subject, beside ``facts``: what the subject's own verb returned.

    The routes of ``region_id`` and of the regions above it apply. Nothing where ``facts`` are
    nothing. Where no step is needed, it is approved with the same.

    Raises:
        WrongState: ``no-approval-route`` in force for the region or above;
            ``approval-already-requested``.
    """
    stream, state = subject.stream(subject_id), subject.state(look, subject_id)
    if not facts:
        return Decided(stream, ())
    put_up_state = subject.decider.fold(facts, state)
    fact = _request_of(
        look,
        subject,
        put_up_state,
        subject_id,
        approval_id=approval_id,
        requester_id=requester_id,
        region_id=region_id,
    )
    asked = look.begin(APPROVAL, approval_id, request.request, fact=fact)
    if not asked.writes:
        raise WrongState("approval-already-requested", "this approval id is taken")
    requested = [write.event for write in asked.writes]
    own = (*facts, *following(subject, put_up_state, requested))
    return Decided(stream, (*asked.writes, *(Write(stream, event) for event in own)))


def following(subject: Subject, state: Any, events: list[Any]) -> tuple[Event, ...]:
    """What becomes of a subject in ``state`` when ``events`` happen to its approval."""
    found: tuple[Event, ...] = ()
    said = None
    for event in events:
        match event:
            case ApprovalDecided(comment=comment):
                said = comment
            case ApprovalGranted(approval_id=approval_id):
                found += subject.approve(state, approval_id)
            case ApprovalRefused(approval_id=approval_id, outcome=outcome):
                found += subject.reject(state, approval_id, outcome, said)
            case _:
                pass
    return found


def voided(look: Look, approval_id: str | None, *, reason: str) -> tuple[Write, ...]:
    """What makes an approval worth nothing, to be written with the fact that does."""
    if approval_id is None:
        return ()
    return look.decide(APPROVAL, approval_id, request.void, reason=reason).writes


def routes_for(
    look: Look, subject: Subject, regions: tuple[str, ...]
) -> tuple[tuple[str, int, ApprovalRoute], ...]:
    """The routes in force on the business date, with region and version, topmost region first.

    Raises:
        WrongState: ``no-approval-route``: neither the region nor one above it has one.
    """
    found = []
    for region_id in reversed(regions):
        identity = route_id(region_id, subject.kind)
        versions = look(APPROVAL_ROUTE, identity)
        in_force = versions.in_force(look.context.business_date)
        if in_force is not None:
            look.under(APPROVAL_ROUTE.stream(identity), in_force[0])
            found.append((region_id, *in_force))
    if not found:
        raise WrongState(
            "no-approval-route", f"no region has a route in force for a {subject.kind} here"
        )
    return tuple(found)


def _request_of(
    look: Look,
    subject: Subject,
    state: Any,
    subject_id: str,
    *,
    approval_id: str,
    requester_id: str,
    region_id: str,
) -> ApprovalRequested:
    regions = regions_from(look, region_id, field="region_id")
    routes = routes_for(look, subject, regions)
    documents = [document for _, _, document in routes]
    window_days = max(document.window_days for document in documents)
    described = subject.describe(look, state, subject_id, window_days)
    assert described.facts.keys() == subject.variables.keys(), subject.kind
    barred = frozenset({requester_id, *described.author_ids})
    steps = approval_route.required_steps(documents, described.facts, subject.variables)
    return ApprovalRequested(
        approval_id=approval_id,
        subject_kind=subject.kind,
        subject_id=subject_id,
        region_id=region_id,
        account_id=described.account_id,
        requester_id=requester_id,
        author_ids=described.author_ids,
        routes=tuple(RouteVersion(region_id=of, version=version) for of, version, _ in routes),
        may_decide_twice=all(document.may_decide_twice for document in documents),
        facts=tuple(
            SubjectFact(name=name, value=value) for name, value in sorted(described.facts.items())
        ),
        content_sha256=described.sha256,
        steps=resolved(
            steps,
            regions=regions,
            on=look.context.business_date,
            holders=_holders(look, roles_of_all(steps, regions=regions), barred),
        ),
    )


def _holders(
    look: Look, roles: Iterable[RoleInRegion], barred: frozenset[str]
) -> dict[RoleInRegion, tuple[str, ...]]:
    """Who has each of ``roles`` now, but for those who may not decide."""
    return {
        one: tuple(
            person for person in holders(look, one.role, one.region_id) if person not in barred
        )
        for one in roles
    }

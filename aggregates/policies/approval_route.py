"""A region's route for one kind of subject: drafted in versions, each in force from a day on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.condition import Kind, Value, check, holds
from aggregates.policies.versions import Versions
from aggregates.refusals import Invalid
from events.policies.approval_route import (
    ApprovalRoute,
    ApprovalRouteActivated,
    ApprovalRouteDrafted,
    ApprovalRouteEvent,
    NamedEmployee,
    RoleHolder,
    Step,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions[ApprovalRoute], event: ApprovalRouteEvent) -> Versions[ApprovalRoute]:
    """The versions after ``event``."""
    match event:
        case ApprovalRouteDrafted():
            return versions.drafted(event.document)
        case ApprovalRouteActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


APPROVAL_ROUTE: Final[Decider[Versions[ApprovalRoute], ApprovalRouteEvent]] = Decider(
    "approval_route", Versions(), evolve
)


def route_id(region_id: str, subject_kind: str) -> str:
    """The identity of a region's route for a kind of subject; no kind has a dot in its name."""
    return f"{subject_kind}.{region_id}"


# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Versions[ApprovalRoute],
    *,
    region_id: str,
    subject_kind: str,
    document: ApprovalRoute,
    variables: Mapping[str, Kind],
    may_decide: frozenset[str],
) -> tuple[ApprovalRouteEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    ``variables`` are the facts of such a subject, ``may_decide`` the roles that may decide at all.

    Raises:
        Invalid: what :func:`aggregates.policies.condition.check` raises for a condition;
            ``step-unfillable``: nobody could ever decide a step; ``quorum-malformed``: a number
            without the mode ``quorum``, or that mode without a number;
            ``escalation-without-days``.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    for place, rule in enumerate(document.rules):
        check(rule.when, variables, field=f"document.rules.{place}.when")
        for step in rule.steps:
            _check_step(step, may_decide, field=f"document.rules.{place}.steps")
    return (
        ApprovalRouteDrafted(
            region_id=region_id,
            subject_kind=subject_kind,
            version=len(versions.drafts) + 1,
            document=document,
        ),
    )


def people_named(document: ApprovalRoute) -> tuple[str, ...]:
    """The employees a route names, each once; often none."""
    named = (
        one.employee_id
        for rule in document.rules
        for step in rule.steps
        for one in (*step.approvers, step.escalate_to)
        if isinstance(one, NamedEmployee)
    )
    return tuple(dict.fromkeys(named))


def _check_step(step: Step, may_decide: frozenset[str], *, field: str) -> None:
    if (step.mode == "quorum") != (step.quorum is not None):
        raise Invalid("quorum-malformed", f"{step.step_id}: a quorum is a number", field=field)
    if step.escalate_to is not None and step.due_days is None:
        raise Invalid("escalation-without-days", f"{step.step_id} is never overdue", field=field)
    for approver in (*step.approvers, *filter(None, [step.escalate_to])):
        if isinstance(approver, RoleHolder) and approver.role not in may_decide:
            raise Invalid("step-unfillable", f"a {approver.role} decides nothing", field=field)
    people = [one for one in step.approvers if isinstance(one, NamedEmployee)]
    if step.mode == "all" and len(set(people)) < len(people):
        raise Invalid("step-unfillable", f"{step.step_id} asks one person twice", field=field)
    if len(people) == len(step.approvers) and len(set(people)) < (step.quorum or 1):
        raise Invalid("step-unfillable", f"{step.step_id} has too few persons", field=field)


def activate(
    versions: Versions[ApprovalRoute],
    *,
    region_id: str,
    subject_kind: str,
    version: int,
    effective_on: date,
) -> tuple[ApprovalRouteEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    It can only tighten what the regions above have in force: its steps come after theirs.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``later-version-in-force``: a later day has a version already.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    return (
        ApprovalRouteActivated(
            region_id=region_id,
            subject_kind=subject_kind,
            version=version,
            effective_on=effective_on,
        ),
    )


def required_steps(
    routes: Iterable[ApprovalRoute], facts: Mapping[str, Value], variables: Mapping[str, Kind]
) -> tuple[Step, ...]:
    """The steps that ``routes``, from the topmost region down, ask for a subject with ``facts``.

    Each rule that applies adds its steps, in order. Where the subject's ``currency`` is not the
    route's, every rule over an amount applies: nobody can say that it does not.
    """
    amounts = frozenset(name for name, kind in variables.items() if kind == "money")
    return tuple(
        step
        for route in routes
        for rule in route.rules
        if holds(
            rule.when,
            facts,
            strange=frozenset() if facts.get("currency") == route.currency else amounts,
        )
        for step in rule.steps
    )

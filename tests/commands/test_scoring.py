"""Scoring policies on the approval engine: who drafts, agrees and puts in force, and where."""

from datetime import date
from typing import Any, Final

import pytest

from aggregates.refusals import NotAllowed, NotFound, Refusal, WrongState
from commands.command import Command
from commands.policies.scoring import (
    ActivateScoringPolicy,
    DraftScoringPolicy,
    ProposeScoringPolicy,
)
from tests.commands.company import company
from tests.commands.office import Office
from tests.commands.planners import route_in_force, yes
from tests.commands.test_account_classes import ANYBODY, KEYS
from tests.examples.approvals import route, step
from tests.examples.scores import POLICY

JANUARY: Final = date(2026, 1, 1)


def names(office: Office, stream: str) -> list[str]:
    return [fact.NAME for fact in office.facts(stream)]


def staffed(*more: Command) -> Office:
    return company(*KEYS, *route_in_force(ANYBODY, kind="scoring_policy"), *more)


def refused(office: Office, rule: str, kind: type[Refusal], command: Command, **asked: Any) -> None:
    with pytest.raises(Refusal) as found:
        office.ask(command, **asked)
    assert (found.value.rule, type(found.value)) == (rule, kind)


@pytest.mark.parametrize(("region_id", "stream"), [(None, "*"), ("emea", "emea")])
def test_a_version_is_drafted_by_one_and_agreed_to_by_another(
    region_id: str | None, stream: str
) -> None:
    office = staffed()
    place: dict[str, Any] = {"region_id": region_id}
    in_force = ActivateScoringPolicy(version=1, effective_on=JANUARY, **place)
    office.ask(DraftScoringPolicy(document=POLICY, **place), key_id="ann")
    office.ask(ProposeScoringPolicy(version=1, approval_id="s1", **place), key_id="ann")
    refused(office, "version-not-approved", WrongState, in_force, key_id="carl")
    refused(office, "self-approval", NotAllowed, yes("s1"), key_id="ann")
    office.ask(yes("s1"), key_id="bea")
    office.ask(in_force, key_id="carl")
    assert names(office, f"scoring_policy-{stream}") == [
        "scoring_policy.drafted",
        "scoring_policy.proposed",
        "scoring_policy.approved",
        "scoring_policy.activated",
    ]


def test_what_is_sent_back_may_be_put_up_again_and_what_is_refused_may_not() -> None:
    office = staffed()
    office.ask(DraftScoringPolicy(document=POLICY), key_id="ann")
    office.ask(ProposeScoringPolicy(version=1, approval_id="s1"), key_id="ann")
    office.ask(
        yes("s1").model_copy(update={"decision": "sent_back", "comment": "why"}), key_id="bea"
    )
    office.ask(ProposeScoringPolicy(version=1, approval_id="s2"), key_id="ann")
    office.ask(yes("s2").model_copy(update={"decision": "rejected", "comment": "no"}), key_id="bea")
    again = ProposeScoringPolicy(version=1, approval_id="s3")
    refused(office, "version-rejected", WrongState, again, key_id="ann")


def test_a_route_may_ask_what_the_policy_is_like() -> None:
    office = company(
        *KEYS,
        *route_in_force(
            route(("is_group && components > 2", step(ANYBODY.rules[0].steps[0].approvers[0]))),
            kind="scoring_policy",
        ),
    )
    office.ask(DraftScoringPolicy(document=POLICY), key_id="ann")
    office.ask(ProposeScoringPolicy(version=1, approval_id="s1"), key_id="ann")
    assert names(office, "scoring_policy-*")[-1] == "scoring_policy.approved"


@pytest.mark.parametrize(
    "command",
    [
        DraftScoringPolicy(region_id="nowhere", document=POLICY),
        ActivateScoringPolicy(region_id="nowhere", version=1, effective_on=JANUARY),
    ],
)
def test_the_region_of_a_policy_exists(command: Command) -> None:
    refused(staffed(), "unknown-region", NotFound, command, key_id="carl")

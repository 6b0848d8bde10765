"""Scoring policies on the approval engine: who drafts, agrees and puts in force, and where."""

from datetime import date
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotAllowed, NotFound, Refusal, WrongState
from commands.command import Command
from commands.policies.scoring import (
    ActivateScoringPolicy,
    DraftScoringPolicy,
    ProposeScoringPolicy,
)
from commands.ports import Replayed
from events.policies.scoring import ScoringPolicyProposed
from events.recorded import content_sha256
from events.work.approval import ApprovalRequested
from tests.commands.company import company
from tests.commands.office import Office
from tests.commands.planners import route_in_force, yes
from tests.commands.test_account_classes import ANYBODY, KEYS
from tests.examples.approvals import route, step
from tests.examples.scores import DRY_RUN, POLICY

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


def replayed(office: Office, replay_id: str, *, done: bool = True, version: int = 1) -> None:
    found = {("*", version): DRY_RUN.model_copy(update={"replay_id": replay_id})} if done else {}
    office.dry_runs.known[replay_id] = Replayed(is_done=done, dry_runs=found)


def test_what_a_replay_found_is_put_up_with_the_version_and_seen_by_who_decides() -> None:
    """CARD-04: the approval is about the version and its dry run, and a route may ask for one."""
    office = company(
        *KEYS,
        *route_in_force(
            route(
                ("accounts_moved > 12", step(ANYBODY.rules[0].steps[0].approvers[0])),
                ('replay == "none"', step(ANYBODY.rules[0].steps[0].approvers[0])),
            ),
            kind="scoring_policy",
        ),
    )
    replayed(office, "r1")
    office.ask(DraftScoringPolicy(document=POLICY), key_id="ann")
    named = ProposeScoringPolicy(version=1, approval_id="s1", replay_id="r1")
    office.ask(named, key_id="ann")
    proposed, approved = office.facts("scoring_policy-*")[-2:]
    assert isinstance(proposed, ScoringPolicyProposed)
    assert (proposed.dry_run, approved.NAME) == (DRY_RUN, "scoring_policy.approved")
    asked = office.facts("approval-s1")[0]
    assert isinstance(asked, ApprovalRequested)
    told = {fact.name: fact.value for fact in asked.facts}
    assert told["replay"] == "r1"
    assert [told[f"accounts_{one}"] for one in ("replayed", "moved")] == [85, 12]
    assert [told[f"alerts_{one}"] for one in ("before", "after")] == [7, 9]


def test_what_is_approved_is_the_version_with_its_dry_run() -> None:
    """With another one the content is another; who decides meets what was frozen."""
    hashes = []
    for replay_id in (None, "r1", "r2"):
        office = staffed()
        replayed(office, "r1")
        replayed(office, "r2")
        office.ask(DraftScoringPolicy(document=POLICY), key_id="ann")
        named = ProposeScoringPolicy(version=1, approval_id="s1", replay_id=replay_id)
        office.ask(named, key_id="ann")
        asked = office.facts("approval-s1")[0]
        assert isinstance(asked, ApprovalRequested)
        hashes.append(asked.content_sha256)
        office.ask(yes("s1"), key_id="bea")
        assert names(office, "scoring_policy-*")[-1] == "scoring_policy.approved"
    assert len(set(hashes)) == 3
    content = {"region_id": None, "version": 1, "document": POLICY.model_dump(mode="json")}
    assert hashes[0] == content_sha256(content), "what waits since before replays stays approvable"


def test_a_replay_that_is_put_up_has_tried_this_very_version_to_its_end() -> None:
    office = staffed()
    replayed(office, "other", version=2)
    replayed(office, "running", done=False)
    office.ask(DraftScoringPolicy(document=POLICY), key_id="ann")

    def put_up(replay_id: str) -> ProposeScoringPolicy:
        return ProposeScoringPolicy(version=1, approval_id="s1", replay_id=replay_id)

    refused(office, "unknown-replay", NotFound, put_up("none"), key_id="ann")
    refused(office, "replay-not-done", WrongState, put_up("running"), key_id="ann")
    refused(office, "replay-of-another-policy", Invalid, put_up("other"), key_id="ann")
    assert names(office, "scoring_policy-*") == ["scoring_policy.drafted"]


@pytest.mark.parametrize(
    "command",
    [
        DraftScoringPolicy(region_id="nowhere", document=POLICY),
        ActivateScoringPolicy(region_id="nowhere", version=1, effective_on=JANUARY),
    ],
)
def test_the_region_of_a_policy_exists(command: Command) -> None:
    refused(staffed(), "unknown-region", NotFound, command, key_id="carl")

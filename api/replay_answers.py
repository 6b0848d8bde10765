"""What the doors of replays answer."""

from datetime import datetime

from pydantic import Field

from api.answers import Body
from replay.background import Doing, Finding, Format, Replay, State
from replay.what_if.question import Question


class ReplayProgress(Body):
    """How far a replay has come."""

    doing: Doing | None = Field(description="What is counted: first signals, then account days.")
    done: int
    total: int | None = Field(description="Null before it has begun.")
    rate_per_s: float | None = Field(description="How many a second, as far as that is known.")
    left_s: float | None = Field(description="How many seconds this step takes yet at this rate.")


class ReplayFailure(Body):
    """Why there is no result."""

    rule: str = Field(description="The rule that says no; or cannot-run, or internal.")
    detail: str
    field: str | None = Field(description="Of the question, with dots between its parts.")


class ReplayFinding(Body):
    """What came of one policy that was tried, beside those that were in force."""

    name: str = Field(description="As the question calls it.")
    place: str = Field(description="The region, or * for the whole group.")
    version: int | None = Field(description="Null for a document that nobody has drafted.")
    accounts: int = Field(description="How many it would hold for.")
    accounts_moved: int = Field(description="How many are in another band on at least one day.")
    alerts_before: int = Field(description="How many alerts what was in force raises.")
    alerts_after: int = Field(description="How many it raises.")


class ReplayResultFile(Body):
    """One form of the result."""

    octets: int
    sha256: str = Field(description="In lower-case hexadecimal.")


class ReplayLinks(Body):
    """Where it goes on from here."""

    cancel: str | None = Field(description="POST there ends it; null once it has ended.")
    result: str | None = Field(description="The result; null until there is one.")


class ReplayItem(Body):
    """One replay as it stands."""

    replay_id: str
    state: State
    key_id: str = Field(description="The key it was asked with.")
    actor: str
    question: Question
    asked_at: datetime
    started_at: datetime | None
    seen_at: datetime | None = Field(description="When whoever carries it out last said so.")
    finished_at: datetime | None
    keep_until: datetime | None = Field(
        description="When it is forgotten, unless a proposal names it."
    )
    position: int | None = Field(description="Of the last fact that the result rests on.")
    progress: ReplayProgress
    failure: ReplayFailure | None
    findings: list[ReplayFinding] = Field(description="One for each policy, once it is done.")
    results: dict[Format, ReplayResultFile] = Field(description="What there is, once it is done.")
    links: ReplayLinks


class ReplaysPage(Body):
    """Replays, the last one first."""

    next: str | None = Field(description="The cursor of the next page; null on the last one.")
    items: list[ReplayItem]


def item_of(replay: Replay) -> ReplayItem:
    """A replay as an answer tells it."""
    path = f"/v1/replays/{replay.replay_id}"
    is_open = replay.state in {"waiting", "running"}
    progress, failure = replay.progress, replay.failure
    return ReplayItem(
        replay_id=replay.replay_id,
        state=replay.state,
        key_id=replay.key_id,
        actor=replay.actor,
        question=replay.question,
        asked_at=replay.asked_at,
        started_at=replay.started_at,
        seen_at=replay.seen_at,
        finished_at=replay.finished_at,
        keep_until=replay.keep_until,
        position=replay.position,
        progress=ReplayProgress(
            doing=progress.doing,
            done=progress.done,
            total=progress.total,
            rate_per_s=progress.rate if is_open else None,
            left_s=progress.left_s if is_open else None,
        ),
        failure=failure
        and ReplayFailure(rule=failure.rule, detail=failure.detail, field=failure.field),
        findings=[_finding(one) for one in replay.findings],
        results={
            told_as: ReplayResultFile(octets=file.octets, sha256=file.sha256)
            for told_as, file in replay.results.items()
        },
        links=ReplayLinks(
            cancel=f"{path}/cancel" if is_open else None,
            result=f"{path}/result" if replay.state == "done" else None,
        ),
    )


def _finding(found: Finding) -> ReplayFinding:
    return ReplayFinding(
        name=found.name,
        place=found.place,
        version=found.version,
        accounts=found.dry_run.accounts,
        accounts_moved=found.dry_run.accounts_moved,
        alerts_before=found.dry_run.alerts_before,
        alerts_after=found.dry_run.alerts_after,
    )

"""The policies that are tried in the place of those in force."""

from dataclasses import dataclass

from aggregates.policies.scoring import check
from aggregates.refusals import Invalid, NotFound
from events.policies.place import GROUP
from events.policies.scoring import ScoringPolicy
from projections.scoring.holding import parsed
from replay.what_if.question import Candidate, Question
from replay.what_if.source import Source


@dataclass(frozen=True, slots=True)
class Contender:
    """A policy that is to be tried."""

    candidate: Candidate
    policy: ScoringPolicy

    @property
    def name(self) -> str:
        """What answers call it."""
        return self.candidate.name

    @property
    def place(self) -> str:
        """Where it would hold, and below."""
        return self.candidate.place


def contenders(question: Question, source: Source) -> tuple[Contender, ...]:
    """The policies a question names, in its order.

    Raises:
        NotFound: ``unknown-region``, ``unknown-version``, ``unknown-account``.
        Invalid: what :func:`aggregates.policies.scoring.check` refuses a document for.
    """
    known = set(source.accounts.get_column("account_id"))
    for place, account_id in enumerate(question.accounts or ()):
        if account_id not in known:
            detail = f"there is no account {account_id}"
            raise NotFound("unknown-account", detail, field=f"accounts.{place}")
    return tuple(
        Contender(one, _policy(one, f"policies.{place}", source))
        for place, one in enumerate(question.policies)
    )


def _policy(candidate: Candidate, field: str, source: Source) -> ScoringPolicy:
    regions = {one.region_id for one in source.holding.regions}
    if candidate.place != GROUP and candidate.place not in regions:
        detail = f"there is no region {candidate.place}"
        raise NotFound("unknown-region", detail, field=f"{field}.region_id")
    if candidate.document is not None:
        try:
            check(candidate.document)
        except Invalid as wrong:
            raise Invalid(wrong.rule, wrong.detail, field=f"{field}.{wrong.field}") from wrong
        return candidate.document
    assert candidate.version is not None
    found = source.drafted.get((candidate.place, candidate.version))
    if found is None:
        where = "the whole group" if candidate.region_id is None else candidate.region_id
        detail = f"no scoring policy of {where} has a version {candidate.version}"
        raise NotFound("unknown-version", detail, field=f"{field}.version")
    return parsed(found)

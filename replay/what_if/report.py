"""The answer of a what-if for whoever has to decide: Markdown, with charts."""

from collections.abc import Iterator
from typing import Final

from replay.what_if.question import ACTIVE
from replay.what_if.result import Result
from replay.what_if.section import Section
from replay.what_if.wording import plain, some, table, where

_KNOWN: Final = {
    "now": "with all that is known today",
    "at_close": "as each day was known when it was closed",
}


def report(result: Result) -> str:
    """The report; the same bytes for the same answer."""
    question = result.question
    names = " and ".join(f"“{plain(one.name)}”" for one in question.policies)
    lines = [
        f"# What if {names} had made the health scores?",
        "",
        f"Every day from {question.first} to {question.last} scored again, beside the scores",
        f"of the policies that were in force, {_KNOWN[question.known]}. Nothing was",
        "recorded and nobody was notified.",
        "",
    ]
    for comparison in result.comparisons:
        lines += Section(result, comparison).lines()
    lines += _computed(result)
    return "\n".join(lines).rstrip("\n") + "\n"


def _computed(result: Result) -> Iterator[str]:
    question = result.question
    yield "## How this was computed"
    yield ""
    yield (
        f"From the facts up to position {result.position}, days of {result.zone}; question"
        f" `{result.question_sha256[:16]}`. The same question at the same position gives the same"
        f" bytes. Losses known in the period: {result.outcomes:,}."
    )
    yield ""
    yield from table(
        ("policy", "place", "version", "SHA-256 of the document"),
        (
            (
                "in force" if one.name == ACTIVE else plain(one.name),
                where(one.place),
                "not drafted" if one.version is None else str(one.version),
                f"`{one.sha256[:16]}`",
            )
            for one in result.policies
        ),
        right=99,
    )
    yield (
        "Each day the policy of the account's region holds, else that of the nearest region above"
        " that has one, else the group's; a candidate stands in the place of its region's. An alert"
        " is the first day of those on which a score lies strictly below a threshold, or a day with"
        " a lower band than the day before; whoever is below on the first day is noticed then."
    )
    yield ""
    yield (
        f"An alert can be judged when {some(question.horizon_days, 'day')} after it still lie in"
        " the period and the customer had not left by then. A loss counts when its account was"
        " scored within as many days before. Precision and recall count only what can be judged."
    )

"""What a report says of what scores are made of, and of how well alerts foretold losses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from replay.what_if.result import Comparison, PolicyTold, Quality
from replay.what_if.wording import bar, percent, plain, points, signed, some, table

TOP: Final = 20
"""So many accounts and losses are named; the other files have them all."""


def components(about: Comparison) -> Iterator[str]:
    """What each component makes of the difference."""
    found = about.components
    greatest = max((abs(one.difference) for one in found), default=0)
    yield "### Component by component"
    yield ""
    yield "What each adds to the mean score, and the mean points it is given."
    yield ""
    yield from table(
        ("component", "added before", "then", "difference", "", "points before", "then"),
        (
            (
                plain(one.title),
                *(points(means.contribution if means else None) for means in sides),
                signed(one.difference),
                bar(one.difference, greatest),
                *(points(means.points if means else None) for means in sides),
            )
            for one in found
            for sides in [(one.active, one.candidate)]
        ),
    )


@dataclass(frozen=True, slots=True)
class Warnings:
    """How well alerts foretold losses under both."""

    about: Comparison
    horizon_days: int
    policies: Sequence[PolicyTold]
    """What was in force, and the candidate last."""

    def lines(self) -> Iterator[str]:
        """The lines, from their heading on."""
        about = self.about
        yield "### Warnings"
        yield ""
        yield (
            f"A warning is right when a customer left or a renewal was lost within"
            f" {some(self.horizon_days, 'day')} after the day it was raised. Precision: of the"
            f" alerts that can be judged, so many were right. Recall: of the losses, so many had an"
            f" alert before. Who had been below a threshold for longer was not warned of anew."
        )
        yield ""
        yield from table(
            (
                "alert",
                "policy",
                "raised",
                "judged",
                "right",
                "precision",
                "losses",
                "recall",
                "days before",
            ),
            (
                self._quality(one, name, policies)
                for name, side, policies in (
                    ("in force", about.active, self.policies[:-1]),
                    (plain(about.name), about.candidate, self.policies[-1:]),
                )
                for one in side.quality
            ),
            right=2,
        )
        yield from self._losses()

    def _quality(
        self, quality: Quality, name: str, policies: Iterable[PolicyTold]
    ) -> tuple[str, ...]:
        titles = {alert.alert_id: alert.title for one in policies for alert in one.alerts}
        what = {"any": "all together", "band_fell": "a lower band"}.get(quality.kind)
        days = quality.days_of_warning
        return (
            what or plain(titles[quality.alert_id or ""]),
            name,
            f"{quality.alerts:,}",
            f"{quality.judged:,}",
            f"{quality.followed:,}",
            percent(quality.precision_bp),
            f"{quality.outcomes:,}",
            percent(quality.recall_bp),
            "-" if days is None else str(days),
        )

    def _losses(self) -> Iterator[str]:
        about = self.about
        pairs = list(zip(about.active.outcomes, about.candidate.outcomes, strict=True))
        if not pairs:
            return
        horizon = self.horizon_days
        yield "Days of warning before each loss:"
        yield ""
        yield from table(
            ("account", "what", "on", "before", "", "then", ""),
            (
                (
                    f"{plain(one.name)} ({plain(one.account_id)})",
                    one.kind.replace("_", " "),
                    str(one.occurred_on),
                    _days(one.days_of_warning),
                    bar(one.days_of_warning or 0, horizon),
                    _days(other.days_of_warning),
                    bar(other.days_of_warning or 0, horizon),
                )
                for one, other in pairs[:TOP]
            ),
            right=99,
        )
        if len(pairs) > TOP:
            yield f"And {some(len(pairs) - TOP, 'more loss', 'more losses')}, in `result.json`."
            yield ""


def _days(days: int | None) -> str:
    return "none" if days is None else str(days)

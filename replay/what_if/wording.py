"""Numbers and names as a report for people says them, and bars that any viewer shows."""

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from events.policies.place import GROUP
from events.policies.scoring import POINT
from projections.metrics.numbers import half_up

_SPECIAL: Final = str.maketrans({one: f"\\{one}" for one in r"\`*_{}[]<>#|~&!"} | {"\n": " "})
_EIGHTHS: Final = "▏▎▍▌▋▊▉█"


def plain(text: str) -> str:
    """A name, none of whose characters means anything in Markdown."""
    return text.translate(_SPECIAL)


def points(millionths: int | None) -> str:
    """Points with one decimal, half up; a dash for none."""
    return "-" if millionths is None else _tenths(Fraction(10 * millionths, POINT))


def signed(millionths: int) -> str:
    """Points with one decimal and their sign."""
    return f"{'+' if millionths > 0 else ''}{points(millionths)}"


def percent(basis_points: int | None) -> str:
    """A whole percentage, half up; a dash for none."""
    return "-" if basis_points is None else f"{half_up(Fraction(basis_points, 100))} %"


def share(part: int, whole: int) -> str:
    """``part`` of ``whole`` in percent with one decimal; 0.0 of nothing."""
    return _tenths(Fraction(1000 * part, whole) if whole else Fraction(0))


def some(count: int, one: str, more: str | None = None) -> str:
    """So many of a thing."""
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def where(place: str) -> str:
    """The place of a policy."""
    return "the whole group" if place == GROUP else plain(place)


def bar(value: int, greatest: int, width: int = 16) -> str:
    """As long as ``value`` is of ``greatest``, of both regardless of their signs."""
    eighths = half_up(Fraction(8 * width * abs(value), greatest)) if greatest else 0
    whole, rest = divmod(eighths, 8)
    return _EIGHTHS[-1] * whole + (_EIGHTHS[rest - 1] if rest else "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: int = 1) -> list[str]:
    """A table; columns from the one with the number ``right`` on hold numbers."""
    rule = ["---" if place < right else "---:" for place in range(len(head))]
    return [*(f"| {' | '.join(row)} |" for row in (head, rule, *rows)), ""]


def chart(
    title: str, unit: str, labels: Sequence[str], bars: Sequence[str], line: Sequence[str]
) -> list[str]:
    """Bars and a line over them, as a Mermaid block; ``bars`` and ``line`` are numbers."""
    return [
        "```mermaid",
        "xychart-beta",
        f'    title "{title}"',
        f"    x-axis {json.dumps(list(labels))}",
        f'    y-axis "{unit}"',
        f"    bar [{', '.join(bars)}]",
        f"    line [{', '.join(line)}]",
        "```",
        "",
    ]


def _tenths(tenths: Fraction) -> str:
    found = half_up(tenths)
    return f"{'-' if found < 0 else ''}{abs(found) // 10}.{abs(found) % 10}"

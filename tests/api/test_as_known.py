"""An end that was not known yet is not told, wherever in an answer it stands."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from api.answers import Body
from api.as_known import as_known
from readmodels.moment import EVER

ENDED: Final = datetime(2026, 3, 2, tzinfo=UTC)
KNOWN: Final = datetime(2026, 3, 5, 9, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)


class Lasting(Body):
    """Something that was so for a while."""

    valid_to: datetime | None
    known_to: datetime | None


class Corrected(Body):
    """Something that was known for a while."""

    known_to: datetime | None


class Whole(Body):
    """An answer with parts."""

    item: Lasting
    items: list[Lasting]
    corrected: Corrected


LASTING: Final = Lasting(valid_to=ENDED, known_to=KNOWN)
WHOLE: Final = Whole(item=LASTING, items=[LASTING], corrected=Corrected(known_to=KNOWN))


@pytest.mark.parametrize("known_at", [KNOWN, KNOWN + TICK, EVER])
def test_an_end_that_was_known_is_told(known_at: datetime) -> None:
    assert as_known(WHOLE, known_at) == WHOLE


def test_an_end_that_was_not_known_yet_is_not_told() -> None:
    told = as_known(WHOLE, KNOWN - TICK)
    endless = Lasting(valid_to=None, known_to=None)
    assert told == Whole(item=endless, items=[endless], corrected=Corrected(known_to=None))


def test_what_goes_on_is_told_as_it_is() -> None:
    endless = Lasting(valid_to=None, known_to=None)
    assert as_known(endless, ENDED) == endless

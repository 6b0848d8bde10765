"""Competitors: an entry is recorded once, and ended once."""

from typing import Any

import pytest

from aggregates.accounts.competitor import COMPETITOR, enter, leave
from aggregates.refusals import NotFound, WrongState
from tests.examples.warnings import COMPETITOR_CAME, COMPETITOR_WENT
from tests.given import given


@pytest.mark.parametrize("known", [(COMPETITOR_CAME,), (COMPETITOR_CAME, COMPETITOR_WENT)])
def test_an_entry_is_recorded_once(known: tuple[Any, ...]) -> None:
    other = COMPETITOR_CAME.model_copy(update={"competitor": "Initech"})
    given(COMPETITOR).when(enter, fact=COMPETITOR_CAME).then(COMPETITOR_CAME)
    given(COMPETITOR, *known).when(enter, fact=COMPETITOR_CAME).then()
    given(COMPETITOR, *known).when(enter, fact=other).then_refused(
        "competitor-already-recorded", WrongState, field="entry_id"
    )


def test_they_leave_once() -> None:
    reason = COMPETITOR_WENT.reason
    given(COMPETITOR, COMPETITOR_CAME).when(leave, reason=reason).then(COMPETITOR_WENT)
    given(COMPETITOR, COMPETITOR_CAME, COMPETITOR_WENT).when(leave, reason="again").then()
    given(COMPETITOR).when(leave, reason=reason).then_refused(
        "unknown-competitor", NotFound, field="entry_id"
    )

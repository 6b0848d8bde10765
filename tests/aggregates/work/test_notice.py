"""Notices: sent once, and read by whom they are for."""

from typing import Any

import pytest

from aggregates.refusals import NotAllowed, NotFound
from aggregates.work.notice import NOTICE, read, send
from tests.examples.cast import ANN, BEA
from tests.examples.warnings import NOTICE_ID, NOTICE_READ, NOTICED
from tests.given import given


@pytest.mark.parametrize("known", [(NOTICED,), (NOTICED, NOTICE_READ)])
def test_a_notice_is_sent_once(known: tuple[Any, ...]) -> None:
    given(NOTICE).when(send, fact=NOTICED).then(NOTICED)
    given(NOTICE, *known).when(send, fact=NOTICED).then()


def test_it_is_read_by_whom_it_is_for() -> None:
    given(NOTICE, NOTICED).when(read, notice_id=NOTICE_ID, employee_id=BEA).then(NOTICE_READ)
    given(NOTICE, NOTICED, NOTICE_READ).when(read, notice_id=NOTICE_ID, employee_id=BEA).then()
    given(NOTICE, NOTICED).when(read, notice_id=NOTICE_ID, employee_id=ANN).then_refused(
        "notice-of-another", NotAllowed, field="notice_id"
    )
    given(NOTICE).when(read, notice_id=NOTICE_ID, employee_id=BEA).then_refused(
        "unknown-notice", NotFound, field="notice_id"
    )

"""Days: closed one after the other, when they are over, none left out."""

from datetime import date

from aggregates.organization.calendar import CALENDAR, close, last_closed
from aggregates.refusals import Invalid, WrongState
from events.organization.calendar import DayClosed
from tests.examples.histories import FIRST_DAY, SECOND_DAY
from tests.given import given

TODAY = date(2026, 3, 2)


def test_the_first_day_closed_may_be_any_that_is_over() -> None:
    day = date(2016, 10, 20)
    given(CALENDAR).when(close, day=day, today=TODAY).then(DayClosed(day=day))


def test_yesterday_is_over() -> None:
    given(CALENDAR, FIRST_DAY).when(close, day=date(2026, 3, 1), today=TODAY).then(SECOND_DAY)


def test_today_is_not_over() -> None:
    given(CALENDAR, FIRST_DAY, SECOND_DAY).when(close, day=TODAY, today=TODAY).then_refused(
        "day-not-over", Invalid, field="day"
    )


def test_tomorrow_is_not_over_either_whatever_comes_first() -> None:
    given(CALENDAR).when(close, day=date(2026, 3, 3), today=TODAY).then_refused(
        "day-not-over", Invalid, field="day"
    )


def test_no_day_is_left_out() -> None:
    given(CALENDAR, DayClosed(day=date(2026, 2, 27))).when(
        close, day=date(2026, 3, 1), today=TODAY
    ).then_refused("day-out-of-order", WrongState, field="day")


def test_a_closed_day_is_not_closed_again() -> None:
    given(CALENDAR, FIRST_DAY, SECOND_DAY).when(close, day=SECOND_DAY.day, today=TODAY).then()


def test_a_day_before_the_last_closed_one_is_closed() -> None:
    given(CALENDAR, FIRST_DAY, SECOND_DAY).when(close, day=date(2016, 1, 1), today=TODAY).then()


def test_the_last_day_closed_is_known() -> None:
    assert last_closed(CALENDAR.initial) is None
    assert last_closed(CALENDAR.fold([FIRST_DAY, SECOND_DAY])) == SECOND_DAY.day

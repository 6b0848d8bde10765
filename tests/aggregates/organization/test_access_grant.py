"""Grants: given once, until a day, perhaps revoked before it is over."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from aggregates.organization.access_grant import ACCESS_GRANT, grant_access, revoke_access
from aggregates.refusals import Invalid, NotFound, WrongState
from tests.examples.histories import GRANTED_ACCESS, REVOKED_ACCESS
from tests.given import given

LAST_DAY: Final = GRANTED_ACCESS.until_on
TODAY: Final = date(2026, 3, 2)


def test_access_is_granted() -> None:
    given(ACCESS_GRANT).when(grant_access, fact=GRANTED_ACCESS, today=TODAY).then(GRANTED_ACCESS)


def test_granting_it_just_so_again_changes_nothing_even_when_it_is_over() -> None:
    for today in (TODAY, LAST_DAY + timedelta(days=1)):
        given(ACCESS_GRANT, GRANTED_ACCESS).when(
            grant_access, fact=GRANTED_ACCESS, today=today
        ).then()


@pytest.mark.parametrize(
    "change", [{"level": "read"}, {"region_id": "emea"}, {"until_on": date(2026, 4, 1)}]
)
def test_a_taken_id_is_refused(change: dict[str, Any]) -> None:
    other = GRANTED_ACCESS.model_copy(update=change)
    given(ACCESS_GRANT, GRANTED_ACCESS).when(grant_access, fact=other, today=TODAY).then_refused(
        "access-already-granted", WrongState, field="grant_id"
    )


def test_a_revoked_grant_is_not_granted_again() -> None:
    given(ACCESS_GRANT, GRANTED_ACCESS, REVOKED_ACCESS).when(
        grant_access, fact=GRANTED_ACCESS, today=TODAY
    ).then_refused("access-revoked", WrongState, field="grant_id")


def test_a_grant_may_be_for_its_last_day_alone() -> None:
    given(ACCESS_GRANT).when(grant_access, fact=GRANTED_ACCESS, today=LAST_DAY).then(GRANTED_ACCESS)


def test_a_grant_is_not_over_before_it_begins() -> None:
    given(ACCESS_GRANT).when(
        grant_access, fact=GRANTED_ACCESS, today=LAST_DAY + timedelta(days=1)
    ).then_refused("grant-over", Invalid, field="until_on")


def test_a_grant_is_revoked() -> None:
    given(ACCESS_GRANT, GRANTED_ACCESS).when(
        revoke_access, grant_id="cover-1", reason=REVOKED_ACCESS.reason
    ).then(REVOKED_ACCESS)


def test_revoking_it_again_changes_nothing() -> None:
    given(ACCESS_GRANT, GRANTED_ACCESS, REVOKED_ACCESS).when(
        revoke_access, grant_id="cover-1", reason="another"
    ).then()


def test_what_nobody_granted_is_not_revoked() -> None:
    given(ACCESS_GRANT).when(revoke_access, grant_id="cover-1", reason="none").then_refused(
        "unknown-grant", NotFound, field="grant_id"
    )

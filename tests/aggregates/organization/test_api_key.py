"""API keys: issued once, then expired or revoked, for ever."""

from datetime import timedelta
from typing import Final

import pytest

from aggregates.organization.api_key import API_KEY, issue, live, revoke
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.api_key import ApiKeyEvent
from tests.examples.cast import NOON
from tests.examples.histories import ISSUED, REVOKED
from tests.given import given

assert ISSUED.expires_at is not None
EXPIRY: Final = ISSUED.expires_at
TICK: Final = timedelta(microseconds=1)


def test_a_key_is_issued() -> None:
    given(API_KEY).when(issue, fact=ISSUED, now=NOON).then(ISSUED)


def test_issuing_it_just_so_again_changes_nothing() -> None:
    given(API_KEY, ISSUED).when(issue, fact=ISSUED, now=NOON).then()


def test_issuing_it_just_so_again_changes_nothing_even_when_it_has_expired() -> None:
    given(API_KEY, ISSUED).when(issue, fact=ISSUED, now=EXPIRY).then()


def test_a_taken_id_is_refused() -> None:
    other = ISSUED.model_copy(update={"secret_sha256": "ab" * 32})
    given(API_KEY, ISSUED).when(issue, fact=other, now=NOON).then_refused(
        "api-key-already-issued", WrongState, field="key_id"
    )


def test_a_revoked_key_is_not_issued_again() -> None:
    given(API_KEY, ISSUED, REVOKED).when(issue, fact=ISSUED, now=NOON).then_refused(
        "api-key-revoked", WrongState, field="key_id"
    )


def test_a_key_may_expire_a_moment_later() -> None:
    given(API_KEY).when(issue, fact=ISSUED, now=EXPIRY - TICK).then(ISSUED)


def test_a_key_may_not_have_expired() -> None:
    given(API_KEY).when(issue, fact=ISSUED, now=EXPIRY).then_refused(
        "api-key-expired", Invalid, field="expires_at"
    )


def test_a_key_that_never_expires_is_issued() -> None:
    endless = ISSUED.model_copy(update={"expires_at": None})
    given(API_KEY).when(issue, fact=endless, now=EXPIRY).then(endless)


def test_a_key_is_revoked() -> None:
    given(API_KEY, ISSUED).when(revoke, key_id="k1").then(REVOKED)


def test_a_revoked_key_is_not_revoked_again() -> None:
    given(API_KEY, ISSUED, REVOKED).when(revoke, key_id="k1").then()


def test_a_key_nobody_issued_cannot_be_revoked() -> None:
    given(API_KEY).when(revoke, key_id="k1").then_refused(
        "unknown-api-key", NotFound, field="key_id"
    )


def test_a_key_works_until_the_moment_it_expires() -> None:
    key = API_KEY.fold([ISSUED])
    assert live(key, EXPIRY - TICK) == ISSUED
    assert live(key, EXPIRY) is None


def test_a_key_that_never_expires_works_for_ever() -> None:
    endless = ISSUED.model_copy(update={"expires_at": None})
    assert live(API_KEY.fold([endless]), EXPIRY + timedelta(days=36_500)) == endless


@pytest.mark.parametrize("history", [(), (ISSUED, REVOKED)])
def test_a_key_that_is_unknown_or_revoked_does_not_work(history: tuple[ApiKeyEvent, ...]) -> None:
    assert live(API_KEY.fold(history), NOON) is None

"""Webhooks: registered for a URL one can trust, their secrets counted, retired for good."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, WrongState
from aggregates.work.webhook import WEBHOOK, register, retire, rotate_secret
from tests.examples.webhooks import REGISTERED, RETIRED, ROTATED
from tests.given import given

rotate_desk = partial(
    rotate_secret, webhook_id="desk", previous_until=datetime(2026, 3, 2, 12, tzinfo=UTC)
)
retire_desk = partial(retire, webhook_id="desk", reason="the desk has moved")


def test_it_is_registered_once() -> None:
    given(WEBHOOK).when(register, fact=REGISTERED).then(REGISTERED)
    given(WEBHOOK, REGISTERED).when(register, fact=REGISTERED).then()
    other = REGISTERED.model_copy(update={"label": "Another"})
    given(WEBHOOK, REGISTERED).when(register, fact=other).then_refused(
        "webhook-already-registered", WrongState, field="webhook_id"
    )


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://desk.example", None),
        ("https://desk.example:8443/a?b=c", None),
        ("https://[2001:db8::1]/a", None),
        ("http://localhost:9000/a", None),
        ("http://127.0.0.1/a", None),
        ("http://127.1.2.3/a", None),
        ("http://[::1]:9000/a", None),
        ("http://desk.example/a", "webhook-url-not-https"),
        ("http://10.0.0.1/a", "webhook-url-not-https"),
        ("http://localhost.example/a", "webhook-url-not-https"),
        ("desk.example/a", "webhook-url-malformed"),
        ("ftp://desk.example/a", "webhook-url-malformed"),
        ("https:///a", "webhook-url-malformed"),
        ("https://user:word@desk.example/a", "webhook-url-malformed"),
        ("https://@desk.example/a", "webhook-url-malformed"),
        ("https://desk.example/a#b", "webhook-url-malformed"),
        ("https://desk.example:99999/a", "webhook-url-malformed"),
        ("https://[2001:db8::1/a", "webhook-url-malformed"),
    ],
)
def test_messages_go_over_https_or_stay_here(url: str, rule: str | None) -> None:
    fact = REGISTERED.model_copy(update={"url": url})
    asked = given(WEBHOOK).when(register, fact=fact)
    if rule is None:
        asked.then(fact)
    else:
        asked.then_refused(rule, Invalid, field="url")


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("kinds", ("alert.raised", "alert.raised")),
        ("causes", ("health_low", "health_low")),
        ("region_ids", ("emea", "emea")),
    ],
)
def test_nothing_is_named_twice(field: str, named: tuple[str, ...]) -> None:
    fact = REGISTERED.model_copy(update={field: named})
    given(WEBHOOK).when(register, fact=fact).then_refused(
        "webhook-filter-twice", Invalid, field=field
    )


def test_it_is_told_of_causes_there_are() -> None:
    fact = REGISTERED.model_copy(update={"causes": ("sunspots",)})
    given(WEBHOOK).when(register, fact=fact).then_refused("unknown-cause", NotFound, field="causes")


THIRD: Final = ROTATED.model_copy(update={"secret": 3})


def test_secrets_follow_each_other() -> None:
    given(WEBHOOK, REGISTERED).when(rotate_desk, secret=2).then(ROTATED)
    given(WEBHOOK, REGISTERED, ROTATED).when(rotate_desk, secret=2).then()
    given(WEBHOOK, REGISTERED, ROTATED).when(rotate_desk, secret=3).then(THIRD)


@pytest.mark.parametrize("number", [1, 4])
def test_no_secret_is_passed_over_and_none_comes_back(number: int) -> None:
    given(WEBHOOK, REGISTERED, ROTATED).when(rotate_desk, secret=number).then_refused(
        "webhook-secret-not-next", WrongState, field="secret"
    )


def test_it_is_retired_for_good() -> None:
    given(WEBHOOK, REGISTERED).when(retire_desk).then(RETIRED)
    given(WEBHOOK, REGISTERED, RETIRED).when(retire_desk).then()
    retired = given(WEBHOOK, REGISTERED, RETIRED)
    retired.when(register, fact=REGISTERED).then_refused(
        "webhook-retired", WrongState, field="webhook_id"
    )
    given(WEBHOOK, REGISTERED, RETIRED).when(rotate_desk, secret=2).then_refused(
        "webhook-retired", WrongState, field="webhook_id"
    )


@pytest.mark.parametrize("act", [retire_desk, partial(rotate_desk, secret=2)])
def test_one_that_was_never_registered_is_not_found(act: Any) -> None:
    given(WEBHOOK).when(act).then_refused("unknown-webhook", NotFound, field="webhook_id")

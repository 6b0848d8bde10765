"""A-13: the form of Standard Webhooks, checked by a known example and by their own library."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from runtime.webhooks.signing import WebhookSecrets, signed

BODY: Final = b'{"type":"webhook.test","timestamp":"2026-03-01T12:00:00Z","data":{}}'


def test_a_message_is_signed_as_the_known_example_is() -> None:
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, UTC),
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_receiver_trusts_it_by_each_secret_that_signs(tmp_path: Path) -> None:
    made = WebhookSecrets(tmp_path / "key")
    new, old, older = (made.secret("desk", number) for number in (3, 2, 1))
    headers = dict(signed("m1", BODY, datetime.now(UTC), [new, old]))
    for secret in (new, old):
        Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(older).verify(BODY, headers)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "m2"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": "v1,AAAA"},
    ],
)
def test_a_receiver_refuses_what_was_changed(tmp_path: Path, changed: dict[str, str]) -> None:
    secret = WebhookSecrets(tmp_path / "key").secret("desk", 1)
    headers = dict(signed("m1", BODY, datetime.now(UTC), [secret]))
    Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers | changed)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)


def test_a_receiver_refuses_an_old_one(tmp_path: Path) -> None:
    secret = WebhookSecrets(tmp_path / "key").secret("desk", 1)
    headers = dict(signed("m1", BODY, datetime.now(UTC) - timedelta(minutes=6), [secret]))
    with pytest.raises(WebhookVerificationError, match="old"):
        Webhook(secret).verify(BODY, headers)


def test_a_secret_is_that_of_its_webhook_and_number_alone(tmp_path: Path) -> None:
    made = WebhookSecrets(tmp_path / "key")
    secrets = {made.secret(of, number) for of in ("a", "b") for number in (1, 2)}
    assert len(secrets) == 4
    assert made.secret("a", 1) == WebhookSecrets(tmp_path / "key").secret("a", 1)
    assert made.secret("a", 1) != WebhookSecrets(tmp_path / "other").secret("a", 1)
    for one in secrets:
        assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32


def test_the_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "key"
    with ThreadPoolExecutor(8) as threads:
        made = [threads.submit(WebhookSecrets(file).secret, "desk", 1) for _ in range(32)]
    assert len({one.result() for one in made}) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["key"]

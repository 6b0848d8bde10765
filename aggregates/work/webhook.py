"""The life of one webhook: registered for a URL, its secret changed, retired for good."""

from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Final, assert_never
from urllib.parse import urlsplit

from aggregates.decider import Decider
from aggregates.policies.alert_rule import CAUSES
from aggregates.policies.versions import named_once
from aggregates.refusals import Invalid, NotFound, WrongState
from events.work.webhook import (
    WebhookEvent,
    WebhookRegistered,
    WebhookRetired,
    WebhookSecretRotated,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unregistered:
    """There is no such webhook."""


@dataclass(frozen=True, slots=True)
class Registered:
    """It is told of what it was registered for."""

    fact: WebhookRegistered
    secret: int = 1
    """The number of the secret that signs."""


@dataclass(frozen=True, slots=True)
class Retired:
    """It is told no more."""


Webhook = Unregistered | Registered | Retired

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(webhook: Webhook, event: WebhookEvent) -> Webhook:
    """The webhook after ``event``."""
    match event:
        case WebhookRegistered():
            return Registered(event)
        case WebhookSecretRotated(secret=secret):
            assert isinstance(webhook, Registered)
            return replace(webhook, secret=secret)
        case WebhookRetired():
            return Retired()
        case unknown:
            assert_never(unknown)


WEBHOOK: Final[Decider[Webhook, WebhookEvent]] = Decider("webhook", Unregistered(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def register(webhook: Webhook, *, fact: WebhookRegistered) -> tuple[WebhookEvent, ...]:
    """Register it as ``fact`` says; nothing when it was registered just so.

    Raises:
        WrongState: ``webhook-already-registered`` otherwise than asked for; ``webhook-retired``.
        Invalid: ``webhook-url-malformed``: no URL with a host, or one with a user or a fragment;
            ``webhook-url-not-https``, but for plain HTTP on the same machine;
            ``webhook-filter-twice``: a kind, a cause or a region is named twice.
        NotFound: ``unknown-cause``.
    """
    match webhook:
        case Registered(fact=registered) if registered == fact:
            return ()
        case Registered():
            raise WrongState("webhook-already-registered", "this id is taken", field="webhook_id")
        case Retired():
            raise WrongState("webhook-retired", "this webhook was retired", field="webhook_id")
        case Unregistered():
            pass
        case unknown:
            assert_never(unknown)
    _check_url(fact.url)
    for field in ("kinds", "causes", "region_ids"):
        named_once(getattr(fact, field), "webhook-filter-twice", field)
    for cause in fact.causes:
        if cause not in CAUSES:
            known = ", ".join(sorted(CAUSES))
            raise NotFound("unknown-cause", f"there is {known}", field="causes")
    return (fact,)


def rotate_secret(
    webhook: Webhook, *, webhook_id: str, secret: int, previous_until: datetime
) -> tuple[WebhookEvent, ...]:
    """Have the secret with the number ``secret`` sign; nothing when it does.

    Raises:
        NotFound: ``unknown-webhook``.
        WrongState: ``webhook-retired``; ``webhook-secret-not-next``: it is not the one that follows
            the one that signs now.
    """
    found = _registered(webhook)
    if found.secret == secret:
        return ()
    if secret != found.secret + 1:
        raise WrongState(
            "webhook-secret-not-next", f"number {found.secret} signs now", field="secret"
        )
    return (
        WebhookSecretRotated(webhook_id=webhook_id, secret=secret, previous_until=previous_until),
    )


def retire(webhook: Webhook, *, webhook_id: str, reason: str) -> tuple[WebhookEvent, ...]:
    """Tell it no more, for good; nothing when it is retired.

    Raises:
        NotFound: ``unknown-webhook``.
    """
    if isinstance(webhook, Retired):
        return ()
    _registered(webhook)
    return (WebhookRetired(webhook_id=webhook_id, reason=reason),)


def _registered(webhook: Webhook) -> Registered:
    match webhook:
        case Unregistered():
            raise NotFound("unknown-webhook", "there is no such webhook", field="webhook_id")
        case Retired():
            raise WrongState("webhook-retired", "this webhook was retired", field="webhook_id")
        case Registered():
            return webhook
        case unknown:
            assert_never(unknown)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, user, _ = parts.hostname, parts.username, parts.port
    except ValueError as wrong:
        raise Invalid("webhook-url-malformed", f"{wrong}", field="url") from wrong
    if parts.scheme not in ("http", "https") or not host or user is not None or "#" in url:
        message = "give https://host/path, without a user and without a fragment"
        raise Invalid("webhook-url-malformed", message, field="url")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise Invalid("webhook-url-not-https", "messages go over https only", field="url")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

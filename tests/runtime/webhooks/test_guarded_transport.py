"""A-12: no URL of a webhook leads into our own network, by no name, address or redirect."""

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from runtime.webhooks.guarded_transport import AddressRefused, GuardedTransport, is_public
from tests.receivers import Receiver


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("9.255.255.255", True),
        ("10.0.0.0", False),
        ("10.255.255.255", False),
        ("11.0.0.0", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("169.254.169.254", False),
        ("172.15.255.255", True),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),  # 10.0.0.1 behind a translator
        ("64:ff9b::808:808", True),
        ("2002:a00:1::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_only_the_public_internet_is_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def post(url: str, *, inside: bool) -> int:
    async def run() -> int:
        async with httpx.AsyncClient(transport=GuardedTransport(inside), timeout=5) as client:
            return (await client.post(url, content=b"{}")).status_code

    return asyncio.run(run())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1", "0"])
def test_this_machine_is_reached_by_none_of_its_names(host: str) -> None:
    with Receiver() as receiver:
        with pytest.raises(AddressRefused):
            post(f"http://{host}:{receiver.port}/", inside=False)
        assert receiver.received == []


def test_where_a_setting_says_so_it_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # and no proxy is asked
    with Receiver() as receiver:
        assert post(f"http://localhost:{receiver.port}/a?b=c", inside=True) == 200
        (got,) = receiver.received
    assert (got.path, got.headers["host"]) == ("/a?b=c", f"localhost:{receiver.port}")


def looked_up(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names mean these addresses, one list after the other; returns the names asked for."""
    asked: list[str] = []
    rest = list(answers)

    async def find(_: Any, host: str, port: int, **__: Any) -> list[Any]:
        asked.append(host)
        found = rest.pop(0) if len(rest) > 1 else rest[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", find)
    return asked


def test_a_name_with_one_private_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        post("http://desk.example/", inside=False)


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rebinding: the second look-up would lead to this machine."""
    connected: list[str] = []

    async def connect(transport: Any, request: httpx.Request) -> httpx.Response:
        connected.append(request.url.host)
        assert request.extensions["sni_hostname"] == "desk.example"
        return httpx.Response(200)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", connect)
    asked = looked_up(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    assert post("https://desk.example/", inside=False) == 200
    assert (asked, connected) == (["desk.example"], ["8.8.8.8"])


def test_the_next_address_is_tried_where_one_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Receiver() as receiver:
        looked_up(monkeypatch, ["127.0.0.2", "127.0.0.1"])
        assert post(f"http://desk.example:{receiver.port}/", inside=True) == 200


def test_a_name_nobody_knows_cannot_be_connected_to() -> None:
    with pytest.raises(httpx.ConnectError):
        post("http://nobody.invalid/", inside=False)

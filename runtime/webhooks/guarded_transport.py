"""HTTP to receivers outside that cannot be turned on our own network."""

import asyncio
import socket
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses behind a translator: the last four bytes."""


class AddressRefused(Exception):  # noqa: N818 - says what was found
    """A host has an address that is not one of the public Internet."""


@dataclass(slots=True)
class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to addresses of the public Internet only, unless ``inside`` says otherwise.

    A name is looked up once for each request, and the address that was looked at is the one that is
    connected to: a name that means another address a moment later leads nowhere. No redirect is
    followed and no proxy asked. Certificates are checked against the name.
    """

    inside: bool
    """Whether private addresses and those of this machine are fine."""
    _through: httpx.AsyncHTTPTransport = field(
        default_factory=lambda: httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            trust_env=False,
        )
    )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first address that can be connected to.

        Raises:
            AddressRefused: one of them is not a public one.
            httpx.ConnectError: there is none, or none can be connected to.
        """
        host, url = request.url.host, request.url
        request.extensions = {**request.extensions, "sni_hostname": host}
        found = await _addresses(host, url.port or (443 if url.scheme == "https" else 80))
        if not self.inside and not all(is_public(one) for one in found):
            raise AddressRefused(f"{host} has a private address")
        failed = httpx.ConnectError(f"{host} has no address")
        for one in found:
            request.url = url.copy_with(host=str(one))
            try:
                return await self._through.handle_async_request(request)
            except httpx.ConnectError as away:
                failed = away
        raise failed

    async def aclose(self) -> None:
        """Close what it has opened."""
        await self._through.aclose()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is one of the public Internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            within = IPv4Address(int(address) & 0xFFFF_FFFF)
        if within is not None:
            return is_public(within)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


async def _addresses(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as unknown:
        raise httpx.ConnectError(f"{host} is not known") from unknown
    return list(dict.fromkeys(ip_address(one[4][0]) for one in found))

"""Ports of the loopback address: finding a free one, and asking whether a broker serves one."""

from __future__ import annotations

import random
import socket
import time

HOST = "127.0.0.1"
_POLL_S = 0.05
_RELEASE_POLLS = 20
# Below the range from which systems pick the ports of outgoing connections: such a port could be
# gone at the next start, and a client that retries it while the broker is down can meet itself.
_PORTS = range(20_000, 30_000)


def serves(port: int, *, cluster_id: str | None) -> bool:
    """Ask as a client would: this cluster, and with a broker that takes part in it."""
    # Imported here because it costs 0.3 s that `stop` and `status` need not pay.
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    # A plain connection first: the client's own retries are slower than the broker's start.
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    try:
        client = KafkaAdminClient(
            bootstrap_servers=f"{HOST}:{port}", bootstrap_timeout_ms=2000, request_timeout_ms=2000
        )
    except KafkaError:
        return False
    try:
        cluster = client.describe_cluster()
    except KafkaError:
        return False
    finally:
        client.close()
    fenced = [broker.get("is_fenced", False) for broker in cluster["brokers"]]
    return bool(cluster["cluster_id"] == cluster_id and fenced and not any(fenced))


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As the JVM does, so that connections which linger from the last run do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def becomes_free(port: int) -> bool:
    """Tell the same, but allow a broker just killed the moment it takes to let go of its port."""
    for _ in range(_RELEASE_POLLS):
        if is_free(port):
            return True
        time.sleep(_POLL_S)
    return False


def free_port(*, besides: int) -> int:
    """Pick a free port other than the given one; should many tries fail, let the system choose."""
    tries = random.sample(_PORTS, 200)
    port = next((port for port in tries if port != besides and is_free(port)), None)
    if port is not None:
        return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

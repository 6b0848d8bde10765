"""Every policy is told alike, whatever its kind."""

from typing import get_args

from projections.policies import KIND_OF, PolicyKind, PolicyMoved
from tests.examples.histories import HISTORIES


def test_every_kind_is_drafted_and_activated() -> None:
    written = set(KIND_OF) - set(get_args(PolicyMoved))
    assert sorted(fact.NAME for fact in written) == sorted(
        f"{kind}.{act}" for kind in get_args(PolicyKind) for act in ("activated", "drafted")
    )


def test_the_stream_of_a_policy_is_called_by_its_kind() -> None:
    """So that what stands after it is the id of the policy."""
    told = {(type(fact), history.stream) for history in HISTORIES for fact in history.facts}
    streams = {(KIND_OF[kind], stream) for kind, stream in told if kind in KIND_OF}
    assert {kind for kind, _ in streams} == set(get_args(PolicyKind))
    assert all(stream.startswith(f"{kind}-") for kind, stream in streams)

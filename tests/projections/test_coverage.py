"""Whether we know whom we must: the pure function, on worked examples and on its edges."""

from collections.abc import Iterable

import pytest

from projections.coverage import coverage, strictest


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        (["champion", "champion", "sponsor"], {}),
        (["champion", "champion", "champion", "sponsor", "user"], {}),
        (["champion", "sponsor"], {"champion": 1}),
        (["user"], {"champion": 2, "sponsor": 1}),
    ],
)
def test_what_is_missing_is_counted_by_role(roles: Iterable[str], missing: dict[str, int]) -> None:
    found = coverage({"champion": 2, "sponsor": 1}, roles)
    assert found.missing == missing
    assert found.complete is (missing == {})


def test_without_a_minimum_all_is_complete() -> None:
    assert coverage({}, []).complete
    assert coverage({"user": 0}, []).complete


def test_of_each_role_the_largest_minimum_holds() -> None:
    """REG-11: a region below adds to what those above have set, and takes nothing away."""
    assert strictest([{"user": 1, "champion": 2}, {"user": 3}, {"champion": 1}]) == {
        "champion": 2,
        "user": 3,
    }
    assert strictest([]) == {}

"""Keys that are made of another one."""

from runtime.credentials import derived_key


def test_a_derived_key_is_the_same_every_time_and_tells_nothing_of_another() -> None:
    ann, again = (derived_key("kl_admin_s", "ann") for _ in range(2))
    assert ann == again
    assert ann.key_id == "ann"
    assert len(ann.secret) == 64
    others = {derived_key("kl_admin_s", "bea").secret, derived_key("kl_admin_t", "ann").secret}
    assert len(others - {ann.secret}) == 2

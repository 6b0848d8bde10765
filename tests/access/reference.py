"""Who sees what, in twenty lines: what row security and the policies have to agree with."""

from events.organization.access_grant import Level
from tests.access.world import TODAY, World, line


def sees(world: World, me: str, record: str, *, manages: bool, level: Level = "read") -> bool:
    """Whether ``me`` may see the record or, at the level ``write``, ask for something about it."""
    place = world.places[record]
    if place.other is not None:
        ends = (f"account-{place.account}", f"account-{place.other}")
        return all(sees(world, me, end, manages=manages, level=level) for end in ends)
    live = [held for held in world.grants.values() if held.employee == me and not held.revoked]
    live = [held for held in live if held.until >= TODAY and held.level in (level, "write")]
    named = world.named.get(record, set())
    seats = {f"employee:{me}", *(f"role:{role}@{world.home[me]}" for role in world.roles[me])}
    served = {account for (account, _), who in world.team.items() if who == me}
    given = {held.account for held in live if held.account is not None}
    if seats & named or place.account in served | given:
        return True
    for one in {place, world.places.get(f"account-{place.account}", place)}:
        regions = line(world.parent, one.region)
        mine = manages and (me in line(world.boss, one.owner) or world.home[me] in regions)
        if mine or me == one.owner or {held.region for held in live} & set(regions):
            return True
    return False

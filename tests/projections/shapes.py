"""What each projection reads and writes, as a file: a change of it asks for a new version.

``python -m tests.projections.shapes`` writes the file anew, unless a version has to go up first.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from events.catalogue import EVENTS
from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from readmodels.tables import columns

FILE: Final = Path(__file__).with_suffix(".json")

Shape = Mapping[str, Any]


def shape(projection: Projection) -> Shape:
    """The version, the columns of each table, and the version of each fact that is read."""
    kinds = projection.subscribes or EVENTS.values()
    return {
        "version": projection.version,
        "tables": {
            table.name: {
                column.name: column.kind.sql + (" or null" if column.optional else "")
                for column in columns(table)
            }
            for table in projection.tables
        },
        "facts": {kind.NAME: kind.VERSION for kind in sorted(kinds, key=lambda kind: kind.NAME)},
    }


def shapes() -> dict[str, Shape]:
    """The shape of every projection there is."""
    return {projection.name: shape(projection) for projection in PROJECTIONS}


def committed() -> dict[str, Shape]:
    """The shapes as the file has them."""
    found: dict[str, Shape] = json.loads(FILE.read_text())
    return found


def objections(before: Mapping[str, Shape], now: Mapping[str, Shape]) -> Iterator[str]:
    """What was folded under a version must be what is folded under it now.

    A fact that is new is no objection: no ledger holds one yet.
    """
    for name, old in before.items():
        new = now.get(name)
        if new is None or new["version"] != old["version"]:
            continue
        changed = [
            table for table in old["tables"] if new["tables"].get(table) != old["tables"][table]
        ]
        changed += [table for table in new["tables"] if table not in old["tables"]]
        changed += [fact for fact in old["facts"] if new["facts"].get(fact) != old["facts"][fact]]
        if changed:
            what = ", ".join(changed)
            yield f"the projection {name} needs version {old['version'] + 1}: {what} changed"


def main() -> str | None:
    """Write the file; the message of why not, where a version has to go up first."""
    now = shapes()
    if FILE.exists() and (wrong := list(objections(committed(), now))):
        return "\n".join(wrong)
    FILE.write_text(json.dumps(now, indent=2) + "\n")
    return None


if __name__ == "__main__":
    sys.exit(main())

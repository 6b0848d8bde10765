"""The golden files: one for every version of a fact that was ever shipped, never edited again."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class GoldenFile:
    """A payload as it was stored under a version of a fact."""

    name: str
    version: int
    text: str

    def __str__(self) -> str:
        return f"{self.name}.v{self.version}"

    @property
    def payload(self) -> dict[str, Any]:
        """The payload as JSON."""
        found: dict[str, Any] = json.loads(self.text)
        return found


def _read(path: Path) -> GoldenFile:
    found = re.fullmatch(r"(.+)\.v(\d+)\.json", path.name)
    assert found is not None, f"{path.name} is no <name>.v<version>.json"
    return GoldenFile(found[1], int(found[2]), path.read_text())


GOLDEN: Final = tuple(_read(path) for path in sorted(FOLDER.iterdir()))

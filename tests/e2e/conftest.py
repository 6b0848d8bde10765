"""The real data set, which lies beside the repository and is never a part of it."""

from pathlib import Path

import pytest

from tests.runtime.importing.expected import FOLDER


@pytest.fixture
def crm_history(shared: Path) -> Path:
    """The folder of the first data set."""
    found = shared / FOLDER
    if not found.exists():
        pytest.skip(f"the data set is not at {found}; see its README for where it comes from")
    return found

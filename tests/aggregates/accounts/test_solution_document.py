"""KAM-16: a solution document is published in revisions, none of which is overwritten."""

from functools import partial
from typing import Any

import pytest

from aggregates.accounts.solution_document import SOLUTION_DOCUMENT, publish, revision_of
from aggregates.refusals import Invalid, WrongState
from tests.examples.histories import PUBLISHED, PUBLISHED_AGAIN
from tests.given import given

again = partial(publish, **{k: v for k, v in PUBLISHED.model_dump().items() if k != "revision"})


def test_kam_16_a_first_revision_is_published() -> None:
    given(SOLUTION_DOCUMENT).when(again).then(PUBLISHED)


def test_kam_16_the_next_revision_follows() -> None:
    given(SOLUTION_DOCUMENT, PUBLISHED).when(again, sha256="7b" * 32).then(PUBLISHED_AGAIN)


def test_what_the_newest_revision_is_already_changes_nothing() -> None:
    given(SOLUTION_DOCUMENT, PUBLISHED).when(again).then()


def test_an_earlier_revision_published_again_is_a_new_one() -> None:
    given(SOLUTION_DOCUMENT, PUBLISHED, PUBLISHED_AGAIN).when(again).then(
        PUBLISHED.model_copy(update={"revision": 3})
    )


@pytest.mark.parametrize("missing", [{"uri": None}, {"sha256": None}])
def test_a_uri_or_a_digest_is_enough(missing: dict[str, Any]) -> None:
    given(SOLUTION_DOCUMENT).when(again, **missing).then(PUBLISHED.model_copy(update=missing))


def test_neither_a_uri_nor_a_digest_is_too_little() -> None:
    given(SOLUTION_DOCUMENT).when(again, uri=None, sha256=None).then_refused(
        "content-missing", Invalid, field="uri"
    )


def test_a_document_stays_with_its_account() -> None:
    given(SOLUTION_DOCUMENT, PUBLISHED).when(again, account_id="globex").then_refused(
        "document-of-another-account", WrongState, field="document_id"
    )


def test_revisions_are_counted_from_one() -> None:
    assert revision_of(SOLUTION_DOCUMENT.fold([])) == 0
    assert revision_of(SOLUTION_DOCUMENT.fold([PUBLISHED, PUBLISHED_AGAIN])) == 2

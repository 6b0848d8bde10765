"""White space policies: drafted in versions, put in force from a day on."""

from datetime import date
from functools import partial
from typing import Final

import pytest

from aggregates.policies.white_space import WHITE_SPACE_POLICY, activate, draft
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.white_space import WhiteSpacePolicyActivated, WhiteSpacePolicyDrafted
from tests.examples.warnings import OFFER, OFFER_ACTIVATED, OFFER_DRAFTED
from tests.given import given

BARE: Final = OFFER.model_copy(update={"recommendations": ()})
SECOND: Final = WhiteSpacePolicyDrafted(region_id="emea", version=2, document=BARE)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = WhiteSpacePolicyActivated(region_id="emea", version=2, effective_on=APRIL)

draft_emea = partial(draft, region_id="emea")
activate_emea = partial(activate, region_id="emea")


def test_versions_are_drafted_one_after_the_other() -> None:
    given(WHITE_SPACE_POLICY).when(draft_emea, document=OFFER).then(OFFER_DRAFTED)
    given(WHITE_SPACE_POLICY, OFFER_DRAFTED).when(draft_emea, document=OFFER).then()
    given(WHITE_SPACE_POLICY, OFFER_DRAFTED).when(draft_emea, document=BARE).then(SECOND)


def test_no_recommendation_is_named_twice() -> None:
    twice = OFFER.model_copy(update={"recommendations": OFFER.recommendations * 2})
    given(WHITE_SPACE_POLICY).when(draft_emea, document=twice).then_refused(
        "recommendation-twice", Invalid, field="document.recommendations"
    )


def test_a_version_is_put_in_force_once() -> None:
    asked = partial(activate_emea, version=1, effective_on=OFFER_ACTIVATED.effective_on)
    given(WHITE_SPACE_POLICY, OFFER_DRAFTED).when(asked).then(OFFER_ACTIVATED)
    given(WHITE_SPACE_POLICY, OFFER_DRAFTED, OFFER_ACTIVATED).when(asked).then()


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_was_not_drafted_is_refused(version: int) -> None:
    given(WHITE_SPACE_POLICY, OFFER_DRAFTED).when(
        activate_emea, version=version, effective_on=APRIL
    ).then_refused("unknown-version", NotFound, field="version")


def test_the_past_is_not_decided_again() -> None:
    known = given(WHITE_SPACE_POLICY, OFFER_DRAFTED, SECOND, FROM_APRIL)
    known.when(activate_emea, version=1, effective_on=date(2026, 3, 31)).then_refused(
        "later-version-in-force", WrongState, field="effective_on"
    )
    known.when(activate_emea, version=1, effective_on=APRIL).then(
        WhiteSpacePolicyActivated(region_id="emea", version=1, effective_on=APRIL)
    )

"""The records that forms are about, as forms see them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from aggregates.accounts import account, contact, interaction
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.contact import CONTACT
from aggregates.accounts.interaction import INTERACTION
from aggregates.pipeline import contract, opportunity
from aggregates.pipeline.contract import CONTRACT
from aggregates.pipeline.opportunity import OPPORTUNITY
from aggregates.planning import account_plan
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.work.record_fields import Record
from commands.accounts.contact import survivor
from commands.look import Look
from events.policies.form import RecordType
from events.values import Money

Find = Callable[[Look, str], Record]


def record_of(look: Look, record_type: RecordType, record_id: str) -> Record:
    """The record, which must exist and not be over; of a merged contact, the one who answers.

    Raises:
        NotFound: ``unknown-account``, ``unknown-contact``, ``unknown-interaction``,
            ``unknown-opportunity``, ``unknown-contract`` or ``unknown-plan``.
        WrongState: ``contact-erased``, ``contact-left``, ``interaction-withdrawn``,
            ``opportunity-closed``, ``plan-closed``.
    """
    return _FIND[record_type](look, record_id)


def money_of(amount: Money | None, *, minor: str, currency: str) -> dict[str, Any]:
    """An amount as two fields; none where there is none."""
    return {} if amount is None else {minor: amount.minor, currency: amount.currency}


def _account(look: Look, account_id: str) -> Record:
    found = account.existing(look(ACCOUNT, account_id), field="record_id")
    told = found.details
    return Record(
        record_type="account",
        record_id=account_id,
        region_id=found.region_id,
        account_id=account_id,
        core=_held(
            sector=told.sector,
            country=told.country,
            founded_year=told.founded_year,
            employees=told.employees,
            parent_id=found.parent_id,
            owner_id=found.owner_id,
            **money_of(told.revenue, minor="revenue_minor", currency="revenue_currency"),
        ),
    )


def _contact(look: Look, contact_id: str) -> Record:
    answering = survivor(look, contact_id)
    found = contact.present(look(CONTACT, answering), field="record_id")
    return Record(
        record_type="contact",
        record_id=answering,
        region_id=_region_of(look, found.account_id),
        account_id=found.account_id,
        core=_held(
            role=found.role,
            influence=found.influence,
            sentiment=found.sentiment,
            reports_to=found.reports_to,
        ),
    )


def _interaction(look: Look, interaction_id: str) -> Record:
    found = interaction.standing(look(INTERACTION, interaction_id), field="record_id")
    told = found.content
    return Record(
        record_type="interaction",
        record_id=interaction_id,
        region_id=_region_of(look, found.account_id),
        account_id=found.account_id,
        core=_held(kind=told.kind, subject=told.subject, minutes=told.minutes, rating=told.rating),
    )


def _opportunity(look: Look, opportunity_id: str) -> Record:
    found = opportunity.being_pursued(look(OPPORTUNITY, opportunity_id))
    return Record(
        record_type="opportunity",
        record_id=opportunity_id,
        region_id=found.region_id,
        account_id=found.account_id,
        core=_held(
            account_id=found.account_id,
            product_id=found.opened.product_id,
            **money_of(found.amount, minor="amount_minor", currency="currency"),
        ),
    )


def _contract(look: Look, contract_id: str) -> Record:
    found = contract.existing(look(CONTRACT, contract_id))
    return Record(
        record_type="contract",
        record_id=contract_id,
        region_id=found.drafted.region_id,
        account_id=found.drafted.account_id,
        core=_held(
            discount_bps=found.terms.discount_bps,
            **money_of(found.terms.amount, minor="amount_minor", currency="currency"),
        ),
    )


def _account_plan(look: Look, plan_id: str) -> Record:
    found = account_plan.going_on(look(ACCOUNT_PLAN, plan_id))
    return Record(
        record_type="account_plan",
        record_id=plan_id,
        region_id=found.drafted.region_id,
        account_id=found.account_id,
        core={"fiscal_year": found.drafted.fiscal_year},
    )


def _region_of(look: Look, account_id: str) -> str | None:
    return account.existing(look(ACCOUNT, account_id), field="record_id").region_id


def _held(**core: Any) -> dict[str, Any]:
    return {name: value for name, value in core.items() if value is not None}


_FIND: Final[Mapping[RecordType, Find]] = MappingProxyType(
    {
        "account": _account,
        "contact": _contact,
        "interaction": _interaction,
        "opportunity": _opportunity,
        "contract": _contract,
        "account_plan": _account_plan,
    }
)

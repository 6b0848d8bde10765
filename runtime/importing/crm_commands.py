"""The commands each record of the CRM Sales Opportunities data set becomes."""

import hashlib
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from typing import Any

from runtime.importing.driving import CommandLine
from runtime.importing.mapping import Mapping
from runtime.importing.rows import Account, Deal, Product


@dataclass(frozen=True, slots=True)
class History:
    """The mapping, and the first and last date the source gives (both inclusive).

    Master data occurs on the first; whatever else has no date of its own on the last.
    """

    mapping: Mapping
    first_on: date
    last_on: date

    def line(self, command: str, record: str, step: str, on: date, **fields: Any) -> CommandLine:
        """One command; fields that are ``None`` are left out."""
        return {
            "command": command,
            "idempotency_key": f"{self.mapping.system}:{record}:{step}",
            "occurred_at": on.isoformat(),
            "imported": True,
            **{field: value for field, value in fields.items() if value is not None},
        }

    def money(self, minor: int | None) -> Map[str, object] | None:
        """An amount of the source's currency in minor units; nothing for ``None``."""
        return None if minor is None else {"minor": minor, "currency": self.mapping.currency}


@dataclass(frozen=True, slots=True)
class Person:
    """A manager or an agent, to be hired; ``manager_id`` is who they report to here."""

    name: str
    region_id: str
    manager_id: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """What an opportunity belongs to, by our ids."""

    product_id: str
    owner_id: str
    region_id: str
    account_id: str | None


def root_region(history: History) -> CommandLine:
    """The region above all offices."""
    root = history.mapping.root_region
    return history.line(
        "open-region",
        f"region:{root.region_id}",
        "open",
        history.first_on,
        region_id=root.region_id,
        name=root.name,
    )


def office_region(history: History, region_id: str, office: str) -> CommandLine:
    """The region of one office, below the root."""
    return history.line(
        "open-region",
        f"region:{region_id}",
        "open",
        history.first_on,
        region_id=region_id,
        name=office,
        parent_id=history.mapping.root_region.region_id,
    )


def sales_process(history: History) -> tuple[CommandLine, ...]:
    """The sales process of the root region: drafted, and in force from the first date."""
    region_id = history.mapping.root_region.region_id
    record = f"sales_process:{region_id}"
    first_on = history.first_on
    document = history.mapping.process.document.model_dump(mode="json")
    return (
        history.line(
            "draft-sales-process", record, "draft", first_on, region_id=region_id, document=document
        ),
        history.line(
            "activate-sales-process",
            record,
            "activate",
            first_on,
            region_id=region_id,
            version=1,
            effective_on=first_on.isoformat(),
        ),
    )


def hired(history: History, person: Person) -> tuple[CommandLine, ...]:
    """A person is hired; their name goes where it is sealed, and nowhere else."""
    system = history.mapping.system
    digest = hashlib.sha256(f"{system}:{person.name}".encode()).hexdigest()[:32]
    return (
        history.line(
            "hire-employee",
            f"employee:{digest}",
            "hire",
            history.first_on,
            name=person.name,
            region_id=person.region_id,
            manager_id=person.manager_id,
            roles=list(person.roles),
            external_key={"system": system, "key": person.name},
        ),
    )


def listed(history: History, product: Product) -> tuple[CommandLine, ...]:
    """A product with its list price."""
    return (
        history.line(
            "list-product",
            f"product:{product.product_id}",
            "list",
            history.first_on,
            product_id=product.product_id,
            name=product.name,
            series=product.series,
            list_price=history.money(product.price_minor),
        ),
    )


def registered(
    history: History, account: Account, parent_id: str | None
) -> tuple[CommandLine, ...]:
    """An account, under its parent company where it has one."""
    return (
        history.line(
            "register-account",
            f"account:{account.account_id}",
            "register",
            history.first_on,
            account_id=account.account_id,
            name=account.name,
            sector=account.sector,
            country=account.country,
            founded_year=account.founded_year,
            employees=account.employees,
            revenue=history.money(account.revenue_minor),
            parent_id=parent_id,
        ),
    )


def pursued(history: History, deal: Deal, placed: Placed) -> tuple[CommandLine, ...]:
    """An opportunity from its opening to where it stood at the end, on its own dates."""
    process = history.mapping.process
    record = f"opportunity:{deal.opportunity_id}"

    def step(command: str, name: str, on: date, **fields: Any) -> CommandLine:
        return history.line(command, record, name, on, opportunity_id=deal.opportunity_id, **fields)

    opened_on = deal.engaged_on or history.last_on
    steps = [
        step(
            "open-opportunity",
            "open",
            opened_on,
            account_id=placed.account_id,
            product_id=placed.product_id,
            owner_id=placed.owner_id,
            region_id=placed.region_id,
            stage=process.prospecting,
        )
    ]
    if deal.meaning != "prospecting":
        steps.append(step("advance-opportunity", "engage", opened_on, to_stage=process.engaging))
    closed_on = deal.closed_on or history.last_on
    if deal.meaning == "won":
        amount = history.money(deal.amount_minor)
        steps.append(step("win-opportunity", "win", closed_on, amount=amount))
    if deal.meaning == "lost":
        reason = process.loss_reason
        steps.append(step("lose-opportunity", "lose", closed_on, reason=reason))
    return tuple(steps)

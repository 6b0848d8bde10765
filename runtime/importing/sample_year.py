"""A made-up year of a made-up company: the same for the same last day, and accepted whole."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from runtime.importing.driving import CommandLine
from runtime.importing.sample_names import (
    ACCOUNT_NAMES,
    AREAS,
    COUNTRIES,
    FIRST_NAMES,
    LAST_NAMES,
    PRODUCTS,
    REASONS,
    SECTORS,
    STAGES,
)

DAYS: Final = 365
OPPORTUNITIES: Final = 1_200
ACCOUNTS: Final = 80
CURRENCY: Final = "EUR"
ROOT: Final = "sample"
"""The region above all others: one of its own, so that real history fits in beside it."""

_SEASON: Final = (7, 8, 11, 9, 8, 10, 5, 4, 9, 10, 12, 7)
"""How many opportunities begin in each month of the year, in proportion."""


@dataclass(frozen=True, slots=True)
class Seller:
    """An employee who sells, and where."""

    employee_id: str
    region_id: str


class SampleYear:
    """The year that ends with ``last_on``; nothing in it asks for a clock or an outside file."""

    def __init__(self, last_on: date, seed: int = 1) -> None:
        self.first_on = last_on - timedelta(days=DAYS - 1)
        self._last_on = last_on
        self._random = random.Random(seed)  # noqa: S311 - made up, not secret
        self._count = 0

    def lines(self) -> Iterator[CommandLine]:
        """Every command in the order it is to be given."""
        yield from self._regions()
        yield from self._process()
        sellers: list[Seller] = []
        yield from self._employees(sellers)
        yield from self._products()
        yield from self._accounts(sellers)
        yield from self._pipeline(sellers)

    def _line(self, command: str, on: date, **fields: Any) -> CommandLine:
        self._count += 1
        return {
            "command": command,
            "idempotency_key": f"sample-{self._last_on}-{self._count}",
            "occurred_at": on.isoformat(),
            **fields,
        }

    def _regions(self) -> Iterator[CommandLine]:
        yield self._line("open-region", self.first_on, region_id=ROOT, name="Sample company")
        for area, regions in AREAS.items():
            yield self._line(
                "open-region",
                self.first_on,
                region_id=area.lower(),
                name=area,
                parent_id=ROOT,
            )
            for region in regions:
                yield self._line(
                    "open-region",
                    self.first_on,
                    region_id=region.lower(),
                    name=region,
                    parent_id=area.lower(),
                )

    def _process(self) -> Iterator[CommandLine]:
        stages = [
            {"stage_id": stage.lower(), "name": stage, "engaged": stage == "Engaged"}
            for stage in STAGES
        ]
        review = {"stage_id": "review", "name": "Technical review", "engaged": False}
        documents = {
            ROOT: {"stages": stages, "may_skip": False, "loss_reasons": list(REASONS)},
            "dach": {
                "stages": [*stages[:-1], review, stages[-1]],
                "may_skip": False,
                "loss_reasons": list(REASONS),
            },
        }
        for region_id, document in documents.items():
            region = {"region_id": region_id}
            yield self._line("draft-sales-process", self.first_on, **region, document=document)
            yield self._line(
                "activate-sales-process",
                self.first_on,
                **region,
                version=1,
                effective_on=self.first_on.isoformat(),
            )

    def _employees(self, sellers: list[Seller]) -> Iterator[CommandLine]:
        head = self._person()
        yield self._hire(head, ROOT, None, "sales_manager")
        for area, regions in AREAS.items():
            lead = self._person()
            yield self._hire(lead, area.lower(), head, "sales_manager")
            for region in regions:
                for _ in range(5):
                    seller = Seller(self._person(), region.lower())
                    sellers.append(seller)
                    yield self._hire(seller.employee_id, seller.region_id, lead, "sales_rep")

    def _person(self) -> str:
        # A random UUID of the seed, so that a second start hires nobody twice.
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _hire(
        self, employee_id: str, region_id: str, manager_id: str | None, role: str
    ) -> CommandLine:
        first, last = self._random.choice(FIRST_NAMES), self._random.choice(LAST_NAMES)
        return self._line(
            "hire-employee",
            self.first_on,
            employee_id=employee_id,
            name=f"{first} {last}",
            region_id=region_id,
            manager_id=manager_id,
            roles=[role],
        )

    def _products(self) -> Iterator[CommandLine]:
        for name, (series, price) in PRODUCTS.items():
            yield self._line(
                "list-product",
                self.first_on,
                product_id=_slug(name),
                name=name,
                series=series,
                list_price=_money(price * 100),
            )
        name, (_, price) = next(iter(PRODUCTS.items()))
        yield self._line(
            "reprice-product",
            self.first_on + timedelta(days=180),
            product_id=_slug(name),
            list_price=_money(price * 105),
        )

    def _accounts(self, sellers: list[Seller]) -> Iterator[CommandLine]:
        for number in range(ACCOUNTS):
            first, second = divmod(number, len(ACCOUNT_NAMES[1]))
            name = f"{ACCOUNT_NAMES[0][first]} {ACCOUNT_NAMES[1][second]}"
            seller = self._random.choice(sellers)
            yield self._line(
                "register-account",
                self.first_on,
                account_id=f"account-{number:02}",
                name=name,
                sector=self._random.choice(SECTORS),
                country=self._random.choice(COUNTRIES),
                founded_year=self._random.randint(1950, 2020),
                employees=self._random.randint(20, 20_000),
                revenue=_money(self._random.randint(2, 900) * 100_000_000),
                # Every eighth heads the group that the following ones belong to.
                parent_id=None if number % 8 < 5 else f"account-{number - number % 8:02}",
                owner_id=seller.employee_id,
            )

    def _pipeline(self, sellers: list[Seller]) -> Iterator[CommandLine]:
        leaver, heir = sellers[0], sellers[1]
        left_on = self._last_on - timedelta(days=60)
        open_at_leaving: list[str] = []
        lives = []
        for number in range(OPPORTUNITIES):
            seller = self._random.choice(sellers)
            opportunity_id = f"deal-{number:04}"
            begin = self._begin()
            if seller is leaver and begin > left_on - timedelta(days=3):
                seller = heir
            life = list(self._life(opportunity_id, seller, begin))
            if seller is leaver:
                # What is still open when its owner leaves goes to somebody else first.
                before = [line for line in life if str(line["occurred_at"]) <= str(left_on)]
                if before and not _closed(before):
                    open_at_leaving.append(opportunity_id)
            lives += life
        for opportunity_id in open_at_leaving:
            lives.append(
                self._line(
                    "reassign-opportunity",
                    left_on,
                    opportunity_id=opportunity_id,
                    owner_id=heir.employee_id,
                )
            )
        lives.append(self._line("record-employee-left", left_on, employee_id=leaver.employee_id))
        # Stable: what happens to one opportunity on one day keeps its order.
        yield from sorted(lives, key=lambda line: str(line["occurred_at"]))

    def _begin(self) -> date:
        months = [self.first_on + timedelta(days=day) for day in range(DAYS)]
        weights = [_SEASON[day.month - 1] for day in months]
        return self._random.choices(months, weights)[0]

    def _life(self, opportunity_id: str, seller: Seller, on: date) -> Iterator[CommandLine]:
        draw = self._random
        name, (_, price) = draw.choice(list(PRODUCTS.items()))
        amount = price * 100 * draw.randint(1, 40)
        about = {"opportunity_id": opportunity_id}
        yield self._line(
            "open-opportunity",
            on,
            **about,
            account_id=f"account-{draw.randrange(ACCOUNTS):02}",
            product_id=_slug(name),
            owner_id=seller.employee_id,
            amount=_money(amount),
        )
        stages = [stage.lower() for stage in STAGES[1:]]
        if seller.region_id in {region.lower() for region in AREAS["DACH"]}:
            stages.insert(-1, "review")
        for stage in stages:
            on += timedelta(days=draw.randint(2, 30))
            if on > self._last_on:
                return
            if draw.random() < _LOST_AT_A_STAGE:
                yield self._line("lose-opportunity", on, **about, reason=draw.choice(REASONS))
                if draw.random() > _REOPENED or on == self._last_on:
                    return
                on += timedelta(days=1)
                yield self._line("reopen-opportunity", on, **about)
            yield self._line("advance-opportunity", on, **about, to_stage=stage)
            if draw.random() < _AMOUNT_CHANGES:
                amount = amount * draw.randint(80, 120) // 100
                yield self._line("change-opportunity-amount", on, **about, amount=_money(amount))
        on += timedelta(days=draw.randint(1, 20))
        if on <= self._last_on:
            if draw.random() < _WON_AT_THE_END:
                yield self._line("win-opportunity", on, **about)
            else:
                yield self._line("lose-opportunity", on, **about, reason=draw.choice(REASONS))


_LOST_AT_A_STAGE: Final = 0.12
_REOPENED: Final = 0.1
_AMOUNT_CHANGES: Final = 0.25
_WON_AT_THE_END: Final = 0.72


def _closed(life: list[CommandLine]) -> bool:
    return life[-1]["command"] in {"win-opportunity", "lose-opportunity"}


def _money(minor: int) -> dict[str, object]:
    return {"minor": minor, "currency": CURRENCY}


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")

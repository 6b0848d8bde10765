"""What one line of each file says, checked and typed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from events.values import MINOR_LIMIT
from runtime.importing.mapping import Mapping, Meaning
from runtime.importing.reading import Line, RowRejected

_ID_LENGTH_MAX: Final = 64
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,12})?")
_NO_ID: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Agent:
    """A row of ``sales_teams.csv``; ``manager`` is ``None`` for one who has none."""

    line: Line
    name: str
    manager: str | None
    office: str
    region_id: str


@dataclass(frozen=True, slots=True)
class Product:
    """A row of ``products.csv``."""

    line: Line
    product_id: str
    name: str
    series: str | None
    price_minor: int


@dataclass(frozen=True, slots=True)
class Account:
    """A row of ``accounts.csv``; what the source leaves empty is ``None``."""

    line: Line
    account_id: str
    name: str
    sector: str | None
    country: str | None
    founded_year: int | None
    employees: int | None
    revenue_minor: int | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class Deal:
    """A row of ``sales_pipeline.csv``; ``amount_minor`` is set for a won one only."""

    line: Line
    opportunity_id: str
    agent: str
    product: str
    account: str | None
    meaning: Meaning
    engaged_on: date | None
    closed_on: date | None
    amount_minor: int | None


def agent_of(line: Line) -> Agent:
    """An agent. Raises: RowRejected, when a cell is empty or the office makes no id."""
    office = line.need("regional_office")
    name = line.need("sales_agent")
    manager = line.cells["manager"] or None
    if manager == name:
        raise RowRejected("own-manager", "the agent is named as their own manager")
    return Agent(line, name, manager, office, slug(office))


def product_of(line: Line, mapping: Mapping) -> Product:
    """A product. Raises: RowRejected, when a cell is empty or no price."""
    name = line.need("product")
    price = _minor(line.need("sales_price"), "sales_price", mapping.minor_digits)
    return Product(line, slug(name), name, line.cells["series"] or None, price)


def account_of(line: Line, mapping: Mapping) -> Account:
    """An account. Raises: RowRejected, when a cell is no number or the name makes no id."""
    name = line.need("account")
    parent = line.cells["subsidiary_of"] or None
    if parent == name:
        raise RowRejected("own-parent", "the account is named as its own parent")
    revenue = line.cells["revenue"]
    return Account(
        line,
        slug(name),
        name,
        line.cells["sector"] or None,
        line.cells["office_location"] or None,
        _whole(line, "year_established"),
        _whole(line, "employees"),
        _minor(revenue, "revenue", mapping.minor_digits, mapping.revenue_unit) if revenue else None,
        parent,
    )


def deal_of(line: Line, mapping: Mapping) -> Deal:
    """An opportunity with what its stage needs and nothing that contradicts it.

    Raises:
        RowRejected: an id, stage, date or number that is none; a date or value missing where the
            stage needs it, or there where the stage has no use for it; a close before the engage.
    """
    stage = line.need("deal_stage")
    meaning = mapping.deal_stages.get(stage)
    if meaning is None:
        raise RowRejected("unknown-stage", f"deal_stage {stage} is not in the mapping")
    deal = Deal(
        line,
        _id(line.need("opportunity_id")),
        line.need("sales_agent"),
        line.need("product"),
        line.cells["account"] or None,
        meaning,
        _date(line, "engage_date"),
        _date(line, "close_date"),
        _value(line, meaning, mapping),
    )
    _check_dates(deal)
    return deal


def slug(name: str) -> str:
    """The id made of a name: ``GTX Plus Pro`` is ``gtx-plus-pro``.

    Raises:
        RowRejected: ``no-id`` when the name has neither a letter nor a digit of the alphabet
            ids are made of, or makes an id longer than 64 characters.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    made = _NO_ID.sub("-", plain.lower()).strip("-")
    if not made or len(made) > _ID_LENGTH_MAX:
        raise RowRejected("no-id", f"no id can be made of the name {name}")
    return made


def _check_dates(deal: Deal) -> None:
    closed = deal.meaning in {"won", "lost"}
    if deal.meaning != "prospecting" and deal.engaged_on is None:
        raise RowRejected("missing-value", f"engage_date is empty, the stage is {deal.meaning}")
    if closed and deal.closed_on is None:
        raise RowRejected("missing-value", f"close_date is empty, the stage is {deal.meaning}")
    if not closed and deal.closed_on is not None:
        raise RowRejected("open-with-close", f"close_date is given, the stage is {deal.meaning}")
    if deal.engaged_on and deal.closed_on and deal.closed_on < deal.engaged_on:
        raise RowRejected(
            "closed-before-engaged",
            f"close_date {deal.closed_on} is before engage_date {deal.engaged_on}",
        )


def _value(line: Line, meaning: Meaning, mapping: Mapping) -> int | None:
    if meaning == "won":
        return _minor(line.need("close_value"), "close_value", mapping.minor_digits)
    text = line.cells["close_value"]
    # A lost one has the value 0; any other value would be dropped silently.
    if text and _minor(text, "close_value", mapping.minor_digits) != 0:
        raise RowRejected("value-without-win", f"close_value is {text}, the stage is {meaning}")
    return None


def _id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        raise RowRejected("bad-id", f"{text} cannot be an id: 1 to 64 of A-Z a-z 0-9 . _ -")
    return text


def _date(line: Line, column: str) -> date | None:
    text = line.cells[column]
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RowRejected("bad-date", f"{column} {text} is not a date of the form 2017-12-31")


def _whole(line: Line, column: str) -> int | None:
    text = line.cells[column]
    if not text:
        return None
    number = _number(text, column)
    if number.denominator != 1:
        raise RowRejected("bad-number", f"{column} {text} is not a whole number")
    return int(number)


def _minor(text: str, column: str, digits: int, unit: int = 1) -> int:
    """``text`` units of the currency as minor units, exactly; rounding would change the total."""
    minor = _number(text, column) * unit * 10**digits
    if minor.denominator != 1:
        raise RowRejected("bad-number", f"{column} {text} is finer than the currency's minor unit")
    if minor >= MINOR_LIMIT:
        raise RowRejected("bad-number", f"{column} {text} is more than an amount can hold")
    return int(minor)


def _number(text: str, column: str) -> Fraction:
    if _NUMBER.fullmatch(text) is None:
        raise RowRejected("bad-number", f"{column} {text} is not a number of the form 1234.56")
    return Fraction(text)

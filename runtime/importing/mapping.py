"""The mapping file: what the other system's words mean here, and which of them are mistakes."""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from commands.roles import Role
from events.policies.sales_process import SalesProcess
from events.values import Currency, Id, Name
from runtime.importing.reading import Line, SourceUnreadable, Table

Meaning = Literal["prospecting", "engaging", "won", "lost"]

COLUMNS: Final[Map[str, tuple[str, ...]]] = {
    "sales_teams.csv": ("sales_agent", "manager", "regional_office"),
    "products.csv": ("product", "series", "sales_price"),
    "accounts.csv": (
        "account",
        "sector",
        "year_established",
        "revenue",
        "employees",
        "office_location",
        "subsidiary_of",
    ),
    "sales_pipeline.csv": (
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ),
}
"""The files of the source in the order they are imported, with the columns each must have."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RootRegion(_Part):
    """The region all offices of the source lie in."""

    region_id: Id
    name: Name


class Roles(_Part):
    """The roles a manager and an agent of the source are hired with."""

    manager: Role
    agent: Role


class Process(_Part):
    """The sales process the source followed and which of its stages stand for what."""

    prospecting: Id
    engaging: Id
    loss_reason: Id
    document: SalesProcess

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        stages = {stage.stage_id for stage in self.document.stages}
        for stage in (self.prospecting, self.engaging):
            if stage not in stages:
                raise ValueError(f"the document has no stage {stage}")
        if self.loss_reason not in self.document.loss_reasons:
            raise ValueError(f"the document has no loss reason {self.loss_reason}")
        return self


class Mapping(_Part):
    """A whole mapping file; see the one beside this module for what each value means."""

    system: Annotated[Id, Field(max_length=32)]
    currency: Currency
    minor_digits: Annotated[int, Field(ge=0, le=4)]
    revenue_unit: Annotated[int, Field(ge=1)]
    root_region: RootRegion
    roles: Roles
    deal_stages: Map[str, Meaning]
    process: Process
    corrections: Map[str, Map[str, Map[str, str]]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _corrects_what_there_is(self) -> Self:
        for file, columns in self.corrections.items():
            for column in columns:
                if column not in COLUMNS.get(file, ()):
                    raise ValueError(f"corrections name {file} {column}, which the source lacks")
        return self


@dataclass(frozen=True, slots=True)
class Correction:
    """A mistake the mapping file puts right, and in how many rows it did."""

    file: str
    column: str
    found: str
    put: str
    rows: int


def read_mapping(path: Path | None) -> Mapping:
    """The mapping file at ``path``, or the one that comes with keyledger for ``None``.

    Raises:
        SourceUnreadable: it is missing, not TOML, or says something a mapping cannot say.
    """
    path = path or Path(__file__).with_name("crm_sales_opportunities.toml")
    try:
        # By way of JSON, where a strict model takes a list for the tuple it is.
        return Mapping.model_validate_json(json.dumps(tomllib.loads(path.read_text("utf-8"))))
    except OSError as error:
        raise SourceUnreadable(f"the mapping {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"the mapping {path} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "it"
        raise SourceUnreadable(f"the mapping {path}: {where}: {first['msg']}") from error


def put_right(mapping: Mapping, table: Table) -> tuple[Table, tuple[Correction, ...]]:
    """The table with known mistakes put right, and each correction used, with its count."""
    used: Counter[tuple[str, str, str]] = Counter()
    columns = mapping.corrections.get(table.file, {})

    def line_put_right(line: Line) -> Line:
        changed = {
            column: known[line.cells[column]]
            for column, known in columns.items()
            if line.cells[column] in known
        }
        used.update((column, line.cells[column], put) for column, put in changed.items())
        return replace(line, cells={**line.cells, **changed}) if changed else line

    lines = tuple(line_put_right(line) for line in table.lines)
    corrections = tuple(
        Correction(table.file, column, found, put, rows)
        for (column, found, put), rows in sorted(used.items())
    )
    return replace(table, lines=lines), corrections

"""Imports the CRM Sales Opportunities data set: four CSV files, driven in through commands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from runtime.importing.crm_commands import (
    History,
    Person,
    Placed,
    hired,
    listed,
    office_region,
    pursued,
    registered,
    root_region,
    sales_process,
)
from runtime.importing.driving import (
    Answer,
    CommandClient,
    CommandLine,
    DoorClosed,
    Progress,
    Record,
    drive,
)
from runtime.importing.mapping import (
    COLUMNS,
    Correction,
    put_right,
    read_mapping,
)
from runtime.importing.mapping import Mapping as MappingFile
from runtime.importing.reading import Line, RowRejected, SourceUnreadable, Table, read_table
from runtime.importing.rows import (
    Account,
    Agent,
    Deal,
    Product,
    account_of,
    agent_of,
    deal_of,
    product_of,
    slug,
)
from runtime.importing.tally import Summary, Tally

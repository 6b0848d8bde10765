"""The values facts are made of: ids, money and reasons."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MINOR_LIMIT = 2**53
"""Amounts stay below 2^53 minor units, so that every JSON reader keeps them exact."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""An id given by the caller, so that another system's key can be ours."""

SubjectId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._*-]{1,160}$")]
"""What is approved. Of a policy it names record and version: ``emea.2``, ``*.2`` of the group."""

PersonId = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    ),
]
"""A random UUID in lower case: an id of a person never says anything about that person."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
"""A name of a thing, never of a person."""

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
"""Why somebody did something, in a short sentence without personal data."""

Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
"""What somebody is to the company; `commands/permissions.py` says what a role may do."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal."""

Uri = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$", max_length=2000)
]
"""Where something is found: RFC 3986, with a scheme, other characters percent-encoded."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217 alphabetic code."""


class Money(BaseModel):
    """An amount of one currency in integer minor units (cents), below 2^53 either way."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    minor: int = Field(gt=-MINOR_LIMIT, lt=MINOR_LIMIT)
    currency: Currency

"""Personal values: sealed with one key per person from the first event on."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

_STORED: Final = ConfigDict(
    frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True, strict=False
)
"""Under their aliases wherever they are written: ``$enc`` and ``$erased`` tell them apart."""


class Sealed(BaseModel):
    """A personal value as it is stored: AES-256-GCM ciphertext and what it is bound to.

    The binding (event, stream version, path, schema) is the associated data, so a sealed value
    that was moved, swapped or replayed does not open (``reliability.md`` 5d).
    """

    model_config = _STORED

    enc: int = Field(alias="$enc", default=1)
    event: str
    """The event id, ``<stream>/<version>``."""
    path: str
    """The field's path in the payload."""
    schema_version: int
    subject: str
    """The person: a random UUID."""
    key: str
    """The id of the person's key."""
    nonce: str
    """96 random bits, base64."""
    text: str
    """The ciphertext with its tag, base64."""


class Erased(BaseModel):
    """What a personal value reads as once the person's key has been destroyed."""

    model_config = _STORED

    erased: bool = Field(alias="$erased", default=True)


@dataclass(frozen=True, slots=True)
class PersonalMark:
    """Marks a field as personal; only marked fields may hold personal data."""


Personal = Annotated[T | Sealed | Erased, PersonalMark()]
"""A field that holds personal data: plain when born, sealed when stored, erased on request."""


def personal_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The names of the personal fields of ``model``, in order of declaration; often empty."""
    return tuple(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(mark, PersonalMark) for mark in field.metadata)
    )


def is_sealed(value: Any) -> bool:
    """Whether a JSON value is a sealed one."""
    return isinstance(value, dict) and "$enc" in value

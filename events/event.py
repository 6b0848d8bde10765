"""What every fact is: a frozen, named and versioned pydantic model."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact the business would say aloud.

    Strict when born: ``5.0`` is not ``5`` in code. The codec reads leniently, since JSON
    has no dates. ``NAME`` and ``VERSION`` are the storage format: never renamed, never reused.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1
    PERSON: ClassVar[str | None] = None
    """The field that names the person whose key seals the ``Personal`` fields of this fact."""

    LIFECYCLE: ClassVar[bool] = True
    """A lifecycle fact may not have occurred before the last one of its stream."""

    PARTITION: ClassVar[str | None] = None
    """The field that names the account or partner this fact belongs to; the Kafka key."""

    def wire(self) -> dict[str, Any]:
        """The fact as JSON values, personal fields as they stand."""
        return self.model_dump(mode="json")

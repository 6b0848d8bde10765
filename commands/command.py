"""What every command is: an intent in the user's words."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Strict

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*")


def written_as_time(given: Any) -> Any:
    """``given``, unless it is a text that only looks like a number: 19000 is no day.

    Raises:
        ValueError: it is such a text, or a number.
    """
    if isinstance(given, int | float) or (
        isinstance(given, str) and not (_DAY.fullmatch(given) or _INSTANT.fullmatch(given))
    ):
        raise ValueError("write a day as 2017-06-30, an instant as 2017-06-30T12:00:00Z")
    return given


Day = Annotated[date, Strict(strict=False), BeforeValidator(written_as_time)]
"""A day of the calendar, ISO 8601."""

Instant = Annotated[AwareDatetime, Strict(strict=False), BeforeValidator(written_as_time)]
"""An instant with a zone, RFC 3339."""

_WORDS: Final = re.compile(r"(?<!^)(?=[A-Z])")


class Command(BaseModel):
    """Something somebody asks for, as they sent it; the class docstring is the API's text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def command_name(kind: type[Command]) -> str:
    """The class in kebab case: the last part of the URL."""
    return _WORDS.sub("-", kind.__name__).lower()

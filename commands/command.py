"""What every command is: an intent in the user's words."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict

_WORDS: Final = re.compile(r"(?<!^)(?=[A-Z])")


class Command(BaseModel):
    """Something somebody asks for, as they sent it; the class docstring is the API's text."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def command_name(kind: type[Command]) -> str:
    """The class in kebab case: the last part of the URL."""
    return _WORDS.sub("-", kind.__name__).lower()

"""Whether values are as a form wants them: JSON Schema 2020-12, with patterns in linear time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs
from jsonschema_rs import RegexOptions, ValidationError, ValidationErrorKind, Validator

from aggregates.policies.effective_form import EffectiveForm

PATTERN_BYTES_MAX: Final = 256 * 2**10
"""How large a pattern may be once it is compiled."""

_PATTERNS: Final = RegexOptions(size_limit=PATTERN_BYTES_MAX, dfa_size_limit=2**20)
"""Rust's `regex`: no look-around, no back-references, and no pattern that takes for ever."""


def is_pattern(text: str) -> bool:
    """Whether ``text`` is a pattern that can be matched in linear time."""
    try:
        _validator(json.dumps({"type": "string", "pattern": text}))
    except ValidationError:
        return False
    return True


def wrong_fields(
    form: EffectiveForm, values: Mapping[str, Any], *, required: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with ``values`` under ``form``: a field's path and a sentence, once for each.

    ``required`` are the fields that have to be there; a value that no property is about is not
    looked at. A path has dots between its parts. The sentence never repeats a value.
    """
    schema = {
        "type": "object",
        "properties": dict(form.properties),
        "required": sorted(required),
    }
    given = {name: _plain(value) for name, value in values.items()}
    found: dict[str, str] = {}
    for error in _validator(json.dumps(schema, sort_keys=True)).iter_errors(given):
        found.setdefault(*_told(error))
    yield from sorted(found.items())


@lru_cache(maxsize=1024)
def _validator(schema: str) -> Validator:
    """Raises ``ValidationError`` where the schema is none, or a pattern cannot be compiled."""
    return jsonschema_rs.Draft202012Validator(
        json.loads(schema),
        validate_formats=True,
        mask="it",
        pattern_options=_PATTERNS,
        offline=True,
    )


def _told(error: ValidationError) -> tuple[str, str]:
    match error.kind:
        case ValidationErrorKind.Required(property=name):
            return name, "it is required"
        case _:
            return ".".join(map(str, error.instance_path)), error.message


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value

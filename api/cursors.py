"""Opaque cursors: where a page ends, as a text that means nothing to whoever carries it."""

import base64
import binascii
import json
from typing import Final

from api.problems import Problem

_NUMBER_LIMIT: Final = 2**53


def cursor(after: str | int) -> str:
    """The cursor of the page that begins after ``after``."""
    return base64.urlsafe_b64encode(json.dumps([after]).encode()).decode().rstrip("=")


def text_after(given: str | None) -> str:
    """The id a page begins after; empty for the first page.

    Raises:
        Problem: ``cursor-malformed``.
    """
    if given is None:
        return ""
    after = _after(given)
    if not isinstance(after, str) or not after.isprintable():
        raise _malformed()
    return after


def number_after(given: str | None) -> int:
    """The number a page begins after; 0 for the first page.

    Raises:
        Problem: ``cursor-malformed``.
    """
    if given is None:
        return 0
    after = _after(given)
    if type(after) is not int or not 0 <= after < _NUMBER_LIMIT:
        raise _malformed()
    return after


def _after(given: str) -> object:
    try:
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, binascii.Error, RecursionError) as wrong:
        raise _malformed() from wrong
    if not isinstance(found, list) or len(found) != 1:
        raise _malformed()
    return found[0]


def _malformed() -> Problem:
    return Problem("malformed", "cursor-malformed", "give next of an earlier answer as cursor")

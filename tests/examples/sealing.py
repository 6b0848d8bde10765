"""A toy that seals like the keyring does, for tests that need no database: it hides nothing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from events.codec import Binding
from events.personal import Sealed


class DoesNotOpen(Exception):  # noqa: N818 - names what is found
    """A sealed value stands where it was not sealed for."""


@dataclass(slots=True)
class ToySeal:
    """Wraps a value together with its binding; persons in ``erased`` cannot be read any more."""

    erased: set[str] = field(default_factory=set)

    def seal(self, plain: bytes, binding: Binding) -> Sealed:
        """The value beside what it is bound to, in base64."""
        bound = [binding.event, binding.path, binding.schema_version, binding.subject]
        text = json.dumps([*bound, plain.decode()]).encode()
        return Sealed(
            event=binding.event,
            path=binding.path,
            schema_version=binding.schema_version,
            subject=binding.subject,
            key=f"key-{binding.subject}",
            nonce="AAAAAAAAAAAAAAAA",
            text=base64.b64encode(text).decode(),
        )

    def unseal(self, sealed: Sequence[Sealed]) -> list[bytes | None]:
        """The values, ``None`` in the place of one of a person in ``erased``.

        Raises:
            DoesNotOpen: one was moved or changed.
        """
        return [self._opened(one) for one in sealed]

    def _opened(self, sealed: Sealed) -> bytes | None:
        if sealed.subject in self.erased:
            return None
        *bound, plain = json.loads(base64.b64decode(sealed.text))
        stands: list[Any] = [sealed.event, sealed.path, sealed.schema_version, sealed.subject]
        if bound != stands:
            raise DoesNotOpen
        return str(plain).encode()

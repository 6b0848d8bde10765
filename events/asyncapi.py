"""The log for readers in any language: its channel, its headers and its messages, as AsyncAPI."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from events.event import Event

_HEADERS: Final = {
    "ce_specversion": "The version of CloudEvents: 1.0.",
    "ce_id": "The id of the fact: its stream and its place in it, from 1.",
    "ce_type": "The name of the fact.",
    "ce_source": "The ledger: /keyledger/ and its name.",
    "ce_subject": "The stream: what the fact is about.",
    "ce_time": "When it was true: RFC 3339, UTC.",
    "ce_dataschema": "Where the JSON Schema of the payload stands.",
    "content-type": "How the payload is written: application/json.",
    "envelope": "What is known about the fact besides the fact, as canonical JSON (RFC 8785): "
    "the Merkle leaf.",
    "position": "The place of the fact in the ledger: 1, 2, 3 and so on, without a hole.",
    "leaf_hash": "SHA-256 of a zero byte and the envelope (RFC 6962), in hexadecimal.",
    "relay_epoch": "Which leadership of the relay has sent it; it never falls.",
}
"""The headers of a record in the order in which they are sent, each a text in UTF-8."""


def asyncapi(kinds: Collection[type[Event]]) -> dict[str, Any]:
    """The AsyncAPI 3.0 document: one channel per ledger, a message for each version of a fact."""
    messages = {
        f"{kind.NAME}.v{version}": _message(kind, version)
        for kind in kinds
        for version in range(1, kind.VERSION + 1)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "keyledger",
            "version": "1",
            "description": "Every fact of a ledger in the order in which it was recorded. Read "
            "with isolation level read_committed and check that every position follows the last.",
        },
        "defaultContentType": "application/json",
        "channels": {"events": _channel(messages)},
        "operations": {
            "publishEvents": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "The relay sends each fact once, when it is stored.",
            }
        },
        "components": {
            "messages": messages,
            "schemas": {"Headers": _headers()},
        },
    }


def _channel(messages: Iterable[str]) -> dict[str, Any]:
    return {
        "address": "keyledger.{ledger}.events",
        "description": "One partition, so one order; kept for ever, never compacted.",
        "parameters": {"ledger": {"description": "The name of the ledger.", "default": "main"}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "partitions": 1,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _message(kind: type[Event], version: int) -> dict[str, Any]:
    return {
        "name": kind.NAME,
        "title": f"{kind.NAME}, version {version}",
        "summary": kind.__doc__,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{kind.NAME}.v{version}.json"},
        },
        "bindings": {
            "kafka": {
                "key": {
                    "type": "string",
                    "description": f"The field {kind.PARTITION}, or the stream where it is empty."
                    if kind.PARTITION
                    else "The stream.",
                },
                "bindingVersion": "0.5.0",
            }
        },
    }


def _headers() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": text} for name, text in _HEADERS.items()
        },
        "required": list(_HEADERS),
    }

"""Fields of answers that are not for everybody."""

import inspect
import pkgutil
from importlib import import_module
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel

import api
from api.answers import AccountItem, Answer, Body
from api.audit_classes import class_of_change
from api.field_classes import (
    COMMERCIAL,
    EVERYTHING,
    PERSONAL,
    FieldClass,
    Sight,
    class_of,
    left_out,
)
from events.values import Money

PUBLIC_AMOUNTS = {(AccountItem, "revenue_minor"), (AccountItem, "revenue_currency")}
"""What a company says of itself in its yearly report."""


class Part(Body):
    """A part about one account."""

    account_id: str
    amount: Annotated[int, COMMERCIAL]


class Whole(Answer):
    """An answer with parts in all the ways there are."""

    items: list[Part]
    by_name: dict[str, Part]
    one: Part | None
    names: Annotated[list[str], PERSONAL]


class Record(Body):
    """An answer about one record, with more beside it."""

    item: Part
    beside: Annotated[int, COMMERCIAL]


def whole() -> Whole:
    parts = [Part(account_id=name, amount=number) for number, name in enumerate("AB")]
    return Whole(
        position=1, lag=0, items=parts, by_name={"b": parts[1]}, one=parts[0], names=["Ann"]
    )


def told(answer: BaseModel, **by_account: FieldClass) -> dict[str, Any]:
    served = {name: frozenset[FieldClass]({"public", one}) for name, one in by_account.items()}
    sight = Sight(frozenset({"public"}), served)
    return answer.model_dump(exclude=left_out(answer, sight))


def test_who_sees_every_class_gets_every_field() -> None:
    assert left_out(whole(), EVERYTHING) == {}


def test_a_field_that_is_not_seen_is_left_out_wherever_it_lies() -> None:
    assert told(whole()) == {
        "position": 1,
        "lag": 0,
        "items": [{"account_id": "A"}, {"account_id": "B"}],
        "by_name": {"b": {"account_id": "B"}},
        "one": {"account_id": "A"},
    }


def test_each_part_is_judged_by_its_own_account() -> None:
    found = told(whole(), B="commercial")
    assert found["items"] == [{"account_id": "A"}, {"account_id": "B", "amount": 1}]
    assert found["by_name"] == {"b": {"account_id": "B", "amount": 1}}
    assert found["one"] == {"account_id": "A"}


def test_what_stands_beside_a_record_is_judged_by_its_account() -> None:
    record = Record(item=Part(account_id="A", amount=1), beside=2)
    assert told(record, A="commercial")["beside"] == 2
    assert "beside" not in told(record, B="commercial")


def test_a_field_that_is_not_for_everybody_is_not_required_by_the_schema() -> None:
    schema = Part.model_json_schema()
    assert schema["required"] == ["account_id"]
    assert schema["properties"]["amount"]["x-field-class"] == "commercial"


def _answers() -> list[type[Body]]:
    modules = [import_module(f"api.{one.name}") for one in pkgutil.iter_modules(api.__path__)]
    found = {
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Body) and kind is not Body
    }
    return sorted(found, key=lambda kind: kind.__name__)


def _of_money(name: str, hint: Any) -> bool:
    inner = [hint, *get_args(hint), *(deep for one in get_args(hint) for deep in get_args(one))]
    return Money in inner or name.endswith("_minor") or name == "discount_bps"


@pytest.mark.parametrize("kind", _answers(), ids=lambda kind: kind.__name__)
def test_whatever_tells_of_our_money_is_commercial(kind: type[Body]) -> None:
    for name, field in kind.model_fields.items():
        if _of_money(name, field.annotation) and (kind, name) not in PUBLIC_AMOUNTS:
            assert class_of(field) == "commercial", f"{kind.__name__}.{name}"


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("contact.registered", "name", "personal"),
        ("contact.assessed", "sentiment", "personal"),
        ("opportunity.won", "amount", "commercial"),
        ("account_plan.drafted", "budget", "commercial"),
        ("contract.drafted", "discount_bps", "commercial"),
        ("approval.requested", "steps", "approval"),
        ("approval.requested", "account_id", "public"),
        ("solution_document.published", "title", "solution"),
        ("joint_project.started", "name", "delivery"),
        ("opportunity.advanced", "stage", "public"),
    ],
)
def test_a_change_is_of_the_class_its_fact_says(
    name: str, field: str, expected: FieldClass
) -> None:
    assert class_of_change(name, field) == expected

"""Forms as commands: which hold where, what records have under them, and what they lack to move."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal, WrongState
from commands.accounts.account import ChangeAccountDetails, ChangeAccountOwner, RegisterAccount
from commands.accounts.account_stage import MoveAccountStage
from commands.accounts.contact import EraseContact, MergeContact, RegisterContact
from commands.accounts.interaction import LogInteraction, WithdrawInteraction
from commands.command import Command
from commands.organization.region import SetRegionMode
from commands.pipeline.contract import AmendContract
from commands.pipeline.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    WinOpportunity,
)
from commands.planning.account_plan import WithdrawAccountPlan
from commands.policies.account_lifecycle import ActivateAccountLifecycle, DraftAccountLifecycle
from commands.policies.form import ActivateForm, DraftForm
from commands.work.record_fields import SetFields
from events.organization.region import Mode
from events.policies.approval_route import ApprovalRoute
from events.policies.form import Form, RecordType
from events.work.record_fields import RecordFieldsSet
from tests.commands.company import LONG_AGO, company
from tests.commands.office import Office
from tests.commands.planners import make_whole, planners
from tests.commands.planners import submit as submit_plan
from tests.commands.signing import draft, signing, submit, to, yes
from tests.examples.cast import ANN, CARL, NOON, UMA, VIC, lifecycle, usd
from tests.examples.forms import (
    APAC_FORM,
    CONTACT_FORM,
    EMEA_FORM,
    GROUP_FORM,
    field,
    form,
)

JANUARY: Final = date(2026, 1, 1)
TAX_ID: Final = form("tax_id", tax_id=field())


def in_force(
    document: Form,
    region_id: str | None = None,
    *,
    of: RecordType = "account",
    version: int = 1,
    on: date = JANUARY,
) -> tuple[Command, Command]:
    """What puts a form in force; of the whole group, where no region is named."""
    return (
        DraftForm(region_id=region_id, record_type=of, document=document),
        ActivateForm(region_id=region_id, record_type=of, version=version, effective_on=on),
    )


FORMS: Final = (
    *in_force(GROUP_FORM),
    *in_force(EMEA_FORM, "emea"),
    *in_force(APAC_FORM, "apac"),
)
HERE: Final = RegisterAccount(account_id="here", name="Here AG", region_id="dach")
THERE: Final = RegisterAccount(account_id="there", name="There Ltd", region_id="apac")


def fields(record_id: str, /, of: RecordType = "account", **values: Any) -> SetFields:
    return SetFields(record_type=of, record_id=record_id, fields=values)


def refusal(office: Office, command: Command, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command, **asked)
    return refused.value


def staged(*more: Command) -> Office:
    """The company with a lifecycle of three stages that ask for no checks."""
    return company(
        HERE,
        DraftAccountLifecycle(region_id="world", document=lifecycle(first="", second="", third="")),
        ActivateAccountLifecycle(region_id="world", version=1, effective_on=JANUARY),
        *more,
    )


@pytest.mark.parametrize("command", in_force(TAX_ID, "none"))
def test_the_region_exists(command: Command) -> None:
    found = refusal(company(), command)
    assert (type(found), found.rule, found.field) == (NotFound, "unknown-region", "region_id")


def test_a_region_does_not_weaken_what_any_above_it_or_the_group_has_set() -> None:
    """REG-11."""
    office = company(*in_force(TAX_ID), *in_force(form(absent=("tax_id",)), "dach")[:1])
    found = refusal(
        office,
        ActivateForm(region_id="dach", record_type="account", version=1, effective_on=JANUARY),
    )
    assert (type(found), found.rule, found.field) == (Invalid, "weaker-than-parent", "version")
    office.ask_all(*in_force(form(tax_id=field(minLength=3)), "dach", version=2))


def test_a_field_is_required_in_one_region_and_absent_in_another() -> None:
    """REG-01: and each decision says under which forms it was made."""
    office = company(*FORMS, HERE, THERE)
    office.ask(fields("here", tax_id="DE811", segment="retail"))
    assert office.policies("record_fields-account.here") == {
        "form-account.*": 1,
        "form-account.emea": 1,
    }
    assert refusal(office, fields("here", tax_id=None)).wrong == {"fields.tax_id": "it is required"}
    assert refusal(office, fields("there", tax_id="SG811")).wrong == {
        "fields.tax_id": "it is not used here"
    }
    office.ask(fields("there", segment="retail"))
    assert office.policies("record_fields-account.there") == {
        "form-account.*": 1,
        "form-account.apac": 1,
    }


def test_the_form_of_the_group_holds_also_where_a_record_lies_in_no_region() -> None:
    office = company(*FORMS)
    office.ask(fields("acme", segment="retail"))
    assert office.policies("record_fields-account.acme") == {"form-account.*": 1}


def test_a_parent_that_tightens_later_is_followed_below() -> None:
    """REG-11: whatever the region's own form says."""
    office = company(
        HERE,
        *in_force(form(a=field(maxLength=9), b=field())),
        *in_force(form(a=field(minLength=5), absent=("b",)), "dach"),
        *in_force(form("b", a=field(maxLength=3), b=field()), version=2, on=date(2026, 2, 1)),
    )
    assert refusal(office, fields("here", a="12345")).wrong == {
        "fields.a": "it is longer than 3 characters",
        "fields.b": "it is required",
    }
    office.ask(fields("here", a="123", b="x"))


def test_a_form_follows_the_day_of_business() -> None:
    office = company(
        HERE,
        *in_force(form(a=field())),
        *in_force(form(a=field("integer")), version=2, on=date(2026, 3, 1)),
    )
    february = datetime(2026, 2, 28, 12, tzinfo=UTC)
    office.ask(fields("here", a="old"), occurred_at=february)
    assert refusal(office, fields("here", a="new"), now=NOON).rule == "form-not-met"
    office.ask(fields("here", a=1), now=NOON)


def test_a_new_form_leaves_old_facts_as_they_are_and_asks_no_other_region() -> None:
    """CFG-01: what was recorded is folded as before, and decides on; nobody is asked to redo it."""
    office = staged(*FORMS, THERE)
    office.ask(fields("here", tax_id="DE811"))
    office.ask(fields("there", segment="retail"))
    office.ask_all(
        *in_force(form("vat", vat=field(minLength=9)), "emea", version=2, on=date(2026, 3, 1))
    )
    for process in (office, office.neighbour()):
        (fact,) = process.facts("record_fields-account.here")
        assert isinstance(fact, RecordFieldsSet)
        assert [(one.name, one.value) for one in fact.fields] == [("tax_id", "DE811")]
    moved = MoveAccountStage(account_id="there", to_stage="second")
    office.neighbour().ask(moved)
    found = refusal(office, MoveAccountStage(account_id="here", to_stage="second"))
    assert list(found.wrong) == ["fields.vat"]


def test_a_stage_is_not_left_before_the_form_is_complete() -> None:
    """REG-01: fields of the form, and one that every account may have."""
    office = staged(*FORMS)
    onward = MoveAccountStage(account_id="here", to_stage="second")
    found = refusal(office, onward)
    assert (type(found), found.rule) == (WrongState, "form-not-complete")
    assert list(found.wrong) == ["fields.sector", "fields.tax_id"]
    office.ask(ChangeAccountDetails(account_id="here", name="Here AG", sector="software"))
    assert list(refusal(office, onward).wrong) == ["fields.tax_id"]
    office.ask(fields("here", tax_id="DE811"))
    office.ask(onward)
    assert office.ask(onward).events == ()


def test_whoever_comes_to_another_region_follows_its_form() -> None:
    office = staged(*FORMS, ChangeAccountOwner(account_id="here", owner_id=CARL))
    office.ask(MoveAccountStage(account_id="here", to_stage="second"))


def test_what_is_so_already_is_not_asked_for() -> None:
    office = staged(MoveAccountStage(account_id="here", to_stage="second"), *FORMS)
    assert office.ask(MoveAccountStage(account_id="here", to_stage="second")).events == ()
    assert refusal(office, MoveAccountStage(account_id="here", to_stage="third")).rule == (
        "form-not-complete"
    )


OPENED: Final = OpenOpportunity(
    opportunity_id="o1", account_id="acme", product_id="gtx", owner_id=ANN
)


OFFERED: Final = (
    OPENED,
    AdvanceOpportunity(opportunity_id="o1", to_stage="engaging"),
    AdvanceOpportunity(opportunity_id="o1", to_stage="offered"),
)


def test_an_opportunity_is_not_won_before_the_form_is_complete() -> None:
    """REG-01: what the command itself tells counts."""
    asked = form(
        "competitor",
        "amount_minor",
        competitor=field(),
        amount_minor=field("integer", minimum=1_00),
    )
    office = company(*OFFERED, *in_force(asked, "emea", of="opportunity"))
    win = WinOpportunity(opportunity_id="o1", amount=usd(1_00))
    assert list(refusal(office, win).wrong) == ["fields.competitor"]
    office.ask(fields("o1", of="opportunity", competitor="Zenith"))
    too_little = WinOpportunity(opportunity_id="o1", amount=usd(99))
    assert list(refusal(office, too_little).wrong) == ["fields.amount_minor"]
    office.ask(win)
    assert office.ask(win).events == ()
    assert refusal(office, fields("o1", of="opportunity", competitor="x")).rule == (
        "opportunity-closed"
    )


def test_what_was_lost_is_not_asked_for_anything() -> None:
    office = company(*OFFERED, *in_force(form("x", x=field()), of="opportunity"))
    office.ask(LoseOpportunity(opportunity_id="o1", reason="price"))


def test_a_contract_is_not_submitted_before_the_form_is_complete() -> None:
    """REG-01."""
    office = signing(*in_force(form("terms_of_payment", terms_of_payment=field()), of="contract"))
    office.ask(draft(), key_id="ann")
    assert list(refusal(office, submit(), key_id="ann").wrong) == ["fields.terms_of_payment"]
    office.ask(fields("c1", of="contract", terms_of_payment="30 days"))
    office.ask(submit(), key_id="ann")


def test_the_fields_of_a_contract_are_part_of_what_is_approved() -> None:
    """They do not change behind an approval, and another value is another content."""
    office = signing(*in_force(form(payment=field()), of="contract"))
    digests = []
    for contract_id, payment in (("c1", "30 days"), ("c2", "60 days")):
        office.ask(draft(contract_id), key_id="ann")
        office.ask(fields(contract_id, of="contract", payment=payment))
        office.ask(submit(contract_id, f"a-{contract_id}"), key_id="ann")
        (requested, *_) = office.facts(f"approval-a-{contract_id}")
        digests.append(requested.model_dump()["content_sha256"])
    assert len(set(digests)) == 2
    changed = fields("c1", of="contract", payment="90 days")
    assert refusal(office, changed).rule == "contract-submitted"
    office.ask(AmendContract(contract_id="c1", terms=to(1_00)), key_id="ann")
    office.ask(changed)


def test_whoever_submits_first_keeps_the_fields_as_they_are() -> None:
    """Another process submitted it; this one, which still has it as a draft, finds out."""
    office = signing(*in_force(form(payment=field()), of="contract"))
    office.ask(draft(), key_id="ann")
    office.ask(fields("c1", of="contract", payment="30 days"))
    office.neighbour().ask(submit(), key_id="ann")
    assert refusal(office, fields("c1", of="contract", payment="90 days")).rule == (
        "contract-submitted"
    )


def test_whoever_sets_fields_first_has_them_approved() -> None:
    """What is submitted is what another process has just set, or is refused for what it took."""
    office = signing(*in_force(form("payment", payment=field()), of="contract"))
    office.ask(draft(), key_id="ann")
    assert refusal(office, submit(), key_id="ann").rule == "form-not-complete"
    office.neighbour().ask(fields("c1", of="contract", payment="30 days"))
    office.ask(submit(), key_id="ann")
    office.ask(yes(1), key_id="fay")
    office.ask(yes(2), key_id="eve")
    assert office.ask(submit(), key_id="ann").events == ()


def test_a_form_above_that_is_changed_meanwhile_is_not_weakened() -> None:
    """REG-11: another process put it in force; this one finds out when it would record."""
    office = company(*in_force(form(a=field(maxLength=9))))
    office.ask_all(*in_force(form(a=field(maxLength=9)), "dach"))
    tighter = in_force(form(a=field(maxLength=3)), version=2, on=date(2026, 2, 1))
    office.neighbour().ask_all(*tighter)
    again = ActivateForm(
        region_id="dach", record_type="account", version=1, effective_on=date(2026, 3, 1)
    )
    assert refusal(office, again).rule == "weaker-than-parent"


def test_a_route_may_name_how_the_region_sells() -> None:
    """REG-10: strict approval where a region sells directly, none where it has partners."""
    strict = {
        "currency": "USD",
        "rules": [
            {
                "when": 'region_mode == "direct"',
                "steps": [
                    {"step_id": "s", "approvers": [{"role": "sales_manager", "level": "region"}]}
                ],
            }
        ],
    }
    office = signing(world=ApprovalRoute.model_validate(strict, strict=False))
    told = {}
    modes: tuple[Mode | None, ...] = ("direct", "channel", None)
    for number, mode in enumerate(modes):
        office.ask(SetRegionMode(region_id="emea", mode=mode))
        office.ask(draft(f"c{number}"), key_id="ann")
        receipt = office.ask(submit(f"c{number}", f"a{number}"), key_id="ann")
        told[mode] = "approval.granted" in [event.name for event in receipt.events]
    assert told == {"direct": False, "channel": True, None: False}


def test_a_plan_is_not_submitted_before_the_form_is_complete() -> None:
    """REG-01: nor do its fields change while it is submitted."""
    office = planners()
    make_whole(office)
    office.ask_all(*in_force(form("sponsor", sponsor=field()), of="account_plan"))
    assert list(refusal(office, submit_plan(), key_id="ann").wrong) == ["fields.sponsor"]
    office.ask(fields("p1", of="account_plan", sponsor="the board"))
    office.ask(submit_plan(), key_id="ann")
    other = fields("p1", of="account_plan", sponsor="nobody")
    assert refusal(office, other).rule == "plan-submitted"
    office.ask(WithdrawAccountPlan(plan_id="p1"))
    office.ask(other)
    office.ask(submit_plan("p1", "a2"), key_id="ann")
    digests = {
        fact.model_dump()["content_sha256"]
        for stream in ("approval-a1", "approval-a2", "account_plan-p1")
        for fact in office.facts(stream)
        if fact.NAME in {"approval.requested", "account_plan.submitted"}
    }
    assert len(digests) == 2, "another value is another content, for the plan and its approval"


MET: Final = (
    RegisterContact(contact_id=UMA, account_id="acme", name="Uma Ulrich"),
    RegisterContact(contact_id=VIC, account_id="acme", name="Vic Vega"),
)


def test_what_is_personal_is_sealed_for_who_answers_and_gone_with_them() -> None:
    """CFG-01: as any other personal data."""
    office = company(*MET, *in_force(CONTACT_FORM, of="contact"))
    office.ask(MergeContact(contact_id=UMA, into_id=VIC))
    office.ask(fields(UMA, of="contact", salutation="Professor", newsletter=True))
    assert office.facts(f"record_fields-contact.{UMA}") == []
    plain, sealed = office.facts(f"record_fields-contact.{VIC}")
    assert isinstance(plain, RecordFieldsSet)
    assert [one.name for one in plain.fields] == ["newsletter"]
    value = sealed.model_dump(by_alias=True)["value"]
    assert (value["subject"], "$enc" in value) == (VIC, True)
    office.ask(EraseContact(contact_id=VIC))
    assert refusal(office, fields(VIC, of="contact", newsletter=False)).rule == "contact-erased"


def test_an_interaction_has_fields_until_it_never_took_place() -> None:
    office = company(
        LogInteraction(
            interaction_id="i1",
            account_id="acme",
            kind="call",
            subject="Prices",
            employee_ids=(ANN,),
        ),
        *in_force(form(mood=field()), of="interaction"),
    )
    office.ask(fields("i1", of="interaction", mood="good"))
    office.ask(WithdrawInteraction(interaction_id="i1", reason="another customer"))
    assert refusal(office, fields("i1", of="interaction", mood="bad")).rule == (
        "interaction-withdrawn"
    )


@pytest.mark.parametrize(
    ("of", "rule"),
    [
        ("account", "unknown-account"),
        ("contact", "unknown-contact"),
        ("interaction", "unknown-interaction"),
        ("opportunity", "unknown-opportunity"),
        ("contract", "unknown-contract"),
        ("account_plan", "unknown-plan"),
    ],
)
def test_the_record_exists(of: RecordType, rule: str) -> None:
    found = refusal(company(), fields("none", of=of, a="b"))
    assert (type(found), found.rule) == (NotFound, rule)


def test_without_a_form_there_is_no_field() -> None:
    office = company(HERE)
    assert refusal(office, fields("here", tax_id="DE811")).wrong == {
        "fields.tax_id": "the form has no such field"
    }


def test_a_value_is_a_truth_a_number_a_text_or_a_list_of_these() -> None:
    wrongs: tuple[Any, ...] = (1.5, "", "x" * 4001, 2**53, ("a",) * 101, {"a": 1}, (True,), "\x00")
    for wrong in wrongs:
        with pytest.raises(ValueError, match="fields"):
            SetFields(record_type="account", record_id="a", fields={"f": wrong})


def test_the_first_version_holds_from_the_beginning() -> None:
    office = company(HERE, *in_force(TAX_ID, on=date(2026, 2, 1)))
    assert refusal(office, fields("here", x="y"), occurred_at=LONG_AGO).wrong.keys() == {
        "fields.x",
        "fields.tax_id",
    }

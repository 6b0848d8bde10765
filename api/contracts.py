"""The doors of contracts."""

from typing import Final, Literal

from starlette.responses import Response

from api.approval_answers import ContractAnswer, ContractItem, ContractsPage
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id
from readmodels import contracts

State = Literal["drafted", "submitted", "approved", "rejected"]

ROUTER: Final = questions("/v1/contracts")


@ROUTER.get("", **of_list(ContractsPage))
def get_contracts(
    *,
    account: Id | None = None,
    state: State | None = None,
    question: AskedOfList,
) -> Response:
    """Contracts one by one, as they were."""
    with asking(question, contracts.READS) as asked:
        rows = contracts.contracts(
            asked.connection,
            asked.moment,
            account=account,
            state=state,
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.contract_id)
    return as_page(
        ContractsPage,
        [ContractItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/{contract_id}", **of_one(ContractAnswer))
def get_contract(contract_id: Id, question: AskedOfOne) -> Response:
    """One contract, as it was."""
    with asking(question, contracts.READS) as asked:
        row = contracts.contract(asked.connection, asked.moment, contract_id)
        if row is None:
            raise Problem("not-found", "unknown-contract", "there is no such contract")
    item = ContractItem(**row._asdict())
    return as_json(ContractAnswer(**asked.freshness, item=item), asked, version=row.version)

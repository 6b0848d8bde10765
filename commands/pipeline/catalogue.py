"""What can be asked about the pipeline: handlers and roles."""

from types import MappingProxyType
from typing import Final

from commands.issuable import Catalogue, Issuable
from commands.pipeline.contract import (
    AmendContract,
    DraftContract,
    ReassignContract,
    SubmitContract,
    amend_contract,
    draft_contract,
    reassign_contract,
    submit_contract,
)
from commands.pipeline.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityAmount,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    ReopenOpportunity,
    WinOpportunity,
    advance_opportunity,
    change_opportunity_amount,
    lose_opportunity,
    open_opportunity,
    reassign_opportunity,
    reopen_opportunity,
    win_opportunity,
)
from commands.pipeline.product import (
    ListProduct,
    RepriceProduct,
    RetireProduct,
    list_product,
    reprice_product,
    retire_product,
)
from commands.roles import ADMINISTRATORS, MANAGERS, SELLERS

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        ListProduct: Issuable(list_product, ADMINISTRATORS),
        RepriceProduct: Issuable(reprice_product, ADMINISTRATORS),
        RetireProduct: Issuable(retire_product, ADMINISTRATORS),
        OpenOpportunity: Issuable(open_opportunity, SELLERS),
        AdvanceOpportunity: Issuable(advance_opportunity, SELLERS),
        ChangeOpportunityAmount: Issuable(change_opportunity_amount, SELLERS),
        ReassignOpportunity: Issuable(reassign_opportunity, MANAGERS),
        WinOpportunity: Issuable(win_opportunity, SELLERS),
        LoseOpportunity: Issuable(lose_opportunity, SELLERS),
        ReopenOpportunity: Issuable(reopen_opportunity, MANAGERS),
        DraftContract: Issuable(draft_contract, SELLERS),
        AmendContract: Issuable(amend_contract, SELLERS),
        SubmitContract: Issuable(submit_contract, SELLERS),
        ReassignContract: Issuable(reassign_contract, MANAGERS),
    }
)

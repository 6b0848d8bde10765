"""Cases of metrics: from the names a source uses to the arguments of ours, and back.

The sources name the same thing in several ways, and a case may leave out what does not apply.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from projections.metrics import customer, retention, value
from projections.metrics.numbers import half_up
from tests.golden.cases import Values

_REQUIRED: Any = object()


def _first(inputs: Values, *names: str, default: Any = _REQUIRED) -> Any:
    """The input under the first of ``names`` that is there; ``default`` where none is."""
    for name in names:
        if name in inputs:
            return inputs[name]
    if default is _REQUIRED:
        raise KeyError(f"inputs have none of {', '.join(names)}")
    return default


def csat(inputs: Values) -> Values:
    """From a count by score with the satisfied scores, or from two counts."""
    responses = _first(inputs, "responses", "scores", default=None)
    if isinstance(responses, list):
        responses = Counter(responses)
    if isinstance(responses, Mapping):
        counts = {int(score): count for score, count in responses.items()}
        scores = _first(inputs, "satisfied", "satisfied_scores", default=(4, 5))
        found = customer.csat(counts, {int(score) for score in scores})
    else:
        satisfied = _first(inputs, "satisfied", "satisfied_responses", "positive")
        total = _first(inputs, "total", "total_responses", "responses")
        found = customer.csat_of_counts(satisfied, total)
    return {
        "satisfied": found.satisfied,
        "total": found.total,
        "csat_exact": found.exact_pct,
        "csat": found.pct,
        "csat_pct": found.exact_pct,
    }


def nps(inputs: Values) -> Values:
    """From shares in percent, from counts of the three groups, or from the responses."""
    if "promoters_pct" in inputs:
        more = inputs["promoters_pct"]
        less = _first(inputs, "detractors_pct")
        found = customer.nps_of_percentages(promoters_pct=more, detractors_pct=less)
        shares = {"promoters_pct": more, "detractors_pct": less, "passives_pct": 100 - more - less}
        return {**shares, "nps": found, "nps_rounded": half_up(Fraction(found))}
    scores = _first(inputs, "scores", "responses", "distribution", default=None)
    if isinstance(scores, list):
        scores = Counter(scores)
    counted = (
        customer.nps_of_scores({int(score): count for score, count in scores.items()})
        if isinstance(scores, Mapping)
        else _nps_of_counts(inputs)
    )
    total = counted.promoters + counted.passives + counted.detractors
    return {
        "promoters": counted.promoters,
        "passives": counted.passives,
        "detractors": counted.detractors,
        "total": total,
        "promoters_pct": Fraction(100 * counted.promoters, total),
        "passives_pct": Fraction(100 * counted.passives, total),
        "detractors_pct": Fraction(100 * counted.detractors, total),
        "nps": counted.nps,
        "nps_rounded": half_up(counted.nps),
    }


def _nps_of_counts(inputs: Values) -> customer.Nps:
    more, less = _first(inputs, "promoters"), _first(inputs, "detractors")
    total = _first(inputs, "total", "responses", "respondents", default=None)
    rest = 0 if total is None else total - more - less
    return customer.nps(
        promoters=more, passives=_first(inputs, "passives", default=rest), detractors=less
    )


def nps_bucket(inputs: Values) -> Values:
    """Of one response, or of several."""
    if "scores" in inputs:
        return {"buckets": [customer.nps_bucket(score) for score in inputs["scores"]]}
    return {"bucket": customer.nps_bucket(_first(inputs, "score"))}


def renewal_rate(inputs: Values) -> Values:
    """What was renewed, or what was lost, of what expired."""
    expiring = _first(
        inputs, "expiring", "expiring_contracts", "expiring_accounts", "expiring_value", "due"
    )
    lost = _first(inputs, "lost", "churned", "not_renewed", default=None)
    renewed = _first(
        inputs,
        *("renewed", "renewed_contracts", "renewed_accounts", "renewed_value"),
        default=_REQUIRED if lost is None else expiring - (lost or 0),
    )
    found = retention.renewal_rate_logo(expiring, renewed)
    return {"renewal_pct": found, "lost_pct": 100 - found, "lost": expiring - renewed}


def renewal_rate_logo_vs_value(inputs: Values) -> Values:
    """By accounts and by value."""
    value_pct = retention.renewal_rate_value(
        expiring=_first(inputs, "expiring_value"),
        churned=_first(inputs, "churned_value", "lost_value", default=0),
        downgrade=_first(inputs, "downgrade", "downgraded_value", "contraction", default=0),
    )
    logo_pct = retention.renewal_rate_logo(
        _first(inputs, "expiring_accounts"), _first(inputs, "renewed_accounts")
    )
    return {"logo_pct": logo_pct, "value_pct": value_pct}


def renewal_rate_gross_net(inputs: Values) -> Values:
    """A row a period, its columns in the order the case names."""
    columns = _first(inputs, "columns", default=["start", "renewed", "expansion", "contraction"])
    rows = [
        row if isinstance(row, Mapping) else dict(zip(columns, row, strict=True))
        for row in _first(inputs, "rows", default=[inputs])
    ]
    found = [
        retention.renewal_rate(
            start=row["start"],
            renewed=row["renewed"],
            expansion=row.get("expansion", 0),
            contraction=row.get("contraction", 0),
        )
        for row in rows
    ]
    gross, net = [one.gross_pct for one in found], [one.net_pct for one in found]
    if "rows" not in inputs:
        return {"gross_pct": gross[0], "net_pct": net[0]}
    return {"gross_pct": gross, "net_pct": net}


def logo_churn(inputs: Values) -> Values:
    """Of a period, and of a year of such periods."""
    start, lost = _first(inputs, "start", "start_customers"), _first(inputs, "lost", "churned")
    found = retention.logo_churn(start, lost, _first(inputs, "period", default="year"))
    return {
        "churn_pct": found.churn_pct,
        "retention_pct": found.retention_pct,
        "annualized_churn_pct": found.annualized_pct,
        "annualized_retention_pct": 100 - found.annualized_pct,
    }


def grr_nrr(inputs: Values) -> Values:
    """Both, kept apart."""
    found = retention.grr_nrr(
        start=_first(inputs, "start_arr", "start_mrr", "start_revenue", "start"),
        contraction=_first(inputs, "contraction", "downgrade", default=0),
        churn=_first(inputs, "churn", "churned", "lost", default=0),
        expansion=_first(inputs, "expansion", "upsell", default=0),
    )
    return {"grr_pct": found.grr_pct, "nrr_pct": found.nrr_pct}


def ltv_years(inputs: Values) -> Values:
    """Before and after the cost of winning the customer."""
    found = retention.ltv_years(
        annual_contribution=_first(inputs, "annual_profit", "annual_contribution"),
        years=_first(inputs, "years", "lifetime_years"),
        acquisition_cost=_first(inputs, "acquisition_cost", "cac", default=0),
    )
    return {"gross_ltv": found.gross, "net_ltv": found.net, "ltv": found.gross}


def ltv_churn(inputs: Values) -> Values:
    """Revenue and churn are of the same period, a month or a year."""
    pairs = [
        (f"arpa_{period}", f"churn_{period}")
        for period in ("month", "quarter", "year")
        if f"churn_{period}" in inputs
    ]
    arpa, churn = pairs[0] if pairs else ("arpa", "churn")
    found = retention.ltv_churn(
        arpa=_first(inputs, arpa, "arpa", "arpu"),
        gross_margin=_first(inputs, "gross_margin", "margin", default=1),
        churn=_first(inputs, churn),
    )
    cost = _first(inputs, "acquisition_cost", "cac", default=None)
    extra = {} if not cost else {"net_ltv": found - cost, "ltv_to_cac": found / cost}
    return {"ltv": found, **extra}


def share_of_wallet(inputs: Values) -> Values:
    """Of what the customer spends in the category."""
    ours = _first(inputs, "spend_with_us", "our_sales")
    others = _first(inputs, "spend_with_others", default=None)
    category = _first(
        inputs,
        *("category_spend", "total_spend"),
        default=_REQUIRED if others is None else ours + others,
    )
    found = value.share_of_wallet(spend_with_us=ours, category_spend=category)
    return {"sow_pct": found, "other_pct": 100 - found}


def share_of_wallet_of_revenue(inputs: Values) -> Values:
    """Of the customer's own revenue."""
    found = value.share_of_wallet_of_revenue(
        spend_with_us=_first(inputs, "spend_with_us"),
        customer_revenue=_first(inputs, "customer_revenue"),
    )
    return {"sow_pct": found}


def average_resolution_time(inputs: Values) -> Values:
    """From a total and a count, or from the time of each ticket."""
    for unit in ("hours", "minutes", "days"):
        each = _first(inputs, f"resolution_{unit}", unit, default=None)
        if isinstance(each, list):
            total, tickets = sum(each), len(each)
        elif f"total_{unit}" in inputs:
            total, tickets = inputs[f"total_{unit}"], _first(inputs, "tickets", "resolved")
        else:
            continue
        return {f"art_{unit}": customer.average_resolution_time(total, tickets)}
    raise KeyError("inputs have no total_hours, total_minutes, total_days or times")


def strategic_value_score(inputs: Values) -> Values:
    """The weighted score; weights that do not add up are said not to be valid."""
    weights, scores = _first(inputs, "weights"), _first(inputs, "scores")
    return _weighed(weights, lambda: value.strategic_value_score(weights, scores))


def weighted_vendor_score(inputs: Values) -> Values:
    """The weighted score on the scale of the case."""
    weights, scores = _first(inputs, "weights"), _first(inputs, "scores")
    least, most = _first(inputs, "scale", default=(1, 10))
    return _weighed(weights, lambda: value.weighted_vendor_score(weights, scores, (least, most)))


def _weighed(weights: Values, compute: Any) -> Values:
    whole = sum(weights.values())
    try:
        found = compute()
    except ValueError as wrong:
        if not str(wrong).startswith("weights add up"):
            raise
        return {"weight_sum": whole, "valid": False, "refused": True}
    return {"weight_sum": whole, "valid": True, "refused": False, "score": found, "total": found}

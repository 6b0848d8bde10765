"""What an account has answered lately when it was asked."""

from datetime import date
from typing import Final

from readmodels.account_360.section import Asked, Part
from readmodels.survey_answers import Period, csat_by_account, nps_by_account

LATEST: Final = 10
"""How many answers are told."""

DAYS: Final = 365
"""NPS and CSAT are those of so many days, the day asked about the last of them."""


def surveys(asked: Asked) -> Part:
    """How many answers there are, NPS and CSAT of the last year, and the latest answers.

    NPS is in hundredths of a point and CSAT in percent; ``None`` where nobody answered.
    """
    (total,) = asked.parts(
        """
        SELECT count(*) AS count FROM survey_answer
        WHERE account_id = %(account)s AND NOT withdrawn AND {known}"""
    )
    latest = asked.parts(
        """
        SELECT answer_id, survey_id, kind, score, scale, contact_id, comment, occurred_at
        FROM survey_answer WHERE account_id = %(account)s AND NOT withdrawn AND {known}
        ORDER BY occurred_at DESC, answer_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    account_id = asked.account.account_id
    first_day = date.fromordinal(max(1, asked.day.toordinal() - DAYS + 1))
    period = Period(first_day=first_day, last_day=asked.day)
    nps = nps_by_account(asked.connection, asked.moment, period, account=account_id)
    csat = csat_by_account(asked.connection, asked.moment, period, account=account_id)
    return {
        **total,
        "nps_bp": nps[0].nps_bp if nps else None,
        "csat_pct": csat[0].csat_pct if csat else None,
        "latest": latest,
    }

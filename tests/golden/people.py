"""Cases about the people at a customer."""

from projections.coverage import coverage
from tests.golden.cases import Values


def relationship_coverage(inputs: Values) -> Values:
    """For each list of roles, one a contact: whether the minimum is there, and what is missing."""
    found = [coverage(inputs["minimum"], roles) for roles in inputs["contacts"]]
    return {
        "complete": [one.complete for one in found],
        "missing": [dict(one.missing) for one in found],
    }

"""What a policy advises somebody to do."""

from pydantic import BaseModel, ConfigDict

from events.values import Id, Reason


class SuggestedAction(BaseModel):
    """Something to be done: its kind, by which it can be counted, and a sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Id
    """Such as ``call`` or ``executive_visit``; the company's own words."""
    text: Reason

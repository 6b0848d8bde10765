"""Who works for an account, in the answer about all of it."""

from pydantic import Field

from api.answers import Body, PersonName


class TrainingPart(Body):
    """A course that somebody has completed."""

    course_id: str
    completed_on: str
    expires_on: str | None


class Member(Body):
    """An employee who works for the account."""

    employee_id: str
    name: PersonName
    active: bool = Field(description="Whether they worked here then.")
    trainings: list[TrainingPart] = Field(description="What counts on the day.")


class TeamPart(Body):
    """Who has which role; the account manager is the owner."""

    account_manager: Member | None
    solution_architect: Member | None
    delivery_expert: Member | None
    executive_sponsor: Member | None
    gaps: list[str] = Field(description="The roles that nobody fills who works here.")
    flagged: bool = Field(
        description="Whether there are gaps, and the account is key, strategic or not ranked."
    )

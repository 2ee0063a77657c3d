"""What goes over the wire, in the words of the product. Times are ISO 8601 in UTC."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bridge.people.roles import Permission, Role
from bridge.people.users import USERNAME
from config.errors import legible


def _one_line(text: str) -> str:
    """Terminals and logs show it, too."""
    if text != legible(text):
        raise ValueError("must be one line without control characters")
    return text


Line = Annotated[str, AfterValidator(_one_line)]


class Shape(BaseModel):
    """What is sent or taken holds what is declared, and nothing else."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Credentials(Shape):
    """What a person signs in with."""

    username: str = Field(max_length=64, examples=["maria"])
    password: str = Field(max_length=200)


class Me(Shape):
    """Who is signed in; `csrf_token` goes with each change, as the header X-CSRF-Token."""

    username: str
    title: str
    role: Role
    agent: str | None = Field(description="The login of the agent that she is.")
    language: str | None
    permissions: list[Permission]
    csrf_token: str
    session_id: str


class Acceptance(Shape):
    """How the first administrator takes her invitation."""

    token: str = Field(max_length=200)
    username: str = Field(pattern=f"^{USERNAME}$", examples=["maria"])
    title: Line = Field(min_length=1, max_length=80, examples=["Maria Santos"])
    password: str = Field(max_length=1000)


class SessionShown(Shape):
    """A signed-in browser; `current` is the one that asks."""

    id: str
    began_at: datetime
    seen_at: datetime
    address: str
    browser: str
    current: bool


class Sessions(Shape):
    items: list[SessionShown]


class NewUser(Shape):
    """A user to be added."""

    username: str = Field(pattern=f"^{USERNAME}$", examples=["rita"])
    title: Line = Field(min_length=1, max_length=80)
    role: Role
    password: str = Field(max_length=1000)
    agent: str | None = Field(None, max_length=64)
    language: str | None = Field(None, pattern="^(en|fr|pt|sv|ca|es)$")


class UserChange(Shape):
    """What of a user is to be changed."""

    title: Line | None = Field(None, min_length=1, max_length=80)
    role: Role | None = None
    password: str | None = Field(None, max_length=1000)
    agent: str | None = Field(None, max_length=64)
    language: str | None = Field(None, pattern="^(en|fr|pt|sv|ca|es)$")


class UserShown(Shape):
    """A user."""

    username: str
    title: str
    role: Role
    agent: str | None
    language: str | None


class Users(Shape):
    items: list[UserShown]


class NewToken(Shape):
    """An API token to be made; its scopes are some of its owner's permissions."""

    name: Line = Field(min_length=1, max_length=80, examples=["wallboard"])
    scopes: list[Permission] = Field(min_length=1, max_length=len(Permission))
    expires_at: datetime | None = None


class TokenShown(Shape):
    """An API token, without its secret."""

    id: str
    name: str
    username: str
    scopes: list[Permission]
    made_at: datetime | None
    expires_at: datetime | None


class TokenGiven(TokenShown):
    """An API token with its secret, which is shown this once."""

    token: str = Field(examples=["tl_..."])


class Tokens(Shape):
    items: list[TokenShown]


class Customer(Shape):
    """Where a customer reached us from: weak evidence of who she is. Both None once erased."""

    number: str | None
    name: str | None


class CutOff(Shape):
    """A call ended through no act of the caller's: she may want to be called back."""

    at: datetime
    state: str = Field(
        description="Of her contact when it happened; `unserved` when she was turned away while nobody was in control.",
        examples=["queued"],
    )


class Interaction(Shape):
    """A matter with one customer; `contact_*`, `queue` and `agent` are those of its newest contact."""

    id: str
    state: str = Field(examples=["open"])
    opened_at: datetime
    closed_at: datetime | None
    customer: Customer | None
    medium: str | None
    address: str | None
    queue: str | None
    agent: str | None
    contact_id: str | None
    contact_state: str | None
    waiting_since: datetime | None
    connected_since: datetime | None
    cut_off: CutOff | None


class Interactions(Shape):
    items: list[Interaction]
    next_cursor: str | None = Field(description="What to ask with as `cursor` for those before; null at the end.")


class ContactShown(Shape):
    """One attempt over one medium."""

    id: str
    medium: str
    address: str
    state: str
    queue: str | None
    arrived_at: datetime
    ended_at: datetime | None


class ContactOfInteraction(ContactShown):
    """One attempt, and the matter that it belongs to."""

    interaction_id: str


class TimelineLine(Shape):
    """One thing that happened; `after` is in seconds from the beginning, `because` explains it."""

    at: datetime
    after: float
    text: str
    because: list[str]


class InteractionStory(Interaction):
    """An interaction with all that happened."""

    contacts: list[ContactShown]
    timeline: list[TimelineLine]


class QueueShown(Shape):
    """A queue now; `agents_free` could take a contact this moment."""

    name: str
    title: str
    open: bool
    waiting: int
    longest_wait_seconds: float | None
    talking: int
    agents_free: int
    agents_total: int
    service_level_seconds: float


class Queues(Shape):
    items: list[QueueShown]


class StandingLine(Shape):
    """What an agent is to the router: `ends` is what ends it, `until` when at the latest, where time does."""

    code: str = Field(examples=["wrap_up"])
    text: str
    ends: str
    since: datetime
    until: datetime | None


class AgentShown(Shape):
    """An agent now; `fit` tells whether the router would offer her a contact."""

    name: str
    title: str
    extension: str
    queues: list[str]
    presence: str
    presence_reason: str = Field(description="Why she is what she chose, or what was chosen for her.")
    reachable: bool
    fit: bool
    line: StandingLine


class Agents(Shape):
    items: list[AgentShown]


class PresenceWanted(Shape):
    """What an agent chooses, or a supervisor for her."""

    presence: str = Field(pattern="^(available|away|offline)$", examples=["away"])
    reason: Line | None = Field(None, max_length=200, examples=["lunch"])

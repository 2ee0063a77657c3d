"""Who takes calls at which phone."""

from hypothesis import given
from hypothesis import strategies as st

from telephony.acd.seats import Seats

NAMES = ("ana", "bruno", "carla")


def seated(*signed_in: tuple[str, str]) -> Seats:
    seats = Seats()
    for agent, phone in signed_in:
        seats.sit(agent, phone)
    return seats


def test_at_first_everybody_is_at_her_own_phone() -> None:
    seats = seated()
    assert (seats.phone_of("ana"), seats.agent_at("ana")) == ("ana", "ana")


def test_who_signs_in_elsewhere_has_that_phone_and_its_owner_has_none() -> None:
    seats = seated(("ana", "bruno"))
    assert (seats.phone_of("ana"), seats.agent_at("bruno")) == ("bruno", "ana")
    assert seats.phone_of("bruno") is None
    assert seats.trouble("bruno") == "is used by ana"


def test_who_leaves_gives_the_phone_back() -> None:
    seats = seated(("ana", "bruno"))
    assert seats.leave("ana") == [("ana", "ana")]
    assert (seats.phone_of("ana"), seats.phone_of("bruno")) == ("ana", "bruno")
    assert seats.leave("ana") == []


def test_who_is_replaced_is_at_her_own_phone_again() -> None:
    seats = seated(("ana", "bruno"))
    assert seats.sit("carla", "bruno") == [("ana", "ana"), ("carla", "bruno")]
    assert (seats.agent_at("bruno"), seats.phone_of("ana")) == ("carla", "ana")


def test_an_owner_who_comes_back_has_her_phone_again() -> None:
    seats = seated(("ana", "bruno"))
    assert seats.sit("bruno", "bruno") == [("ana", "ana")]
    assert seats.phone_of("bruno") == "bruno"


def test_to_sign_in_where_she_is_changes_nothing() -> None:
    assert seated().sit("ana", "ana") == []
    assert seated(("ana", "bruno")).sit("ana", "bruno") == []


def test_who_sits_at_the_phone_of_somebody_who_is_elsewhere_leaves_her_there() -> None:
    seats = seated(("ana", "bruno"))
    assert seats.sit("carla", "ana") == [("carla", "ana")]
    assert (seats.phone_of("ana"), seats.phone_of("carla")) == ("bruno", "ana")


def test_the_trouble_of_the_phone_she_is_at_counts() -> None:
    seats = seated(("ana", "bruno"))
    seats.found("ana", "does not answer")
    assert seats.trouble("ana") == "is not registered"
    seats.found("bruno", "")
    assert seats.trouble("ana") == ""


def test_who_sat_at_a_phone_that_is_gone_is_at_her_own_again() -> None:
    seats = seated(("ana", "bruno"))
    assert seats.gone("bruno") == [("ana", "ana")]
    assert seats.phone_of("ana") == "ana"


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from((*NAMES, "")))))
def test_a_phone_never_serves_two(moves: list[tuple[str, str]]) -> None:
    seats = Seats()
    for agent, phone in moves:
        seats.sit(agent, phone) if phone else seats.leave(agent)
        used = [at for name in NAMES if (at := seats.phone_of(name))]
        assert len(used) == len(set(used))
        assert all(seats.phone_of(seats.agent_at(at)) == at for at in used)

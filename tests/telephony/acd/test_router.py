"""What is true of every decision, whoever waits and whoever is free."""

from collections.abc import Sequence
from itertools import product
from random import Random
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.acd.candidate import Candidate, Rules, Waiting
from telephony.acd.eligibility import Verdict, verdict
from telephony.acd.router import Decision, decide
from telephony.acd.strategies import STRATEGIES
from telephony.agent import Presence
from telephony.assignment import AssignmentState

unhurried = settings(deadline=None)
NOW = 100.0
QUEUES = ("sales", "support", "returns")
AGENTS = ("ana", "bruno", "carla", "david", "erin")
SECONDS = st.integers(60, 140).map(float)

# Mostly free, or there would be little to decide.
candidates = st.builds(
    Candidate,
    name=st.sampled_from(AGENTS),
    queues=st.frozensets(st.sampled_from(QUEUES), min_size=1),
    presence=st.just("available") | st.sampled_from(Presence),
    trouble=st.sampled_from(["", "", "", "is not registered"]),
    busy_with=st.just("") | st.just("") | st.sampled_from(AssignmentState),
    resting_until=st.just(0.0) | SECONDS,
    idle_since=st.integers(0, 100).map(float),
)
waiters = st.builds(
    Waiting,
    contact_id=st.integers(0, 99).map("c{}".format),
    queue=st.sampled_from(QUEUES),
    sequence=st.integers(1, 1000),
    since=st.integers(0, 100).map(float),
    passed_over=st.dictionaries(st.sampled_from(AGENTS), st.tuples(SECONDS, st.just("refused")), max_size=2),
)
some_agents = st.lists(candidates, unique_by=lambda agent: agent.name)
some_waiting = st.lists(
    waiters, max_size=8, unique_by=(lambda contact: contact.contact_id, lambda contact: contact.sequence)
)
some_rules = st.fixed_dictionaries({queue: st.builds(Rules, st.sampled_from([*STRATEGIES])) for queue in QUEUES})
T = TypeVar("T")
RULES = {queue: Rules("longest_idle") for queue in QUEUES}


def fit(agent: Candidate, contact: Waiting) -> bool:
    return verdict(agent, contact, NOW).fit


def shuffled(things: Sequence[T], chance: Random) -> list[T]:
    return chance.sample(things, len(things))


def picked(decision: Decision) -> dict[str, str]:
    return {pick.contact.contact_id: pick.agent for pick in decision.picks}


@unhurried
@given(some_waiting, some_agents, some_rules)
def test_nobody_is_picked_twice_and_nobody_who_is_not_fit(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules]
) -> None:
    picks = decide(waiting, agents, rules, NOW).picks
    assert len({pick.agent for pick in picks}) == len({pick.contact.contact_id for pick in picks}) == len(picks)
    by_name = {agent.name: agent for agent in agents}
    assert all(fit(by_name[pick.agent], pick.contact) for pick in picks)
    assert all(pick.strategy == rules[pick.contact.queue].strategy for pick in picks)


@unhurried
@given(some_waiting, some_agents, some_rules)
def test_no_fit_agent_is_left_idle_while_a_contact_that_she_may_serve_waits(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules]
) -> None:
    taken = picked(decide(waiting, agents, rules, NOW))
    idle = [agent for agent in agents if agent.name not in taken.values()]
    left = [contact for contact in waiting if contact.contact_id not in taken]
    assert not [pair for pair in product(idle, left) if fit(*pair)]


@unhurried
@given(some_waiting, some_agents, some_rules)
def test_no_older_contact_is_passed_by_a_younger_one_for_an_agent_whom_both_could_take(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules]
) -> None:
    decision = decide(waiting, agents, rules, NOW)
    taken, by_name = picked(decision), {agent.name: agent for agent in agents}
    for pick in decision.picks:
        older = [each for each in waiting if each.sequence < pick.contact.sequence and each.contact_id not in taken]
        assert not [contact for contact in older if fit(by_name[pick.agent], contact)]


@unhurried
@given(some_waiting, some_agents, some_rules, st.randoms())
def test_the_order_in_which_things_are_listed_decides_nothing(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules], chance: Random
) -> None:
    decision = decide(waiting, agents, rules, NOW)
    assert decide(waiting, agents, rules, NOW) == decision
    again = decide(shuffled(waiting, chance), shuffled(agents, chance), rules, NOW)
    assert picked(again) == picked(decision)
    assert again.again_at == decision.again_at


@unhurried
@given(some_waiting, some_agents, some_rules)
def test_every_agent_of_the_queue_is_weighed_with_a_reason(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules]
) -> None:
    taken: set[str] = set()
    for pick in decide(waiting, agents, rules, NOW).picks:
        weighed = dict(pick.considered)
        assert list(weighed) == [agent.name for agent in agents if pick.contact.queue in agent.queues]
        assert all(each.because for each in weighed.values())
        assert weighed[pick.agent].fit
        assert not [name for name in taken if name in weighed and weighed[name].fit]
        taken.add(pick.agent)


@unhurried
@given(some_waiting, some_agents, some_rules)
def test_a_position_is_the_place_among_those_waiting_in_the_same_queue(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules]
) -> None:
    for pick in decide(waiting, agents, rules, NOW).picks:
        queue = sorted(each.sequence for each in waiting if each.queue == pick.contact.queue)
        assert pick.position == queue.index(pick.contact.sequence) + 1


@unhurried
@given(some_waiting, some_agents, some_rules)
def test_another_round_is_due_when_the_first_reason_ends_by_itself(
    waiting: list[Waiting], agents: list[Candidate], rules: dict[str, Rules]
) -> None:
    again = decide(waiting, agents, rules, NOW).again_at
    ends = [verdict(agent, contact, NOW).until for agent, contact in product(agents, waiting)]
    assert again is None or again > NOW
    assert all(again is not None and again <= end for end in ends if end is not None)


def test_an_agent_taken_by_an_older_contact_is_told_as_such() -> None:
    ana, bruno = (Candidate(name, frozenset({"sales"}), "available", "", "", 0.0, 90.0) for name in ("ana", "bruno"))
    first, second = (Waiting(f"c{number}", "sales", number, 95.0) for number in (1, 2))
    picks = decide([second, first], [ana, bruno], RULES, NOW).picks
    assert [(pick.contact, pick.agent, pick.position) for pick in picks] == [(first, "ana", 1), (second, "bruno", 2)]
    assert picks[1].considered == [
        ("ana", Verdict(False, "picked for an older contact in this round")),
        ("bruno", Verdict(True, "free for 10.0 s")),
    ]


def test_the_oldest_is_first_whatever_its_queue() -> None:
    ana = Candidate("ana", frozenset(QUEUES), "available", "", "", 0.0, 0.0)
    waiting = [Waiting("young", "sales", 2, 10.0), Waiting("old", "support", 1, 99.0)]
    assert picked(decide(waiting, [ana], RULES, NOW)) == {"old": "ana"}


def test_an_old_contact_that_nobody_can_take_keeps_no_younger_one_waiting() -> None:
    ana = Candidate("ana", frozenset({"sales"}), "available", "", "", 0.0, 0.0)
    waiting = [Waiting("old", "support", 1, 0.0), Waiting("young", "sales", 2, 50.0)]
    assert picked(decide(waiting, [ana], RULES, NOW)) == {"young": "ana"}

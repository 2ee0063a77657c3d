"""Longest idle: who has been free the longest is offered first; equal ones by name, so that a replay agrees."""

from telephony.acd.candidate import Candidate


def rank(agent: Candidate) -> tuple[float, str]:
    """The earlier she became free, the lower."""
    return (agent.idle_since, agent.name)

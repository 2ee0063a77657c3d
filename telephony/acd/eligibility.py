"""Whether an agent may be offered a contact now, in words that explain it afterwards. Pure."""

from dataclasses import dataclass

from telephony.acd.candidate import Candidate, Waiting


@dataclass(frozen=True, slots=True)
class Verdict:
    """`because` says why or why not; `until` is the monotonic second when a bounded reason ends by itself."""

    fit: bool
    because: str
    until: float | None = None


def free(agent: Candidate, now: float) -> Verdict:
    """Whether she could take anything at all."""
    if agent.presence != "available":
        return Verdict(False, agent.presence)
    if agent.trouble:
        return Verdict(False, f"her phone {agent.trouble}")
    if agent.busy_with:
        return Verdict(False, f"busy: {agent.busy_with.replace('_', '-')}")
    if agent.resting_until > now:
        return Verdict(False, "her phone just failed", agent.resting_until)
    return Verdict(True, f"free for {now - agent.idle_since:.1f} s")


def verdict(agent: Candidate, contact: Waiting, now: float) -> Verdict:
    """Whether she may be offered this contact now."""
    if contact.queue not in agent.queues:
        return Verdict(False, "not in this queue")
    if not (able := free(agent, now)).fit:
        return able
    until, why = contact.passed_over.get(agent.name, (now, ""))
    return Verdict(False, why, until) if until > now else able

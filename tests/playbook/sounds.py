"""What people in a scenario hear, besides prompts, which go by their names, and each other."""

from tests.fakes.asterisk.hearing import MUSIC, RINGING

__all__ = ["MUSIC", "RINGING", "SILENCE"]

SILENCE = "silence"

"""`throughline user`: who may sign in. Users are changed by the controller alone."""

from pathlib import Path

import pytest

from tests.bridge.cli.conftest import Throughline

PASSWORD = "correct horse 42\n"


def test_a_controller_that_does_not_run_is_named(throughline: Throughline) -> None:
    done = throughline("user", "add", "rita", "--role", "supervisor", typed=PASSWORD)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "start it with `throughline run`" in done.stderr


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("Rita Lima",), PASSWORD, "is no username"),
        (("rita",), "short\n", "The password must have 10 to 200 characters"),
        (("rita",), "rita rita rita\n", "The password is too easy to guess"),
        (("rita",), "", "The password must have"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_asked(
    throughline: Throughline, words: tuple[str, ...], typed: str, said: str
) -> None:
    done = throughline("user", "add", *words, typed=typed)
    assert (done.exit_code, said in done.stderr) == (1, True)


def test_a_store_that_is_not_there_has_nobody(throughline: Throughline, home: Path) -> None:
    done = throughline("user", "list")
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr
    assert str(home) in done.stderr

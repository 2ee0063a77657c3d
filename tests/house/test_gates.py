"""The gates that every change passes: lint, format, types, layers."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PYTHON = sys.executable

GATES = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "lint-imports": [str(Path(PYTHON).with_name("lint-imports"))],
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("gate", GATES)
def test_the_gate_is_passed(gate: str) -> None:
    result = subprocess.run(GATES[gate], cwd=PROJECT, capture_output=True, text=True)
    assert result.returncode == 0, f"{gate}:\n{result.stdout}\n{result.stderr}"

# The two commands: `make run` and `make test`. Both install what is missing and can be repeated.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: run test check pages chaos
.DELETE_ON_ERROR:

run: $(VENV)/.run
	@$(BIN)/python -m bridge.web.build || true
	@$(BIN)/throughline run

test: $(VENV)/.dev
	@$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bridge.web.types

# The long proof that no call is lost; `make chaos RESUME=1` goes on where it stopped, MINUTES=30 stops after so long.
KILLS ?= 300
FREEZES ?= 50
ASTERISK ?= 20
DATABASE ?= 10
HISTORIES ?= 5000
MINUTES ?= 1000000

chaos: $(VENV)/.dev
	$(if $(RESUME),,@$(BIN)/python -m tests.bench.histories --count $(HISTORIES))
	@$(BIN)/python -m tests.bench.chaos --kills $(KILLS) --freezes $(FREEZES) --asterisk $(ASTERISK) \
		--database $(DATABASE) --minutes $(MINUTES) $(if $(RESUME),--resume)

# The pages, when their sources have changed; `make run` and the tests do the same.
pages: $(VENV)/.run
	@$(BIN)/python -m bridge.web.build

$(VENV)/bin/python:
	@echo "Making a Python environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Throughline and its libraries ..."
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing what the tests need ..."
	@$(PIP) install -c constraints.txt -e .[dev]
	@touch $@

PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
UV ?= $(or $(shell command -v uv 2>/dev/null),$(wildcard $(BIN)/uv))
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKS := requirements/runtime.txt requirements/notify.txt requirements/otel.txt requirements/local.txt requirements/dev.txt
LOST_HALVES := tests/workflows/test_register_behind.py tests/workflows/test_workflow_lost.py
PYCODE := $(wildcard domain policies workflows activities register connection letters post office console starter bench tests worker.py)

export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help up test test-long test-all test-hours test-thorough test-faults lint format types contracts migrations histories bench pictures lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

up: $(VENV)/.local ## start everything, with demonstration cases on a first run (ARGS= goes to casereview up, such as --ui-port 8300)
	@echo "Loading the service."
	@$(BIN)/casereview up --demo $(ARGS)

test: $(VENV)/.dev ## run the tests (WORKERS=0 runs them in one process, ARGS= goes to pytest)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not long and not thorough" $(ARGS)

test-long: $(VENV)/.dev ## run those that take longer: restarts, replays, races, browsers, papers, figures, every letter of every council
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "long and not thorough" $(ARGS)

test-all: $(VENV)/.dev ## both of these in one go
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not thorough" $(ARGS)

test-hours: $(VENV)/.dev ## those of them that live cases, begun in a night and as the clocks go back, with the machine far from London
	$(call begun,monday 03:15,Pacific/Auckland)
	$(call begun,clocks go back 00:30Z,America/New_York)

define begun
TZ=$(2) CASEREVIEW_TESTS_BEGIN="$(1)" \
  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "temporal and not long and not thorough" $(ARGS)
endef

test-thorough: $(VENV)/.dev ## run those that go over the same ground at length; before a release
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m thorough $(ARGS)

test-faults: $(VENV)/.dev ## kill parts of the service at random in the middle of cases' lives, then take one half away (KILLS=20 for each register, SEED=, REGISTER=)
	$(BIN)/python -m tests.support.clock tests.faults --kills $(or $(KILLS),20) $(if $(SEED),--seed $(SEED)) $(if $(REGISTER),--register $(REGISTER))
	$(BIN)/python -m pytest -q -n 0 $(LOST_HALVES)

lint: $(VENV)/.dev ## ruff: rules and format
	$(BIN)/ruff check $(PYCODE)
	$(BIN)/ruff format --check $(PYCODE)

format: $(VENV)/.dev ## write the code in ruff's format
	$(BIN)/ruff check --fix $(PYCODE)
	$(BIN)/ruff format $(PYCODE)

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/.dev ## hold the layers: which package may import which
	$(BIN)/lint-imports

migrations: $(VENV)/.dev ## hold the migrations against the tables on a fresh SQLite
	$(BIN)/python -m register check

histories: $(VENV)/.dev ## live the cases that stand for this release, once; every later release must replay them
	$(BIN)/python -m tests.support.clock tests.histories

bench: $(VENV)/.dev ## run every measurement in bench/
	@set -e; for path in bench/[a-z]*.py; do \
	  name=$$(basename $$path .py); printf '\n== %s\n' "$$name"; $(BIN)/python -m "bench.$$name"; \
	done

pictures: $(VENV)/.dev ## make the console's pictures in docs/images anew (needs Chromium)
	$(BIN)/python -m tests.console.pictures

lock: ## write requirements/*.txt anew from pyproject.toml (needs uv; UPGRADE=--upgrade also moves indirect ones)
	@test -n "$(UV)" || { echo "make lock needs uv: install it with '$(PYTHON) -m pip install uv', or name it with UV=PATH." >&2; exit 2; }
	@$(call compile,installer,--group installer)
	@$(call compile,dev,pyproject.toml --extra dev)
	@$(call compile,local,pyproject.toml --extra local --constraint requirements/dev.txt)
	@$(call compile,notify,pyproject.toml --extra notify --constraint requirements/dev.txt)
	@$(call compile,otel,pyproject.toml --extra otel --constraint requirements/dev.txt)
	@$(call compile,runtime,pyproject.toml --constraint requirements/dev.txt)

define compile
echo "requirements/$(1).txt"; "$(UV)" pip compile $(2) --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet $(UPGRADE) -o requirements/$(1).txt
endef

clean: ## remove the virtual environment and every cache; the cases of `make up` stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c '' 2>/dev/null || { echo "No Python found as '$(PYTHON)': install Python 3.11 or newer, or name it with make PYTHON=PATH." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version 2>&1) is too old: install Python 3.11 or newer, or name it with make PYTHON=PATH." >&2; exit 2; }
	@echo "Making a virtual environment in $(VENV), once."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: install its venv module (python3-venv on Debian)." >&2; exit 2; }

$(VENV)/.local: requirements/local.txt pyproject.toml | $(BIN)/python
	@$(call install,local)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@$(call install,dev)

define install
echo "Installing the $$(grep -c == requirements/$(1).txt) packages of requirements/$(1).txt into $(VENV), once: a minute or so."; \
uv="$(UV)"; \
if [ -z "$$uv" ] && $(PIP) --require-hashes -r requirements/installer.txt 2>/dev/null; then uv=$(BIN)/uv; fi; \
if [ -z "$$uv" ] || ! "$$uv" pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$(1).txt 2>/dev/null; then \
  $(PIP) --require-hashes -r requirements/$(1).txt; \
fi && $(PIP) --no-deps --no-build-isolation -e . && touch $@
endef

# The commands of this repository. Each one first sees to it that .venv/ is there and up to date.
#
#   PYTHON=python3.12 make test                    another Python (an environment of a different one is made anew)
#   VENV=.venv-3.13 PYTHON=python3.13 make test    ... beside the first
#   make test TESTS=tests/unit ARGS="-k calendar"  part of the tests

VENV ?= .venv
TESTS ?=
ARGS ?=
JOBS ?= auto
PROCEDURE ?=
export VENV

BIN := $(VENV)/bin
ROOMS := engine adapters plugins workflows

.DEFAULT_GOAL := help
.PHONY: help env demo test check mutants disclosure rush bench fmt docs lock clean

help: ## say what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## set up .venv/ with the locked packages and this checkout
	@scripts/bootstrap

demo: env ## carry one company from the bank's desk to `closed`, over year-end
	@$(BIN)/toritsugi demo

test: env ## run all tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS) $(TESTS)

check: env ## formatting, lint, strict types, who may import whom, purity
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(ROOMS)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/contract/test_house.py

mutants: env ## change the procedures in one place after another: do the specs notice? (JOBS=2; PROCEDURE=id)
	@$(BIN)/toritsugi spec specs --mutate --jobs $(if $(filter auto,$(JOBS)),1,$(JOBS)) $(addprefix --procedure ,$(PROCEDURE))

disclosure: env ## search for leaks for longer than the tests do (SEED=4; STEPS=3000; RUNS=3 seeds; FAULTS=1: find the planted ones)
	@PYTHONPATH=tests:. $(BIN)/python -m disclosure --seed $(or $(SEED),4) --steps $(or $(STEPS),3000) $(if $(RUNS),--runs $(RUNS)) $(if $(FAULTS),--faults)

rush: env ## two institutions post on one frame at once, for longer than the tests do (ROUNDS=20)
	@TORITSUGI_RUSH=$(or $(ROUNDS),20) $(BIN)/python -m pytest -q -n 1 -rP tests/tokyo/test_two_institutions_at_once.py

bench: env ## measure against the limits (QUICK=1: under a minute; last line JSON)
	@$(BIN)/python -m bench

fmt: env ## format the code, and mend what lint can mend
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

docs: env ## write anew what the documentation shows of the program (tables, terminals, pictures)
	@$(BIN)/python scripts/language.py
	@$(BIN)/python scripts/pages.py docs/new-procedure.ja.md docs/new-institution.ja.md
	@$(BIN)/python scripts/pictures.py

lock: env ## pin the packages anew after a change in pyproject.toml (UPGRADE=1: take the newest)
	@scripts/lock

clean: ## remove the environment and everything that was generated
	@rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

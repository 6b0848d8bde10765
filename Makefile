# keyledger. `make` alone lists the targets, each with the text that stands beside it here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The one tool that is not in requirements.lock, because it is what reads it; the same in Dockerfile.
UV_VERSION := 0.13.9
UV := $(BIN)/uv
# Handed on to the program a target runs: make demo ARGS="--port 9000 --log store".
ARGS ?=
# How many processes run the tests; each starts a PostgreSQL and, where asked for, a Kafka of its own.
WORKERS ?= 2
# The worked examples that make golden runs.
CASES ?= ../shared/golden/cases.yaml
# The data set that make demo begins with, where there is one; else it begins with a made-up year.
HISTORY ?= $(wildcard ../shared/data/crm-sales-opportunities)

.DEFAULT_GOAL := help
.PHONY: help setup lock format lint types check test golden bench demo kafka verify schemas up down

help:
	@echo "keyledger: an event-sourced ledger. Needs Python 3.11 or newer and make; brings the rest."
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Once

setup: $(READY) ## make .venv with everything requirements.lock names (at once when nothing changed)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "keyledger needs Python 3.11 or newer; say which: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --no-deps --python $(BIN)/python --editable .
	@touch $@

lock: $(READY) ## write requirements.lock anew from pyproject.toml
	$(UV) pip compile pyproject.toml --quiet --group dev --universal --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements.lock

##@ While working

format: $(READY) ## write every file as the formatter wants it
	$(BIN)/ruff format .

lint: $(READY) ## formatting and lint, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY) ## mypy --strict on everything, tests included
	$(BIN)/mypy --strict .

check: lint types ## lint, types and the pure tests: under a minute
	$(BIN)/pytest -m "not postgres and not kafka and not slow" $(ARGS)

test: $(READY) ## every test, on a real PostgreSQL and a real Kafka that the run starts itself
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadscope $(ARGS)

golden: $(READY) ## run the worked examples of CASES=FILE, a line a case
	$(BIN)/python -m tests.golden $(CASES) $(ARGS)

bench: $(READY) ## measure; each figure is a ratio against a baseline of the same run
	$(BIN)/python -m benchmarks $(ARGS)

schemas: $(READY) ## write the JSON Schemas, the AsyncAPI document and the shapes of projections anew
	$(BIN)/python -m events.schemas
	$(BIN)/python -m tests.projections.shapes

##@ Running it here

demo: $(READY) ## the whole of it with a year of business; Ctrl-C stops it, the data stay in .keyledger/
	@$(BIN)/keyledger demo $(if $(HISTORY),--history $(HISTORY)) $(ARGS)

kafka: $(READY) ## start a one-node Kafka on this machine and leave it running
	@$(BIN)/keyledger kafka start $(ARGS)

verify: $(READY) ## compare the store, the log and the read models with each other
	@$(BIN)/keyledger verify $(ARGS)

##@ Running it in containers

up: ## start PostgreSQL, Kafka and keyledger with docker compose, and wait until they are healthy
	docker compose up --build --detach --wait

down: ## stop them again; the volumes stay
	docker compose down

# Two commands matter: `make run` and `make test`. The others are their parts, or for now and then.
.DEFAULT_GOAL := run
.PHONY: run test venv lint arrows types tests browser rules bench audit lock test-services port

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

run: port $(VENV)/.run # one whole roundtrip in the terminal, then the demo in the browser
	@$(BIN)/punchout try
	@PUNCHOUT_LOOPBACK=1 $(BIN)/punchout demo
	@PUNCHOUT_LOOPBACK=1 $(BIN)/punchout serve --bind 127.0.0.1:$(PORT)

test: lint types tests # everything that must pass

venv: $(VENV)/.test # only the virtual environment, for running and testing

lint: venv arrows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

arrows: venv
	$(BIN)/lint-imports

types: venv
	$(BIN)/mypy

tests: venv
	$(PYTEST) --rules-to=var/rules.json

browser: venv
	$(PYTEST) tests/browser

rules: tests # which rule is proved by which tests; fails when one that is due has none
	$(BIN)/python -m tests.rules var/rules.json

bench: venv # measures; JSON under var/bench/
	$(BIN)/python -m benchmarks

audit: $(VENV)/.run # known holes, licences, bill of materials; needs the network
	@sh tools/audit.sh $(BIN)/python

lock: # pins every dependency anew; needs the network
	@python=$$(sh tools/find-python.sh) && sh tools/lock.sh "$$python"

test-services: # the browser and PostgreSQL for the tests (Debian, as root)
	@sh tools/test-services.sh

port: $(BIN)/python
	@$(BIN)/python tools/check_port.py $(PORT)

$(BIN)/python:
	@python=$$(sh tools/find-python.sh) && { $$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }

$(VENV)/.run: requirements/run.txt setup.cfg pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements/run.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(PIP_INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

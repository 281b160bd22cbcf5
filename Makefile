# Kalm: every command a developer needs. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eo pipefail -c
PYTHON := .venv/bin/python
export PYTHONWARNINGS := ignore
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup run demo train chat check test test-element test-tools test-unit test-long evaluate calibrate benchmark audit lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 14

setup: ## make .venv, install the locked dependencies, build the chat element
	@scripts/setup.sh

run: ## install, check, train where needed, and start Kalm; Ctrl-C stops all
	@scripts/setup.sh --with-dutch-model
	@exec $(PYTHON) -m kalm run

demo: ## the same with a made-up team and made-up conversations, to try the review screens
	@scripts/setup.sh --with-dutch-model
	@exec $(PYTHON) -m kalm demo

train: setup ## train the language model and build the search index, where needed
	@$(PYTHON) -m kalm train

chat: setup ## talk to the running Kalm in the terminal
	@$(PYTHON) -m kalm chat

check: setup ## lint, types, who imports whom, articles, Rasa's own data check
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-cache
	@scripts/chat_element.sh check
	@$(PYTHON) -m kalm check
	@$(PYTHON) -m rasa data validate --data data/nlu data/rules --domain domain --fail-on-warnings 2>&1 | tail -3

test: train ## everything: check, unit tests, tests on PostgreSQL, end-to-end tests, tests in a browser
	@# What uses one core, or waits for the network, goes side by side.
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check test-element test-tools
	@$(PYTHON) -m pytest -m "not slow and not e2e" -n 2
	@$(PYTHON) -m pytest -m "e2e and not slow" -n 2 --dist loadfile --durations 15

test-element: setup
	@scripts/chat_element.sh test

test-tools: setup
	@scripts/debian_packages.sh
	@scripts/contract_environment.sh

test-unit: train ## the quick tests only
	@$(PYTHON) -m pytest -m "not slow and not e2e and not database" -n 2

test-long: train ## the tests that take over a minute each
	@$(PYTHON) -m pytest -m slow --durations 15

evaluate: train ## measure on the development set; writes var/evaluation.html
	@$(PYTHON) -m kalm evaluate

calibrate: train ## fit when the search is sure, on the development set; after it: make evaluate
	@$(PYTHON) -m kalm calibrate

benchmark: setup ## measure Kalm beside stock Rasa and floors (under half an hour); prints tables
	@$(PYTHON) -m benchmarks.side_by_side

audit: setup ## look up known holes in the dependencies; tells new ones from those in docs/dependencies.md
	@scripts/audit.sh

lock: ## renew the lock files of Python
	@python3 -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	@.venv-lock/bin/uv pip compile pyproject.toml --extra dev --python-version 3.10 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock
	@.venv-lock/bin/uv pip compile tests/contract/requirements.in --python-version 3.10 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet -o tests/contract/requirements.lock

clean: ## remove what was made here, trained models and runtime data included
	rm -rf .venv .venv-audit .venv-lock .venv-contract widget/node_modules widget/dist var .rasa models/kalm-* models/index-* models/release.json models/train.lock

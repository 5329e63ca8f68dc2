# Needs python3 (3.11 or later) and make. Everything else is installed into .venv.

PYTHON := .venv/bin/python
# Two workers: what the smallest machine we build on has. Override: make test WORKERS=8
WORKERS ?= 2
# What to test: make test TESTS=tests/test_house.py
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help install install-dev browser lock run test check shots bench soak

help:  ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

install:  ## make .venv from requirements.lock; nothing when it is up to date
	@python3 tools/install.py

install-dev:  ## the same, with what tests and checks need
	@python3 tools/install.py --dev

browser: install-dev
	@$(PYTHON) -m tools.browser

lock:  ## write both lock files anew from pyproject.toml (needs uv)
	@python3 tools/lock.py

run: install  ## serve the dashboard on this machine, an empty store filled with the demo
	@$(PYTHON) -m kpi serve --demo

test: install-dev browser  ## run all tests
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadscope $(TESTS)

check: install-dev browser  ## lint, types, translations, generated docs and tests
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadscope $(TESTS)

shots: install-dev browser  ## a picture of every page, into shots/
	@$(PYTHON) -m tools.script tests.browser.shots "There is no script yet that takes pictures of the pages."

bench: install-dev  ## time loading a million rows, the questions the pages ask, and fifty screens
	@$(PYTHON) -m tools.script bench "There is no benchmark yet."
	@$(PYTHON) -m tools.script bench.walls "There is no benchmark of screens yet."

soak: install-dev browser  ## let walls run for a simulated week, and report in docs/soak.md
	@$(PYTHON) -m tools.script tests.soak "There is no endurance test yet." --report docs/soak.md

# One front door. `make` lists what there is; every target sets up what it needs first (scripts/bootstrap.sh).

# Chosen on the command line: make test ARGS="tests/test_registry.py -k owner", make up PORT=8081, make lock UPGRADE=1
ARGS ?=
PORT ?= 8080
UPGRADE ?=

BIN := .venv/bin
TYPED := chapterwatch connectors checks desk docs_build reports sample quality
# What `make up` looks at unless the environment says otherwise: the demo's network and archive.
DEMO := CHAPTERWATCH_HOME="$${CHAPTERWATCH_HOME:-$(CURDIR)/.demo}" \
	CHAPTERWATCH_REGISTRY="$${CHAPTERWATCH_REGISTRY:-$(CURDIR)/sample/registry.yml}" \
	CHAPTERWATCH_MAIL="$${CHAPTERWATCH_MAIL:-maildir:$(CURDIR)/.demo/mail}"

GRAPH_FIELDS := $(foreach file,base instagram,tests/connectors/test_$(file).py::test_graph_knows_the_fields_asked_for)

.PHONY: help setup demo test test-production contract check fix model quality docs up down lock dist
.NOTPARALLEL:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | sed 's/@/\t/' | expand -t 20

setup: ## system libraries, .venv from the lock, Chapterwatch itself; nothing when it stands already
	@bash scripts/bootstrap.sh

demo: setup ## four nights and a month end over the sample network; says where reports, mails and findings are
	@$(BIN)/python -m sample.demo $(ARGS)

# One more than there are cores: a fifth of the time a worker only waits, for a server, a mail or a limit to be over.
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN | awk '{ print $$1 < 4 ? $$1 + 1 : 4 }')

# One file stays on one worker, so that what a file sets up once (Airflow's database) is set up once; in the order of
# tests/conftest.py, the longest first.
test: setup ## every test
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

# CHAPTERWATCH_PRODUCTION=<prefix> names an environment deploy/install.sh has made already.
test-production: setup ## nights and a month on PostgreSQL, Redis and two Celery workers, which get killed while they work
	@bash scripts/production_servers.sh
	@[ -n "$$CHAPTERWATCH_PRODUCTION" ] || bash deploy/install.sh .venv-production
	@$(BIN)/pytest production -s $(ARGS)

# Meta's SDK has to be on the path for the two of tests/, so they are named beside the folder.
contract: setup ## connectors against servers nobody here wrote: MediaWiki, prism, a PDS, Meta's SDK; fetches them first
	@bash scripts/contract_servers.sh
	@$(BIN)/pytest contract $(GRAPH_FIELDS) $(ARGS)

check: setup ## lint, format, types, imports and every test; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict $(TYPED:%=-p %)
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

fix: setup ## format, and mend what the linter can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

model: setup ## train the models that come along; CHAPTERWATCH_DATA=<folder of the sets>, see training/README.md
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-model.txt
	@$(BIN)/python training/train.py $(ARGS)
	@$(BIN)/python training/figures.py

quality: setup ## measure every rule, write docs/quality.md and each pack's quality.yml; CHAPTERWATCH_DATA=<folder of the sets>
	@$(BIN)/python -m quality

# mkdocs-material warns of MkDocs 2, which nothing here uses.
docs: setup ## the site of docs/ into site/, its made pages written anew first; strict: a dead link fails
	@$(BIN)/python -m docs_build
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "site/index.html"

up: setup ## Airflow with its UI on http://127.0.0.1:8080 (PORT=...); prints the logins
	@$(DEMO) $(BIN)/python -m chapterwatch.launcher up --port $(PORT)

down: setup ## stop it
	@$(BIN)/python -m chapterwatch.launcher down

lock: setup ## resolve pyproject.toml into the locks (UPGRADE=1 for newer versions)
	@UPGRADE=$(UPGRADE) bash scripts/lock.sh

dist: setup ## a release of the last commit into dist/: wheel, sdist, constraints, sums; tried beside a fresh Airflow
	@$(BIN)/python scripts/dist.py $(ARGS)

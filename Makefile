# LeadHub's commands. `make run` and `make test` need nothing but Python 3.11 and make.
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-full lint lint-style lint-types lint-templates lint-django format bench pictures prove ci lock clean

# Some machines forbid it; then each of the processes below would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := $(PY) -m uv pip compile --quiet --universal --upgrade --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock'
# What production's settings ask for, so that they can be checked here; no server is asked anything.
AS_PRODUCTION := env LEADHUB_MODE=production ALLOWED_HOSTS=leadhub.example BASE_URL=https://leadhub.example \
	SECRET_KEY=a-key-that-only-this-check-uses-0123456789-abcdefghijklmnopqrstuvwxyz \
	DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost:6379/0

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: setup ## start LeadHub: http://127.0.0.1:8000 (PORT=…), with a sample company on first start (SAMPLE=0: none)
	@exec $(PY) -m leadhub.local up

setup: .venv/.local ## packages and front end only; what is up to date is skipped
	@$(PY) -m leadhub.local frontend

setup-dev: .venv/.dev
	@$(PY) -m leadhub.local frontend

test: setup-dev ## the whole suite, on a real PostgreSQL, Valkey, Celery worker and Chromium (ARGS="-k claim" for a part)
	@$(PY) -m leadhub.local browser
	@$(PY) -m pytest -n logical --maxprocesses 4 --dist worksteal $(ARGS)

test-full: setup-dev ## the same with at least 500 examples for every property and whole products: an hour or so
	@$(PY) -m leadhub.local browser
	@$(PY) -m pytest -n logical --maxprocesses 4 --dist worksteal --hypothesis-profile=full --timeout=1800 $(ARGS)

lint: setup-dev ## style, types, templates, migrations, production's settings
	@$(MAKE) --no-print-directory --keep-going lint-style lint-types lint-templates lint-django

lint-style:
	$(PY) -m ruff check
	$(PY) -m ruff format --check

lint-types:
	@echo "mypy" && $(AS_PRODUCTION) $(PY) -m mypy .

lint-templates:
	$(PY) -m djlint --lint --quiet templates
	@echo "djade" && find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2 --check

lint-django:
	$(PY) manage.py makemigrations --check --dry-run
	@echo "check --deploy" && $(AS_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

format: setup-dev ## put code and templates into the one form that `make lint` asks for
	$(PY) -m ruff check --fix-only --exit-zero
	$(PY) -m ruff format
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2 || true

bench: setup-dev ## speed, as ratios measured in one run (LEADS=1000000 for a million: half an hour)
	@$(PY) manage.py bench --leads $(or $(LEADS),100000) $(ARGS)

prove: setup-dev ## kill every process at every moment and see that nothing is lost (TIER=smoke|fast|full, ONLY=handoff|claims|nurture)
	@$(PY) -m leadhub.prove --tier $(or $(TIER),fast) $(if $(ONLY),--only $(ONLY)) $(ARGS)

pictures: setup-dev ## take the pictures of the user guide anew, of a LeadHub that starts for it with the sample company
	@$(PY) -m leadhub.local browser
	@$(PY) -m leadhub.local.pictures

ci: ## linters, the whole suite, and then the fast proof of delivery (some 20 minutes)
	@.ci/run
	@$(MAKE) --no-print-directory prove TIER=fast

lock: .venv/.dev ## newest versions that requirements*.in allow, with hashes
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-local.in --constraint requirements.txt --output-file requirements-local.txt
	$(COMPILE) requirements-dev.in --constraint requirements-local.txt --output-file requirements-dev.txt
	$(COMPILE) requirements-node.in --output-file requirements-node.txt

clean: ## remove what set-up made; data in .local stays
	rm -rf .venv node_modules static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results

.venv/bin/python:
	@.ci/venv

# A developer's set contains the local one.
.venv/.local: requirements-local.txt | .venv/bin/python
	@if [ ! -e .venv/.dev ] || [ requirements-dev.txt -nt .venv/.dev ]; then \
		echo "Installing LeadHub's packages."; $(INSTALL) -r requirements-local.txt; fi
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing LeadHub's packages and the developer's tools."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

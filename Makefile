# Two commands: `make run` starts the assistant, `make test` runs every test. Both set up all they need.
.DEFAULT_GOAL := help
.PHONY: help run test lint types contracts check train lock bench weigh clean

PY := .venv/bin/python

help: ## Show these commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: .venv/.ready ## Set up, train if needed, start the assistant and print its address
	@$(PY) -m bot serve

test: .venv/.ready-dev ## Set up and run every test
	@$(PY) -m bot train
	@CHROMIUM="$$(scripts/find-browser)" $(PY) -m pytest -n 2 --dist loadgroup

lint: .venv/.ready-dev ## Style (ruff)
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

types: .venv/.ready-dev ## Types (mypy; the page's too where Node is at hand)
	@$(PY) -m mypy && scripts/check-web

contracts: .venv/.ready-dev ## Which part may import which (import-linter)
	@.venv/bin/lint-imports

check: lint types contracts test ## Everything that CI checks

train: .venv/.ready ## Train the model if none fits the data
	@$(PY) -m bot train

bench: .venv/.ready-dev ## Measure a turn, start-up, memory and training beside Rasa's starter bot
	@$(PY) -m benchmarks.turn

weigh: .venv/.ready-dev ## Measure how heavy the page is and how soon its first message is there
	@CHROMIUM="$$(scripts/find-browser)" $(PY) -m benchmarks.page

lock: .bootstrap/bin/uv ## Pin the dependencies anew
	@scripts/lock

clean: ## Remove the environment, the models and the caches (never the records)
	@rm -rf .venv .bootstrap models .rasa .mypy_cache .ruff_cache .pytest_cache

.bootstrap/bin/uv: requirements-bootstrap.lock
	@scripts/bootstrap

.venv/.ready: requirements.lock .bootstrap/bin/uv
	@scripts/install requirements.lock && touch $@

.venv/.ready-dev: requirements-dev.lock .bootstrap/bin/uv
	@scripts/install requirements-dev.lock && touch .venv/.ready $@

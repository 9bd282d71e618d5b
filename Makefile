# Each target does its own set-up: python >= 3.11, make and the package registry are enough.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: help demo serve test soak bench check fix clean
help:
	@echo "make demo   示例县青溪乡的账走八步：登记、处置、追溯、核验；旁边是只读的真实登记表"
	@echo "make serve  示例县青溪乡的账，在浏览器里看：先做 make demo"
	@echo "make test   run the tests"
	@echo "make check  formatting, lint, types"
	@echo "make bench  measure, as ratios in one run; writes benchmarks/latest.json"
	@echo "make soak   the long runs: 2,000 random commands, 50 kills"

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(VENV)/ready
	@$(RUN)/bangfu demo --data demo-ledger --fresh

serve: $(VENV)/ready
	@test -e demo-ledger/ledger.db || $(MAKE) --no-print-directory demo
	@$(RUN)/bangfu serve --data demo-ledger $(ARGS)

test: $(VENV)/ready
	$(RUN)/python -m pytest -n auto -m "not soak" $(ARGS)

soak: $(VENV)/ready
	$(RUN)/python -m pytest -n auto -m soak -rP $(ARGS)

bench: $(VENV)/ready
	$(RUN)/python -m benchmarks

check: $(VENV)/ready
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy

fix: $(VENV)/ready
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

clean:
	rm -rf $(VENV) demo-ledger demo-ledger-* demo-ledger.trust demo-keys demo-books demo-export build dist

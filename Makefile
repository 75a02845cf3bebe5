# Every target works from a fresh clone: it makes the virtual environment itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= auto

.PHONY: demo test check truth format clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

demo: $(STAMP)  ## simulate the showcase and write its figures to out/
	$(BIN)/excitable demo --out out

test: $(STAMP)  ## run every test and doctest
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses=4

check: $(STAMP)  ## format, lint, strict types, layers, sizes, docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_sizes.py tests/test_docstrings.py tests/test_imports.py

truth: $(STAMP)  ## run the reference suite and the library, and write docs/truth.md with the published benchmarks
	$(BIN)/python benchmarks/truth.py

format: $(STAMP)  ## rewrite the files in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) out build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis

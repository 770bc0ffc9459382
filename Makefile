# Every target does its own set-up; run `make` to see what there is.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check chaos bench bench-pdf bench-readers bench-imaging bench-reading tools slow samples lock clean
SHELL := /bin/bash
PY := .venv/bin/python
# OpenMP threads fight for the cores when pages already run in parallel (docs/benchmarks.md).
export OMP_THREAD_LIMIT := 1

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Install the system packages and .venv (safe to repeat, offline when complete)
	@docker/install.sh

demo: setup ## Run the main job on the samples, on embedded servers
	@$(PY) -m workers.demo

test: setup ## Run the tests (real Valkey, real S3 server)
	@$(PY) -m pytest -q -m "not verapdf and not minio and not slow"

slow: setup tools ## Run the slower suites: veraPDF, a real MinIO, whole-system faults
	@PATH="$(CURDIR)/.tools/bin:$$PATH" $(PY) -m pytest -q -m "verapdf or minio or slow"

check: setup ## Format, lint, types and import contracts
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

tools: ## Install veraPDF and MinIO into .tools/, for tests and benchmarks only
	@bench/tools.sh

chaos: setup tools ## Force 1,000 faults on 500 documents and prove that nothing is lost (half an hour)
	@$(PY) -m bench.chaos

bench: setup ## Compare with OCRmyPDF side by side; hostile files; memory; the drop folder (FULL=1: the long forms)
	@$(PY) -m bench.compare
	@$(PY) -m bench.robustness $(if $(FULL),--full)
	@$(PY) -m bench.memory $(if $(FULL),--full)
	@$(PY) -m bench.inbox

bench-pdf: setup ## Size and likeness of the archive PDF beside OCRmyPDF and archive-pdf-tools
	@$(PY) -m bench.pdf

bench-readers: setup ## Text and boxes of the text layer in poppler, pdfium, pdf.js and PDFBox, beside OCRmyPDF
	@$(PY) -m bench.readers $(if $(FULL),--full)

bench-imaging: setup ## Skew beside deskew, jdeskew and Tesseract; clean-up step by step; turns; the ticket (FULL=1: all pages)
	@$(PY) -m bench.imaging $(if $(FULL),--full)
	@$(PY) -m bench.ink
	@$(PY) -m bench.orientation
	@$(PY) -m bench.quality

bench-reading: setup ## Reading in each profile beside Tesseract and OCRmyPDF; figures that a pen wrote
	@bench/peers.sh
	@$(PY) -m bench.recognition
	@$(PY) -m bench.digits

samples: setup ## Draw samples/ again
	@$(PY) samples/make_samples.py

lock: ## Resolve the dependencies again into docker/requirements*.txt
	@$(PY) -m pip install -q uv
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-package opencv-python-headless \
	  --no-annotate -o docker/requirements.txt pyproject.toml docker/build-requirements.in
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-package opencv-python-headless \
	  --no-annotate --extra dev -o docker/requirements-dev.txt pyproject.toml docker/build-requirements.in

clean: ## Remove what the targets made, the samples and .tools excepted
	rm -rf .venv demo-run .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

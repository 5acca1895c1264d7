# Two commands on a fresh machine: `make explore` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: explore test test-slow lint docs site release bench editor clean system

explore: $(VENV)/installed        ## the site of the cases: builds the graph, serves it, prints the address
	@$(BIN)/gpsa serve

test: $(VENV)/installed-test system tests/node_modules/installed editor lint  ## every test but the slow ones
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-slow: $(VENV)/installed-spark system tests/node_modules/installed editor  ## the rest
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/installed-test      ## the generated pages
	for script in docs/make_*.py; do $(BIN)/python $$script || exit 1; done

site: $(VENV)/installed-test      ## the documentation as a site, in build/site
	$(BIN)/python docs/site/assemble.py -o build/site

release: $(VENV)/installed-test   ## packages, data, SBOM, notices and checksums in dist; tried on each Python of PYTHONS
	$(BIN)/python .ci/release.py -o dist $(if $(PYTHONS),--pythons "$(PYTHONS)")

bench: $(VENV)/installed-test     ## ratios, side by side in one run
	for script in $(filter-out benchmarks/bench_scale.py benchmarks/bench_remote.py,$(wildcard benchmarks/bench_*.py)); do $(BIN)/python $$script || exit 1; done
	mkdir -p build && rm -f build/scale.jsonl
	$(BIN)/python benchmarks/bench_scale.py --sizes 124,1000,10000 --out build/scale.jsonl
	$(BIN)/python benchmarks/report.py build/scale.jsonl

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "gpsa-graph needs Python 3.11 or newer; name one with PYTHON=..."; exit 1; }
	@echo "Installing into $(VENV); this takes a minute or two, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -e '.[serve]'
	@touch $@

$(VENV)/installed-test: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -e '.[test,bench]'
	touch $@

# Spark is large, so it comes with the tests that need it.
$(VENV)/installed-spark: pyproject.toml $(VENV)/installed-test
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -e '.[spark]'
	touch $@

editor: system                    ## the query editor of the site, bundled from npm; never committed
	$(PYTHON) hatch_build.py

# Programs of others that the tests ask our files and pages with.
tests/node_modules/installed: tests/package.json | system
	cd tests && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent
	touch $@

# What the tests need beside Python: a browser, Node.js, a Java runtime (17 or newer) and, for the slow ones, a Virtuoso. Installed with apt as root; named otherwise.
system:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v chromedriver >/dev/null || missing="$$missing chromium-driver"; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	command -v java >/dev/null || missing="$$missing default-jre-headless"; \
	command -v virtuoso-t >/dev/null || missing="$$missing virtuoso-opensource"; \
	fc-list 2>/dev/null | grep -qi "NotoSans-Regular" || missing="$$missing fonts-noto-core fontconfig"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-writer-nogui"; \
	command -v pdftoppm >/dev/null || missing="$$missing poppler-utils"; \
	[ -z "$$missing" ] && exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "the tests need these Debian packages:$$missing (apt-get install$$missing)"; exit 1; fi

clean:
	rm -rf $(VENV) build dist out tests/node_modules gpsa_graph/serve/static/editor.* gpsa_graph/serve/editor/node_modules .pytest_cache .mypy_cache .ruff_cache

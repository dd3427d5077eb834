# Thin: every step is a command of its own in tools/ or of `shophub`. Start with `make run` or `make test`.

# The first complete Python 3.11 or newer; set PYTHON to choose.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3 /usr/bin/python3; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v "$$python"; break; }; done)
PY := .venv/bin/python

.PHONY: run setup dev-setup test check audit dev migrate seed bench lighthouse pictures protections clean lock

run: setup ## install, start the database, migrate, load the demo store, build, serve
	@exec $(PY) -m shophub serve

setup: python-found
	@$(PYTHON) -m tools.environment
	@$(PY) -m tools.packages npm

dev-setup: python-found
	@$(PYTHON) -m tools.environment --dev
	@$(PY) -m tools.packages npm

test: dev-setup ## everything, browser included
	@$(PY) -m tools.check --pages
	@$(PY) -m tools.test

check: dev-setup ## formatting, lint, types, weaknesses, import contracts, our own rules
	@$(PY) -m tools.check

audit: dev-setup ## known weaknesses of the pinned packages (asks the package index)
	@$(PY) -m pip_audit --strict --disable-pip --requirement requirements.txt --requirement requirements-dev.txt

dev: dev-setup ## the shop, compiled and started again whenever a source changes
	@exec $(PY) -m shophub dev

migrate: setup
	@$(PY) -m shophub migrate

seed: setup
	@$(PY) -m shophub seed

bench: dev-setup
	@$(PY) -m benchmarks

lighthouse: dev-setup ## mark the demo store's pages as Lighthouse's phone sees them; URL=… for a shop that runs already
	@$(PY) -m tools.lighthouse $(if $(URL),--url $(URL))

pictures: dev-setup ## take the pictures of docs/merchant-guide.md; URL=… where the demo store runs, if not on port 3000
	@$(PY) -m tools.pictures $(if $(URL),--url $(URL))

protections: dev-setup ## take each protection of money and stock away and see its test fail (takes long)
	@$(PY) -m tools.protections

lock: dev-setup ## pin the packages of requirements*.in and tools/npm*/package.json anew
	@$(PY) -m tools.lock

clean: ## remove what was installed and built; the data in .data stay
	@rm -rf .venv .web .states .cache assets/fonts assets/demo assets/external .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis test-results

.PHONY: python-found
python-found:
	@test -n "$(PYTHON)" || { echo "ShopHub needs Python 3.11 or newer with venv (Debian: apt install python3-venv)."; exit 1; }

# Everything a newcomer needs; `make` alone installs. Each target installs first, which takes no time when nothing changed.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.PHONY: install lock

# The first interpreter that is new enough; `make PYTHON=python3.13 install` chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
LOCK := requirements-dev.lock
STAMP := .venv/installed

install:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found. Name one: make PYTHON=/path/to/python3 install" >&2; exit 1; }
	@wanted="$$(cat $(LOCK) pyproject.toml | cksum) in $$PWD"
	if [ "$$(cat $(STAMP) 2>/dev/null)" = "$$wanted" ]; then exit 0; fi
	rm -f $(STAMP)
	$(PYTHON) -m venv --clear .venv || { echo "No virtual environment could be made; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	echo "Installing into .venv ..."
	if .venv/bin/python -m pip install --quiet --require-hashes -r <(sed -n '/^uv==/,/[^\\]$$/p' $(LOCK)); then
		.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r $(LOCK)
		.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	else
		echo "uv could not be installed; going on with pip, which is slower" >&2
		.venv/bin/python -m pip install --quiet --require-hashes -r $(LOCK)
		.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	fi
	echo "$$wanted" > $(STAMP)
	echo "Installed."

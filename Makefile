# Everything a newcomer needs: `make run` shows the product, `make test` proves it. All targets install first.
.PHONY: install run reset check test

# Made from pyproject.toml, after a change of its dependencies again, by
#   .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
#       pyproject.toml -o requirements.lock
# and with `--extra embedded --group dev -c requirements.lock -o requirements-dev.lock`.
install: ## .venv with invoice-portal and the development tools
	@PYTHON="$(PYTHON)" .ci/install

run: install ## the whole product with two make-believe stores; Ctrl-C stops it, the data stays
	@.venv/bin/invoice-portal demo

reset: install ## forget the data of `make run`
	@.venv/bin/invoice-portal demo --reset

check: install ## format, lint, types, import contracts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

test: install ## the gate: units, contracts, stories
	.venv/bin/pytest -n 2 --dist worksteal --durations=10

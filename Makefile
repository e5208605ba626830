# make chat     ask in the browser, on http://127.0.0.1:7860
# make test     run the tests
# make check    look at format, style and types
# make gate     ask the whole gold set, and compare with what was reached before
#
# Each does first what it needs: the environment in .venv/, the index in .qingwen/index/. Another Python than
# python3 is named with make chat PYTHON=python3.13.

PYTHON ?= python3
RUN    := .venv/bin/python
READY  := .venv/ready
INDEX  := .qingwen/index/CURRENT

.PHONY: setup index chat test check gate

setup: $(READY)
index: $(INDEX)

chat: $(INDEX)
	$(RUN) ui.py

test: $(INDEX)
	$(RUN) -m pytest

check: $(READY)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m pyright

gate: $(INDEX)
	$(RUN) -m eval run --out .qingwen/eval
	$(RUN) -m eval gate .qingwen/eval --baseline eval/baseline.json

# torch comes first and alone: left to the others, pip may first fetch a build that it then throws away.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo '需要 Python 3.11 或更新的版本：make $(MAKECMDGOALS) PYTHON=python3.13' >&2; \
	    echo 'Python 3.11 or newer is needed; name one with PYTHON=…' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet "$$(sed -n 's/^ *"\(torch==[^"]*\)".*/\1/p' pyproject.toml)"
	$(RUN) -m pip install --quiet -e '.[dev]'
	touch $@

# Compiled once here, so that the first question starts as fast as the next, also where Python may not write.
$(INDEX): $(READY) $(wildcard index/*.py index/model/* index/report/*)
	$(RUN) -m compileall -q index qa eval ui.py
	$(RUN) -m index build

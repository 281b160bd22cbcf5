#!/usr/bin/env bash
# Looks up known holes in the dependencies: pip-audit on requirements.lock, npm audit in widget/. docs/dependencies.md
# says what the exit codes mean; 3 is for "could not be looked up", which both tools by themselves may call success.
set -euo pipefail
cd "$(dirname "$0")/.."

PIP_AUDIT=2.10.1
stamp=".venv-audit/.installed-$PIP_AUDIT"

say() { printf '%s\n' "$*" >&2; }

reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

if [ ! -e "$stamp" ]; then
  say "Installing pip-audit $PIP_AUDIT into .venv-audit ..."
  # --clear: what was installed for an older version must not stay.
  if ! { .venv/bin/python -m venv --clear .venv-audit &&
    .venv-audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit==$PIP_AUDIT" \
      2> >(grep -v 'is ignored: it is' >&2) && touch "$stamp"; }; then
    say "NOT LOOKED UP: pip-audit could not be installed; is there a network?"
    exit 3
  fi
fi

# Their exit codes tell a hole from no hole, but not an answer from silence: the reports do.
.venv-audit/bin/pip-audit -r requirements.lock --disable-pip --desc off --aliases on --format json \
  --progress-spinner off --timeout 15 -o "$reports/pip.json" >/dev/null 2>"$reports/pip.log" || true
[ -s "$reports/pip.json" ] || tail -1 "$reports/pip.log" >&2
if command -v npm >/dev/null; then
  (cd widget && npm audit --json 2>/dev/null) >"$reports/npm.json" || true
fi
code=0
.venv/bin/python scripts/compare_audit.py docs/dependencies.md "$reports/pip.json" "$reports/npm.json" || code=$?
exit "$code"

#!/usr/bin/env bash
# Makes .venv with Python 3.10 and the locked dependencies, and builds the chat element; does nothing when that was done.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

find_python() {
  local candidate
  for candidate in python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  say "Kalm needs Python 3.10: Rasa runs on no newer one. Nothing here is Python 3.10."
  say "Install it, for example with pyenv ('pyenv install 3.10') or with your system's packages, and try again."
  exit 1
}

install_locked() {
  local stamp
  stamp=".venv/.installed-$(sha256sum requirements.lock | cut -c1-16)"
  [ -e "$stamp" ] && return
  local python
  python=$(find_python)
  say "Installing into .venv with $("$python" --version) (a few minutes the first time) ..."
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  # --no-deps: the lock is complete, and pip would otherwise resolve it all again.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes \
    -r requirements.lock 2> >(grep -vE 'DEPRECATION|is ignored: it is' >&2)
  # On all cores, where pip uses one. Packages hold files that are no Python of this version: that is no fault.
  .venv/bin/python -m compileall -qq -j 0 .venv/lib >/dev/null || true
  .venv/bin/python -m pip check >/dev/null
  rm -f .venv/.installed-*
  touch "$stamp"
  say "Installed."
}

try_dutch_model() {
  local stamp=.venv/.dutch-model-tried requirement
  [ -e "$stamp" ] && return
  touch "$stamp"
  requirement=$(grep -o 'nl_core_news_sm @ [^"]*' pyproject.toml)
  say "Trying once to fetch the Dutch model nl_core_news_sm ..."
  if .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --retries 0 --timeout 10 \
    "$requirement" >/dev/null 2>&1; then
    say "nl_core_news_sm is installed and will be used."
  else
    say "nl_core_news_sm could not be fetched; Kalm uses spacy.blank('nl') with simplemma instead."
  fi
}

scripts/chat_element.sh build &
element=$!
install_locked
wait "$element"
if [ "${1:-}" = "--with-dutch-model" ]; then try_dutch_model; fi

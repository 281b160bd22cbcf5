#!/usr/bin/env bash
# Makes .venv-contract with schemathesis, which does not go beside Rasa; does nothing when that is already there.
# Where it cannot be made, for example without a network, this warns and ends well: the contract test then skips.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=tests/contract/requirements.lock
stamp=".venv-contract/.installed-$(sha256sum "$lock" | cut -c1-16)"
[ -e "$stamp" ] && exit

say() { printf '%s\n' "$*" >&2; }

install_locked() {
  # scripts/setup.sh looked for Python 3.10. --clear: what was installed for an older lock must not stay.
  .venv/bin/python -m venv --clear .venv-contract &&
    .venv-contract/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
      -r "$lock" 2> >(grep -v 'is ignored: it is' >&2) &&
    .venv-contract/bin/python -m pip check >/dev/null &&
    touch "$stamp"
}

say "Installing schemathesis into .venv-contract ..."
install_locked || say "Warning: .venv-contract could not be made, so the contract test of the website's channel is skipped."

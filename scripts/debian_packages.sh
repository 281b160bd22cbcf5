#!/usr/bin/env bash
# Installs what some tests drive, from Debian's packages, where that can be done; else those tests are skipped.
set -euo pipefail

declare -A for_what=(
  [chromium]="the tests in a browser"
  [caddy]="the tests of the proxy in deploy/"
)
missing=()
for name in "${!for_what[@]}"; do
  command -v "$name" >/dev/null || missing+=("$name")
done
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} for the tests ..." >&2
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}") >/dev/null 2>&1 || true
fi
for name in "${missing[@]}"; do
  command -v "$name" >/dev/null || echo "Note: there is no $name, so ${for_what[$name]} are skipped; install Debian's package '$name'." >&2
done

#!/usr/bin/env bash
# The chat element in widget/: build (does nothing when that was done), check its code, or test it.
# Without Node it says so and ends well: Kalm runs without the element.
set -euo pipefail
cd "$(dirname "$0")/../widget"

OLDEST_NODE=20.19

say() { printf '%s\n' "$*" >&2; }

has_node() {
  local version
  version=$(node --version 2>/dev/null | tr -d v) || true
  [ -n "$version" ] && [ "$(printf '%s\n' "$OLDEST_NODE" "$version" | sort -V | head -1)" = "$OLDEST_NODE" ] && return
  say "Note: Node $OLDEST_NODE or newer was not found (${version:-none}): the chat element for the website is not built or tested."
  return 1
}

install_locked() {
  local stamp
  stamp="node_modules/.installed-$(sha256sum package-lock.json | cut -c1-16)"
  [ -e "$stamp" ] && return
  say "Installing what the chat element is built with ..."
  npm ci --no-audit --no-fund --loglevel=error >&2 && touch "$stamp"
}

is_built() {
  local sources
  sources=$(find src package-lock.json vite.config.ts tsconfig.json -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
  stamp="dist/.built-${sources:0:16}"
  [ -e "$stamp" ] && [ -e dist/kalm.js ]
}

build() {
  is_built && return
  npx vite build --logLevel=warn >&2 && touch "$stamp" &&
    say "The chat element is built: $(gzip -9c dist/kalm.js | wc -c) bytes compressed."
}

stamp=""
has_node || exit 0
if [ "${1:-}" = build ] && is_built; then exit 0; fi # without asking whether there is a network
if ! install_locked; then
  say "Warning: what the chat element is built with could not be installed; is there a network? It is not built or tested"
  say "now. Kalm runs without it, or with what was built before."
  exit 0
fi
case "${1:-}" in
  build) build || say "Warning: the chat element could not be built; Kalm runs without it, or with what was built before." ;;
  check) npm run --silent check ;;
  test) build && npm run --silent test ;;
  *) say "usage: $0 build|check|test" && exit 2 ;;
esac

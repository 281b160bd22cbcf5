#!/usr/bin/env bash
# Installs Debian's Chromium for the tests of the chat element, where that can be done; else those tests are skipped.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the tests ..." >&2
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1 || true
fi
command -v chromium >/dev/null || echo "Note: there is no Chromium, so the tests in a browser are skipped; install Debian's package 'chromium'." >&2

#!/usr/bin/env bash
# Checks the locked dependencies against the RustSec database of known faults. A fault that is found
# fails; a database that cannot be reached does not: an earlier copy is used, or the check says that it
# was left out.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
copies=${CARGO_HOME:-$HOME/.cargo}/advisory-dbs

# An unreachable network must cost a minute, not an hour. (macOS has no timeout.)
limit=
if command -v timeout >/dev/null; then limit="timeout 60"; fi
# shellcheck disable=SC2086  # two words on purpose
if ! reason=$($limit cargo deny --locked fetch db 2>&1); then
  printf 'advisories: the database cannot be reached (%s)\n' "$(printf '%s' "${reason:-no answer in a minute}" | tail -n 1)"
  # A failed fetch may leave a lock file behind, but only a fetched database is a folder.
  if ! ls -d "$copies"/*/ >/dev/null 2>&1; then
    printf 'advisories: no earlier copy is here either: NOT CHECKED\n'
    exit 0
  fi
  printf 'advisories: checking against the copy fetched earlier\n'
fi
cargo deny --locked --offline check advisories

#!/usr/bin/env bash
# Builds the pages into web/dist: the middle of the house as WebAssembly, then the pages around it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
module=web/src/engine/module

# module NAME FEATURES…: the crate `browser` with these features, as web/src/engine/module/NAME.js and NAME_bg.wasm.
module() {
  local name=$1
  shift
  cargo build --package browser --lib --profile wasm --target wasm32-unknown-unknown --locked --no-default-features "$@"
  # Cargo knows where it put the file, whatever the target folder: ask it, now that there is nothing to build.
  local built
  built=$(cargo build --quiet --package browser --lib --profile wasm --target wasm32-unknown-unknown --locked \
    --no-default-features "$@" --message-format json | grep -o '[^"]*/browser\.wasm' | head -n 1)
  wasm-bindgen --target web --omit-default-module-path --out-name "$name" --out-dir "$module" "$built"
}

mkdir -p "$module"
module browser --features folder
module board --features board
module review --features review
module paper --features paper
module sheets --features sheets
module tonight --features tonight
module cards --features cards
module city --features city
module station --features station
npm --prefix web run --silent build

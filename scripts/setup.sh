#!/usr/bin/env bash
# Installs what is missing for one of the make targets; quick when nothing is.
#
#   scripts/setup.sh build    what `make run` needs: Rust with its WebAssembly target, wasm-bindgen, the pages' packages
#   scripts/setup.sh test     and what `make test` needs: Chromium with Chinese letters, PostgreSQL
#   scripts/setup.sh check    and what `make check` needs: rustfmt, clippy, cargo-deny
#   scripts/setup.sh bench    and what `make bench` needs: Python with its venv module
#
# Debian packages are installed with apt as root, or through sudo if it asks no password. Elsewhere, and
# where that is not allowed, the script installs nothing: it says exactly what is missing and stops.
# Tools that are built from source go to SHOUHU_TOOLS, outside the clone, and are built once.
set -euo pipefail

# The newest release that we have seen build with the Rust of Cargo.toml.
cargo_deny=0.20.2
# Vite asks for it.
node_needed=20.19

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${SHOUHU_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/shouhu/tools}
# A fresh rustup is not on the PATH of shells that were already open.
PATH="$tools/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

packages=()    # Debian packages to install
by_hand=()     # what a person has to do, one sentence each

say() { printf 'setup: %s\n' "$*"; }
# A program, never a function of this script that has its name.
have() { type -P "$1" >/dev/null 2>&1; }

# want PACKAGE SENTENCE: asks apt for PACKAGE; SENTENCE says how to get the same without apt.
want() {
  packages+=("$1")
  by_hand+=("$2")
}

compiler() {
  have cc || want build-essential \
    "a C compiler, which Rust links with (Debian: build-essential; Fedora: gcc; macOS: xcode-select --install)"
}

# Rosters are solved by HiGHS, which is C++ and built by CMake; its functions are found by libclang.
solver() {
  have c++ || want g++ "a C++ compiler, for HiGHS (Debian: g++; Fedora: gcc-c++; macOS: xcode-select --install)"
  have cmake || want cmake "CMake, for HiGHS (Debian: cmake; Fedora: cmake; macOS: brew install cmake)"
  # `libclang-cpp` is another library.
  [ "$(uname -s)" != Linux ] || compgen -G '/usr/lib/llvm-*/lib/libclang[.-][s0-9]*' >/dev/null ||
    compgen -G '/usr/lib*/libclang[.-][s0-9]*' >/dev/null || compgen -G '/usr/lib/*/libclang[.-][s0-9]*' >/dev/null ||
    want libclang-dev "libclang, for HiGHS (Debian: libclang-dev; Fedora: clang-devel)"
}

# Rust comes from rustup: no Debian release carries one that is new enough, so apt is not asked.
rust() {
  local needed found
  needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
  if ! have cargo || ! have rustc; then
    rust_by_hand="Rust $needed or newer, from https://rustup.rs"
    return
  fi
  found=$(rustc --version | cut -d ' ' -f 2)
  if [ "$(printf '%s\n' "$needed" "$found" | sort -V | head -n 1)" != "$needed" ]; then
    rust_by_hand="Rust $needed or newer (this is $found): rustup update stable"
  fi
}

node_and_npm() {
  local found
  if ! have node || ! have npm; then
    node_by_hand="Node.js $node_needed or newer with npm, from https://nodejs.org"
    return
  fi
  found=$(command node --version | tr -d v)
  if [ "$(printf '%s\n' "$node_needed" "$found" | sort -V | head -n 1)" != "$node_needed" ]; then
    node_by_hand="Node.js $node_needed or newer with npm (this is $found), from https://nodejs.org"
  fi
}

chromium() {
  have chromium || have chromium-browser || have google-chrome || want chromium \
    "Chromium, for the tests of the pages (Debian: chromium)"
}

# The pages of the tests are drawn with it, and PDFs are printed with it.
chinese_font() {
  local noto=/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
  [ "$(uname -s)" != Linux ] || [ -e "$noto" ] || want fonts-noto-cjk \
    "a font with Chinese letters (Debian: fonts-noto-cjk; elsewhere NotoSansCJK-Regular.ttc as $noto)"
}

# The tests start servers of their own from its programs, wherever they are.
postgresql() {
  have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || want postgresql \
    "PostgreSQL 15 or newer, its server programs on the PATH (Debian: postgresql)"
}

python() {
  if ! have python3; then
    want python3-venv "Python 3 with its venv module (Debian: python3-venv)"
  elif ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
    want python3-venv "Python's venv module (Debian: python3-venv)"
  fi
}

# Installs the collected packages, or says what they are and stops.
install_packages() {
  local as_root=() may=no missing
  if have apt-get; then
    if [ "$(id -u)" = 0 ]; then
      may=yes
    elif have sudo && sudo -n true >/dev/null 2>&1; then
      may=yes
      as_root=(sudo -n)
    fi
  fi
  if [ "${#packages[@]}" -gt 0 ] && [ "$may" = yes ]; then
    say "installing through apt: ${packages[*]}"
    # An out-of-date list of packages is the usual reason for a failed installation, hence the update.
    if "${as_root[@]}" apt-get update -qq &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null; then
      packages=()
      by_hand=()
    else
      say "apt could not install them; its words are above"
    fi
  fi
  [ -z "${rust_by_hand:-}" ] || by_hand+=("$rust_by_hand")
  [ -z "${node_by_hand:-}" ] || by_hand+=("$node_by_hand")
  [ "${#by_hand[@]}" -gt 0 ] || return 0
  say "this is missing, and has to be installed by hand:" >&2
  for missing in "${by_hand[@]}"; do say "  - $missing" >&2; done
  if [ "${#packages[@]}" -gt 0 ] && have apt-get; then
    say "on this machine: sudo apt-get update && sudo apt-get install -y ${packages[*]}" >&2
  fi
  say "then give the same command again; docs/install.md says more" >&2
  exit 1
}

# component COMMAND NAME: a part of the Rust toolchain that a minimal installation leaves out.
component() {
  cargo "$1" --version >/dev/null 2>&1 && return
  if have rustup; then
    say "adding $2 to the Rust toolchain"
    rustup --quiet component add "$2"
  else
    say "this is missing, and has to be installed by hand: $2 (with rustup: rustup component add $2)" >&2
    exit 1
  fi
}

# from_source NAME VERSION: a tool in Rust, built into SHOUHU_TOOLS. Its own lock file is tried first; a mirror that lacks
# one of the versions in it gets the newest that fit.
from_source() {
  say "building $1 $2 into $tools (a few minutes, once)"
  # Its objects are of no use to our own builds, so they stay out of a target folder that is given.
  # They run for seconds: a quick build is worth more than a quick program.
  local build=(env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo install --quiet --root "$tools" "$1@$2" "${@:3}")
  if ! "${build[@]}" --locked 2>/dev/null && ! "${build[@]}"; then
    say "$1 $2 could not be built; on a machine with a network, give" >&2
    say "  cargo install --root DIR $1@$2" >&2
    say "and bring DIR here as $tools" >&2
    exit 1
  fi
}

deny() {
  [ "$(cargo deny --version 2>/dev/null)" = "cargo-deny $cargo_deny" ] || from_source cargo-deny "$cargo_deny"
}

# The pages compute in WebAssembly: Rust's target for it, and the tool that writes the module's JavaScript side, in the
# very version of the crate.
webassembly() {
  local version
  if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
    say "adding the WebAssembly target to the Rust toolchain"
    if ! have rustup || ! rustup --quiet target add wasm32-unknown-unknown; then
      say "this is missing, and has to be installed by hand: Rust's WebAssembly target" >&2
      say "  rustup target add wasm32-unknown-unknown" >&2
      exit 1
    fi
  fi
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p;}' "$root/Cargo.lock")
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] ||
    from_source wasm-bindgen-cli "$version" --no-default-features
}

# The pages' packages, as the lock file has them.
packages_of_pages() {
  local web=$root/web
  [ "$web/package-lock.json" -nt "$web/node_modules/.package-lock.json" ] || return 0
  say "installing the pages' packages into web/node_modules"
  npm --prefix "$web" ci --no-audit --no-fund --loglevel error
}

purpose=${1:-build}
case $purpose in
  build | test | check | bench) ;;
  *) say "no such purpose: $purpose (build, test, check or bench)" >&2; exit 2 ;;
esac

compiler
solver
rust
node_and_npm
[ "$purpose" != test ] || { chromium; chinese_font; postgresql; }
[ "$purpose" != bench ] || python
install_packages
[ "$purpose" = bench ] || webassembly
[ "$purpose" = bench ] || packages_of_pages
if [ "$purpose" = check ]; then
  component fmt rustfmt
  component clippy clippy
  deny
fi

#!/bin/sh
# Measures shouhu beside SimPy, Ciw and NeXosim, and writes bench/RESULTS.md. With --agree it measures nothing: ten
# models are held against SimPy and Ciw, figure by figure, and bench/AGREEMENT.md is written. With --load (and --quick) a server
# is loaded over HTTP, and that part of bench/RESULTS.md is written anew; it needs no peers, 4 GB of disk and
# eight minutes; PostgreSQL is measured where its programs are installed.
#
#     bench/run.sh [--quick | --agree | --load | --help]
#
# Takes about eight minutes, with --quick or --agree three, and a few more to install and build the first time.
# Needs cargo, and Python 3.11 or later with its venv module. What is missing of the peers is installed
# in bench/.peers (about 400 MB; delete the folder to be rid of it); only the package registries
# of Python and Rust are contacted, and only then.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
peers=$here/.peers
export PYTHONDONTWRITEBYTECODE=1

usage="usage: bench/run.sh [--quick | --agree | --load [--quick] | --help]"
case "$#${1-}" in
    0 | 1--quick | 1--agree | 1--load) ;;
    2--load) [ "$2" = --quick ] || { echo "$usage" >&2; exit 2; } ;;
    1--help)
        echo "$usage"
        sed -n '2,/^set /s/^#\{1,\} \{0,1\}//p' "$here/run.sh"
        exit 0 ;;
    *) echo "$usage" >&2; exit 2 ;;
esac

say() { echo "bench: $*" >&2; }
need() { say "$1"; exit 1; }

command -v cargo >/dev/null || need "cargo is missing: install Rust from your system's packages or with rustup"
command -v timeout >/dev/null || need "timeout is missing: it is part of GNU coreutils"
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    need "Python 3.11 or later with venv is missing: on Debian or Ubuntu, apt install python3 python3-venv"

if [ "${1-}" = --load ]; then
    shift
    cd "$root"
    say "building shouhu, and what it is held against, in release"
    cargo build --quiet --release --locked -p shouhu || need "shouhu does not build"
    cargo build --quiet --release --locked -p journal --features postgres,sqlite \
        --example rate --example rate_postgres --example fill &&
        cargo build --quiet --release --locked -p server --example echo || need "the tools do not build"
    built=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release
    exec python3 "$here/load.py" "$@" --shouhu "$built/shouhu" --tools "$built/examples"
fi

mkdir -p "$peers"
if ! cmp -s "$here/requirements.txt" "$peers/installed.txt"; then
    say "installing SimPy and Ciw in bench/.peers/venv (at most 10 minutes)"
    rm -rf "$peers/venv"
    python3 -m venv "$peers/venv"
    timeout 600 "$peers/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --requirement "$here/requirements.txt" || need "pip could not install bench/requirements.txt"
    cp "$here/requirements.txt" "$peers/installed.txt"
fi

if [ "${1-}" != --agree ]; then
    say "building the NeXosim peer in bench/.peers/nexosim-target (at most 15 minutes the first time)"
    CARGO_TARGET_DIR=$peers/nexosim-target timeout 900 cargo build --quiet --release --locked \
        --manifest-path "$here/nexosim/Cargo.toml" || need "the NeXosim peer does not build"
fi

say "building shouhu in release"
cd "$root"
cargo build --quiet --release --locked -p shouhu || need "shouhu does not build"
cargo build --quiet --release --locked -p queueing --example tandem || need "shouhu's kernel does not build"

shouhu=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release/shouhu

if [ "${1-}" = --agree ]; then
    exec python3 "$here/agree.py" --peers "$peers" --shouhu "$shouhu"
fi
exec python3 "$here/compare.py" "$@" --peers "$peers" --shouhu "$shouhu"

#!/usr/bin/env bash
# Fuzzes one target after the other with libFuzzer: fuzz/run.sh [EXECUTIONS [TARGET…]]
# Needs `cargo install cargo-fuzz` and a C++ compiler. Stable Rust is enough: RUSTC_BOOTSTRAP lets it take the flags of
# coverage. There is no unsafe code of ours, so that sanitizers would watch nothing but libraries.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUSTC_BOOTSTRAP=1
runs=${1:-10000000}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(tube_code sync results_table hl7 fhir roll)
data=crates/formats/tests/results/data
for target in "${targets[@]}"; do
    corpus=fuzz/corpus/$target
    mkdir -p "$corpus"
    cp -u fuzz/seeds/"$target"/* "$corpus"/
    case $target in
    hl7) cp -u $data/*.hl7 "$corpus"/ ;;
    fhir) cp -u $data/*.json "$corpus"/ ;;
    results_table) cp -u $data/*.csv "$corpus"/ ;;
    esac
    nice -n 10 cargo fuzz run --sanitizer none "$target" -- -runs="$runs" -max_len=1024 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1
done

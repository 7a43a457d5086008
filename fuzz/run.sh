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
[ ${#targets[@]} -gt 0 ] || targets=(tube_code sync fhir hl7 results_table roll)
for target in "${targets[@]}"; do
    mkdir -p "fuzz/corpus/$target"
    folders=("fuzz/corpus/$target" "fuzz/seeds/$target")
    # What is longer than a few reports tells nothing more, and takes longer.
    longest=384
    [ "$target" = fhir ] && longest=1024
    nice -n 10 cargo fuzz run --sanitizer none "$target" "${folders[@]}" -- \
        -runs="$runs" -max_len="$longest" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1
done

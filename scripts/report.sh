#!/usr/bin/env bash
# The main job on the built-in example: plan Sunshine Garden, rehearse the plan against the broadcast
# that was used before it, and write the report page. OUT names the folder (default: report).
# A scenario that is there already is kept, so what you change in it is what is planned next time.
set -euo pipefail

out=${OUT:-report}
example=sunshine-garden

shouhu() { cargo run --quiet --release --locked --package shouhu -- "$@"; }

cargo build --release --locked --package shouhu
mkdir -p "$out"
[ -d "$out/$example" ] || shouhu init "$out/$example" --example "$example"
shouhu plan "$out/$example" -o "$out/plan.json"
shouhu rehearse "$out/$example" --plan "$out/plan.json" --compare broadcast --report "$out/report.html"

folder=$(cd "$out" && pwd)
printf '\nThe report page: file://%s/report.html\n' "${folder// /%20}"

"""Holds ten models in shouhu against the same in SimPy and Ciw, and writes bench/AGREEMENT.md.

    agree.py [--shouhu BINARY] [--peers FOLDER] [--output FILE] [--times N] [--only NAME] [--set KEY=VALUE]

`bench/run.sh --agree` installs the peers, builds shouhu and calls this. Every program reads bench/agreement/NAME/scenario.toml.
A figure that is too far off is named, and the run ends with status 1. `--times 4` runs four times as long, and halves the
standard errors. With `--only` one model is run, with `--set` shouhu, and shouhu alone, runs another one than the scenario says:
that must be found out. Neither writes a page.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True

import child
import options
from agreement import figures, page
from agreement.models import MODELS
from options import say

HERE = Path(__file__).resolve().parent

# A batch is so many days, pooled; figures are means over batches. All programs pool alike, so that what pooling does to a
# ratio or a quantile is the same for all.
DAYS = 10
# Seeds of a program's batches begin here.
SEEDS = {"shouhu": 1, "SimPy": 1_000_000, "Ciw": 2_000_000}
# No single run may hang the whole.
LIMIT_S = 600.0


class Pace(NamedTuple):
    """Batches of each program: the quicker it is, the more."""

    shouhu: int
    simpy: int
    ciw: int


PACE = Pace(shouhu=200, simpy=80, ciw=30)


class Peer(NamedTuple):
    name: str
    script: str
    batches: int


class Result(NamedTuple):
    model: object
    engine: str
    comparisons: dict  # by peer, a list; or the peer's words why it has no such model


def main():
    arguments = read_arguments()
    python = arguments.peers / "venv" / "bin" / "python"
    pace = Pace(*(batches * arguments.times for batches in PACE))
    chosen = [model for model in MODELS if arguments.only in (None, model.name)]
    results = [judge(model, arguments.shouhu, python, pace, arguments.set, say) for model in chosen]
    if not arguments.only and not arguments.set:
        page.write(arguments.output, results, DAYS, pace)
        say(f"wrote {arguments.output}")
    say(page.summary(results))
    wrong = [
        f"{result.model.name}, {peer}: {comparison.reason}"
        for result in results
        for peer, comparison in page.every(result)
        if comparison.reason
    ]
    for line in wrong:
        say(f"FAILED {line}")
    return 1 if wrong else 0


def judge(model, shouhu, python, pace, changes, say):
    """One model in all programs."""
    folder = HERE / "agreement" / model.name
    engine, ours = lived_here(folder, shouhu, pace.shouhu, changes)
    comparisons = {}
    for peer in (Peer("SimPy", "simpy_site.py", pace.simpy), Peer("Ciw", "ciw_site.py", pace.ciw)):
        theirs, cpu_s, refusal = lived_there(folder, python, peer)
        comparisons[peer.name] = refusal or figures.compare(model.figures, ours, theirs)
        found = refusal or ", ".join(f"{comparison.z:+.1f}" for comparison in comparisons[peer.name])
        say(f"{model.name}, {peer.name}: {found} ({cpu_s:.1f} s)")
    return Result(model, engine, comparisons)


def lived_here(folder, shouhu, batches, changes=()):
    """The engine, and the figures of each batch by shouhu."""
    found = []
    options = [word for change in changes for word in ("--set", change)]
    for seed in range(SEEDS["shouhu"], SEEDS["shouhu"] + batches):
        command = [shouhu, "rehearse", folder, *options, "--reps", DAYS, "--seed", seed, "--threads", 1, "--json"]
        answer = json.loads(child.run_well(command, LIMIT_S).output)
        found.append(figures.of_answer(answer))
    return answer["engine"], found


def lived_there(folder, python, peer):
    """The figures of each batch by a peer and its CPU time; or why it has no such model."""
    command = [python, HERE / "peers" / peer.script, folder, peer.batches, DAYS, SEEDS[peer.name]]
    run = child.run(command, LIMIT_S)
    if run.status == REFUSED:
        return [], run.cpu_s, run.output.strip()
    if run.status != 0:
        raise child.Failed(f"{peer.name} ended with status {run.status}: {run.errors.strip()[-400:]}")
    return json.loads(run.output), run.cpu_s, ""


# A peer's status where it cannot express a model.
REFUSED = 3


def read_arguments():
    parser = options.parser(__doc__, "AGREEMENT.md")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="so many times the batches")
    parser.add_argument("--only", choices=[model.name for model in MODELS], help="this model alone")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="what shouhu lives otherwise")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (child.Failed, OSError) as failure:
        say(f"FAILED {failure}")
        sys.exit(1)

"""bench/AGREEMENT.md: what agrees, model by model, what could not be compared, and how to find it again."""

import statistics
from pathlib import Path

from agreement.figures import ERRORS_ALLOWED
from results import table

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
PEERS = ("SimPy", "Ciw")


def every(result):
    """(peer, comparison) for each figure that was compared."""
    for peer, comparisons in result.comparisons.items():
        if not isinstance(comparisons, str):
            yield from ((peer, comparison) for comparison in comparisons)


def summary(results):
    """One sentence on all comparisons together."""
    found = [
        (abs(comparison.z), comparison.figure, peer, result)
        for result in results
        for peer, comparison in every(result)
    ]
    largest, figure, peer, result = max(found, key=lambda each: each[0])
    beyond = sum(z > 2.0 for z, *_ in found)
    return (
        f"{len(found)} figures compared; the largest |z| is {largest:.2f} ({result.model.name}, {figure}, {peer}); "
        f"{beyond} beyond 2, where chance alone would put about {0.0455 * len(found):.0f}."
    )


def precision(results):
    """How small a difference could have been seen."""
    shares = {peer: [] for peer in PEERS}
    for result in results:
        for peer, comparison in every(result):
            shares[peer].append(comparison.error / comparison.theirs.mean)
    found = [
        f"{100.0 * statistics.median(of_peer):.1f} % of a figure in the median and {100.0 * max(of_peer):.1f} % at most "
        f"against {peer}"
        for peer, of_peer in shares.items()
    ]
    return f"Both errors together are {', '.join(found)}."


def write(path, results, days, pace):
    parts = [head(results, days, pace), *(section(result) for result in results), apart(results), commands()]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def head(results, days, pace):
    rows = []
    for result in results:
        cells = [largest(result, peer) for peer in PEERS]
        rows.append((f"[{result.model.name}](#{result.model.name})", result.engine, *cells))
    heads = ("model", "engine", *(f"largest |z|, {peer}" for peer in PEERS))
    return f"""\
# Agreement

Ten models beyond closed formulas, in shouhu and, written anew, in two simulation libraries: {versions()}. Written by
`bench/run.sh --agree`; do not edit.

Every program reads the same `bench/agreement/NAME/scenario.toml` and shares nothing else with shouhu: chance, laws, queues and
counts are its own. A day begins empty and ends with the last departure. A figure is worked out over the people of {days} days
together, in each program alike; what stands below is its mean over {pace.shouhu} such batches in shouhu, {pace.simpy} in SimPy and {pace.ciw} in Ciw,
± its standard error between them. z is the difference over the root of the sum of both squared errors. A figure fails beyond
{ERRORS_ALLOWED}, and with it the run, with status 1.

**{summary(results)}**

{table(heads, rows, "llrr")}

{precision(results)}
A difference has to be three and a half times as large to fail; the last command below shows one that does. The rows are not all independent: figures of one model come from the same
days, and shouhu's are the same in both columns."""


def largest(result, peer):
    found = [abs(comparison.z) for other, comparison in every(result) if other == peer]
    return f"{max(found):.2f}" if found else "–"


def section(result):
    rows = []
    for place, figure in enumerate(result.model.figures):
        cells = []
        for peer in PEERS:
            comparisons = result.comparisons[peer]
            if isinstance(comparisons, str):
                cells += ["–", "–"]
            else:
                comparison = comparisons[place]
                ours = comparison.ours
                cells += [said(comparison.theirs), f"{comparison.z:+.2f}" + (" **fails**" if comparison.reason else "")]
        rows.append((f"`{figure}`", said(ours), *cells))
    heads = ("figure", "shouhu", "SimPy", "z", "Ciw", "z")
    return f"## {result.model.name}\n\n{result.model.words}\n\n{table(heads, rows, 'lrrrrr')}"


def said(estimate):
    """To three figures of the value, and the error to as many places."""
    places = 4 if estimate.mean < 1.0 else 3 if estimate.mean < 10.0 else 2
    return f"{estimate.mean:.{places}f} ± {estimate.error:.{places}f}"


def apart(results):
    refused = [
        f"- *{result.model.name}* in {peer}: {comparisons}."
        for result in results
        for peer, comparisons in result.comparisons.items()
        if isinstance(comparisons, str)
    ]
    return "## What is not compared, and why\n\n" + "\n".join([*refused, *CHOSEN])


# Where programs mean different things, the model was chosen so that they do not.
CHOSEN = (
    "- *shifts*: no service is longer than the time between two changes of staff. Where one is, and the number falls and rises "
    "meanwhile, shouhu still lets the one go who was due, and the `Resource` of the SimPy model does not tell who that is.",
    "- *room* in Ciw: the wait for the second station is Ciw's time blocked at the first and its waiting time at the second, "
    "together. Closing is a model of its own (*hours*): in Ciw 3.2.7 a day with both never ends, once someone is blocked at a "
    "node whose schedule is down to no servers.",
    "- *appointments* in Ciw, which has no bookings: arrivals are drawn beforehand and handed over as gaps. Its `Normal` law is "
    "cut off at 0; that of lateness is not.",
    "- A quantile is read from bins of one second in shouhu, from the sorted times in the peers.",
    "- Not here: several lanes and the choice of one, households of a roll called in waves, walks, crowds without order, people "
    "who stand there at the opening, empirical laws and mixtures, and a city.",
)


def versions():
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    return f"SimPy {pinned['simpy']} and Ciw {pinned['Ciw']}"


def commands():
    return """\
## Commands

```
bench/run.sh --agree
python3 bench/agree.py --only series
python3 bench/agree.py --only appointments --set site.station.vaccination.service.mean_s=108.15
```

The first takes three minutes, and more to install the peers in `bench/.peers` and to build shouhu in release. The others need
both to be there. The last makes one service in shouhu 3 % longer than the scenario says, and must fail. `--times 4` runs four
times as long, and halves the standard errors."""

"""bench/RESULTS.md: what was found, on what, and how to find it again."""

import statistics
from pathlib import Path

import heavier
import roll_import


def write(path, quick, surroundings, tandem, verdicts, engines, measured):
    timings, sites, cities, rolls = measured
    parts = [
        _head(quick),
        _in_one_table(timings, sites, cities),
        _machine(surroundings),
        _model(tandem),
        _verified(tandem, verdicts, engines),
        _speeds(timings),
        _ratios(timings),
        _heavier(sites, timings),
        _cities(cities),
        _rolls(rolls),
        _commands(tandem, timings, sites, cities),
        load(path),
    ]
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")


# What `bench/load.py` wrote, at the end of the file.
LOAD = "## Load over HTTP"


def load(path):
    """The load's own section, as it stands in the file; it is measured apart."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    return old[old.index(LOAD) :].rstrip() if LOAD in old else ""


def put_load(path, section):
    """Puts a new section in the place of the old one."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(old.split(LOAD)[0].rstrip() + "\n\n" + section + "\n", encoding="utf-8")


def people(per_s):
    """`21.5 k`, `42.7 M`: three figures are more than the measurement carries."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if per_s >= size:
            return f"{_three(per_s / size)} {letter}"
    return _three(per_s)


def _head(quick):
    option = " --quick" if quick else ""
    return f"""\
# Side by side

One queueing model in shouhu and in three simulation libraries, each first verified against theory,
then timed in turn on the same machine. Written by `bench/run.sh{option}`; do not edit."""


# What we aim at with registers of AVX2.
AIMS = {
    "shouhu-waits": "60 M",
    "shouhu-fifo": "40 M",
    "simpy": "1,000 ×",
    "nexosim-one": "80 ×",
    "full": "25 M",
    "priority": "10 M",
    "megacity": "0.5 s",
    "megacity, green": "2 s",
}


def _in_one_table(timings, sites, cities):
    medians = {timing.program.key: statistics.median(timing.speeds) for timing in timings}
    own = medians.get("shouhu-waits")
    rows = []
    if own:
        words = "two exponential stations, mean waits as the peers report them, one core"
        rows.append((words, f"{people(own)} people/s", AIMS["shouhu-waits"]))
        for timing in timings:
            key = timing.program.key
            if key in AIMS and not key.startswith("shouhu-"):
                words = f"the same, times as fast as {timing.program.name}"
                rows.append((words, f"{_three(own / medians[key])} ×", AIMS[key]))
    if whole := medians.get("shouhu-fifo"):
        words = "the same by the command, with all its statistics"
        rows.append((words, f"{people(whole)} people/s", AIMS["shouhu-fifo"]))
    for speed in sites:
        rows.append((speed.site.words, f"{people(statistics.median(speed.speeds))} people/s", AIMS[speed.site.name]))
    for cost in cities:
        rows.append((cost.city.words, f"{min(cost.wall_s):.2f} s", AIMS[cost.city.name]))
    return "## In one table\n\n" + table(("what", "measured", "aim"), rows, "lrr")


def _machine(surroundings):
    return "## Machine\n\n" + table(("what", "which"), surroundings, "ll")


def _model(tandem):
    stations = " then ".join(
        f"{station.servers} servers of mean {station.mean_s:g} s (utilisation {tandem.utilisation(station):.2f})"
        for station in tandem.stations
    )
    return f"""\
## Model

Exponential stations in series, {stations};
Poisson arrivals, {tandem.per_hour:g} an hour; {tandem.people:,} people a replication, all of whom finish. The figures are read from `bench/tandem/scenario.toml` and handed to every program.

The peers add up the waits at each station and report means, nothing else. So does shouhu's kernel when it is asked for
mean waits alone (`crates/queueing/examples/tandem.rs`). The command reports all that it always reports: means,
quantiles, confidence intervals, whole stays, queue lengths, utilisation, when 97 % are done."""


def _verified(tandem, verdicts, engines):
    stations = tandem.stations
    rows = [("theory", "", *(f"{tandem.wait_s(station):.2f} s" for station in stations), "")]
    for verdict in verdicts:
        found = [f"{estimate.mean_s:.2f} ± {estimate.error_s:.2f} s" for estimate in verdict.estimates]
        found += ["–"] * (len(stations) - len(found))
        counted = f"{verdict.replications} × {tandem.people:,}"
        said = f"**failed**: {verdict.reason}" if verdict.reason else "agrees"
        rows.append((verdict.program.name, counted, *found, said))
    heads = ("program", "people", *(f"wait at {station.name}" for station in stations), "verdict")
    return f"""\
## Verified first

Mean wait ± its standard error between replications, without the first {tandem.warmup:,} people of each. Theory: each
station is an M/M/c queue (Burke), its wait by Erlang's C formula. Who is further off than three standard errors fails, is
not timed, and the run ends with status 1.

{table(heads, rows, "lr" + "r" * len(stations) + "l")}

{engines.words[0].upper() + engines.words[1:]}"""


def _speeds(timings):
    if not timings:
        return ""
    rows = []
    for timing in timings:
        speeds = timing.speeds
        span = f"{people(min(speeds))} – {people(max(speeds))}"
        sizes = (f"{timing.people:,}", f"{timing.idle_cpu_s:.3f} s")
        rows.append((timing.program.name, people(statistics.median(speeds)), span, *sizes))
    own = [
        f"{timing.program.name} {people(statistics.median(timing.own_speeds))}"
        for timing in timings
        if None not in timing.own_speeds
    ]
    counted = f"\n\nBy its own count (`people_per_second`, medians of the same runs): {'; '.join(own)}." if own else ""
    heads = ("program", "people/s, median", "lowest – highest", "people in a run", "start-up taken off")
    return f"""\
## Speed on one core

People simulated in one second of CPU time (user and system, of the whole process, from the operating system), less a
run of (nearly) nobody. {len(timings[0].speeds)} rounds; in each round every program runs once, one after the other.

{table(heads, rows, "lrrrr")}{counted}"""


def _ratios(timings):
    ours = [timing for timing in timings if timing.program.key.startswith("shouhu-")]
    peers = [timing for timing in timings if timing not in ours]
    if not ours or not peers:
        return ""
    rows = []
    for peer in peers:
        cells = []
        for own in ours:
            ratio = statistics.median(own.speeds) / statistics.median(peer.speeds)
            rounds = [mine / theirs for mine, theirs in zip(own.speeds, peer.speeds)]
            cells.append(f"{_three(ratio)} × ({_three(min(rounds))} – {_three(max(rounds))})")
        rows.append((peer.program.name, *cells))
    heads = ("times as fast as", *(own.program.name for own in ours))
    return f"""\
## Ratios

Of the medians; in brackets the lowest and highest ratio within one round.

{table(heads, rows, "l" + "r" * len(ours))}"""


def _heavier(sites, timings):
    tandem = next((timing for timing in timings if timing.program.key == "shouhu-fifo"), None)
    own = statistics.median(tandem.own_speeds) if tandem else None
    rows = []
    for speed in sites:
        median = statistics.median(speed.speeds)
        span = f"{people(min(speed.speeds))} – {people(max(speed.speeds))}"
        share = f"{median / own:.2f} ×" if own else "–"
        rows.append((speed.site.words, speed.site.engine, f"{speed.people:,.0f}", people(median), span, share))
    heads = ("site", "engine", "people a day", "people/s, median", "lowest – highest", "of the tandem's speed")
    return f"""\
## Heavier sites

What the peers' models above do not have, by shouhu alone, on one core, with all statistics; people a second of CPU time
by the command's own count (`people_per_second`).

{table(heads, rows, "llrrrr")}"""


def _cities(cities):
    rows = [
        (
            cost.city.words,
            f"{cost.people:,.0f}",
            f"{min(cost.wall_s):.2f} s",
            f"{min(cost.cpu_s):.2f} s",
            people(cost.people / min(cost.cpu_s)),
            f"{cost.peak_mib:.0f} MiB",
        )
        for cost in cities
    ]
    heads = ("city", "people", "wall, best", "CPU, best", "people a CPU second", "peak memory")
    return f"""\
## A city in a day

The whole process on all cores, best of {heavier.CITY_RUNS} with a warm file cache.

{table(heads, rows, "lrrrrr")}"""


def _rolls(rolls):
    rows = []
    for roll in rolls:
        if roll.wall_s:
            measured = (
                f"{roll.rows_per_s():,.0f}",
                f"{statistics.median(roll.wall_s):.2f} s",
                f"{statistics.median(roll.cpu_s):.2f} s",
                f"{roll.peak_mib:.0f} MiB",
            )
        else:
            measured = ("–",) * 4
        verdict = f"**failed**: {roll.reason}" if roll.reason else "within the limit"
        rows.append((roll.encoding, f"{roll.file_mib:.0f} MiB", len(roll.wall_s), *measured, verdict))
    heads = ("encoding", "file", "runs", "rows/s", "wall", "CPU", "peak memory", "verdict")
    return f"""\
## Roll import

`shouhu check` on a scenario folder with a roll of {roll_import.ROWS:,} made-up residents in {roll_import.HOUSEHOLDS:,} households (CSV,
Chinese headings). Rows are counted over wall time; times are medians; memory is the largest resident set of the process, and
its limit {roll_import.LIMIT_MIB:.0f} MiB. A person entered twice in the last row must be found.

{table(heads, rows, "lrrrrrrl")}"""


def _commands(tandem, timings, sites, cities):
    lines = []
    for timing in timings:
        replications = timing.people // tandem.people
        words = timing.program.command(tandem, tandem.people, replications, "SEED")
        lines.append(" ".join(short(word, tandem) for word in words))
    here = Path(__file__).resolve().parent
    for speed in sites:
        words = heavier.site_command("shouhu", here, speed, "SEED")
        lines.append(" ".join(short(word, tandem) for word in words))
    for cost in cities:
        words = heavier.city_command("shouhu", here.parent, cost.city)
        lines.append(" ".join(short(word, tandem) for word in words))
    own = "\n".join(lines)
    return f"""\
## Commands

```
bench/run.sh [--quick]
```

It installs the peers in `bench/.peers`, builds shouhu in release, and runs for each line above:

```
{own}
```"""


def short(word, tandem):
    """A path as seen from the repository's folder; the binary by its name."""
    text = str(word)
    root = str(tandem.folder.parent.parent) + "/"
    if text.startswith(root):
        text = text[len(root) :]
    return "shouhu" if text.endswith("/shouhu") else text


def table(heads, rows, sides):
    rules = ["---:" if side == "r" else "---" for side in sides]
    lines = [heads, rules, *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _three(number):
    """Three significant figures, without an exponent."""
    decimals = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:,.{decimals}f}"

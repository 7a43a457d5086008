"""Runs one model in shouhu and its peers, side by side, and writes bench/RESULTS.md.

    compare.py [--quick] [--shouhu BINARY] [--peers FOLDER] [--output FILE]

`bench/run.sh` installs the peers, builds shouhu and calls this. Each program is first verified
against theory; who fails is named, is not timed, and the run ends with status 1.
"""

import statistics
import sys
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True

import child
import heavier
import machine
import options
import programs
import results
import roll_import
import tandem as tandem_model
from options import say

HERE = Path(__file__).resolve().parent

# Three standard errors: a true program fails at one station in 370.
ERRORS_ALLOWED = 3.0


class Pace(NamedTuple):
    """How much is done; what a run costs follows from it on any machine."""

    replications: dict  # for verification, by program; at least 20
    rounds: int
    run_s: float  # CPU seconds aimed at for one timed run
    roll_rounds: int


QUICK = Pace(
    {"shouhu-fifo": 1000, "shouhu-event": 1000, "shouhu-waits": 1000, "nexosim-one": 50, "nexosim-ports": 50, "simpy": 20, "ciw": 20},
    rounds=5,
    run_s=1.0,
    roll_rounds=1,
)
FULL = Pace(
    {"shouhu-fifo": 4000, "shouhu-event": 4000, "shouhu-waits": 4000, "nexosim-one": 250, "nexosim-ports": 250, "simpy": 100, "ciw": 50},
    rounds=9,
    run_s=2.5,
    roll_rounds=3,
)
VERIFY_SEED = 1
TIMED_SEED = 100_000
# No single run may hang the whole.
LIMIT_S = 300.0


class Verdict(NamedTuple):
    program: object
    replications: int
    estimates: list  # empty where the program failed before it answered
    reason: str  # why it failed; empty where it passed
    answer: str
    people_per_s: float  # a rough figure, to size the timed runs


class Timing(NamedTuple):
    program: object
    people: int  # of one timed run
    idle_cpu_s: float
    speeds: list  # people a CPU second, one for each round
    own_speeds: list  # the same as the program itself reports it; None for those that do not


def main():
    arguments = read_arguments()
    pace = QUICK if arguments.quick else FULL
    tandem = tandem_model.read(HERE / "tandem")
    surroundings = machine.describe(arguments.peers)

    every = programs.all_of(tandem, arguments.shouhu, arguments.peers)
    verdicts = [verify(program, tandem, pace) for program in every]
    engines = engines_alike(verdicts)
    timings = measure([verdict for verdict in verdicts if not verdict.reason], tandem, pace)
    sites = heavier.sites(arguments.shouhu, HERE, pace.rounds, say)
    cities = heavier.cities(arguments.shouhu, HERE.parent, say)
    rolls = roll_import.measure(arguments.shouhu, arguments.peers, pace.roll_rounds, say)

    measured = (timings, sites, cities, rolls)
    results.write(arguments.output, arguments.quick, surroundings, tandem, verdicts, engines, measured)
    say(f"wrote {arguments.output}")
    wrong = [f"{verdict.program.name}: {verdict.reason}" for verdict in verdicts if verdict.reason]
    wrong += [] if engines.alike else [engines.words]
    wrong += [f"roll import, {roll.encoding}: {roll.reason}" for roll in rolls if roll.reason]
    for line in wrong:
        say(f"FAILED {line}")
    return 1 if wrong else 0


def verify(program, tandem, pace):
    """Runs the program and holds the mean wait at each station against theory."""
    replications = pace.replications[program.key]
    say(f"verify {program.name}: {replications} replications of {tandem.people:,} people")
    try:
        run = child.run_well(program.command(tandem, tandem.people, replications, VERIFY_SEED), LIMIT_S)
        estimates = program.estimates(tandem, replications, run.output)
    except (child.Failed, OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error) if isinstance(error, (child.Failed, OSError)) else f"answer not understood: {error!r}"
        say(f"  failed: {reason}")
        return Verdict(program, replications, [], reason, "", 0.0)
    reason = against_theory(tandem, estimates)
    speed = replications * tandem.people / max(run.cpu_s, 1e-3)
    found = ", ".join(f"{estimate.mean_s:.2f} ± {estimate.error_s:.2f} s" for estimate in estimates)
    say(f"  {found}: {reason or 'agrees with theory'} ({run.cpu_s:.1f} s)")
    return Verdict(program, replications, estimates, reason, run.output, speed)


def against_theory(tandem, estimates):
    """Why the estimates fail; empty where they agree."""
    if len(estimates) != len(tandem.stations):
        return f"{len(estimates)} stations instead of {len(tandem.stations)}"
    for station, estimate in zip(tandem.stations, estimates):
        truth_s = tandem.wait_s(station)
        if not 0.0 < estimate.error_s < truth_s / 10.0:
            return f"{station.name}: a standard error of {estimate.error_s:.3g} s proves nothing"
        if abs(estimate.mean_s - truth_s) > ERRORS_ALLOWED * estimate.error_s:
            off = abs(estimate.mean_s - truth_s) / estimate.error_s
            return f"{station.name}: {estimate.mean_s:.2f} s is {off:.1f} standard errors from {truth_s:.2f} s"
    return ""


class Engines(NamedTuple):
    alike: bool
    words: str


def engines_alike(verdicts):
    """shouhu's two engines promise the same answer, bit for bit, where both apply."""
    fifo, event = (verdict for verdict in verdicts if isinstance(verdict.program, programs.Shouhu))
    if not fifo.answer or not event.answer:
        return Engines(False, "the two engines could not be compared")
    if programs.without_costs(fifo.answer) == programs.without_costs(event.answer):
        return Engines(True, "The two engines gave the same answer to the last bit, all statistics included.")
    return Engines(False, "the two engines gave different answers")


def measure(verdicts, tandem, pace):
    """CPU time of each program in turn, round after round, so that a busy moment meets all alike."""
    sized = []
    for verdict in verdicts:
        program = verdict.program
        replications = max(1, round(pace.run_s * verdict.people_per_s / tandem.people))
        if program.idle_people == tandem.people:
            replications = max(2, replications)  # its idle run is one replication already
        idle = program.command(tandem, program.idle_people, 1, TIMED_SEED)
        idle_cpu_s = statistics.median(child.run_well(idle, LIMIT_S).cpu_s for _ in range(3))
        say(f"start-up of {program.name}: {idle_cpu_s:.3f} s")
        sized.append((Timing(program, replications * tandem.people, idle_cpu_s, [], []), replications))
    for number in range(1, pace.rounds + 1):
        for timing, replications in sized:
            seed = TIMED_SEED + number * 10_000
            run = child.run_well(timing.program.command(tandem, tandem.people, replications, seed), LIMIT_S)
            people = timing.people - timing.program.idle_people
            timing.speeds.append(people / max(run.cpu_s - timing.idle_cpu_s, 1e-3))
            timing.own_speeds.append(timing.program.own_speed(run.output))
        speeds = ", ".join(f"{timing.program.key} {results.people(timing.speeds[-1])}" for timing, _ in sized)
        say(f"round {number} of {pace.rounds}, people/s: {speeds}")
    return [timing for timing, _ in sized]


def read_arguments():
    parser = options.parser(__doc__, "RESULTS.md")
    parser.add_argument("--quick", action="store_true", help="about three minutes instead of about eight")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except child.Failed as failure:
        say(f"FAILED while timing: {failure}")
        sys.exit(1)

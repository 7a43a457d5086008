"""The programs that run the tandem: how each is called, and how its answer is read."""

import json
import statistics
from pathlib import Path
from typing import NamedTuple

import child


class Estimate(NamedTuple):
    """A mean wait at one station, and its standard error between replications."""

    mean_s: float
    error_s: float


class Peer:
    """A program of bench/peers or bench/nexosim, or our own that does what they do; `peers/arguments.py` says how it is talked to."""

    idle_people = 1

    def __init__(self, key, name, command):
        self.key = key
        self.name = name
        self.words = command

    def command(self, tandem, people, replications, seed):
        warmup = min(tandem.warmup, people)
        stations = [f"{station.servers}:{station.mean_s:g}" for station in tandem.stations]
        return [*self.words, f"{tandem.per_hour:g}", people, warmup, replications, seed, *stations]

    def estimates(self, tandem, replications, output):
        rows = json.loads(output)["waits_s"]
        if len(rows) != replications:
            raise child.Failed(f"{len(rows)} replications instead of {replications}")
        estimates = []
        for waits_s in zip(*rows):
            error_s = statistics.stdev(waits_s) / len(waits_s) ** 0.5
            estimates.append(Estimate(statistics.fmean(waits_s), error_s))
        return estimates

    def own_speed(self, output):
        """The peers count people, not seconds."""
        return None


class Shouhu:
    """`shouhu rehearse` on the scenario folder, one thread, all its statistics on."""

    def __init__(self, engine, name, binary, people):
        self.key = f"shouhu-{engine}"
        self.name = name
        self.engine = engine
        self.binary = binary
        # The scenario states the people, so its shortest run is one replication.
        self.idle_people = people

    def command(self, tandem, people, replications, seed):
        assert people == tandem.people, "the scenario states the people"
        forced = ["--engine", "event"] if self.engine == "event" else []
        counts = ["--reps", replications, "--seed", seed, "--threads", 1]
        return [self.binary, "rehearse", tandem.folder, *counts, *forced, "--json"]

    def estimates(self, tandem, replications, output):
        answer = json.loads(output)
        said = (answer["engine"], answer["replications"], answer["people"])
        if said != (self.engine, replications, tandem.people):
            raise child.Failed(f"ran {said} instead of {(self.engine, replications, tandem.people)}")
        estimates = []
        for station in answer["stations"]:
            low, high = station["wait_min"]["ci95"]
            # 95 % of a normal law lie within 1.96 standard errors of its mean.
            error_min = (high - low) / 2.0 / 1.96
            estimates.append(Estimate(station["wait_min"]["mean"] * 60.0, error_min * 60.0))
        together_s = answer["wait_min"]["mean"] * 60.0
        apart_s = sum(estimate.mean_s for estimate in estimates)
        if abs(together_s - apart_s) > 1e-6 * apart_s:
            raise child.Failed(f"{together_s:.6f} s before all stations are not {apart_s:.6f} s before each")
        return estimates

    def own_speed(self, output):
        """People a CPU second as the command itself reports them."""
        return json.loads(output)["people_per_second"]


def without_costs(output):
    """The answer of `shouhu rehearse` without what may differ between two equal runs."""
    answer = json.loads(output)
    for key in ("engine", "cpu_s", "wall_s", "people_per_second"):
        answer.pop(key, None)
    return answer


def all_of(tandem, binary, peers):
    python = peers / "venv" / "bin" / "python"
    here = tandem.folder.parent
    nexosim = peers / "nexosim-target" / "release" / "nexosim-tandem"
    return [
        Shouhu("fifo", "shouhu, FIFO path", binary, tandem.people),
        Shouhu("event", "shouhu, event path", binary, tandem.people),
        Peer("shouhu-waits", "shouhu's kernel, mean waits alone", [Path(binary).parent / "examples" / "tandem"]),
        Peer("nexosim-one", "NeXosim, the site as one model", [nexosim, "one"]),
        Peer("nexosim-ports", "NeXosim, models joined by ports", [nexosim, "ports"]),
        Peer("simpy", "SimPy", [python, here / "peers" / "simpy_tandem.py"]),
        Peer("ciw", "Ciw", [python, here / "peers" / "ciw_tandem.py"]),
    ]

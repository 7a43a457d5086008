"""What a peer counts over some days, and the figures that follow from it.

The figures bear the names of those that `shouhu rehearse --json` prints, and are worked out in the same way: a mean and a
quantile are those of the people of all days of a batch together.
"""

import json
import math
import sys
from pathlib import Path

import scenario


# Status of a peer that cannot express the model.
REFUSED = 3


def main(live, cannot=lambda site: ""):
    """PEER FOLDER BATCHES DAYS SEED: prints the figures of each batch of so many days.

    `live(site, counts, seed)` lives a day; `cannot(site)` says why it is not possible.
    """
    folder, *numbers = sys.argv[1:]
    batches, days, seed = map(int, numbers)
    site = scenario.read(Path(folder))
    if reason := cannot(site):
        print(reason)
        sys.exit(REFUSED)
    found = []
    for first in range(seed, seed + batches * days, days):
        counted = Counted(site)
        for number in range(first, first + days):
            live(site, counted, number)
        found.append(counted.figures())
    json.dump(found, sys.stdout)
    print()


class Counted:
    def __init__(self, site):
        self.site = site
        self.days = self.people = self.left = self.unserved = 0
        self.waits, self.stays, self.done_97 = [], [], []
        self.class_waits = {visitors.name: [] for visitors in site.visitors}
        self.station_waits = {name: [] for name in site.stations}
        self.busy = dict.fromkeys(site.stations, 0.0)
        self.staffed = dict.fromkeys(site.stations, 0.0)
        self.departures = []

    def started(self, name, wait, service, size=1):
        """A service began, for `size` people together."""
        self.station_waits[name].extend([wait] * size)
        self.busy[name] += service

    def departed(self, at, visitors, waited, stay):
        self.departures.append(at)
        self.waits.append(waited)
        self.class_waits[visitors].append(waited)
        self.stays.append(stay)

    def end_day(self):
        """Servers are counted until the last departure."""
        self.days += 1
        self.departures.sort()
        self.done_97.append(self.departures[math.ceil(0.97 * len(self.departures)) - 1])
        last = self.departures[-1]
        for name, station in self.site.stations.items():
            changes = station.servers or []
            for (start, servers), (end, _) in zip(changes, [*changes[1:], (last, 0)]):
                self.staffed[name] += servers * max(0.0, min(end, last) - start)
        self.departures = []

    def figures(self):
        found = {
            "served": len(self.stays) / self.days,
            "left_share": self.left / self.people,
            "unserved_share": self.unserved / self.people,
            "done_97_min": sum(self.done_97) / self.days / 60.0,
        }
        found.update(spread("wait_min", self.waits))
        found.update(spread("stay_min", self.stays))
        for name, waits in self.class_waits.items():
            found.update(spread(f"classes.{name}.wait_min", waits))
        for name, waits in self.station_waits.items():
            found.update(spread(f"stations.{name}.wait_min", waits))
            if self.staffed[name]:
                found[f"stations.{name}.utilisation"] = self.busy[name] / self.staffed[name]
        return found


def spread(name, times_s):
    times_s.sort()
    p95_s = times_s[math.ceil(0.95 * len(times_s)) - 1]
    return {f"{name}.mean": sum(times_s) / len(times_s) / 60.0, f"{name}.p95": p95_s / 60.0}

"""What every peer is told, and how it answers.

    PEER PER_HOUR PEOPLE WARMUP REPLICATIONS SEED SERVERS:MEAN_S …

One `SERVERS:MEAN_S` a station, in the order that people pass them. The answer is one JSON object:
the mean wait in seconds at each station, for each replication, without the first WARMUP people
(null where nobody is left).
"""

import json
import sys
from typing import NamedTuple


class Station(NamedTuple):
    servers: int
    mean_s: float


class Tandem(NamedTuple):
    arrivals_per_s: float
    people: int
    warmup: int
    replications: int
    seed: int
    stations: list


def read():
    per_hour, people, warmup, replications, seed, *stations = sys.argv[1:]
    pairs = [text.split(":") for text in stations]
    return Tandem(
        arrivals_per_s=float(per_hour) / 3600.0,
        people=int(people),
        warmup=int(warmup),
        replications=int(replications),
        seed=int(seed),
        stations=[Station(int(servers), float(mean_s)) for servers, mean_s in pairs],
    )


def answer(waits_s):
    """`waits_s`: for each replication, the mean wait at each station."""
    json.dump({"waits_s": waits_s}, sys.stdout)
    print()

"""The model as its scenario file states it, and what theory says of it."""

import tomllib
from typing import NamedTuple


class Station(NamedTuple):
    name: str
    servers: int
    mean_s: float


class Tandem(NamedTuple):
    folder: object
    per_hour: float
    people: int  # arrivals of one replication
    warmup: int  # of which the first so many are left out of the waits
    stations: list

    def utilisation(self, station):
        return self.per_hour / 3600.0 * station.mean_s / station.servers

    def wait_s(self, station):
        """Mean wait in theory. What leaves an M/M/c queue is again a Poisson stream of the same
        rate (Burke 1956), so each station in series is an M/M/c queue of its own."""
        arrivals_per_s = self.per_hour / 3600.0
        load = arrivals_per_s * station.mean_s
        return erlang_c(station.servers, load) * station.mean_s / (station.servers - load)


def read(folder):
    with open(folder / "scenario.toml", "rb") as file:
        scenario = tomllib.load(file)
    stations = []
    for station in scenario["site"]["station"]:
        service = station["service"]
        if service["law"] != "exponential":
            raise ValueError(f"{station['name']}: theory is at hand for exponential service alone")
        stations.append(Station(station["name"], station["servers"], float(service["mean_s"])))
    return Tandem(
        folder=folder,
        per_hour=float(scenario["arrivals"]["per_hour"]),
        people=scenario["arrivals"]["people"],
        warmup=scenario["statistics"]["warmup_people"],
        stations=stations,
    )


def erlang_c(servers, load):
    """Probability that an arrival must wait at M/M/c, `load` in erlangs below `servers`."""
    blocked = 1.0  # Erlang B, by its recursion over the number of servers
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))

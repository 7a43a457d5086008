"""What no peer runs: heavier sites, and a city, by shouhu alone."""

import json
import statistics
from typing import NamedTuple

import child

LIMIT_S = 300.0
# A city's day is measured as a whole process, the best of so many.
CITY_RUNS = 5


class Site(NamedTuple):
    name: str
    folder: str  # under bench/
    engine: str  # that it must run on
    words: str


SITES = (
    Site("full", "full", "fifo", "four stations, bookings and walk-ins by the hour, no-shows, patience, calendars, changeover"),
    Site("priority", "priority", "event", "two lanes with a green channel, calendars, changeover"),
)


class City(NamedTuple):
    name: str
    words: str
    options: tuple


SHAPES = ("four-tables", "three-tables", "shifts", "late", "many-without-code", "thin")
GREEN = ("arrivals.green_share=0.1", *(f"shape.{shape}.green_channel=true" for shape in SHAPES))

CITIES = (
    City("megacity", "25.7 million people, tubes, couriers, labs", ()),
    City("megacity, green", "the same with a green channel at every site", tuple(word for key in GREEN for word in ("--set", key))),
)


class SiteSpeed(NamedTuple):
    site: Site
    replications: int
    people: float  # of one replication
    speeds: list  # people a CPU second by the command's own count, one for each round


class CityCost(NamedTuple):
    city: City
    people: float
    wall_s: list
    cpu_s: list
    peak_mib: float


def sites(binary, here, rounds, say):
    """Each site in turn, round after round, on one thread."""
    found = [SiteSpeed(site, 1000, 0.0, []) for site in SITES]
    for number in range(1, rounds + 1):
        for place, speed in enumerate(found):
            answer = json.loads(child.run_well(site_command(binary, here, speed, number), LIMIT_S).output)
            if answer["engine"] != speed.site.engine:
                raise child.Failed(f"{speed.site.name} ran on {answer['engine']}, not on {speed.site.engine}")
            found[place] = speed._replace(people=answer["people"])
            found[place].speeds.append(answer["people_per_second"])
    for speed in found:
        say(f"{speed.site.name}: {statistics.median(speed.speeds) / 1e6:.2f} M people/s")
    return found


def site_command(binary, here, speed, seed):
    folder = here / speed.site.folder
    return [binary, "rehearse", folder, "--reps", speed.replications, "--seed", seed, "--threads", 1, "--json"]


def cities(binary, root, say):
    """One day of each city, the whole process on all cores; the first run warms the file cache and is left out."""
    found = []
    for city in CITIES:
        runs = [child.run_well(city_command(binary, root, city), LIMIT_S) for _ in range(CITY_RUNS + 1)][1:]
        people = json.loads(runs[0].output)["people"]
        cost = CityCost(
            city, people, [run.wall_s for run in runs], [run.cpu_s for run in runs], max(run.peak_mib for run in runs)
        )
        say(f"{city.name}: {min(cost.wall_s):.2f} s, {min(cost.cpu_s):.2f} s of CPU, {cost.peak_mib:.0f} MiB")
        found.append(cost)
    return found


def city_command(binary, root, city):
    return [binary, "rehearse", root / "examples" / "megacity", "--reps", 1, *city.options, "--json"]

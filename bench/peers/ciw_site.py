"""The models of bench/agreement in Ciw, those that it can express: a network of nodes, figures from its own records."""

import sys

sys.dont_write_bytecode = True

import math
import random
from itertools import accumulate

import ciw

import counted
import scenario

# Ciw's clock begins at 0; the opening is so much later, for those who come before it.
OPENING_S = 3600.0
# Long after the last departure of any day.
END_S = 1e6


def cannot(site):
    """Why Ciw has no word for what the model has; empty where it has."""
    for station in site.stations.values():
        if station.servers and len(station.servers) > 1:
            return "at a change of staff Ciw replaces everybody, and whoever serves goes on beside the new ones"
        if station.changeover:
            return "Ciw has no pause after every so many people"
        if station.together:
            return "Ciw has no party that is served as one and then parts"
    return ""


class Crew(ciw.Schedule):
    """`number` servers from the opening until `until`; who serves then finishes."""

    def __init__(self, number, until):
        super().__init__(numbers_of_servers=[0, number, 0], shift_end_dates=[OPENING_S, OPENING_S + until, 3.0 * END_S])


def network(site):
    names = list(site.stations)
    classes = streams(site)
    return ciw.create_network(
        arrival_distributions={name: [stream] + [None] * (len(names) - 1) for name, (stream, _) in classes.items()},
        service_distributions={
            name: [law(station.service, visitors.factor) for station in site.stations.values()]
            for name, (_, visitors) in classes.items()
        },
        priority_classes={name: visitors.priority for name, (_, visitors) in classes.items()},
        number_of_servers=[servers(site, station) for station in site.stations.values()],
        queue_capacities=[math.inf if station.room is None else station.room for station in site.stations.values()],
        routing={name: ways(site, names) for name in classes},
        reneging_time_distributions={name: [law(site.patience)] * len(names) for name in classes} if site.patience else None,
    )


def servers(site, station):
    if station.servers is None:
        return math.inf
    ((_, number),) = station.servers
    if station.name != next(iter(site.stations)):
        return number
    return Crew(number, END_S if site.closes is None else site.closes)


def streams(site):
    """Each class of customers: when they come, and which visitors they are."""
    found = {visitors.name: (by_chance(site.hours, visitors.share), visitors) for visitors in site.visitors}
    if site.appointments:
        (visitors,) = site.visitors
        found["booked"] = (booked(site.appointments), visitors)
    # Ciw wants priorities from 0 without a gap.
    priorities = sorted({visitors.priority for _, visitors in found.values()})
    return {
        name: (stream, visitors._replace(priority=priorities.index(visitors.priority)))
        for name, (stream, visitors) in found.items()
    }


def by_chance(hours, share):
    ends_s = [OPENING_S + end_h * 3600.0 for end_h in accumulate(hours_long for _, hours_long in hours)]
    rates = [per_hour * share / 3600.0 for per_hour, _ in hours]
    return ciw.dists.PoissonIntervals(rates=[0.0, *rates], endpoints=[OPENING_S, *ends_s], max_sample_date=ends_s[-1])


def booked(appointments):
    """Ciw has no bookings: who comes is drawn beforehand, and handed over as gaps."""
    kept = [time for time in appointments.times if random.random() >= appointments.no_show]
    lateness = law(appointments.punctuality)
    times = sorted(OPENING_S + time + lateness.sample() for time in kept)
    gaps = [later - earlier for earlier, later in zip([0.0, *times], times)]
    return ciw.dists.Sequential([*gaps, math.inf])


def ways(site, names):
    return [[dict(station.ways).get(name, 0.0) for name in names] for station in site.stations.values()]


class Lateness(ciw.dists.Distribution):
    """Normal, and unlike Ciw's own it may be negative."""

    def __init__(self, mean, sd):
        self.mean_s, self.sd_s = mean, sd

    def sample(self, t=None, ind=None):
        return random.gauss(self.mean_s, self.sd_s)


def law(table, factor=1.0):
    mean = table.get("mean", 0.0) * factor
    match table["law"]:
        case "lognormal":
            variance = math.log1p(table["cv"] ** 2)
            return ciw.dists.Lognormal(math.log(mean) - variance / 2.0, math.sqrt(variance))
        case "gamma":
            shape = table["cv"] ** -2
            return ciw.dists.Gamma(shape, mean / shape)
        case "uniform":
            return ciw.dists.Uniform(table["min"] * factor, table["max"] * factor)
        case "triangular":
            return ciw.dists.Triangular(table["min"] * factor, table["mode"] * factor, table["max"] * factor)
        case "normal":
            return Lateness(table["mean"], table["sd"])
        case other:
            raise ValueError(f"this peer does not draw from {other}")


def live(site, counts, seed):
    ciw.seed(seed)
    simulation = ciw.Simulation(network(site))
    simulation.simulate_until_max_time(END_S)
    by_person = {}
    for record in simulation.get_all_records(only=["service", "renege"]):
        by_person.setdefault(record.id_number, []).append(record)
    came = simulation.nodes[0].number_of_individuals
    counts.people += came
    # Whoever still waits at the end came too late to be served.
    counts.unserved += came - len(by_person)
    names = list(site.stations)
    for records in by_person.values():
        count(counts, names, sorted(records, key=lambda record: record.arrival_date))
    counts.end_day()


def count(counts, names, records):
    """One person's way through the site."""
    waited = blocked = 0.0
    for record in records:
        if record.record_type == "renege":
            counts.left += 1
            return
        # Who was stopped by a full room has been waiting for the station behind it since then.
        wait = blocked + record.waiting_time
        blocked = record.time_blocked
        waited += wait
        counts.started(names[record.node - 1], wait, record.service_time)
    last = records[-1].exit_date
    visitors = records[0].customer_class
    visitors = visitors if visitors in counts.class_waits else next(iter(counts.class_waits))
    counts.departed(last - OPENING_S, visitors, waited, last - records[0].arrival_date)


if __name__ == "__main__":
    counted.main(live, cannot)

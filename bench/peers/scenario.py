"""A scenario as the peers of the agreement read it: `scenario.toml` is the only source of figures.

Times are seconds, those of day counted from the opening. Only the keys that the ten models of bench/agreement use are known;
any other is an error, so that no peer leaves out what shouhu lives.
"""

import tomllib
from typing import NamedTuple

EXIT = "exit"
KNOWN = {
    "": {"format", "community", "round", "site", "arrivals", "visitor", "patience"},
    "round": {"purpose", "date", "opens", "closes"},
    "site": {"station"},
    "station": {"name", "servers", "service", "changeover", "next", "unit", "plus_each_s", "room"},
    "visitor": {"class", "share", "priority", "service_factor", "party_sizes"},
    "arrivals": {"law", "per_hour", "hours", "appointments", "walk_ins"},
    "appointments": {"slot_min", "places", "hours", "no_show", "punctuality"},
    "walk_ins": {"per_hour", "hours"},
}


class Station(NamedTuple):
    name: str
    servers: list  # (from, how many) in the order of time; None where nobody waits
    service: dict
    changeover: dict  # None, or `every` and `away_s`
    ways: list  # (station or EXIT, share)
    together: bool  # a party is served as one
    plus_each_s: float
    room: int  # None where any number fits


class Visitors(NamedTuple):
    name: str
    share: float
    priority: int  # lower is served first
    factor: float  # of service times
    parties: list  # (size, share)


class Appointments(NamedTuple):
    times: list
    no_show: float
    punctuality: dict


class Site(NamedTuple):
    stations: dict  # by name, in order; people come to the first
    visitors: list
    patience: dict  # a law, or None
    closes: float  # None where all are served
    hours: list  # people (or parties) an hour who come by chance, and hours that this lasts
    appointments: Appointments  # or None


def read(folder):
    with open(folder / "scenario.toml", "rb") as file:
        scenario = known("", tomllib.load(file))
    opens = clock(known("round", scenario["round"])["opens"])
    closes = scenario["round"].get("closes")
    arrivals = known("arrivals", scenario["arrivals"])
    booked = arrivals.get("appointments")
    stations = known("site", scenario["site"])["station"]
    return Site(
        stations={each["name"]: station(each, stations[place + 1 :], opens) for place, each in enumerate(stations)},
        visitors=visitors(scenario.get("visitor", [])),
        patience=law(scenario.get("patience")),
        closes=clock(closes) - opens if closes else None,
        hours=rates(known("walk_ins", arrivals.get("walk_ins", {})) or arrivals),
        appointments=appointments(known("appointments", booked)) if booked else None,
    )


def station(table, later, opens):
    known("station", table)
    servers = table["servers"]
    if servers == "unlimited":
        servers = None
    elif isinstance(servers, int):
        servers = [(0.0, servers)]
    else:
        servers = [(clock(change["from"]) - opens, change["servers"]) for change in servers]
    straight = [{"to": later[0]["name"] if later else EXIT}]
    return Station(
        name=table["name"],
        servers=servers,
        service=law(table["service"]),
        changeover=table.get("changeover"),
        ways=[(way["to"], way.get("share", 1.0)) for way in table.get("next", straight)],
        together=table.get("unit", "person") != "person",
        plus_each_s=float(table.get("plus_each_s", 0.0)),
        room=table.get("room"),
    )


def visitors(tables):
    """Those of a class, and `general` for everybody else."""
    found = []
    for table in tables:
        known("visitor", table)
        parties = [(party["size"], party["share"]) for party in table.get("party_sizes", [])] or [(1, 1.0)]
        priority = 0 if table.get("priority") else 1
        found.append(Visitors(table["class"], table["share"], priority, float(table.get("service_factor", 1.0)), parties))
    rest = 1.0 - sum(each.share for each in found)
    return [*found, Visitors("general", rest, 1, 1.0, [(1, 1.0)])] if rest > 1e-9 else found


def rates(table):
    """(people an hour, hours) one after the other."""
    per_hour = table["per_hour"]
    return [(float(each), 1.0) for each in per_hour] if isinstance(per_hour, list) else [(float(per_hour), float(table["hours"]))]


def appointments(table):
    slot_s = table["slot_min"] * 60.0
    slots = range(round(table["hours"] * 3600.0 / slot_s))
    times = [slot * slot_s for slot in slots for _ in range(table["places"])]
    return Appointments(times, table["no_show"], law(table["punctuality"]))


def law(table):
    """The same law with every time in seconds: `mean_min = 2` becomes `mean = 120.0`."""
    if table is None:
        return None
    found = {}
    for key, value in table.items():
        for ending, seconds in (("_s", 1.0), ("_min", 60.0)):
            if key.endswith(ending):
                key, value = key.removesuffix(ending), value * seconds
                break
        found[key] = value
    return found


def clock(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0


def known(what, table):
    strange = set(table) - KNOWN[what]
    if strange:
        raise ValueError(f"the peers do not know {', '.join(sorted(strange))} of {what or 'a scenario'}")
    return table

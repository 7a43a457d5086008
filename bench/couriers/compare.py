"""Courier rounds beside PyVRP: the same sites, labs, vehicles and limits; minutes of driving of one round of every route.

    python3 bench/couriers/compare.py target/release/examples/rounds [--sites 200] [--labs 5] [--seconds 30] [--room 5]

PyVRP chooses the lab of each site freely and knows no lab's capacity, which is a help to it. Needs `pip install pyvrp`
(requirements.txt here). What it prints is a row of RESULTS.md.
"""

import argparse
import json
import math
import subprocess
import sys

# PyVRP counts in whole numbers: hundredths of a minute.
PER_MINUTE = 100


def minutes(one, other, km_per_hour):
    """Straight minutes over a round globe, as shouhu has them."""
    north = (one[0] - other[0]) * 111.2
    x = math.radians(one[0])
    east = (one[1] - other[1]) * 111.2 * math.cos(x)
    return math.hypot(north, east) / km_per_hour * 60


def ours(binary, arguments):
    out = subprocess.run([binary, *map(str, arguments)], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def audited(day):
    """Adds our rounds up again, and says what is wrong with them."""
    seen, total, wrong = [], 0.0, []
    for number, route in enumerate(day["routes"]):
        points = [day["labs"][route["lab"]], *(day["sites"][stop] for stop in route["stops"])]
        points.append(points[0])
        drive = sum(minutes(a, b, day["km_per_hour"]) for a, b in zip(points, points[1:]))
        total += drive
        seen += route["stops"]
        if drive + day["stop_min"] * len(route["stops"]) > day["route_max_min"] + 0.01:
            wrong.append(f"route {number} is too long")
        if sum(route["boxes"]) > day["vehicle_boxes"]:
            wrong.append(f"route {number} is too full")
    if sorted(seen) != list(range(len(day["sites"]))):
        wrong.append("not every site is visited once")
    return total, wrong


def theirs(day, seconds):
    import pyvrp
    from pyvrp.stop import MaxRuntime

    model = pyvrp.Model()
    points = [*day["labs"], *day["sites"]]
    boxes = {stop: box for route in day["routes"] for stop, box in zip(route["stops"], route["boxes"])}
    whole = lambda value: round(value * PER_MINUTE)
    places = [model.add_location(x=round(point[1] * 1e5), y=round(point[0] * 1e5)) for point in points]
    depots = [model.add_depot(location=place) for place in places[: len(day["labs"])]]
    for number, place in enumerate(places[len(day["labs"]) :]):
        model.add_client(location=place, pickup=boxes[number], service_duration=whole(day["stop_min"]))
    for depot in depots:
        model.add_vehicle_type(
            num_available=len(day["sites"]),
            capacity=day["vehicle_boxes"],
            start_depot=depot,
            end_depot=depot,
            unit_distance_cost=1,
            shift_duration=whole(day["route_max_min"]),
        )
    for one, a in zip(places, points):
        for other, b in zip(places, points):
            way = whole(minutes(a, b, day["km_per_hour"]))
            model.add_edge(one, other, distance=way, duration=way)
    found = model.solve(stop=MaxRuntime(seconds), seed=1, display=False)
    return found.cost() / PER_MINUTE, found.is_feasible()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--labs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--second-opinion", type=int, default=0)
    parser.add_argument("--tries", type=int, default=0)
    parser.add_argument("--room", type=float, default=5.0, help="times what is filled that the labs can test together")
    options = parser.parse_args()
    day = ours(options.binary, [options.sites, options.labs, options.second_opinion, options.tries, options.room])
    drive, wrong = audited(day)
    if wrong:
        sys.exit("\n".join(wrong))
    peer, feasible = theirs(day, options.seconds)
    row = {
        "sites": options.sites,
        "labs": options.labs,
        "room": options.room,
        "ours_min": round(drive, 1),
        "ours_s": round(day["wall_s"], 1),
        "ours_routes": len(day["routes"]),
        "second_opinion_shorter": day["second_opinion"],
        "pyvrp_min": round(peer, 1),
        "pyvrp_s": options.seconds,
        "pyvrp_feasible": feasible,
        "ours_over_pyvrp": round(drive / peer, 4),
        "in_time_share": day["in_time"] / day["tubes"],
        "breaches": day["breaches"],
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main()

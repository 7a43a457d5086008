"""The tandem in Ciw: a network of two nodes, waits taken from its own records.

Ciw stops at the departure of the last person counted instead of at the last arrival; people who
entered after those, and the handful overtaken at the very end, are left out of the means.
"""

import sys

sys.dont_write_bytecode = True

import ciw

import arguments


def network(tandem):
    stations = tandem.stations
    doors = [ciw.dists.Exponential(rate=tandem.arrivals_per_s)] + [None] * (len(stations) - 1)
    onward = [[1.0 if to == at + 1 else 0.0 for to in range(len(stations))] for at in range(len(stations))]
    return ciw.create_network(
        arrival_distributions=doors,
        service_distributions=[ciw.dists.Exponential(rate=1.0 / station.mean_s) for station in stations],
        number_of_servers=[station.servers for station in stations],
        routing=onward,
    )


def replicate(net, tandem, seed):
    ciw.seed(seed)
    simulation = ciw.Simulation(net)
    simulation.simulate_until_max_customers(tandem.people, method="Finish")
    waited_s = [0.0] * len(tandem.stations)
    counted = [0] * len(tandem.stations)
    for record in simulation.get_all_records():
        # Ciw numbers people from 1.
        if tandem.warmup < record.id_number <= tandem.people:
            waited_s[record.node - 1] += record.waiting_time
            counted[record.node - 1] += 1
    return [wait / people if people else None for wait, people in zip(waited_s, counted)]


def main():
    tandem = arguments.read()
    net = network(tandem)
    seeds = range(tandem.seed, tandem.seed + tandem.replications)
    arguments.answer([replicate(net, tandem, seed) for seed in seeds])


if __name__ == "__main__":
    main()

"""The tandem in SimPy: one process a person, one Resource a station."""

import sys

sys.dont_write_bytecode = True

from random import Random

import simpy

import arguments


class Counter(simpy.Resource):
    """A station: its servers, its service rate, and the waits seen there."""

    def __init__(self, env, station):
        super().__init__(env, station.servers)
        self.rate = 1.0 / station.mean_s
        self.waited_s = 0.0


def person(env, counters, chance, counted):
    for counter in counters:
        with counter.request() as turn:
            arrived = env.now
            yield turn
            if counted:
                counter.waited_s += env.now - arrived
            yield env.timeout(chance.expovariate(counter.rate))


def door(env, counters, chance, tandem):
    for number in range(tandem.people):
        yield env.timeout(chance.expovariate(tandem.arrivals_per_s))
        env.process(person(env, counters, chance, number >= tandem.warmup))


def replicate(tandem, seed):
    env = simpy.Environment()
    chance = Random(seed)
    counters = [Counter(env, station) for station in tandem.stations]
    env.process(door(env, counters, chance, tandem))
    env.run()
    counted = tandem.people - tandem.warmup
    return [counter.waited_s / counted if counted > 0 else None for counter in counters]


def main():
    tandem = arguments.read()
    seeds = range(tandem.seed, tandem.seed + tandem.replications)
    arguments.answer([replicate(tandem, seed) for seed in seeds])


if __name__ == "__main__":
    main()

"""Any of the ten models of bench/agreement in SimPy: one process a party, then one a person."""

import sys

sys.dont_write_bytecode = True

import math
from itertools import accumulate
from random import Random

import simpy

import counted
import desks
import scenario

# People may come so long before the opening.
EARLY_S = 3600.0


class Day:
    def __init__(self, site, counts, seed):
        self.site, self.counts, self.chance = site, counts, Random(seed)
        self.env = simpy.Environment(initial_time=-EARLY_S)
        self.desks = {name: desks.desk(self.env, station) for name, station in site.stations.items()}
        self.closing = None if site.closes is None else self.env.timeout(site.closes + EARLY_S)
        self.visitors = [(visitors, visitors.share) for visitors in site.visitors]

    def live(self):
        self.env.process(self.by_chance())
        if self.site.appointments:
            self.booked(self.site.appointments)
        self.env.run()
        for desk in self.desks.values():
            self.counts.busy[desk.station.name] += desk.away_s
            self.counts.staffed[desk.station.name] += desk.overtime_s
        self.counts.end_day()

    def by_chance(self):
        """A Poisson process by thinning: so many as at the busiest time, of whom a share comes."""
        ends_h = list(accumulate(hours for _, hours in self.site.hours))
        most = max(per_hour for per_hour, _ in self.site.hours)
        yield self.env.timeout(EARLY_S)
        while True:
            yield self.env.timeout(self.chance.expovariate(most / 3600.0))
            now_h = self.env.now / 3600.0
            if now_h > ends_h[-1]:
                return
            per_hour = next(rate for (rate, _), end in zip(self.site.hours, ends_h) if now_h <= end)
            if self.chance.random() * most < per_hour:
                self.come()

    def booked(self, appointments):
        for time in appointments.times:
            if self.chance.random() >= appointments.no_show:
                self.env.process(self.keep(time + draw(self.chance, appointments.punctuality)))

    def keep(self, at):
        yield self.env.timeout(at + EARLY_S)
        self.come()

    def come(self):
        visitors = self.one_of(self.visitors)
        size = self.one_of(visitors.parties)
        self.counts.people += size
        first = next(iter(self.site.stations))
        self.env.process(self.walk(visitors, size, self.env.now, first, 0.0))

    def walk(self, visitors, size, arrived, name, waited):
        """`size` people who keep together, from the queue of station `name` on, having `waited` before."""
        env, entering = self.env, True
        leave_behind = None  # frees the server of the station before, who waits with the person for room at the next
        while name != scenario.EXIT:
            desk = self.desks[name]
            if size > 1 and not desk.station.together:
                for _ in range(size):
                    env.process(self.walk(visitors, 1, arrived, name, waited))
                return
            if entering and self.closing and self.closing.processed:
                self.counts.unserved += size
                return
            since = env.now
            place = desk.places.request() if desk.places else None
            if place:
                yield place
            if leave_behind:
                leave_behind()
            turn = desk.ask(visitors.priority)
            yield from self.wait(turn, entering)
            if not turn.triggered:
                turn.cancel()
                if self.closing and self.closing.processed:
                    self.counts.unserved += size
                else:
                    self.counts.left += size
                return
            if place:
                desk.places.release(place)
            waited += env.now - since
            service = draw(self.chance, desk.station.service) + desk.station.plus_each_s * (size - 1)
            service *= visitors.factor
            self.counts.started(name, env.now - since, service, size)
            yield env.timeout(service)
            name = self.one_of(desk.station.ways)
            entering = False
            leave_behind = lambda desk=desk, turn=turn: desk.free(turn, size)
            if name == scenario.EXIT or not self.desks[name].places:
                leave_behind()
                leave_behind = None
        for _ in range(size):
            self.counts.departed(env.now, visitors.name, waited, env.now - arrived)

    def wait(self, turn, entering):
        """Until it is the person's turn, or patience ends, or before the first station until the site closes."""
        until = turn
        if self.site.patience:
            until |= self.env.timeout(draw(self.chance, self.site.patience))
        if self.closing and entering:
            until |= self.closing
        yield until

    def one_of(self, choices):
        """One of several, by its share."""
        if len(choices) == 1:
            return choices[0][0]
        drawn = self.chance.random()
        for choice, share in choices:
            drawn -= share
            if drawn < 0.0:
                break
        return choice


def draw(chance, law):
    """Seconds by a law of the scenario."""
    match law["law"]:
        case "lognormal":
            variance = math.log1p(law["cv"] ** 2)
            return chance.lognormvariate(math.log(law["mean"]) - variance / 2.0, math.sqrt(variance))
        case "gamma":
            shape = law["cv"] ** -2
            return chance.gammavariate(shape, law["mean"] / shape)
        case "uniform":
            return chance.uniform(law["min"], law["max"])
        case "triangular":
            return chance.triangular(law["min"], law["max"], law["mode"])
        case "normal":
            return chance.gauss(law["mean"], law["sd"])
        case other:
            raise ValueError(f"this peer does not draw from {other}")


if __name__ == "__main__":
    counted.main(lambda site, counts, seed: Day(site, counts, seed).live())

"""Stations in SimPy: how a person gets a server and gives the server back."""

import simpy


def desk(env, station):
    if station.servers is None:
        return Unlimited(env, station)
    return Pausing(env, station) if station.changeover else Counter(env, station)


class Desk:
    def __init__(self, env, station):
        self.env, self.station = env, station
        # Places before the station, for those who wait there.
        self.places = simpy.Resource(env, station.room) if station.room else None
        self.away_s = 0.0  # that servers were on a pause
        self.overtime_s = 0.0  # that servers served on after their time


class Unlimited(Desk):
    """Nobody ever waits."""

    def ask(self, priority):
        turn = simpy.Event(self.env)
        return turn.succeed()

    def free(self, turn, size):
        pass


class Counter(Desk):
    """Servers by a calendar: who is not there holds a place of the resource, before anybody who waits for one."""

    ABSENT = -1  # priority

    def __init__(self, env, station):
        super().__init__(env, station)
        self.most = max(servers for _, servers in station.servers)
        self.servers = simpy.PriorityResource(env, self.most)
        self.absent = [self.servers.request(priority=self.ABSENT) for _ in range(self.most)]
        env.process(self.staff())

    def staff(self):
        for start, servers in self.station.servers:
            yield self.env.timeout(start - self.env.now)
            while len(self.absent) > self.most - servers:
                self.servers.release(self.absent.pop(0))
            while len(self.absent) < self.most - servers:
                self.dismiss()

    def dismiss(self):
        """An idle server goes at once, or else the first to finish."""
        due = self.env.now
        gone = self.servers.request(priority=self.ABSENT)
        gone.callbacks.append(lambda _: self.count_overtime(due))
        self.absent.append(gone)

    def count_overtime(self, due):
        self.overtime_s += self.env.now - due

    def ask(self, priority):
        return self.servers.request(priority=priority)

    def free(self, turn, size):
        self.servers.release(turn)


class Pausing(Desk):
    """Servers who step aside after every so many people; of the idle ones the one who is idle longest serves next."""

    def __init__(self, env, station):
        super().__init__(env, station)
        ((self.opens, number),) = station.servers
        self.idle = simpy.Store(env)
        self.served = [0] * number
        env.process(self.open())

    def open(self):
        yield self.env.timeout(self.opens - self.env.now)
        for server in range(len(self.served)):
            self.idle.put(server)

    def ask(self, priority):
        return self.idle.get()

    def free(self, turn, size):
        server = turn.value
        self.served[server] += size
        if self.served[server] < self.station.changeover["every"]:
            self.idle.put(server)
        else:
            self.served[server] = 0
            self.env.process(self.pause(server))

    def pause(self, server):
        away_s = self.station.changeover["away_s"]
        self.away_s += away_s
        yield self.env.timeout(away_s)
        self.idle.put(server)

"""Load over HTTP: a server under drills, beside an echo handler and raw SQLite rows in the same run.

    bench/run.sh --load [--quick]

Everything is on this machine: the server, the phones that send, and the disk share its cores, so the server's own CPU
time is told too, and rates are ratios of what ran side by side. Each program is ended by whoever started it.
"""

import argparse
import contextlib
import csv
import gzip
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import child
import results

HERE = Path(__file__).resolve().parent
SCENARIO = HERE.parent / "examples" / "sunshine-garden"
TICKS = os.sysconf("SC_CLK_TCK")


class Goal(NamedTuple):
    what: str
    measured: str
    aim: str
    met: bool | None


class Server:
    """A program that prints its address and answers until it is ended; its CPU time is looked at all the while."""

    def __init__(self, command):
        self.started = time.time()
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.process.kill()
            raise child.Failed(f"{command[0]} did not start")
        self.seen = []
        self.over = threading.Event()
        self.watch = threading.Thread(target=self._watch, daemon=True)
        self.watch.start()

    def _watch(self):
        while not self.over.wait(0.02):
            with contextlib.suppress(OSError):
                self.seen.append((time.time(), self.cpu_s()))

    def cpu_s(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def cpu_between(self, start, end):
        """CPU seconds between two moments, from the last look before each."""
        before = [cpu for at, cpu in self.seen if at <= start]
        within = [cpu for at, cpu in self.seen if at <= end]
        return within[-1] - (before[-1] if before else 0.0)

    def peak_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.watch.join()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Bench:
    def __init__(self, shouhu, tools, quick):
        self.shouhu, self.tools, self.quick = shouhu, tools, quick
        self.commands = []
        self.goals = []
        # What it says of PostgreSQL, where that is there.
        self.in_postgres = ""

    def serve(self, data):
        return Server([self.shouhu, "serve", "--drill", "--data", data, "--listen", "127.0.0.1:0"])

    def drill(self, server, *options, limit_s=300):
        words = [self.shouhu, "drill", server.url, SCENARIO, *options, "--json"]
        self.commands.append("shouhu drill URL examples/sunshine-garden " + " ".join(map(str, options)))
        run = child.run(words, limit_s)
        try:
            found = json.loads(run.output)
        except ValueError:
            found = {}
        if "events" not in found:
            raise child.Failed(f"the drill failed: {(run.output + run.errors)[:400]}")
        began, lasted = found["began_unix_s"], found["lasted_s"]
        found["cpu_us"] = server.cpu_between(began, began + lasted) / max(found["events"], 1) * 1e6
        return found

    def tell(self, what, measured, aim, met):
        self.goals.append(Goal(what, measured, aim, met))
        print(f"bench: {what}: {measured} (aim {aim})", file=sys.stderr)

    # What it is held against.

    def raw(self, folder):
        """Rows a second and CPU microseconds a row of SQLite alone, 256 rows a commit: of one device, and each of another."""
        frames = 32_768 if self.quick else 65_536
        run = child.run_well([self.tools / "rate", frames, folder, "raw"], 300)
        rows = {}
        for line in run.output.splitlines():
            cells = line.rsplit(None, 3)
            if len(cells) == 4 and cells[3].endswith("%"):
                rows[cells[0].strip()] = (float(cells[1]), float(cells[2]))
        return rows["raw rows, 256 a commit"], rows["raw rows, 256 a commit, each of another device"]

    def echo(self, size):
        """Requests a second, and CPU microseconds a request, of a handler that only reads and answers."""
        count = 40_000 if self.quick else 100_000
        with Server([self.tools / "echo", "serve"]) as server:
            child.run_well([self.tools / "echo", "ask", server.url, 256, 5_000, size], 60)
            before = server.cpu_s()
            run = child.run_well([self.tools / "echo", "ask", server.url, 256, count, size], 120)
            return float(run.output), (server.cpu_s() - before) / (count // 256 * 256) * 1e6

    # What is measured.

    def throughput(self, folder):
        rounds = 2 if self.quick else 3
        slices, singles, costs = [], [], []
        for number in range(rounds):
            row, scattered = self.raw(folder)
            with self.serve(folder / f"slices-{number}") as server:
                found = self.drill(server, "--phones", 64, "--batch", 256, "--rate", 400_000, "--for", 1)
            self.whole(found)
            slices.append((found["per_second"] / row[0], found, row))
            with self.serve(folder / f"singles-{number}") as server:
                found = self.drill(server, "--phones", 256, "--rate", 40_000, "--for", 2)
            self.whole(found)
            echo_rate, echo_us = self.echo(found["bytes"] // found["uploads"])
            best = 1e6 / (echo_us + row[1])
            singles.append((found["per_second"] / best, found, echo_us, row[1], best, echo_rate))
            costs.append((echo_us + row[1]) / found["cpu_us"])
        share, found, row = sorted(slices, key=lambda one: one[0])[rounds // 2]
        said = f"{share:.0%}: {found['per_second']:,.0f} events/s beside {row[0]:,.0f} rows/s"
        self.tell("durable uploads of 256 events, of raw SQLite rows at 256 a commit", said, "60 %", share >= 0.6)
        share, found, echo_us, row_us, best, _ = sorted(singles, key=lambda one: one[0])[rounds // 2]
        said = (
            f"{share:.0%}: {found['per_second']:,.0f} events/s beside 1/({echo_us:.1f} + {row_us:.1f} µs) = {best:,.0f}; "
            f"the server's own CPU {found['cpu_us']:.1f} µs an event, {statistics.median(costs):.0%}"
        )
        self.tell("one event a request, 256 connections, of 1/(echo + raw row)", said, "70 %", share >= 0.7)
        return max(one[1]["per_second"] for one in singles)

    def postgres(self):
        """The journal in PostgreSQL beside multi-row inserts of the same rows, over four connections, in the same rounds."""
        began = os.getloadavg()[2]
        run = child.run_well([self.tools / "rate_postgres", 16_384 if self.quick else 65_536], 600)
        rows = [line.rsplit(None, 2) for line in run.output.splitlines()]
        rows = [cells for cells in rows if len(cells) == 3 and cells[2].endswith("%")]
        self.in_postgres = postgres_section(rows, began)
        rates = {name: float(rate) for name, rate, _ in rows}
        raw = rates["raw rows by unnest, 256 a commit, 4 connections"]
        kept = rates["journal, slices of 256, 4 phones, 4 communities"]
        said = f"{kept / raw:.0%}: {kept:,.0f} events/s beside {raw:,.0f} rows/s"
        what = "PostgreSQL: slices of 256 events, 4 writers, of raw rows by unnest over 4 connections"
        self.tell(what, said, "70 %", kept >= 0.7 * raw)

    def pace(self, folder):
        seconds = 5 if self.quick else 15
        for rate, times in ((3_000, 1.0), (9_000, 2.5)):
            disk_ms = sync_p99_ms(folder)
            with self.serve(folder / f"pace-{rate}") as server:
                found = self.drill(server, "--phones", 256, "--rate", rate, "--for", seconds)
            self.whole(found)
            disk_ms = statistics.mean((disk_ms, sync_p99_ms(folder)))
            most = (3 * disk_ms + 10) * times
            said = (
                f"p99 {found['p99_ms']:.1f} ms, half {found['p50_ms']:.1f} ms, {found['per_second']:,.0f} stored a second; "
                f"fdatasync p99 {disk_ms:.1f} ms"
            )
            self.tell(f"open-loop {rate:,} events a second", said, f"p99 {most:.1f} ms", found["p99_ms"] <= most)

    def wave(self, folder, capacity):
        rate = 1_000 if self.quick else 3_000
        with self.serve(folder / "wave") as server:
            found = self.drill(server, "--phones", 2_000, "--rate", rate, "--for", 5, "--reconnect")
            peak = server.peak_mib()
        self.whole(found)
        wave = found["reconnect"]
        most = min(capacity, wave["offered_per_second"])
        share = wave["accepted_per_second"] / most
        said = f"{share:.0%}: {wave['accepted_per_second']:,.0f} of {most:,.0f} a second, {wave['offered_per_second']:,.0f} came"
        self.tell("2,000 phones come back at 10 times the rate: goodput", said, "80 %", share >= 0.8)
        quick = found["refused_p99_ms"]
        said = f"{found['refused']:,}, 99 in 100 within {0 if quick is None else quick:,.0f} ms, {found['refused_without_when']} without Retry-After"
        self.tell("refusals in the wave", said, "each with Retry-After", found["refused_without_when"] == 0)
        self.tell("peak memory of the server", f"{peak:.0f} MiB", "512 MiB", peak <= 512)
        back = wave["recovered_s"]
        self.tell("recovered after the wave", "never" if back is None else f"{back:.0f} s", "10 s", back is not None and back <= 10)

    def restart(self, folder):
        events = 1_000_000 if self.quick else 6_000_000
        data = folder / "restart"
        with self.serve(data):
            pass
        child.run_well([self.tools / "fill", data / "journal", events], 600)
        with self.serve(data) as server:
            found = self.drill(server, "--phones", 1, "--rate", 1, "--for", 1)
            took = found["began_unix_s"] + found["lasted_s"] - server.started
        self.tell(
            f"first upload stored after a start with {events:,} events (round and phone made within it)",
            f"{took:.1f} s",
            "2 s, with 60 M",
            took <= 2,
        )
        run = child.run_well([self.shouhu, "verify", "--data", data, "--json"], 600)
        said = f"{run.wall_s:.1f} s, {run.peak_mib:.0f} MiB; at this pace 60 M take {run.wall_s * 60e6 / events:.0f} s"
        self.tell(f"all chains of {events:,} events verified from stored frames", said, "60 s for 60 M", run.wall_s * 60e6 / events <= 60)

    def sync(self, folder, bytes_an_event):
        with self.serve(folder / "sync") as server:
            size, trips = first_sync(server.url, 4_000)
        slow = 125_000.0  # 1 Mbit/s
        took = size / slow + (3 + trips) * 0.3  # TCP and TLS take three round trips
        said = f"{size:,} bytes, computed {took:.1f} s"
        self.tell("a phone's first sync, 4,000 people, 1 Mbit/s and 300 ms", said, "20 s", took <= 20)
        size = int(2_500 * bytes_an_event) + 400
        took = size / slow + 4 * 0.3
        self.tell("2,500 unsent events, the same network", f"{size:,} bytes, computed {took:.1f} s", "10 s", took <= 10)

    def whole(self, found):
        if found["lost"] or found["doubled"] or found["unsent"]:
            wrong = {key: found[key] for key in ("lost", "doubled", "unsent", "broken")}
            self.tell("every event arrived once", str(wrong), "yes", False)
        self.bytes_an_event = found["bytes"] / max(found["events"] + found["unsent"], 1)


def sync_p99_ms(folder):
    """How long the disk takes for a small durable write, 99 in 100."""
    path = folder / "sync-probe"
    took = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(300):
            file.write(b"x" * 4096)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - start) * 1e3)
    path.unlink()
    return sorted(took)[int(len(took) * 0.99) - 1]


def first_sync(url, people):
    """Bytes on the wire of a registrar's join, compressed as browsers ask for it, and its round trips."""

    def ask(path, body):
        headers = {"content-type": "application/json", "accept-encoding": "gzip", "shouhu-drill": "1"}
        request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as response:
            raw = response.read()
            head = sum(len(name) + len(value) + 4 for name, value in response.headers.items()) + 20
            text = gzip.decompress(raw) if response.headers["content-encoding"] == "gzip" else raw
            return json.loads(text), len(raw) + head + len(request.data) + 300

    import base64

    with tempfile.TemporaryDirectory() as folder:
        roll = Path(folder) / "roll.csv"
        with open(roll, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["building", "door", "name"])
            for number in range(people):
                home = number // 3
                door = f"{home // 4 % 30 + 1}{home % 4 + 1:02}"
                rows.writerow([home // 120 + 1, door, f"示例{chr(0x4E00 + number % 5000)}{chr(0x5E00 + number * 7 % 3000)}"])
        toml = (SCENARIO / "scenario.toml").read_text(encoding="utf-8")
        files = {"scenario.toml": toml.encode(), "roll.csv": roll.read_bytes()}
    packed = {name: base64.b64encode(content).decode() for name, content in files.items()}
    scenario, _ = ask("/api/v1/scenarios", {"name": "sync", "files": packed})
    community, _ = ask("/api/v1/communities", {"name": "sync"})
    rounds = f"/api/v1/communities/{community['id']}/rounds"
    until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 3 * 86_400))
    made, _ = ask(rounds, {"scenario": scenario["id"], "retain_until": until})
    code, _ = ask(f"{rounds}/{made['id']}/codes", {"role": "registrar"})
    # The base point of Ed25519 is a public key like any other.
    key = "58" + "66" * 31
    joined, size = ask("/api/v1/join", {"token": code["link"].split("#")[1], "public_key": key})
    held = sum(len(door["people"]) for door in joined["bundle"]["doors"])
    if held != people:
        raise child.Failed(f"the phone was given {held} people, not {people}")
    return size, 1


def postgres_section(rows, load):
    cells = [(name.strip(), f"{float(rate):,.0f}", share.replace("%", " %")) for name, rate, share in rows]
    return f"""

### The journal in PostgreSQL

A server of its own with its usual settings, all commits durable, on the same machine and disk as whoever sends; load when it began {load:.1f}. Raw rows
are inserted from arrays, 256 a commit, and check nothing; the journal checks signatures, chains and what is held already. Median of five
rounds in turn; `cargo run --release -p journal --features postgres --example rate_postgres`.

{results.table(("", "events/s", "of raw rows"), cells, "lrr")}"""


def section(bench, quick):
    rows = [(goal.what, goal.measured, goal.aim, "met" if goal.met else "**missed**") for goal in bench.goals]
    once = list(dict.fromkeys(bench.commands))
    option = " --quick" if quick else ""
    return f"""\
{results.LOAD}

A server (`shouhu serve --drill`), the phones that send to it and the disk share {len(os.sched_getaffinity(0))} cores of this machine; load when it
began {os.getloadavg()[2]:.1f}. What a rate is held against ran in the same rounds; of the rounds the median is told. Latency is from the moment
at which an upload was due. Written by `bench/run.sh --load{option}`, which ends by itself.

{results.table(("what", "measured", "aim", ""), rows, "lll" + "l")}

```
{chr(10).join(once)}
```{bench.in_postgres}"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shouhu", type=Path, required=True)
    parser.add_argument("--tools", type=Path, required=True, help="the folder of echo, fill, rate and rate_postgres")
    parser.add_argument("--folder", type=Path, help="on the disk that is meant; default: the system's own for such files")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    bench = Bench(args.shouhu, args.tools, args.quick)
    with tempfile.TemporaryDirectory(dir=args.folder, prefix="shouhu-load-") as name:
        folder = Path(name)
        capacity = bench.throughput(folder)
        if shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            bench.postgres()
        else:
            print("bench: PostgreSQL is left out: its programs are not installed", file=sys.stderr)
        bench.pace(folder)
        bytes_an_event = bench.bytes_an_event
        bench.wave(folder, capacity)
        bench.restart(folder)
        bench.sync(folder, bytes_an_event)
    written = section(bench, args.quick)
    print(written)
    results.put_load(HERE / "RESULTS.md", written)


if __name__ == "__main__":
    try:
        main()
    except child.Failed as error:
        sys.exit(f"bench: {error}")

"""A roll of a million made-up residents, and what `shouhu check` needs to read it.

The list is made by a seeded generator and names nobody: everyone is called 某甲 ("a certain A") and
a number, telephones begin with 100 and document numbers with 99, which no operator and no place has. One last row repeats the person before, and the check must say so: proof that it read the end.
"""

import hashlib
import json
import operator
import random
import statistics
from pathlib import Path
from typing import NamedTuple

import child

ROWS = 1_000_000
HOUSEHOLDS = 400_000
SEED = 20220328
LIMIT_MIB = 1024.0
LIMIT_S = 240.0
HEADINGS = "楼栋,单元,房号,姓名,电话,证件号码,人员类别"
# Sizes of ten households in turn: 25 people, so 400,000 households hold the million.
SIZES = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4)
# Marks, and the share of residents up to and including each; the rest have none.
MARKS = ((0.12, "高龄"), (0.15, "病人"), (0.27, "学生"), (0.29, "教师"), (0.30, "外籍"), (0.45, "租户"))
FLOORS, DOORS, ENTRANCES = 20, 4, 2
# GB 11643-1999: the digit at place i counts 2^(17 - i) modulo 11.
DOCUMENT_WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]
SCENARIO = """\
format = 1
[community]
name = "bench"
timezone = "UTC"
[round]
purpose = "screening"
date = 2026-01-01
opens = "07:00"
[site]
lanes = 4
[[site.station]]
name = "registration"
servers = 1
service = { law = "exponential", mean_s = 10 }
[[site.station]]
name = "sampling"
servers = 2
service = { law = "exponential", mean_s = 9 }
[arrivals]
law = "broadcast"
at = "07:00"
reaction = { law = "lognormal", median_min = 30, sigma = 0.8 }
"""


class Import(NamedTuple):
    encoding: str
    file_mib: float
    wall_s: list
    cpu_s: list
    peak_mib: float
    reason: str  # why it failed; empty where it passed

    def rows_per_s(self):
        return ROWS / statistics.median(self.wall_s)


def measure(binary, peers, rounds, say):
    """One Import for each encoding."""
    return [_measure(binary, peers / f"roll-{encoding}", encoding, rounds, say) for encoding in ("utf-8", "gb18030")]


def _measure(binary, folder, encoding, rounds, say):
    file_mib = generate(folder, encoding, say) / 2**20
    wall_s, cpu_s, peak_mib, reason = [], [], 0.0, ""
    for number in range(1, rounds + 1):
        try:
            run = child.run_well([binary, "check", folder, "--json"], LIMIT_S)
            reason = reason or last_row_unread(json.loads(run.output)["notes"])
        except (child.Failed, OSError, ValueError, KeyError, TypeError) as error:
            return Import(encoding, file_mib, [], [], 0.0, str(error))
        wall_s.append(run.wall_s)
        cpu_s.append(run.cpu_s)
        peak_mib = max(peak_mib, run.peak_mib)
        say(f"import {encoding} {number} of {rounds}: {run.wall_s:.2f} s, {run.peak_mib:.0f} MiB")
    if peak_mib > LIMIT_MIB:
        reason = reason or f"{peak_mib:.0f} MiB is more than {LIMIT_MIB:.0f} MiB"
    return Import(encoding, file_mib, wall_s, cpu_s, peak_mib, reason)


def last_row_unread(notes):
    """Why the notes do not show that the last row was read; empty where they do."""
    last = ROWS + 1  # the heading is row 1
    if any(note.get("file") == "roll.csv" and (note.get("row") or 0) >= last - 1 for note in notes):
        return ""
    return f"no note on the person entered twice in row {last:,}"


def generate(folder, encoding, say):
    """Writes the scenario folder unless this very generator already has; its roll's size in bytes."""
    roll = folder / "roll.csv"
    stamp = folder.with_suffix(".made-by")
    maker = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != maker:
        say(f"make a roll of {ROWS:,} rows in {encoding}")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
        with open(roll, "w", encoding=encoding, newline="") as file:
            file.write(HEADINGS + "\r\n")
            file.writelines(rows())
        # Last of all, so a run that was stopped passes no half a roll on.
        stamp.write_text(maker)
    return roll.stat().st_size


def rows():
    chance = random.Random(SEED)
    number = 0
    row = ""
    for household in range(HOUSEHOLDS):
        entrance, door = divmod(household, FLOORS * DOORS)
        building, entrance = divmod(entrance, ENTRANCES)
        floor, door = divmod(door, DOORS)
        place = f"{building + 1}号楼,{entrance + 1}单元,{floor + 1}{door + 1:02}"
        telephone = f"100{household:08}"
        for member in range(SIZES[household % len(SIZES)]):
            if number + 1 == ROWS:
                yield row
                return
            # The second member of a household has no telephone in the list.
            reached = "" if member == 1 else telephone
            row = f"{place},某甲{number:07},{reached},{document(number, chance)},{mark(chance)}\r\n"
            yield row
            number += 1


def document(number, chance):
    """18 characters in the form of GB 11643-1999, its check character included."""
    year = 1930 + int(chance.random() * 90)
    month_day = ("0115", "0309", "0622", "0830", "1107")[int(chance.random() * 5)]
    # The place is made up and so carries the number on, where three digits would run out.
    body = f"99{number // 1000:04}{year}{month_day}{number % 1000:03}"
    total = sum(map(operator.mul, map(int, body), DOCUMENT_WEIGHTS))
    return body + "10X98765432"[total % 11]


def mark(chance):
    drawn = chance.random()
    for share, word in MARKS:
        if drawn < share:
            return word
    return ""

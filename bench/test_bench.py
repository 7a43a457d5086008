"""Tests of the measurement itself: python3 -B -m unittest discover -s bench -p 'test_*.py'"""

import itertools
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import child
import compare
import programs
import results
import roll_import
import tandem

HERE = Path(__file__).resolve().parent
MODEL = tandem.read(HERE / "tandem")


class Theory(unittest.TestCase):
    def test_one_server_waits_with_the_probability_that_it_is_busy(self):
        self.assertAlmostEqual(tandem.erlang_c(1, 0.7), 0.7)

    def test_two_servers_follow_the_closed_form(self):
        # M/M/2: mean wait = mean service * rho^2 / (1 - rho^2)
        self.assertAlmostEqual(MODEL.wait_s(MODEL.stations[0]), 6 * 0.64 / 0.36)

    def test_both_stations_are_as_busy(self):
        for station in MODEL.stations:
            self.assertAlmostEqual(MODEL.utilisation(station), 0.8)


class Verdicts(unittest.TestCase):
    def setUp(self):
        self.truth_s = [MODEL.wait_s(station) for station in MODEL.stations]

    def against(self, *estimates):
        return compare.against_theory(MODEL, [programs.Estimate(*estimate) for estimate in estimates])

    def test_two_standard_errors_pass(self):
        first, second = self.truth_s
        self.assertEqual(self.against((first + 0.2, 0.1), (second - 0.2, 0.1)), "")

    def test_four_standard_errors_fail_at_either_station(self):
        first, second = self.truth_s
        self.assertIn("registration", self.against((first + 0.4, 0.1), (second, 0.1)))
        self.assertIn("sampling", self.against((first, 0.1), (second - 0.4, 0.1)))

    def test_an_error_too_wide_or_absent_proves_nothing(self):
        first, second = self.truth_s
        self.assertIn("proves nothing", self.against((first, 3.0), (second, 0.1)))
        self.assertIn("proves nothing", self.against((first, 0.0), (second, 0.1)))

    def test_a_missing_station_fails(self):
        self.assertIn("1 stations", self.against((self.truth_s[0], 1.0)))


class Children(unittest.TestCase):
    def test_cpu_time_is_the_childs_own(self):
        run = child.run([sys.executable, "-c", "sum(range(8_000_000))"], 60)
        self.assertGreater(run.cpu_s, 0.02)
        self.assertLess(child.run(["true"], 60).cpu_s, run.cpu_s)

    def test_who_never_ends_is_killed(self):
        with self.assertRaises(child.Failed):
            child.run(["sleep", "30"], 0.2)

    def test_a_status_other_than_0_fails_with_its_words(self):
        with self.assertRaisesRegex(child.Failed, "no such site"):
            child.run_well(["sh", "-c", "echo no such site >&2; exit 1"], 60)


class Rolls(unittest.TestCase):
    def test_the_roll_is_whole_ordered_and_repeats_its_last_person(self):
        count, before, last, doors = 0, "", "", set()
        for row in roll_import.rows():
            count, before, last = count + 1, last, row
            doors.add(row.split(",某甲")[0])
        self.assertEqual(count, roll_import.ROWS)
        self.assertEqual(last, before)
        self.assertEqual(len(doors), roll_import.HOUSEHOLDS)

    def test_document_numbers_carry_their_check_character(self):
        # GB 11643-1999: all 18 characters, weighted, leave 1 modulo 11.
        for row in itertools.islice(roll_import.rows(), 200):
            number = row.split(",")[5]
            values = [10 if character == "X" else int(character) for character in number]
            self.assertEqual(len(number), 18)
            self.assertEqual(sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11, 1)

    def test_a_check_that_missed_the_last_row_is_found(self):
        self.assertTrue(roll_import.last_row_unread([{"file": "roll.csv", "row": 17}]))
        self.assertTrue(roll_import.last_row_unread([{"file": "scenario.toml", "row": None}]))
        self.assertFalse(roll_import.last_row_unread([{"file": "roll.csv", "row": roll_import.ROWS + 1}]))


class Pages(unittest.TestCase):
    def test_figures_are_short(self):
        self.assertEqual([results.people(n) for n in (999, 21_540, 42_700_000)], ["999", "21.5 k", "42.7 M"])

    def test_paths_of_this_machine_stay_out_of_the_page(self):
        self.assertEqual(results.short(HERE / "peers" / "simpy_tandem.py", MODEL), "bench/peers/simpy_tandem.py")
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(results.short(Path(folder) / "shouhu", MODEL), "shouhu")


if __name__ == "__main__":
    unittest.main()

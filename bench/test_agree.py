"""Tests of the agreement's arithmetic, and of its peers where they are installed: run as test_bench.py is."""

import random
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import agree
from agreement import figures
from agreement.models import MODELS

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE / "peers"))

import scenario

PYTHON = HERE / ".peers" / "venv" / "bin" / "python"


def reasons(comparisons):
    return [comparison.reason for comparison in comparisons if comparison.reason]


class Verdicts(unittest.TestCase):
    def against(self, difference, error=0.1):
        ours, theirs = figures.Estimate(10.0 + difference, error), figures.Estimate(10.0, error)
        return figures.Comparison("wait_min.mean", ours, theirs)

    def test_z_counts_both_errors(self):
        self.assertAlmostEqual(self.against(0.3).z, 0.3 / (0.1 * 2**0.5))

    def test_three_standard_errors_pass_and_four_fail_on_either_side(self):
        one = 0.1 * 2**0.5
        self.assertEqual([self.against(times * one).reason for times in (-3, 3)], ["", ""])
        self.assertTrue(all("4.0 standard errors" in self.against(times * one).reason for times in (-4, 4)))

    def test_an_error_too_wide_or_absent_proves_nothing(self):
        self.assertIn("proves nothing", self.against(0.0, 1.0).reason)
        self.assertIn("proves nothing", self.against(0.0, 0.0).reason)


class Models(unittest.TestCase):
    def test_the_peers_know_every_key_of_every_scenario(self):
        self.assertEqual(len({model.name for model in MODELS}), 10)
        for model in MODELS:
            site = scenario.read(HERE / "agreement" / model.name)
            self.assertGreaterEqual(len(site.stations), 2)

    def test_a_key_that_the_peers_do_not_know_is_refused(self):
        with self.assertRaisesRegex(ValueError, "walk_s"):
            scenario.known("station", {"name": "sampling", "walk_s": 20})


class Wrong(unittest.TestCase):
    """A service that is 3 % longer is found out, and one that is not is left alone."""

    def test_at_one_desk(self):
        true, other, longer = desk(60.0, seed=1), desk(60.0, seed=2), desk(60.0 * 1.03, seed=3)
        names = ("wait_min.mean", "done_97_min")
        self.assertEqual(reasons(figures.compare(names, true, other)), [])
        self.assertEqual(len(reasons(figures.compare(names, true, longer))), 2)

    @unittest.skipUnless(PYTHON.exists(), "the peers are not installed: bench/run.sh --agree")
    def test_in_simpy(self):
        (model,) = (model for model in MODELS if model.name == "appointments")
        folder = HERE / "agreement" / model.name
        with tempfile.TemporaryDirectory() as elsewhere:
            wrong = shutil.copytree(folder, Path(elsewhere) / model.name) / "scenario.toml"
            text = wrong.read_text(encoding="utf-8")
            self.assertEqual(text.count("mean_s = 105,"), 1)
            wrong.write_text(text.replace("mean_s = 105,", "mean_s = 108.15,"), encoding="utf-8")
            longer, *_ = agree.lived_there(wrong.parent, PYTHON, simpy("Ciw"))
        true, *_ = agree.lived_there(folder, PYTHON, simpy("SimPy"))
        other, *_ = agree.lived_there(folder, PYTHON, simpy("shouhu"))
        self.assertEqual(reasons(figures.compare(model.figures, true, other)), [])
        self.assertIn("done_97_min", " ".join(reasons(figures.compare(model.figures, true, longer))))


def simpy(seeds_of):
    """SimPy with other seeds than its own."""
    return agree.Peer(seeds_of, "simpy_site.py", 20)


def desk(mean_s, seed, batches=200, people=100):
    """One server with more people than it can serve, by the recursion of Lindley: the figures of each batch."""
    chance = random.Random(seed)
    found = []
    for _ in range(batches):
        arrival = free = waited = 0.0
        for _ in range(people):
            arrival += chance.uniform(50.0, 60.0)
            waited += max(0.0, free - arrival)
            free = max(free, arrival) + chance.uniform(0.8, 1.2) * mean_s
        found.append({"wait_min.mean": waited / people / 60.0, "done_97_min": free / 60.0})
    return found


if __name__ == "__main__":
    unittest.main()

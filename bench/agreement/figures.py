"""Figures by name, and what two programs' figures say of each other."""

import statistics
from typing import NamedTuple

# So many standard errors apart, two programs do not live the same model. With the batches of `agree.py` about one in ten
# sets of seeds would have one of its ninety figures so far off by chance; the seeds are fixed, so that it does not come and go.
ERRORS_ALLOWED = 3.5
# A standard error of more than this share of the figure proves nothing.
ERROR_SHARE_MAX = 0.05


class Estimate(NamedTuple):
    mean: float
    error: float  # standard error of it, between batches


class Comparison(NamedTuple):
    figure: str
    ours: Estimate
    theirs: Estimate

    @property
    def error(self):
        return (self.ours.error**2 + self.theirs.error**2) ** 0.5

    @property
    def z(self):
        return (self.ours.mean - self.theirs.mean) / self.error

    @property
    def reason(self):
        """Why it fails; empty where the two agree."""
        if not 0.0 < self.error < ERROR_SHARE_MAX * self.theirs.mean:
            return f"{self.figure}: a standard error of {self.error:.3g} proves nothing"
        if abs(self.z) > ERRORS_ALLOWED:
            return f"{self.figure}: {self.ours.mean:.4g} is {abs(self.z):.1f} standard errors from {self.theirs.mean:.4g}"
        return ""


def estimates(names, batches):
    """The mean over batches of each of the named figures."""
    found = {}
    for name in names:
        values = [batch[name] for batch in batches]
        found[name] = Estimate(statistics.fmean(values), statistics.stdev(values) / len(values) ** 0.5)
    return found


def compare(names, ours, theirs):
    ours, theirs = estimates(names, ours), estimates(names, theirs)
    return [Comparison(name, ours[name], theirs[name]) for name in names]


def of_answer(answer):
    """What `shouhu rehearse --json` printed, flat: `stations.sampling.wait_min.mean`."""
    found = {
        "served": answer["served"],
        "left_share": answer["left"] / answer["people"],
        "unserved_share": answer["unserved"] / answer["people"],
        "done_97_min": answer["done_97_min"],
    }
    spread(found, "", answer)
    for name, figures in answer["classes"].items():
        spread(found, f"classes.{name}.", figures)
    for station in answer["stations"]:
        spread(found, f"stations.{station['name']}.", station)
        found[f"stations.{station['name']}.utilisation"] = station["utilisation"]
    return found


def spread(found, before, figures):
    for times in ("wait_min", "stay_min"):
        for figure in ("mean", "p95"):
            if times in figures:
                found[f"{before}{times}.{figure}"] = figures[times][figure]

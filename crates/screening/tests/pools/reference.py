"""Two-stage pooled testing once more, straight from the definition, to hold the library against.

    python3 crates/screening/tests/pools/reference.py > crates/screening/tests/pools/reference.csv

Writes 500 cases: ten prevalences, ten sizes, five tests. Nothing here is shared with the library: each number of positives is
taken with its binomial coefficient in exact fractions, and only the result is rounded.
"""

import math
from fractions import Fraction

PREVALENCES = ["0.0001", "0.0005", "0.001", "0.005", "0.01", "0.02", "0.05", "0.1", "0.3", "0.7"]
SIZES = [1, 2, 3, 5, 8, 10, 11, 20, 32, 60]
# Sensitivity, specificity, and what is left of the sensitivity at so many times of dilution.
ASSAYS = [
    ("1", "1", []),
    ("0.99", "0.99", []),
    ("0.9", "0.999", []),
    ("0.95", "0.995", [(4, "0.98"), (16, "0.9"), (64, "0.7")]),
    ("0.8", "1", [(2, "0.99"), (10, "0.85"), (100, "0.5")]),
]


def left(rows, times):
    points = [(1, 1.0)] + [(at, float(share)) for at, share in rows]
    for (a, share_a), (b, share_b) in zip(points, points[1:]):
        if a <= times <= b:
            return share_a + (share_b - share_a) * (math.log(times / a) / math.log(b / a))
    return points[-1][1]


def case(prevalence, size, assay):
    p = Fraction(prevalence)
    sensitivity, specificity, rows = float(assay[0]), float(assay[1]), assay[2]
    told, found, wrong = [], [], []
    for k in range(size + 1):
        chance = float(math.comb(size, k) * p**k * (1 - p) ** (size - k))
        says = sensitivity * left(rows, size / k) if k else 1 - specificity
        told.append(chance * says)
        found.append(chance * says * k)
        wrong.append(chance * says * (size - k))
    once = size == 1
    tests = 1 / size + (0 if once else math.fsum(told))
    seen = math.fsum(found) / (size * float(p)) * (1 if once else sensitivity)
    recalls = 0 if once else 1000 * math.fsum(told)
    false = 1000 * math.fsum(wrong) / size * (1 if once else 1 - specificity)
    return tests, seen, recalls, false


print("prevalence,size,assay,tests_per_person,sensitivity,recalls_per_1000,false_positives_per_1000")
for prevalence in PREVALENCES:
    for size in SIZES:
        for number, assay in enumerate(ASSAYS):
            figures = ",".join(f"{figure:.15g}" for figure in case(prevalence, size, assay))
            print(f"{prevalence},{size},{number},{figures}")

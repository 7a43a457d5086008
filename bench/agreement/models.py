"""The ten models, and which figures of each are compared.

A figure bears the name that it has in what `shouhu rehearse --json` prints; `figures.py` knows the two that are worked out.
"""

from typing import NamedTuple


class Model(NamedTuple):
    name: str  # of its folder
    words: str
    figures: tuple


MODELS = (
    Model(
        "series",
        "Three stations in series with 2, 3 and 4 servers; services lognormal, uniform and triangular.",
        (
            "stations.registration.wait_min.mean",
            "stations.sampling.wait_min.mean",
            "wait_min.p95",
            "stay_min.mean",
            "stations.briefing.utilisation",
        ),
    ),
    Model(
        "hours",
        "More people from hour to hour, in the last one more than can be served; who has not begun when the "
        "site closes is unserved.",
        ("wait_min.mean", "wait_min.p95", "unserved_share", "served", "stations.sampling.utilisation"),
    ),
    Model(
        "patience",
        "Two stations with more people than they can serve; patience is lognormal, and begins anew at each station.",
        (
            "stations.registration.wait_min.mean",
            "stations.dispensing.wait_min.mean",
            "left_share",
            "stay_min.p95",
            "stations.dispensing.utilisation",
        ),
    ),
    Model(
        "priority",
        "One in five is served first, without interrupting anybody, and takes half as long again.",
        (
            "classes.elderly.wait_min.mean",
            "classes.general.wait_min.mean",
            "stations.sampling.wait_min.mean",
            "stay_min.p95",
            "done_97_min",
        ),
    ),
    Model(
        "shifts",
        "Staff of 2, 4, 1 and 3 in turn at the first station, whoever serves finishing; at the second a "
        "server is away for a minute after every tenth person.",
        (
            "stations.registration.wait_min.mean",
            "stations.sampling.wait_min.mean",
            "stations.registration.utilisation",
            "stations.sampling.utilisation",
            "done_97_min",
        ),
    ),
    Model(
        "branch",
        "Seven in ten take an express line, three a screening; all of the screening and nine in ten of the "
        "others then sit on chairs without number.",
        (
            "stations.express.wait_min.mean",
            "stations.screening.wait_min.mean",
            "stations.screening.utilisation",
            "stay_min.mean",
            "stay_min.p95",
        ),
    ),
    Model(
        "rework",
        "One in five goes back from the check to the form, as often as it takes.",
        (
            "stations.form.wait_min.mean",
            "stations.check.wait_min.mean",
            "wait_min.p95",
            "stay_min.mean",
            "stations.check.utilisation",
        ),
    ),
    Model(
        "parties",
        "Vehicles with 1, 2 or 4 people are served as one, longer for each person more, and then person by person.",
        (
            "stations.paperwork.wait_min.mean",
            "stations.needle.wait_min.mean",
            "stations.paperwork.utilisation",
            "stay_min.p95",
            "done_97_min",
        ),
    ),
    Model(
        "room",
        "Three people fit before the second station; a full room stops the first, server and all. The wait "
        "for the second counts from then.",
        (
            "stations.registration.wait_min.mean",
            "stations.sampling.wait_min.mean",
            "stations.sampling.wait_min.p95",
            "stay_min.mean",
            "stations.registration.utilisation",
        ),
    ),
    Model(
        "appointments",
        "Twenty places every ten minutes, one in eight not kept, people early or late by chance, before the "
        "opening too; and walk-ins.",
        (
            "stations.reception.wait_min.mean",
            "stations.vaccination.wait_min.mean",
            "served",
            "stay_min.mean",
            "done_97_min",
        ),
    ),
)

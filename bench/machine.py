"""What the figures were measured on."""

import os
import platform
import re
import subprocess


def describe(peers):
    """Pairs of what and which."""
    python = peers / "venv" / "bin" / "python"
    freeze = _said([python, "-m", "pip", "freeze", "--disable-pip-version-check"]).split()
    simpy_and_ciw = [line.replace("==", " ") for line in freeze if line.lower().startswith(("simpy=", "ciw="))]
    load = ", ".join(f"{average:.2f}" for average in os.getloadavg())
    return [
        ("processor", _processor()),
        ("cores", str(len(os.sched_getaffinity(0)))),
        ("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("load when it began (1, 5, 15 min)", load),
        ("rustc", _said(["rustc", "--version"])),
        ("Python of SimPy and Ciw", _said([python, "--version"])),
        ("peers", ", ".join([*simpy_and_ciw, _nexosim()])),
    ]


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or platform.machine()


def _nexosim():
    lock = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nexosim", "Cargo.lock")
    with open(lock, encoding="utf-8") as file:
        found = re.search(r'name = "nexosim"\nversion = "([^"]+)"', file.read())
    return f"NeXosim {found.group(1)}" if found else "NeXosim"


def _said(command):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return "not found"
    return done.stdout.strip() or "not found"

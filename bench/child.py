"""One program run to its end, and what it cost."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from typing import NamedTuple


class Failed(Exception):
    """The program did not do what it was asked."""


class Run(NamedTuple):
    cpu_s: float  # user and system time of the process and its threads
    wall_s: float
    peak_mib: float  # largest resident set
    output: str
    errors: str
    status: int


# Hashing in order and one thread for numpy, so that a peer's answers are the same each time and its
# imports start no threads.
QUIET = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def run(command, limit_s):
    """Runs `command`; whoever takes longer than `limit_s` is killed and has failed.

    The costs come from `wait4`, which reports this one child alone. Output goes to files: a pipe
    that fills up would stop the program that is being measured.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env={**os.environ, **QUIET},
        )
        alarm = threading.Timer(limit_s, os.kill, (process.pid, signal.SIGKILL))
        alarm.start()
        try:
            _, wait_status, usage = os.wait4(process.pid, 0)
        finally:
            alarm.cancel()
        wall_s = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        if process.returncode == -signal.SIGKILL and wall_s >= limit_s:
            raise Failed(f"took longer than {limit_s:.0f} s")
        return Run(
            cpu_s=usage.ru_utime + usage.ru_stime,
            wall_s=wall_s,
            peak_mib=usage.ru_maxrss / 1024.0,  # Linux counts it in KiB
            output=_read(output),
            errors=_read(errors),
            status=process.returncode,
        )


def run_well(command, limit_s):
    """The same, and any other status than 0 is a failure."""
    result = run(command, limit_s)
    if result.status != 0:
        words = (result.errors.strip() or result.output.strip()).splitlines()
        raise Failed(f"ended with status {result.status}: {' / '.join(words[-3:])[:400]}")
    return result


def _read(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")

"""What the programs of this folder have in common on their command lines."""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def parser(words, output):
    """Of `words`, the program's own description, the first line is told; `output` is written in this folder."""
    found = argparse.ArgumentParser(description=words.split("\n")[0])
    found.add_argument("--shouhu", type=Path, default=HERE.parent / "target" / "release" / "shouhu")
    found.add_argument("--peers", type=Path, default=HERE / ".peers")
    found.add_argument("--output", type=Path, default=HERE / output)
    return found


def say(words):
    print(words, file=sys.stderr, flush=True)

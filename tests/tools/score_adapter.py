#!/usr/bin/env python3
"""Turns what fourwave says of a capture into the lines that a scorer of endpoint states reads.

    tests/tools/score_adapter.py [--hindsight] CAPTURE

It only renames: `src_state` and `dst_state` are `after.expected` of the sender and of the receiver; timer events are skipped. The program is
`target/release/fourwave`, or what the environment variable FOURWAVE names.
"""
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    program = shlex.split(os.environ.get("FOURWAVE", str(ROOT / "target/release/fourwave")))
    run = subprocess.run([*program, "annotate", "--all", "--format", "jsonl", *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=True)
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["record"] != "segment":
            continue
        sender = record["from"]
        receiver = "server" if sender == "client" else "client"
        print(json.dumps({
            "frame": record["frame"],
            "src": record["src"],
            "dst": record["dst"],
            "src_state": record[sender]["after"]["expected"],
            "dst_state": record[receiver]["after"]["expected"],
        }))


if __name__ == "__main__":
    main()

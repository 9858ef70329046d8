#!/usr/bin/env python3
"""Makes captures that nobody took: those given, with packets left out, recorded twice, or in each other's place.

    tests/tools/alter_captures.py --out DIR [--seed N] CAPTURE...

Each capture is altered in one of five ways: packets are missing one by one (drop) or several in a row (burst), stand there again up to
3 ms later (double), change places with the next (swap), or all but bursts at once (mix). The same seed does the same. What they come to
is for `compare_model.py` to see. Captures of fewer than 4 or more than 800 packets are passed over, as the model is slow. Needs editcap.
"""
import argparse
import pathlib
import random
import struct
import subprocess
import sys

FILE_HEADER = 24
RECORD = struct.Struct("<IIII")  # seconds, nanoseconds, octets captured, octets on the wire
SECOND = 1_000_000_000
PACKETS = range(4, 801)
SHARE = 0.08  # of the packets that something happens to
BURST = 0.04  # of the packets that begin one
LATER_NS = [0, 50_000, 3_000_000]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captures", nargs="+", metavar="CAPTURE", type=pathlib.Path)
    parser.add_argument("--out", required=True, metavar="DIR", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    written = set()
    for path in options.captures:
        read = packets(path)
        if read is None or len(read[1]) not in PACKETS:
            continue
        header, before = read
        # By its name, so that one capture more or less changes none of the others.
        chance = random.Random(f"{options.seed} {path.name}")
        way, alter = chance.choice(list(WAYS.items()))
        after = alter(before, chance)
        if after:
            to = options.out / f"{path.stem}.{way}.{options.seed}.pcap"
            if to in written:
                parser.error(f"two captures are called {path.name}")
            to.write_bytes(header + b"".join(RECORD.pack(*divmod(time_ns, SECOND), len(data), length) + data
                                             for time_ns, length, data in after))
            written.add(to)
    print(f"{len(written)} captures written to {options.out}", file=sys.stderr)
    return 0 if written else 1


def packets(path):
    """The header and the packets (time, length on the wire, octets) of a capture as a pcap with nanoseconds; None if editcap does not read it."""
    made = subprocess.run(["editcap", "-F", "nsecpcap", path, "-"], capture_output=True)
    if made.returncode:
        return None
    found, place = [], FILE_HEADER
    while place + RECORD.size <= len(made.stdout):
        seconds, fraction, captured, length = RECORD.unpack_from(made.stdout, place)
        place += RECORD.size
        found.append((seconds * SECOND + fraction, length, made.stdout[place:place + captured]))
        place += captured
    return made.stdout[:FILE_HEADER], found


def drop(before, chance):
    return [packet for packet in before if chance.random() >= SHARE]


def burst(before, chance):
    after, missing = [], 0
    for packet in before:
        if missing == 0 and chance.random() < BURST:
            missing = chance.randint(2, 5)
        if missing == 0:
            after.append(packet)
        missing = max(missing - 1, 0)
    return after


def double(before, chance):
    after = []
    for time_ns, length, data in before:
        after.append((time_ns, length, data))
        if chance.random() < SHARE:
            after.append((time_ns + chance.choice(LATER_NS), length, data))
    return after


def swap(before, chance):
    """Times stay where they are."""
    after = list(before)
    for place in range(len(after) - 1):
        if chance.random() < SHARE:
            (time_ns, *first), (next_ns, *second) = after[place:place + 2]
            after[place:place + 2] = [(time_ns, *second), (next_ns, *first)]
    return after


def mix(before, chance):
    return swap(double(drop(before, chance), chance), chance)


WAYS = {"drop": drop, "burst": burst, "double": double, "swap": swap, "mix": mix}

if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Lists every difference between what fourwave says of captures and what the executable model of the specification says.

    tests/tools/compare_model.py [options] CAPTURE...

A capture is compared by segment (frame and TCP header within it), by timer event and by connection. Each difference is one line:

    CAPTURE: frame 9 role: fourwave ack, model ack-of-fin-1 (s>c)

then a count for each kind of difference. Exit status 1 if there is any. The model is slow, so what it says is kept under the system's
temporary folder until model or capture change.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIDES = ("client", "server")
SECOND = 1_000_000_000
TIMES = {"event time", "wave times", "duration fin1_ack", "duration close_wait", "duration last_ack", "time wait"}  # nanoseconds
CLOCK_ERROR_NS = 2_000  # the model computes with binary floating point


def main():
    options = arguments()
    counts, shown, unread = collections.Counter(), collections.Counter(), 0
    compared = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, result in zip(options.captures, pool.map(lambda path: outcome(path, options), options.captures)):
            if isinstance(result, Exception):
                unread += 1
                print(f"{name(path)}: {result}")
                continue
            differences, sizes = result
            compared.update(sizes)
            for kind, where, text in differences:
                counts[kind] += 1
                if options.kind and kind not in options.kind:
                    continue
                shown[kind] += 1
                if options.first is None or shown[kind] <= options.first:
                    print(f"{name(path)}: {where} {kind}: {text}")
    print(f"\n{len(options.captures) - unread} captures compared, {unread} not:",
          ", ".join(f"{count} {what}" for what, count in compared.items()))
    for kind, count in counts.most_common():
        print(f"{count:8} {kind}")
    print("no difference" if not counts else f"{sum(counts.values())} differences")
    return 1 if counts or unread else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captures", nargs="+", metavar="CAPTURE", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, default=os.environ.get("FOURWAVE_MODEL", ROOT.parent / "shared/model/model.py"))
    parser.add_argument("--fourwave", type=shlex.split, default=os.environ.get("FOURWAVE", str(ROOT / "target/release/fourwave")),
                        metavar="COMMAND", help="the program, with arguments if it needs some")
    parser.add_argument("--first", type=int, metavar="N", help="show only the first N differences of each kind")
    parser.add_argument("--kind", action="append", metavar="KIND", help="show only differences of this kind (repeatable); all are counted")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def name(path):
    return "/".join(path.parts[-2:])


def outcome(path, options):
    """The differences on one capture and how much was compared, or what prevented it."""
    try:
        model = Said.by_model(model_records(path, options.model))
        ours = Said.by_fourwave(fourwave_records(path, options.fourwave))
    except (OSError, ValueError, RuntimeError) as error:
        return error
    sizes = {"segments": len(model.segments), "events": len(model.events), "connections": len(model.connections)}
    return list(differences(ours, model)), sizes


# ---- running both

def model_records(path, model):
    """The model's records; from the temporary folder if model and capture are as they were."""
    digest = hashlib.sha256(model.read_bytes() + b"\0" + path.read_bytes()).hexdigest()
    folder = pathlib.Path(tempfile.gettempdir()) / "fourwave-model"
    folder.mkdir(exist_ok=True)
    kept = folder / f"{digest}.jsonl"
    if not kept.exists():
        made = subprocess.run([sys.executable, model, path], capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError("the model fails: " + (made.stderr.strip().splitlines() or ["?"])[-1])
        partial = kept.with_suffix(f".{os.getpid()}.{id(path)}")
        partial.write_text(made.stdout)
        partial.rename(kept)
    return records(kept.read_text())


def fourwave_records(path, command):
    """The program's records. Exit code 1 (not read to the end) counts as read as far as it goes."""
    lines = []
    for arguments in (["annotate", "--all"], ["connections"]):
        run = subprocess.run([*command, *arguments, "--format", "jsonl", path], capture_output=True, text=True)
        if run.returncode not in (0, 1):
            raise RuntimeError(f"fourwave {arguments[0]} fails ({run.returncode}): " + (run.stderr.strip().splitlines() or ["?"])[-1])
        lines += records(run.stdout)
    return lines


def records(text):
    return [json.loads(line) for line in text.splitlines() if line.strip()]


# ---- what each said, in one shape

class Said:
    """Segments, events and connections, each a dictionary of comparable values by the key that both programs share.

    Connections are known by their ends and incarnation: their numbers differ from the first segment on that only one of the two has read.
    """

    def __init__(self):
        self.segments, self.events, self.connections = {}, {}, {}

    def add_connection(self, line, values):
        ends = tuple(sorted((line["client"], line["server"])))
        self.connections[(*ends, line["incarnation"])] = {"client": line["client"], "server": line["server"], "number": line["connection"], **values}

    def name_connections(self):
        """Events say only the number of their connection; they come before it."""
        by_number = {values["number"]: key for key, values in self.connections.items()}
        self.events = {(*by_number[number], peer, copy): values for (number, peer, copy), values in self.events.items()}

    @classmethod
    def by_model(cls, lines):
        said = cls()
        pair = lambda bounds: "/".join(bounds)
        for line in lines:
            if line["type"] == "segment":
                said.segments[line["frame"], line["layer"]] = {
                    "incarnation": line["incarnation"], "from": "client" if line["dir"] == "c>s" else "server",
                    "role": line["role"], "waves": line["waves"], "modifiers": sorted(line["mods"]),
                    **{f"{side} {when}": pair(line[side][when]) for side in SIDES for when in ("before", "after")},
                    **{f"{side} owes": sorted(line["owes"][side]) for side in SIDES},
                }
            elif line["type"] == "timer":
                peer = {"C": "client", "S": "server"}[line["peer"]]
                said.events[line["connection"], peer, len(said.events_of(line["connection"], peer))] = {
                    "event time": round(line["ts"] * SECOND), **{f"{side} {when}": pair(line[side][when]) for side in SIDES for when in ("before", "after")},
                }
            else:
                initiator = line["initiator"]
                durations = line["durations"]
                said.add_connection(line, {
                    "client basis": line["client_basis"],
                    "kind": line["kind"], "connection modifiers": sorted(line["mods"]),
                    "initiator": [None if initiator["who"] == "none" else initiator["who"], initiator.get("by"), initiator.get("first_seen")],
                    "wave frames": {wave: at["frame"] for wave, at in line["waves"].items()},
                    "wave times": {wave: round(at["ts"] * SECOND) for wave, at in line["waves"].items()},
                    "merged": durations["close_wait"] == "merged",
                    **{f"duration {which}": None if value in (None, "merged") else round(value * SECOND) for which, value in durations.items()},
                    "time wait": {{"C": "client", "S": "server"}[stay["peer"]]: round(stay["until"] * SECOND) for stay in line["time_wait"]},
                    "half-close bytes": line["half_close_bytes"],
                    "resets": [[reset["frame"], {"C": "client", "S": "server"}[reset["peer"]], reset["role"]] for reset in line["resets"]],
                    **{f"path {side}": [[step["state"], step["frame"]] for step in line["path"][side]] for side in SIDES},
                    "retro": [[item["frame"], item["was"], item["is"]] for item in line["retro"]],
                    "findings": sorted([item["id"], item["frames"]] for item in line["findings"]),
                })
        said.name_connections()
        return said

    @classmethod
    def by_fourwave(cls, lines):
        said = cls()
        pair = lambda bounds: "/".join((bounds["confirmed"], bounds["expected"]))
        for line in lines:
            if line["record"] == "segment":
                said.segments[line["frame"], line["layer"]] = {
                    "incarnation": line["incarnation"], "from": line["from"],
                    "role": line["role"], "waves": line["waves"], "modifiers": sorted(line["modifiers"]),
                    **{f"{side} {when}": pair(line[side][when]) for side in SIDES for when in ("before", "after")},
                    **{f"{side} owes": sorted(line["owes"][side]) for side in SIDES},
                }
            elif line["record"] == "event":
                said.events[line["connection"], line["peer"], len(said.events_of(line["connection"], line["peer"]))] = {
                    "event time": line["time_ns"], **{f"{side} {when}": pair(line[side][when]) for side in SIDES for when in ("before", "after")},
                }
            elif line["record"] == "connection":
                initiator = line["initiator"]
                durations = line["durations_ns"]
                both = initiator["peer"] == "both"
                said.add_connection(line, {
                    "client basis": line["client_basis"],
                    "kind": line["kind"], "connection modifiers": sorted(line["modifiers"]),
                    "initiator": [initiator["peer"], initiator["by"], initiator["first_seen"] if both else None],
                    "wave frames": {wave: at["frame"] for wave, at in line["waves"].items() if at},
                    "wave times": {wave: at["time_ns"] for wave, at in line["waves"].items() if at},
                    "merged": line["close_wait_merged"],
                    **{f"duration {which}": durations[which] for which in ("fin1_ack", "close_wait", "last_ack")},
                    "time wait": {stay["peer"]: stay["until_ns"] for stay in line["time_wait"]},
                    "half-close bytes": line["half_close_bytes"],
                    "resets": [[reset["frame"], reset["peer"], reset["role"]] for reset in line["resets"]],
                    **{f"path {side}": [[step["state"], step["frame"]] for step in line["path"][side]] for side in SIDES},
                    "retro": [[item["frame"], item["was"], item["is"]] for item in line["retro"]],
                    "findings": sorted([item["id"], item["frames"]] for item in line["findings"]),
                })
        said.name_connections()
        return said

    def events_of(self, connection, peer):
        return [key for key in self.events if key[:2] == (connection, peer)]


# ---- comparing

def differences(ours, model):
    """Yields kind, place and text of each difference."""
    yield from compare(ours.segments, model.segments, "segment", lambda key: f"frame {key[0]}" + (f" layer {key[1]}" if key[1] else ""))
    yield from compare(ours.events, model.events, "event", lambda key: f"event of {connection_name(key)}, {key[3]}")
    yield from compare(ours.connections, model.connections, "connection", connection_name)


def connection_name(key):
    return f"connection {key[0]} {key[1]}" + (f" incarnation {key[2]}" if key[2] != 1 else "")


def compare(ours, model, what, place):
    for key in sorted(ours.keys() | model.keys()):
        if key not in ours or key not in model:
            who, said = ("fourwave", ours[key]) if key in ours else ("model", model[key])
            yield f"{what} missing", place(key), f"only {who} has it ({said.get('role') or said.get('kind') or 'time-wait-expired'})"
            continue
        for kind, value in model[key].items():
            mine = ours[key][kind]
            if not (near(mine, value) if kind in TIMES else mine == value):
                context = f" (role {model[key]['role']}, from {model[key]['from']})" if what == "segment" and kind != "role" else ""
                yield kind, place(key), f"fourwave {text(mine)}, model {text(value)}{context}"


def near(mine, value):
    """Equality of times, and of times by name, but for what the model's arithmetic loses."""
    if isinstance(mine, dict):
        return mine.keys() == value.keys() and all(near(mine[key], value[key]) for key in mine)
    return mine == value or None not in (mine, value) and abs(mine - value) <= CLOCK_ERROR_NS


def text(value):
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    sys.exit(main())

"""Holds a Parquet file against the JSON lines and the CSV header of the same run, as DuckDB and as Polars read it.

Usage: compare.py PARQUET JSONL CSV
Prints each difference; the exit code is 1 if there are any.
"""

import json
import sys

import duckdb
import polars


def expected(record, columns):
    """The row of `record`: nested keys joined by `_`, null where it has none."""
    row = dict.fromkeys(columns)

    def fill(name, value):
        if isinstance(value, dict):
            for key, inner in value.items():
                fill(f"{name}_{key}", inner)
        elif name in row:
            row[name] = value
        else:
            # A null for an object is one for every column below it.
            assert value is None and any(column.startswith(f"{name}_") for column in columns), f"no column for {name}"

    for key, value in record.items():
        fill(key, value)
    return list(row.values())


def read(value, wanted):
    """`value` as JSON has it: a list of objects is text in Parquet."""
    if isinstance(value, str) and isinstance(wanted, list):
        return json.loads(value)
    return value


def differences(reader, columns, rows, wanted):
    if len(rows) != len(wanted):
        yield f"{reader}: {len(rows)} rows, {len(wanted)} records"
    for number, (row, want) in enumerate(zip(rows, wanted), 1):
        for column, value, wish in zip(columns, row, want, strict=True):
            value = read(value, wish)
            if type(value) is not type(wish) or value != wish:
                yield f"{reader}, row {number}, {column}: {value!r} where JSON has {wish!r}"


def main(parquet, jsonl, csv):
    with open(csv, encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split(",")
    with open(jsonl, encoding="utf-8") as file:
        wanted = [expected(json.loads(line), columns) for line in file]
    if not wanted:
        return ["no records"]
    table = duckdb.execute("SELECT * FROM read_parquet(?)", [parquet])
    names = [column[0] for column in table.description]
    if names != columns:
        return [f"columns {names} where CSV has {columns}"]
    found = list(differences("DuckDB", columns, table.fetchall(), wanted))
    found += differences("Polars", columns, polars.read_parquet(parquet).rows(), wanted)
    return found


if __name__ == "__main__":
    complaints = main(*sys.argv[1:])
    print("\n".join(complaints[:20]))
    sys.exit(bool(complaints))

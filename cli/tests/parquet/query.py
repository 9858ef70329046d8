"""Prints the rows of a query of DuckDB, columns by tabs. Usage: query.py SQL"""

import sys

import duckdb

for row in duckdb.execute(sys.argv[1]).fetchall():
    print(*row, sep="\t")

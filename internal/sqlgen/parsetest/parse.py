"""Reads the golden SQL of every dialect with sqlglot, a parser that isn't ours: parse.py TESTDATA.

Each file must be one query and nothing else: no second statement, and no comment, which is what a name or a value
that got out of its quotes would make of the rest. quoted.json holds texts as each dialect quotes them; as a value and
as a name they must be read as the text they were made of.
"""

import json
import pathlib
import sys

import sqlglot
from sqlglot import exp

root = pathlib.Path(sys.argv[1])
faults = []


def one(text, dialect):
    """The only statement of a text. ValueError: there is more, or something else."""
    tokens = sqlglot.tokenize(text, dialect=dialect)
    if any(token.comments for token in tokens):
        raise ValueError("a comment")
    statements = sqlglot.parse(text, dialect=dialect)
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ValueError(f"not one query: {statements}")
    return statements[0]


def check(name, test):
    try:
        test()
    except (ValueError, AssertionError, sqlglot.errors.SqlglotError) as fault:
        faults.append(f"{name}: {fault}")


def quoted(dialect, text, value, name):
    read = one(f"SELECT {value} AS {name}", dialect).expressions[0]
    assert read.this.is_string and read.this.this == text, f"value {value} is read as {read.this.this!r}"
    assert read.alias == text, f"name {name} is read as {read.alias!r}"


files = [f for f in sorted(root.glob("*/*.sql")) if f.stem not in ("check", "tables")]
read = 0
for file in files:
    text = file.read_text()
    if not text.startswith("-- refused: "):
        read += 1
        check(file, lambda: one(text, file.stem))
texts = json.loads((root / "quoted.json").read_text())
for dialect, all_of_it in texts.items():
    for each in all_of_it:
        check(f"quoted.json, {dialect} {each['text']!r}", lambda: quoted(dialect, **each))

for fault in faults:
    print(fault)
print(f"test-sql: {read} statements of {len({f.stem for f in files})} dialects, {sum(map(len, texts.values()))} quoted texts, {len(faults)} faults")
sys.exit(bool(faults) or not read)

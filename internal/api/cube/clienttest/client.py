"""Asks every case through the PyPI client and compares the rows with the truth that prepare.py wrote."""
import json
import math
import sys

from cubejs_client import CubeClient
from cubejs_client.errors import RequestError


def same(want, got):
    if isinstance(want, bool) or not isinstance(want, (int, float)):
        return want == got
    return got is not None and math.isclose(want, float(got), rel_tol=1e-9)


def equal(case, want, got):
    if case.get("unordered"):
        want, got = [sorted(rows, key=lambda row: str([row[name] for name in want[0]])) for rows in (want, [
            {name: float(row[name]) if isinstance(want[0][name], float) else row[name] for name in row} for row in got])]
    return len(want) == len(got) and all(same(w[name], g.get(name)) for w, g in zip(want, got) for name in w)


def check(ok, what):
    if not ok:
        sys.exit("client.py: " + what)


def main(path):
    given = json.load(open(path))
    for tenant in given["tenants"]:
        client = CubeClient(api_url=given["url"], api_token=tenant["token"])
        cases = [case for case in tenant["cases"] if isinstance(case["query"], dict)]  # this client sends no lists
        for case in cases:
            for form in ("default", "compact", "columnar"):  # and casts numbers in the first of them only
                answers = client.load(case["query"], cast_numerics=form == "default", response_format=form).decompose()
                got = [answer.raw_data() for answer in answers]
                check(len(got) == len(case["truth"]) and all(map(lambda w, g: equal(case, w, g), case["truth"], got)),
                      f"{tenant['key']}, {case['name']} ({form}): want {case['truth']}, got {got}")
        first = tenant["cases"][0]["query"]
        check("orders.revenue" in json.dumps(client.meta().members_grouped_by_cube()), "meta lists no revenue")
        check("SELECT" in client.sql(first).sql(), "sql gives no statement")
        check(client.dry_run(first)["queryType"] == "regularQuery", "dry-run gives no type")
        check(client.load(dict(first, total=True, limit=1)).total_rows() == len(tenant["cases"][0]["truth"][0]), "total is wrong")
        check(client.livez().health == client.readyz().health == "HEALTH", "the server isn't well")
        try:
            client.load({"measures": ["orders.nope"]})
            check(False, "an unknown member is no error")
        except RequestError as error:
            check(error.status == 400 and str(error) == "'nope' not found for path 'orders.nope'", repr(error))
    print(f"client.py: {len(cases)} cases for {len(given['tenants'])} tenants agree with the warehouse")


main(sys.argv[1])

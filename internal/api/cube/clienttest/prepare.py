"""Writes what the clients need: a data token and the true answers of every case, for two tenants of the demo.

prepare.py FACTS CASES OUT: the truth comes from SQL run on the warehouse's file, not through the server.
"""
import datetime
import decimal
import json
import sys
import urllib.request

import duckdb


def post(url, body, authorization=None):
    headers = {"Content-Type": "application/json"}
    if authorization:
        headers["Authorization"] = authorization
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request))


def token(facts, tenant):
    cube = facts["fronts"]["cube"]
    session = post(cube["generateSession"], {
        "deploymentId": cube["deploymentId"], "externalId": tenant["key"], "securityContext": tenant["securityContext"],
    }, "Api-Key " + cube["apiKey"])
    embed = post(cube["sessionToken"], session)["token"]
    return post(f"{facts['base']}/api/v1/deployments/{cube['deploymentId']}/token", {}, "Embed-Token " + embed)["cubeApiToken"]


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000")
    return float(value) if isinstance(value, decimal.Decimal) else value


def rows(warehouse, sql, tenant):
    found = warehouse.execute(sql, {"tenant": tenant} if "$tenant" in sql else None)
    names = [column[0] for column in found.description]
    return [dict(zip(names, map(plain, row))) for row in found.fetchall()]


def main(facts, cases, out):
    facts, cases = json.load(open(facts)), json.load(open(cases))
    warehouse = duckdb.connect(facts["warehouse"], read_only=True)
    warehouse.execute("SET TimeZone = 'UTC'")
    tenants = []
    for tenant in facts["tenants"][:2]:
        for case in cases:
            queries = [case["sql"]] if isinstance(case["sql"], str) else case["sql"]
            case["truth"] = [rows(warehouse, sql, tenant["key"]) for sql in queries]
        tenants.append({"key": tenant["key"], "token": token(facts, tenant), "cases": json.loads(json.dumps(cases))})
    json.dump({"url": facts["base"] + "/cubejs-api/v1", "tenants": tenants}, open(out, "w"))


main(*sys.argv[1:])

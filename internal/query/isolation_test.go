package query_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/duckdb"
)

// Two accounts, whose rows name their owner; quo'te is an account whose name tries to end the literal.
const tenantTables = `CREATE TABLE orders (order_id INTEGER, account VARCHAR, customer_id INTEGER, amount INTEGER);
INSERT INTO orders VALUES (1, 'a', 1, 10), (2, 'a', 2, 20), (3, 'b', 3, 100), (4, 'quo''te', 4, 1000), (5, NULL, 1, 5000);
CREATE TABLE customers (customer_id INTEGER, account VARCHAR, name VARCHAR);
INSERT INTO customers VALUES (1, 'a', 'a-one'), (2, 'a', 'a-two'), (3, 'b', 'b-one'), (4, 'quo''te', 'q-one');
CREATE TABLE secrets (word VARCHAR); INSERT INTO secrets VALUES ('secret');`

const tenantModel = `type: model
name: orders
sql_from: main.orders
primary_key: [order_id]
row_filter: {account: account}
joins:
  - {join: customers, sql_on: "${orders.customer_id} = ${customers.customer_id}", relationship: many-to-one}
  - {join: secrets, sql_on: "${secrets.word} IS NOT NULL", relationship: many-to-one}
dimensions:
  - {name: order_id, type: number}
  - {name: account, type: string}
  - {name: customer_id, type: number}
  - {name: amount, type: number}
metrics:
  revenue: {type: sum, sql: "${TABLE}.amount"}
---
type: model
name: customers
sql_from: main.customers
primary_key: [customer_id]
row_filter: {account: account}
dimensions:
  - {name: customer_id, type: number}
  - {name: name, type: string}
---
type: model
name: secrets
sql_from: main.secrets
dimensions:
  - {name: word, type: string}
`

func tenantDoor(t *testing.T) *query.Service {
	return tenantDoorOn(t, func(c warehouse.Conn) warehouse.Conn { return c }, query.Options{})
}

// tenantDoorOn is tenantDoor over a connection that is not as it was, and with options.
func tenantDoorOn(t *testing.T, wrap func(warehouse.Conn) warehouse.Conn, o query.Options) *query.Service {
	t.Helper()
	return tenantDoorOver(t, wrap(tablesOnDuckDB(t, tenantTables)), o)
}

// tablesOnDuckDB is a connection to a database of its own that holds tables.
func tablesOnDuckDB(t *testing.T, tables string) warehouse.Conn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tables.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(tables); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := duckdb.Open(t.Context(), warehouse.Settings{"type": "duckdb", "path": path}, duckdb.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// tablesOnPostgreSQL is a connection to a database whose schema main holds tables.
func tablesOnPostgreSQL(t *testing.T, tables string) warehouse.Conn {
	conn := postgresConn(t)
	db, err := sql.Open("pgx", os.Getenv("INLAY_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"DROP SCHEMA IF EXISTS main CASCADE; CREATE SCHEMA main", "SET search_path = main; " + tables} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _, _ = db.Exec("DROP SCHEMA main CASCADE"); _ = db.Close() })
	return conn
}

// tenantDoorOver is a door to a database that holds tenantTables.
func tenantDoorOver(t *testing.T, conn warehouse.Conn, o query.Options) *query.Service {
	return doorOver(t, conn, tenantModel, o)
}

// doorOver is a door to the project "p" of a model in YAML.
func doorOver(t *testing.T, conn warehouse.Conn, yaml string, o query.Options) *query.Service {
	t.Helper()
	model, err := semantic.LoadYAML(fstest.MapFS{"model.yml": {Data: []byte(yaml)}}, nil, semantic.Options{Dialect: conn.Dialect()})
	if err != nil || len(model.Problems) > 0 {
		t.Fatal(err, model)
	}
	m := &models{explores: map[string]map[string]*semantic.Explore{"p": {}}, conn: conn}
	for _, e := range model.Explores {
		m.explores["p"][e.Name] = e
	}
	return query.New(m, o)
}

func tenant(account string) access.Principal {
	return access.Principal{Kind: access.Tenant, Organization: "org", Project: "p", Tenant: account, Context: map[string]any{"account": account}}
}

func rowsFor(t *testing.T, door *query.Service, who access.Principal, r query.Request) (string, error) {
	t.Helper()
	r.Project = "p"
	result, err := door.Run(context.Background(), who, r)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = query.WriteRows(context.Background(), &out, result)
	return out.String(), err
}

var allPurposes = []query.Purpose{query.Explore, query.Tile, query.Chart, query.Total, query.Values, query.Underlying, query.Export, query.Delivery}

func TestH40_to_H45_no_purpose_gives_a_tenant_anothers_rows(t *testing.T) {
	door := tenantDoor(t)
	totals := map[string]string{"a": `"raw":30,`, "b": `"raw":100,`, "quo'te": `"raw":1000,`}
	for range 2 { // the second time around, everything could come from the cache
		for _, purpose := range allPurposes {
			for account, total := range totals {
				got, err := rowsFor(t, door, tenant(account), query.Request{Explore: "orders", Purpose: purpose, Query: metric.Query{Metrics: []string{"orders_revenue"}, Limit: 10}})
				if err != nil || !strings.Contains(got, total) {
					t.Errorf("%s, total for %s: %s %v", purpose, account, got, err)
				}
				got, err = rowsFor(t, door, tenant(account), query.Request{Explore: "orders", Purpose: purpose,
					Query: metric.Query{Dimensions: []string{"customers_name"}, Metrics: []string{"orders_revenue"}, Limit: 10}})
				if err != nil {
					t.Errorf("%s, names for %s: %v", purpose, account, err)
				}
				for other, mark := range map[string]string{"a": `"a-`, "b": `"b-`, "quo'te": `"q-`} {
					if strings.Contains(got, mark) != (other == account) {
						t.Errorf("%s, names for %s: %s", purpose, account, got)
					}
				}
			}
		}
	}
}

func TestH52_and_H54_what_nothing_covers_is_closed(t *testing.T) {
	door := tenantDoor(t)
	orders := metric.Query{Metrics: []string{"orders_revenue"}, Limit: 10}
	for name, context := range map[string]map[string]any{"nothing": nil, "another name": {"accounts": "a"}, "another case": {"Account": "a"}} {
		who := tenant("a")
		who.Context = context
		if got, err := rowsFor(t, door, who, query.Request{Explore: "orders", Query: orders}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
	for name, value := range map[string]any{"null": nil, "an empty list": []any{}, "an object": map[string]any{"a": 1}, "empty text": ""} {
		who := tenant("a")
		who.Context = map[string]any{"account": value}
		if got, err := rowsFor(t, door, who, query.Request{Explore: "orders", Query: orders}); err == nil && !strings.Contains(got, `"raw":null`) {
			t.Errorf("%s: %s", name, got)
		}
	}
	joined := metric.Query{Dimensions: []string{"secrets_word"}, Limit: 10}
	if got, err := rowsFor(t, door, tenant("a"), query.Request{Explore: "orders", Query: joined}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a joined table that nothing covers: %s %v", got, err)
	}
}

func TestH29_and_H30_sent_SQL_reaches_no_other_rows(t *testing.T) {
	door := tenantDoor(t)
	for _, text := range []metric.UserSQL{"(SELECT sum(amount) FROM main.orders)", "amount) FROM main.orders --", "${TABLE}.amount; SELECT 1", "read_csv('x')"} {
		for _, saved := range []bool{false, true} {
			q := metric.Query{Metrics: []string{"orders_x"}, Limit: 10, AdditionalMetrics: []metric.AdditionalMetric{{Table: "orders", Name: "x", Type: "sum", SQL: text}}}
			if got, err := rowsFor(t, door, tenant("a"), query.Request{Explore: "orders", Query: q, Saved: saved}); err == nil {
				t.Errorf("%s (saved %t): %s", text, saved, got)
			}
		}
	}
}

func TestTheDoorItselfRefuses(t *testing.T) {
	door := tenantDoor(t)
	orders := query.Request{Explore: "orders", Query: metric.Query{Metrics: []string{"orders_revenue"}, Limit: 10}}
	elsewhere := tenant("a")
	elsewhere.Project = "another"
	foreign := admin
	foreign.Organization = "another"
	for name, who := range map[string]access.Principal{"nobody": {}, "H06_confined_to_another_project": elsewhere, "H03_another_organization": foreign} {
		if got, err := rowsFor(t, door, who, orders); err == nil {
			t.Errorf("%s: %s", name, got)
		}
	}
	viewer := access.Principal{Kind: access.User, Organization: "org", User: "v", OrgRole: access.Viewer}
	for name, who := range map[string]access.Principal{"nobody": {}, "a tenant": tenant("a"), "a viewer": viewer, "another organization": foreign} {
		if _, err := door.RunSQL(t.Context(), who, query.Statement{Project: "p", SQL: "SELECT * FROM orders", Limit: 10, Purpose: query.SQLRunner}); err == nil {
			t.Errorf("%s ran SQL", name)
		}
	}
	for _, purpose := range allPurposes {
		if _, err := door.RunSQL(t.Context(), tenant("a"), query.Statement{Project: "p", SQL: "SELECT * FROM orders", Limit: 10, Purpose: purpose}); err == nil {
			t.Errorf("a tenant ran SQL for %s", purpose)
		}
	}
}

func TestExplainTellsAnAdminWhyATenantSeesItsRows(t *testing.T) {
	door := tenantDoor(t)
	r := query.Request{Project: "p", Explore: "orders", Query: metric.Query{Metrics: []string{"orders_revenue"}, Limit: 10}}
	got, err := door.Explain(t.Context(), admin, tenant("a"), r)
	if err != nil || len(got.Tables) != 1 || got.Tables[0].Verdict != "filtered" || got.Tables[0].Conditions[0].Source != "securityContext" || got.Cached {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := door.Explain(t.Context(), tenant("a"), tenant("b"), r); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a tenant is told %v", err)
	}
}

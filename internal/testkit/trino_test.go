package testkit_test

import (
	"database/sql"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/trinodb/trino-go-client/trino"

	"inlay/internal/warehouse"
)

// TestTheDemoOnTrino asks for every purpose as every kind of principal of two tenants, on the demo's own warehouse and
// on a cluster with the same rows: the answers are the same.
func TestTheDemoOnTrino(t *testing.T) {
	text := os.Getenv("INLAY_TEST_TRINO")
	if text == "" {
		t.Skip("INLAY_TEST_TRINO isn't set: scripts/with-engines starts a cluster of two nodes")
	}
	address, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	near := open(t)
	copyToTrino(t, near.facts.Warehouse, address)
	far := openOver(t, clusterAt(t, address))
	owners := ownersOf(t, near.facts.Warehouse)
	for _, tenant := range near.facts.Tenants[:2] {
		for _, who := range principals {
			here, there := who.enter(near, tenant), who.enter(far, tenant)
			for _, p := range purposes {
				want, got := p.ask(near, here), p.ask(far, there)
				if p.name == "statement" && got.code == http.StatusNotImplemented {
					continue // statements of tenants run on engines whose every statement we can read
				}
				if want.code != got.code || want.code < 400 && !alike(p.part(want), p.part(got)) {
					t.Errorf("%s, %s:\n got %.600s\nwant %.600s", who.name, p.name, p.part(got), p.part(want))
				}
				if found := owners.others(tenant.Key, got); len(found) > 0 {
					t.Errorf("%s, %s is told of %v", who.name, p.name, found)
				}
			}
		}
	}
}

// alike: the cluster divides decimals to as many digits as they have, and the demo's have two.
func alike(a, b string) bool { return cents(a) == cents(b) }

var fraction = regexp.MustCompile(`\d+\.\d{3,}`)

func cents(text string) string {
	return fraction.ReplaceAllStringFunc(text, func(number string) string {
		f, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
	})
}

func clusterAt(t *testing.T, address *url.URL) warehouse.Settings {
	port, err := strconv.Atoi(address.Port())
	if err != nil {
		t.Fatal(err)
	}
	return warehouse.Settings{"type": "trino", "host": address.Hostname(), "port": port, "user": address.User.Username(),
		"dbname": strings.Trim(address.Path, "/"), "schema": "main", "http_scheme": address.Scheme}
}

// copyToTrino makes the demo's tables anew in the schema main.
func copyToTrino(t *testing.T, file string, address *url.URL) {
	from, err := sql.Open("duckdb", file+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }() // only read
	connector, err := trino.NewConnector(&trino.Config{ServerURI: address.Scheme + "://" + address.User.Username() + "@" + address.Host,
		Catalog: strings.Trim(address.Path, "/"), Schema: "main", DisableExplicitPrepare: true})
	if err != nil {
		t.Fatal(err)
	}
	to := sql.OpenDB(connector)
	defer func() { _ = to.Close() }() // its statements have ended
	run := func(statement string) {
		if _, err := to.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v: %.300s", err, statement)
		}
	}
	run("CREATE SCHEMA IF NOT EXISTS main")
	for _, table := range []string{"carriers", "merchants", "products", "buyers", "orders", "order_lines", "tickets"} {
		run("DROP TABLE IF EXISTS " + table)
		columns, rows := literals(t, from, table)
		run("CREATE TABLE " + table + " (" + strings.Join(columns, ", ") + ")")
		for chunk := range slices.Chunk(rows, 5000) {
			run("INSERT INTO " + table + " VALUES " + strings.Join(chunk, ", "))
		}
	}
}

// literals are a table's columns with their types, and its rows as texts of SQL.
func literals(t *testing.T, db *sql.DB, table string) (columns, all []string) {
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // only read
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range types {
		columns = append(columns, c.Name()+" "+c.DatabaseTypeName())
	}
	values := make([]any, len(types))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = literal(*v.(*any), types[i].DatabaseTypeName())
		}
		all = append(all, "("+strings.Join(texts, ", ")+")")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return columns, all
}

func literal(value any, kind string) string {
	switch v := value.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case duckdb.Decimal:
		return "DECIMAL '" + v.String() + "'"
	case float64:
		return fmt.Sprintf("%E", v)
	case time.Time:
		if kind == "DATE" {
			return v.Format("DATE '2006-01-02'")
		}
		return v.Format("TIMESTAMP '2006-01-02 15:04:05'")
	}
	return fmt.Sprint(value)
}

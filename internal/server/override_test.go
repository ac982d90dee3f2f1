package server_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tenantTables are a tenant's database: its own schema with four orders, and one of another tenant with one.
const tenantTables = `CREATE SCHEMA %[1]s_a; CREATE SCHEMA %[1]s_b;
CREATE TABLE %[1]s_a.orders (order_id INTEGER, merchant_id VARCHAR(20), channel VARCHAR(20));
CREATE TABLE %[1]s_b.orders (order_id INTEGER, merchant_id VARCHAR(20), channel VARCHAR(20));
INSERT INTO %[1]s_a.orders VALUES (1, 'm1', 'web'), (2, 'm1', 'app'), (3, 'm2', 'app'), (5, NULL, 'phone');
INSERT INTO %[1]s_b.orders VALUES (4, 'm1', 'store');`

// Registration is Upsolve's, rows are read by the native front: who the tenant is goes from one to the other.
func TestATenantReadsItsOwnDatabaseAndSchema(t *testing.T) {
	w := open(t)
	for name, settings := range map[string]map[string]any{"DuckDB": onDuckDB(w), "PostgreSQL": onPostgreSQL(w)} {
		if settings == nil {
			t.Logf("%s is left out: INLAY_TEST_POSTGRES is not set", name)
			continue
		}
		body, err := json.Marshal(map[string]any{"name": name, "warehouseConnection": settings, "overridable": true})
		w.ok(err)
		var made struct{ ConnectionUUID string }
		w.got(&made, "POST", "/api/v1/inlay/connections", string(body))
		for _, c := range []struct {
			schema, prefilters string
			channels           []string
		}{
			{"theirs_a", `{}`, []string{"app", "phone", "web"}},
			{"theirs_a", `{"merchant_id":"m2"}`, []string{"app"}},
			{"theirs_a", `{"MERCHANT_ID":"m2"}`, []string{"app"}},
			{"theirs_a", `{"merchant_id":["m1","m2"]}`, []string{"app", "web"}},
			{"theirs_a", `{"merchant_id":["m2",null]}`, []string{"app", "phone"}},
			{"theirs_a", `{"merchant_id":null}`, []string{"phone"}},
			{"theirs_a", `{"merchant_id":[]}`, []string{}},
			{"theirs_a", `{"merchant_id":{"op":"in","values":["m2"]}}`, []string{"app"}},
			{"theirs_a", `{"merchant_id":"m1","channel":"web"}`, []string{"web"}},
			{"theirs_a", `{"merchant_id":"m2' OR '1'='1"}`, []string{}},
			{"theirs_b", `{}`, []string{"store"}},
		} {
			var registered struct{ Token string }
			w.gotAs("", &registered, "POST", "/v1/api/tenant/register-tenant", fmt.Sprintf(
				`{"apiKey":%q,"displayName":%q,"prefilters":%s,"tenantEditingPermissions":{"createChart":true},"schemaPreFilter":%q,"connectionOverride":{"connectionId":%q}}`,
				w.facts.Fronts.Upsolve.APIKey, name+c.schema+c.prefilters, c.prefilters, c.schema, made.ConnectionUUID))
			if got := w.channels("Bearer " + registered.Token); fmt.Sprint(got) != fmt.Sprint(c.channels) {
				t.Errorf("%s, %s, %s: channels %v, want %v", name, c.schema, c.prefilters, got, c.channels)
			}
		}
		register := `{"apiKey":%q,"displayName":"x","prefilters":{},"schemaPreFilter":%q,"connectionOverride":{"connectionId":%q}}`
		w.refused(400, "", "POST", "/v1/api/tenant/register-tenant", fmt.Sprintf(register, w.facts.Fronts.Upsolve.APIKey, "nowhere", made.ConnectionUUID))
		w.got(nil, "DELETE", "/api/v1/inlay/connections/"+made.ConnectionUUID, "")
		w.refused(404, "", "POST", "/v1/api/tenant/register-tenant", fmt.Sprintf(register, w.facts.Fronts.Upsolve.APIKey, "theirs_a", made.ConnectionUUID))
	}
	var closed struct{ ConnectionUUID string }
	w.got(&closed, "POST", "/api/v1/inlay/connections", `{"name":"closed","warehouseConnection":{"type":"postgres","host":"db.example.com","password":"hunter2"}}`)
	w.refused(403, "", "POST", "/v1/api/tenant/register-tenant", fmt.Sprintf(
		`{"apiKey":%q,"displayName":"x","prefilters":{},"connectionOverride":{"connectionId":%q}}`, w.facts.Fronts.Upsolve.APIKey, closed.ConnectionUUID))
	if _, text, _ := ask(w.Handler(), w.admin(), "GET", "/api/v1/inlay/connections", ""); !strings.Contains(text, closed.ConnectionUUID) || strings.Contains(text, "hunter2") {
		t.Errorf("the list of connections is %s", text)
	}
	viewer := "ApiKey " + w.token(w.facts.Fronts.Native.Viewers[0].Email)
	w.refused(403, viewer, "GET", "/api/v1/inlay/connections", "")
	w.refused(403, viewer, "POST", "/api/v1/inlay/connections", `{"name":"x","warehouseConnection":{"type":"postgres"}}`)
	w.refused(400, w.admin(), "POST", "/api/v1/inlay/connections", `{"name":"x","warehouseConnection":{}}`)
}

// channels are those of the orders that somebody sees, in order.
func (w *world) channels(credential string) []string {
	w.t.Helper()
	var found struct {
		Rows []map[string]struct{ Value struct{ Raw any } }
	}
	w.gotAs(credential, &found, "POST", "/api/v1/projects/"+w.facts.Project+"/explores/orders/runQuery",
		`{"exploreName":"orders","dimensions":["orders_channel"],"metrics":[],"filters":{},"sorts":[{"fieldId":"orders_channel","descending":false}],"limit":10,"tableCalculations":[]}`)
	list := []string{}
	for _, row := range found.Rows {
		list = append(list, fmt.Sprint(row["orders_channel"].Value.Raw))
	}
	return list
}

func onDuckDB(w *world) map[string]any {
	path := filepath.Join(string(w.folder), "theirs.duckdb")
	db, err := sql.Open("duckdb", path)
	w.ok(err)
	_, err = db.Exec(fmt.Sprintf(tenantTables, "theirs"))
	w.ok(err)
	w.ok(db.Close())
	return map[string]any{"type": "duckdb", "path": path}
}

func onPostgreSQL(w *world) map[string]any {
	address := os.Getenv("INLAY_TEST_POSTGRES")
	if address == "" {
		return nil
	}
	at, err := url.Parse(address)
	w.ok(err)
	server, err := sql.Open("pgx", address)
	w.ok(err)
	const drop = "DROP DATABASE IF EXISTS theirs WITH (FORCE)"
	for _, statement := range []string{drop, "CREATE DATABASE theirs"} {
		_, err = server.Exec(statement)
		w.ok(err)
	}
	w.t.Cleanup(func() { _, _ = server.Exec(drop); _ = server.Close() }) // the next run drops it as well
	at.Path = "/theirs"
	db, err := sql.Open("pgx", at.String())
	w.ok(err)
	_, err = db.Exec(fmt.Sprintf(tenantTables, "theirs"))
	w.ok(err)
	w.ok(db.Close())
	password, _ := at.User.Password()
	port, err := strconv.Atoi(at.Port())
	w.ok(err)
	return map[string]any{"type": "postgres", "host": at.Hostname(), "port": port, "user": at.User.Username(), "password": password,
		"dbname": "theirs", "schema": "public", "sslmode": "disable"}
}

package clickhouse

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"testing"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

func open(t *testing.T, address string) *Conn {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	password, _ := u.User.Password()
	conn, err := Open(warehouse.Settings{"type": "clickhouse", "host": u.Hostname(), "port": port, "user": u.User.Username(), "password": password,
		"schema": "default", "secure": u.Scheme == "https"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestContract(t *testing.T) {
	address := os.Getenv("INLAY_TEST_CLICKHOUSE")
	if address == "" {
		t.Skip("INLAY_TEST_CLICKHOUSE is not set to a http://user:password@host:port/ address")
	}
	conn := open(t, address)
	if _, err := conn.db.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS default.inlay_contract (order_id Int32) ENGINE = Memory"); err != nil {
		t.Fatal(err)
	}
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types:    `SELECT 7 AS i, toDecimal64(1.5, 2) AS f, true AS b, toDate('2024-02-29') AS d, toDateTime64('2024-12-31 00:15:30.123', 3, 'UTC') AS ts, 'it''s' AS s, NULL AS z`,
		Numbers:  "SELECT number + 1 AS n FROM numbers(%d) ORDER BY n",
		Slow:     "SELECT sleepEachRow(0.25) FROM numbers(400) SETTINGS max_block_size = 1",
		Relation: warehouse.Relation{Schema: "default", Table: "inlay_contract"},
		Wrong:    "SELECT\n  nope FROM inlay_contract",
		Writes:   []string{"INSERT INTO inlay_contract VALUES (2)", "DROP TABLE inlay_contract", "SELECT 1 INTO OUTFILE '/tmp/x'", "SYSTEM SHUTDOWN"},
	})
}

func TestRequestsAreReadOnlyAndEndWithTheirClient(t *testing.T) {
	asked := make(chan url.Values, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Query()
		http.Error(w, "Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED) (version 26.9.2.1)", http.StatusForbidden)
	}))
	defer server.Close()
	err := open(t, server.URL).Ping(t.Context())
	if message := fault.As(err).Message; message != "The server refused the connection: default: Authentication failed." {
		t.Errorf("the reason is %v", err)
	}
	if q := <-asked; q.Get("readonly") != "2" || q.Get("cancel_http_readonly_queries_on_client_close") != "1" {
		t.Errorf("the settings are %v", q)
	}
}

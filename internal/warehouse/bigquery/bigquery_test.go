//go:build cloud

package bigquery

import (
	"os"
	"testing"

	"google.golang.org/api/option"

	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

func TestContract(t *testing.T) {
	address := os.Getenv("INLAY_TEST_BIGQUERY")
	if address == "" {
		t.Skip("INLAY_TEST_BIGQUERY is not set to the http://host:port address of a stand-in")
	}
	conn, err := open(warehouse.Settings{"type": "bigquery", "project": "test", "dataset": "inlay"}, option.WithEndpoint(address+"/bigquery/v2/"), option.WithoutAuthentication())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.client.Dataset("inlay").Create(t.Context(), nil) // may be there
	for _, sql := range []string{"CREATE TABLE IF NOT EXISTS inlay.contract (order_id INT64)"} {
		job, err := conn.client.Query(sql).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := job.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types:    `SELECT 7 AS i, 1.5 AS f, true AS b, DATE '2024-02-29' AS d, TIMESTAMP '2024-12-31 00:15:30.123' AS ts, 'it\'s' AS s, NULL AS z`,
		Numbers:  "SELECT n FROM UNNEST(GENERATE_ARRAY(1, %d)) AS n ORDER BY n",
		Relation: warehouse.Relation{Schema: "inlay", Table: "contract"},
		Writes:   []string{"INSERT INTO inlay.contract VALUES (2)", "EXPORT DATA OPTIONS (uri='gs://x') AS SELECT 1", "CALL x()", "BEGIN SELECT 1; END"},
	})
}

func TestOnlyKeysOfServiceAccountsAreTaken(t *testing.T) {
	for _, key := range []any{nil, "x", map[string]any{"type": "external_account", "credential_source": map[string]any{"file": "/etc/passwd"}},
		map[string]any{"type": "authorized_user", "refresh_token": "x"}} {
		if _, err := Open(warehouse.Settings{"type": "bigquery", "project": "p", "keyfileContents": key}, nil); err == nil {
			t.Errorf("%v was taken", key)
		}
	}
}

func TestLabelsKeepToTheLettersOfBigQuery(t *testing.T) {
	if got := labels(map[string]string{"project": "Ä b/C"})["project"]; got != "__b_c" {
		t.Errorf("got %q", got)
	}
}

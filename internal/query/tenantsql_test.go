package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// sqlOf runs a statement as a tenant who may write some, and gives the rows as text.
func sqlOf(t *testing.T, door *query.Service, text string) (string, error) {
	t.Helper()
	who := tenant("a")
	who.Permissions = map[string]bool{access.CreateSQL: true}
	result, err := door.RunTenantSQL(t.Context(), who, text)
	if err != nil {
		return "", err
	}
	defer result.Rows.Close()
	lines := []string{strings.Join(result.Columns, " ")}
	for {
		batch, err := result.Rows.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return strings.Join(lines, "; "), nil
		}
		if err != nil {
			return "", err
		}
		for row := range batch.Rows {
			var cells []string
			for i := range batch.Columns {
				cells = append(cells, string(frame.AppendRaw(nil, &batch.Columns[i], row, false)))
			}
			lines = append(lines, strings.Join(cells, " "))
		}
	}
}

// statements are those of testdata/tenantsql.json: what a tenant may ask with the answer, and what is refused.
type statements struct {
	Answered []struct{ SQL, Rows string }
	Refused  []struct{ SQL, Says string }
}

func readStatements(t *testing.T) statements {
	data, err := os.ReadFile("testdata/tenantsql.json")
	if err != nil {
		t.Fatal(err)
	}
	var s statements
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTenantsWriteSQLOverTheirOwnRows(t *testing.T) { holdsStatements(t, tenantDoor(t)) }

func TestTenantsWriteSQLOverTheirOwnRowsOnPostgreSQL(t *testing.T) {
	holdsStatements(t, tenantDoorOver(t, tablesOnPostgreSQL(t, tenantTables), query.Options{}))
}

func holdsStatements(t *testing.T, door *query.Service) {
	all := readStatements(t)
	for _, s := range all.Answered {
		if got, err := sqlOf(t, door, s.SQL); err != nil || got != s.Rows {
			t.Errorf("%s\ngot  %q %v\nwant %q", s.SQL, got, err, s.Rows)
		}
	}
	for _, s := range all.Refused {
		got, err := sqlOf(t, door, s.SQL)
		if err == nil || !strings.Contains(err.Error(), s.Says) || fault.As(err).Kind == fault.Internal {
			t.Errorf("%s\ngot  %q %v\nwant a refusal with %q", s.SQL, got, err, s.Says)
		}
	}
}

func TestSQLOfTenantsNeedsThePermission(t *testing.T) {
	door := tenantDoor(t)
	for name, permissions := range map[string]map[string]bool{"none": nil, "another": {access.CreateChart: true}, "read only": {access.CreateSQL: true, access.ReadOnly: true}} {
		who := tenant("a")
		who.Permissions = permissions
		if _, err := door.RunTenantSQL(t.Context(), who, "SELECT 1"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := door.RunTenantSQL(t.Context(), access.Principal{Kind: access.User, Organization: "org", Project: "p", Permissions: map[string]bool{access.CreateSQL: true}}, "SELECT 1"); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

package sqltest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

// Isolation proves the row policy by comparison: every trap's query under a policy must give the rows that it gives,
// without a policy, over tables from which the other rows were deleted.
func Isolation(t *testing.T, root string, e Engine) {
	folders, err := filepath.Glob(filepath.Join(root, "*", "tables.sql"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no traps in %s: %v", root, err)
	}
	for _, folder := range folders {
		dir := filepath.Dir(folder)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			explores := Explores(t, dir, e.Dialect)
			open := rowsOfCases(t, dir, explores, e, false)
			for name, got := range rowsOfCases(t, dir, explores, e, true) {
				if want := open[name]; got != want {
					t.Errorf("%s: want\n%s\ngot\n%s", name, want, got)
				}
			}
		})
	}
}

// rowsOfCases runs all cases of a trap over the even half of each table: by policy, or by deleting the odd half.
func rowsOfCases(t *testing.T, dir string, explores map[string]*semantic.Explore, e Engine, byPolicy bool) map[string]string {
	e.Fresh(t, "isolation_"+filepath.Base(dir))
	execute(t, e, read(t, filepath.Join(dir, "tables.sql")))
	if !byPolicy {
		deleteOdd(t, explores, e)
	}
	documents, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	results := map[string]string{}
	for _, path := range documents {
		if _, err := os.Stat(strings.TrimSuffix(path, ".json") + ".refused"); err == nil {
			continue
		}
		var q metric.Query
		if err := json.Unmarshal([]byte(read(t, path)), &q); err != nil {
			t.Fatal(err)
		}
		explore := explores[q.ExploreName]
		policy := Open(explore)
		if byPolicy {
			policy = evenRows(explore)
		}
		plan, err := metric.Build(explore, q, policy, metric.Options{Now: Day})
		if err != nil {
			t.Fatal(err)
		}
		text, err := sqlgen.Generate(e.Dialect, plan)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := Rows(e.DB, text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		results[filepath.Base(path)] = strings.Join(rows, "\n")
	}
	return results
}

func execute(t *testing.T, e Engine, script string) {
	for _, statement := range strings.Split(script, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if e.Spell != nil {
			statement = e.Spell(statement)
		}
		if _, err := e.DB.Exec(statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
}

// evenRows lets the rows be seen whose first key column is even, or is a text of a list.
func evenRows(e *semantic.Explore) metric.Policy {
	policy := metric.Policy{Tables: map[string]metric.Decision{}}
	for alias, table := range e.Tables {
		column, numeric := keyColumn(table)
		filter := access.RowFilter{Column: column}
		if numeric {
			for i := 0; i < 100; i += 2 {
				filter.Values = append(filter.Values, i)
			}
		} else {
			filter.Values = []any{"USD", "x"}
		}
		policy.Tables[alias] = metric.FilteredTable("test", filter)
	}
	return policy
}

func deleteOdd(t *testing.T, explores map[string]*semantic.Explore, e Engine) {
	for _, explore := range explores {
		for _, table := range explore.Tables {
			column, numeric := keyColumn(table)
			keep := "'USD', 'x'"
			if numeric {
				keep = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(evens())), ","), "[]")
			}
			execute(t, e, fmt.Sprintf("DELETE FROM %s WHERE %s IS NULL OR %s NOT IN (%s)", table.Relation, column, column, keep))
		}
	}
}

func evens() []int {
	var list []int
	for i := 0; i < 100; i += 2 {
		list = append(list, i)
	}
	return list
}

func keyColumn(table *semantic.Table) (column string, numeric bool) {
	names := make([]string, 0, len(table.Dimensions))
	for name := range table.Dimensions {
		names = append(names, name)
	}
	sort.Strings(names)
	column = names[0]
	if len(table.PrimaryKey) > 0 {
		column = table.PrimaryKey[0]
	}
	return column, table.Dimensions[column].Type == semantic.Number
}

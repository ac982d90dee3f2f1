package semantic

import (
	"testing"
	"testing/fstest"
)

// A model names tables and nothing else: which database they are in is the project's to say.
func TestH33_a_model_reaches_no_other_connection(t *testing.T) {
	for _, line := range []string{"connection: other", "project: other", "warehouseConnection: {type: postgres}", "database: other", "profile: other", "credentials: x", "extends: ../other"} {
		text := "type: model\nname: m\nsql_from: main.m\n" + line + "\ndimensions:\n  - {name: id, type: number}\n"
		m, err := LoadYAML(fstest.MapFS{"m.yml": {Data: []byte(text)}}, nil, Options{Dialect: "duckdb"})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Problems) == 0 {
			t.Errorf("%q is taken", line)
		}
	}
	for _, from := range []string{"(SELECT 1)", "read_csv('/etc/passwd')", "a.b.c.d", "m; DROP TABLE m", "m -- x", "'/etc/passwd'", `"a"."b" AS c`, "url('http://x')", "m, other", "dblink('x')"} {
		text := "type: model\nname: m\nsql_from: \"" + from + "\"\ndimensions:\n  - {name: id, type: number}\n"
		if m, err := LoadYAML(fstest.MapFS{"m.yml": {Data: []byte(text)}}, nil, Options{Dialect: "duckdb"}); err != nil || len(m.Problems) == 0 {
			t.Errorf("sql_from %s is taken (%v)", from, err)
		}
	}
}

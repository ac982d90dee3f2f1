package semantic

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"
)

func FuzzNativeModels(f *testing.F) {
	paths, _ := filepath.Glob("testdata/faults/*/*.yml")
	for _, path := range paths {
		if data, err := os.ReadFile(path); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(guarded))
	f.Fuzz(func(t *testing.T, data []byte) {
		late := time.AfterFunc(time.Minute, func() { panic(fmt.Sprintf("%q never ends", data)) })
		defer late.Stop()
		m, err := LoadYAML(fstest.MapFS{"m.yml": {Data: data}}, known, Options{Dialect: "duckdb"})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, m)
	})
}

func FuzzManifest(f *testing.F) {
	f.Add(manifest(`"a": {"name": "a", "calculation_method": "sum", "expression": "amount", "refs": [["m"]]}`,
		`"name": "m", "meta": {"joins": [{"join": "m", "alias": "n", "sql_on": "${m.id} = ${n.id}"}]}, `+idColumn))
	f.Add([]byte(`{"nodes": {"a": {"resource_type": "model", "name": "a", "columns": {"a": {"name": "a\u0000"}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := LoadManifest(data, known, Options{})
		if err == nil {
			sound(t, m)
		}
	})
}

// sound is what holds for every explore without errors: it can be used without another look.
func sound(t *testing.T, m *Model) {
	for _, e := range m.Explores {
		if len(e.Errors) > 0 {
			continue
		}
		if e.Tables[e.BaseTable] == nil || len(e.Tables) != len(e.Joins)+1 {
			t.Fatalf("%s: %d tables, %d joins", e.Name, len(e.Tables), len(e.Joins))
		}
		if err := Check(e); err != nil {
			t.Fatal(e.Name, err)
		}
		if _, err := Visible(e, map[string][]string{"is_admin": {"true"}}); err != nil && len(Demands(e)) == 0 {
			t.Fatal(e.Name, err)
		}
	}
}

func FuzzFilter(f *testing.F) {
	for _, rule := range []string{"", "x", "!x%", "%x%", ">= 5", "inThePast 14 months", `"a"`, "^%", `\`, "!", "%", "!%%", "^", "EMPTY"} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		made, err := ParseFilter(rule)
		if err == nil && (made.Operator == "" || made.Values == nil) {
			t.Fatalf("%q: %+v", rule, made)
		}
	})
}

func FuzzReferences(f *testing.F) {
	f.Add("${TABLE}.a + ${b.c} ${ld.attr.x} ${")
	f.Fuzz(func(t *testing.T, sql string) {
		same, err := Substitute(SQL(sql), func(r Reference) (string, error) { return r.Text, nil })
		if err == nil && same != sql {
			t.Fatalf("%q became %q", sql, same)
		}
	})
}

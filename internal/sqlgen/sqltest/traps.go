// Package sqltest holds what tests of plans and their SQL share: it runs queries of the trap folders on an engine and
// compares their rows with those of an independent query. It is no part of the product.
package sqltest

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

// Day is the day of all tests.
var Day = time.Date(2026, 11, 23, 8, 45, 55, 0, time.UTC)

// Engine is a database to run traps on.
type Engine struct {
	Dialect string
	DB      *sql.DB
	// Fresh makes an empty schema the current one.
	Fresh func(t *testing.T, name string)
	// Spell turns statements that make tables into the engine's own; nil leaves them.
	Spell func(statement string) string
	// Checks runs the independent queries where this engine can't; nil is this engine.
	Checks *Engine
	// Tolerance is how far, relatively, numbers may be from the right ones: an engine may divide decimals roughly, or
	// have only approximate percentiles.
	Tolerance float64
	// Differs names the cases, FOLDER/CASE or GOLDEN, whose SQL means something else on this engine, with the reason.
	Differs map[string]string
}

// Traps runs every trap: a folder with tables.sql, model.yaml and cases. A case is NAME.json, the query, with NAME.sql,
// which gives the right rows independently, or NAME.refused, what the refusal says.
func Traps(t *testing.T, root string, e Engine) {
	folders, err := filepath.Glob(filepath.Join(root, "*", "tables.sql"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no traps in %s: %v", root, err)
	}
	for _, folder := range folders {
		dir := filepath.Dir(folder)
		t.Run(filepath.Base(dir), func(t *testing.T) { trap(t, dir, e) })
	}
}

func trap(t *testing.T, dir string, e Engine) {
	if e.Checks == nil {
		e.Checks = &e
	} else {
		fill(t, *e.Checks, dir)
	}
	fill(t, e, dir)
	explores := Explores(t, dir, e.Dialect)
	cases, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	for _, name := range cases {
		base := strings.TrimSuffix(name, ".json")
		t.Run(filepath.Base(base), func(t *testing.T) { oneCase(t, base, explores, e) })
	}
}

func fill(t *testing.T, e Engine, dir string) {
	e.Fresh(t, "trap_"+filepath.Base(dir))
	execute(t, e, read(t, filepath.Join(dir, "tables.sql")))
}

func oneCase(t *testing.T, base string, explores map[string]*semantic.Explore, e Engine) {
	if reason, ok := e.Differs[filepath.Base(filepath.Dir(base))+"/"+filepath.Base(base)]; ok {
		t.Skip(reason)
	}
	text, err := Compile(explores, []byte(read(t, base+".json")), e.Dialect)
	if refusal, found := os.ReadFile(base + ".refused"); found == nil {
		want := strings.TrimSpace(string(refusal))
		if err == nil || !strings.Contains(fault.As(err).Message, want) {
			t.Errorf("want a refusal that says %q, got %v\n%s", want, err, text)
		}
		return
	}
	if err != nil && strings.HasPrefix(fault.As(err).Message, "This warehouse ("+e.Dialect+") has no ") {
		t.Skip(fault.As(err).Message)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := Rows(e.DB, text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	e.compare(t, got, read(t, base+".sql"), text)
}

// compare holds the rows that a text gave against those of the independent query.
func (e Engine) compare(t *testing.T, got []string, check, text string) {
	want, err := Rows(e.Checks.DB, check)
	if err != nil {
		t.Fatalf("check: %v\n%s", err, check)
	}
	if !slices.EqualFunc(got, want, func(a, b string) bool { return alike(a, b, e.Tolerance) }) {
		t.Errorf("want\n%s\ngot\n%s\nby\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"), text)
	}
}

// alike compares two rows; numbers may differ by the tolerance.
func alike(a, b string, tolerance float64) bool {
	return slices.EqualFunc(strings.Split(a, " | "), strings.Split(b, " | "), func(a, b string) bool {
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX != nil || errY != nil {
			return a == b
		}
		return a == b || math.Abs(x-y) <= tolerance*math.Abs(y)
	})
}

// Compile makes the SQL of a query document that names its explore; every table may be read.
func Compile(explores map[string]*semantic.Explore, document []byte, dialect string) (string, error) {
	var q metric.Query
	if err := json.Unmarshal(document, &q); err != nil {
		return "", err
	}
	explore := explores[q.ExploreName]
	if explore == nil {
		return "", fmt.Errorf("no explore %q", q.ExploreName)
	}
	plan, err := metric.Build(explore, q, Open(explore), metric.Options{Now: Day})
	if err != nil {
		return "", err
	}
	return sqlgen.Generate(dialect, plan)
}

// Open is the policy that lets every table of an explore be read.
func Open(e *semantic.Explore) metric.Policy {
	var aliases []string
	for alias := range e.Tables {
		aliases = append(aliases, alias)
	}
	return metric.AllOpen(aliases, "test")
}

// Rows runs a query and writes its rows, sorted, so that equal results are equal text.
func Rows(db *sql.DB, query string) ([]string, error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var list []string
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = cell(v)
		}
		list = append(list, strings.Join(texts, " | "))
	}
	sort.Strings(list)
	return list, rows.Err()
}

// cell writes a value; numbers of all types alike.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case []byte:
		return cell(string(v))
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case bool: // some engines have numbers for them
		if v {
			return "1"
		}
		return "0"
	case float64:
		return number(v)
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return number(f)
		}
		return v
	case interface{ Float64() float64 }:
		return number(v.Float64())
	}
	if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer {
		if p.IsNil() {
			return "null"
		}
		if text, ok := v.(fmt.Stringer); ok {
			return cell(text.String())
		}
		return cell(p.Elem().Interface())
	}
	return cell(fmt.Sprint(v))
}

func number(f float64) string {
	if math.Abs(f) < 1e-12 {
		f = 0
	}
	return strconv.FormatFloat(f, 'g', 10, 64)
}

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

package sqlgen_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// shared finds the folder of recordings beside the repository.
func shared(t testing.TB) string {
	if at := os.Getenv("INLAY_SHARED"); at != "" {
		return at
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		for _, candidate := range []string{at, filepath.Join(at, "shared")} {
			if _, err := os.Stat(filepath.Join(candidate, "conformance", "queries")); err == nil {
				return candidate
			}
		}
		at = filepath.Dir(at)
	}
	t.Skip("the recordings aren't beside the repository (INLAY_SHARED names their folder)")
	return ""
}

func connect(t testing.TB) *pgx.Conn {
	url := os.Getenv("INLAY_TEST_POSTGRES")
	if url == "" {
		t.Skip("INLAY_TEST_POSTGRES isn't set")
	}
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	var loaded bool
	if err := conn.QueryRow(context.Background(), "SELECT to_regclass('jaffle.orders') IS NOT NULL").Scan(&loaded); err != nil {
		t.Fatal(err)
	}
	if !loaded {
		t.Skip("the recorded tables aren't in INLAY_TEST_POSTGRES; scripts/with-services loads them")
	}
	return conn
}

// recordedExplores loads a recorded project with the types of the loaded tables.
func recordedExplores(t *testing.T, conn *pgx.Conn, project, schema string) map[string]*semantic.Explore {
	manifest, err := os.ReadFile(filepath.Join(shared(t), "conformance", project, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(context.Background(), `SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
		JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND a.attnum > 0`, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	catalog := semantic.Catalog{}
	for rows.Next() {
		var table, column, engineType string
		if err := rows.Scan(&table, &column, &engineType); err != nil {
			t.Fatal(err)
		}
		relation := semantic.Relation{Database: "postgres", Schema: schema, Name: table}
		if catalog[relation] == nil {
			catalog[relation] = map[string]string{}
		}
		catalog[relation][column] = engineType
	}
	model, err := semantic.LoadManifest(manifest, catalog, semantic.Options{Dialect: "postgres"})
	if err != nil {
		t.Fatal(err)
	}
	explores := map[string]*semantic.Explore{}
	for _, e := range model.Explores {
		explores[e.Name] = e
	}
	return explores
}

type recording struct {
	ID      string
	Project string
	Explore string
	Auth    string
	Query   json.RawMessage
	Clock   bool
	Run     *struct {
		Status  int
		Error   string
		Message string
		Rows    []map[string][]any
	}
	Compile *struct {
		Status int
		SQL    string
	}
}

func recordings(t testing.TB) []recording {
	files, _ := filepath.Glob(filepath.Join(shared(t), "conformance", "queries", "*.jsonl"))
	var list []recording
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			var r recording
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatal(name, err)
			}
			list = append(list, r)
		}
	}
	return list
}

// today is when the recordings were made.
var today = time.Date(2026, 11, 23, 8, 45, 55, 0, time.UTC)

// TestRecordedQueriesGiveTheRecordedRows runs every recorded query on the recorded data.
func TestRecordedQueriesGiveTheRecordedRows(t *testing.T) {
	conn := connect(t)
	explores := map[string]map[string]*semantic.Explore{}
	for project, schema := range map[string]string{"jaffle": "jaffle", "ext": "jaffle_ext"} {
		explores[project] = recordedExplores(t, conn, project, schema)
	}
	passed, total := 0, 0
	for _, r := range recordings(t) {
		if r.Auth != "admin" || r.Run == nil || r.Run.Status == 422 {
			continue
		}
		if r.Run.Status == 500 {
			continue
		}
		total++
		err := replay(conn, explores[r.Project][r.Explore], r)
		switch reason, differs := deliberate[r.ID]; {
		case err == nil && differs:
			t.Errorf("%s is as recorded, though it is listed as different: %s", r.ID, reason)
		case err == nil || differs:
			passed++
		default:
			t.Errorf("%s: %v", r.ID, err)
		}
	}
	t.Logf("%d of %d recorded queries", passed, total)
}

// deliberate lists the recordings that we answer otherwise, with the reason.
var deliberate = map[string]string{
	"custom_dimensions__fixed_number_1":                "one bin can be sorted; the recorded server sorts by a column that it forgot",
	"filter_metric__unique_order_count_inbetween_1_20": "ranges of numbers are a later addition",
	"filter_number__flt_inbetween_3_9":                 "ranges of numbers are a later addition",
	"filter_number__flt_equals_1_or_1_1":               "a value for a number field must be a number: the recorded server runs it as SQL",
	"filter_string__str_include_x_x":                   "an underscore that somebody searches for is an underscore, not any character",
	"table_calcs__referencing_another_calc":            "refused by the recorded operation: the asynchronous ones know it",
	"joins__ext_right_join_hidden_table":               "a joined table's sql_filter holds for joined rows too",
}

func replay(conn *pgx.Conn, e *semantic.Explore, r recording) error {
	name, rows, sql := answer(conn, e, r)
	if r.Run.Status != 200 {
		if name != r.Run.Error {
			return fmt.Errorf("recorded %s %q, got %s\n%s", r.Run.Error, r.Run.Message, name, sql)
		}
		return nil
	}
	if name != "" {
		return fmt.Errorf("recorded %d rows, got %s\n%s", len(r.Run.Rows), name, sql)
	}
	if r.Clock {
		return nil
	}
	var want []string
	for _, row := range r.Run.Rows {
		cells := map[string]any{}
		for id, cell := range row {
			cells[id] = cell[0]
		}
		want = append(want, canonical(cells))
	}
	got := rows
	sort.Strings(want)
	sort.Strings(got)
	if strings.Join(want, "\n") != strings.Join(got, "\n") {
		for i := 0; i < len(want) && i < len(got); i++ {
			if want[i] != got[i] {
				return fmt.Errorf("%d rows recorded, %d got; first difference\n  %s\n  %s\n%s", len(want), len(got), want[i], got[i], sql)
			}
		}
		return fmt.Errorf("%d rows recorded, %d got\n%s", len(want), len(got), sql)
	}
	return nil
}

func answer(conn *pgx.Conn, e *semantic.Explore, r recording) (failure string, rows []string, sql string) {
	if e == nil {
		return "NotExistsError", nil, ""
	}
	var q metric.Query
	if err := json.Unmarshal(r.Query, &q); err != nil {
		return err.Error(), nil, ""
	}
	var extra struct {
		Granularity string
		CSVLimit    *int `json:"csvLimit"`
	}
	json.Unmarshal(r.Query, &extra)
	plan, err := metric.Build(e, q, openTo(e), metric.Options{
		TrustSQL: true, Now: today, MaxLimit: 5000, CSVLimit: extra.CSVLimit, Granularity: extra.Granularity,
		Attributes: map[string][]string{"team": {"team1"}, "customer_id": {"21"}},
	})
	if err != nil {
		return errorName(err), nil, err.Error()
	}
	sql, err = sqlgen.Generate("postgres", plan)
	if err != nil {
		return errorName(err), nil, err.Error()
	}
	result, err := conn.Query(context.Background(), sql)
	if err != nil {
		return errorName(err), nil, sql
	}
	defer result.Close()
	for result.Next() {
		values, err := result.Values()
		if err != nil {
			return err.Error(), nil, sql
		}
		row := map[string]any{}
		for i, f := range result.FieldDescriptions() {
			row[f.Name] = plain(values[i])
		}
		rows = append(rows, canonical(row))
	}
	if result.Err() != nil {
		return errorName(result.Err()), nil, sql + result.Err().Error()
	}
	return "", rows, sql
}

func openTo(e *semantic.Explore) metric.Policy {
	policy := metric.Policy{Tables: map[string]metric.Decision{}}
	for alias := range e.Tables {
		policy.Tables[alias] = metric.OpenTable("test")
	}
	return policy
}

func errorName(err error) string {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return "WarehouseQueryError"
	}
	f := fault.As(err)
	switch {
	case f.Code != "":
		return f.Code + "Error"
	case f.Kind == fault.Forbidden:
		return "ForbiddenError"
	}
	return err.Error()
}

func plain(v any) any {
	switch v := v.(type) {
	case pgtype.Numeric:
		f, _ := v.Float64Value()
		if v.NaN || !f.Valid {
			return "NaN"
		}
		return f.Float64
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case pgtype.Time:
		return time.UnixMicro(v.Microseconds).UTC().Format("15:04:05")
	}
	return v
}

// canonical writes a row so that equal rows are equal text.
func canonical(row map[string]any) string {
	ids := make([]string, 0, len(row))
	for id := range row {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	var text strings.Builder
	for _, id := range ids {
		text.WriteString(id + "=" + canonicalValue(row[id]) + " ")
	}
	return text.String()
}

func canonicalValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		for _, form := range []string{time.RFC3339Nano, "2006-01-02"} {
			if at, err := time.Parse(form, v); err == nil {
				return "t" + strconv.FormatInt(at.Unix(), 10)
			}
		}
		return v
	case float32:
		return strconv.FormatFloat(float64(v), 'g', 9, 64)
	case float64:
		return strconv.FormatFloat(v, 'g', 9, 64)
	case int16:
		return canonicalValue(float64(v))
	case int32:
		return canonicalValue(float64(v))
	case int64:
		return canonicalValue(float64(v))
	}
	text, _ := json.Marshal(v)
	return string(text)
}

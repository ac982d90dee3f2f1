package query_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb", to write test files

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/duckdb"
	"inlay/internal/warehouse/postgres"
)

// recordings finds the folder of recordings, or skips.
func recordings(t testing.TB) string {
	t.Helper()
	if root := os.Getenv("INLAY_SHARED"); root != "" {
		return filepath.Join(root, "conformance")
	}
	for dir := "."; len(dir) < 40; dir = filepath.Join("..", dir) {
		if at := filepath.Join(dir, "shared", "conformance"); exists(at) {
			return at
		}
	}
	t.Skip("the recordings (shared/conformance) are not here; set INLAY_SHARED")
	return ""
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// models are compiled explores over one connection; they stand for the projects.
type models struct {
	explores map[string]map[string]*semantic.Explore // by project
	conn     warehouse.Conn
}

func (m *models) Project(_ context.Context, project string) (query.Project, error) {
	if m.explores[project] == nil {
		return query.Project{}, fault.New(fault.NotFound, "Cannot find project")
	}
	return query.Project{UUID: project, Organization: "org"}, nil
}

func (m *models) Explore(_ context.Context, project, name string) (*semantic.Explore, error) {
	found := m.explores[project][name]
	if found == nil {
		return nil, fault.Coded(fault.NotFound, "NotExists", "Explore \"%s\" does not exist.", name)
	}
	return found, nil
}

func (m *models) Conn(context.Context, string, string) (warehouse.Conn, string, error) {
	return m.conn, "connection", nil
}

// load compiles the recorded manifests with the connection's own catalogue.
func load(t testing.TB, conn warehouse.Conn) *models {
	t.Helper()
	columns, err := conn.Columns(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	catalog := semantic.Catalog{}
	for _, c := range columns {
		at := semantic.Relation{Database: "postgres", Schema: c.Schema, Name: c.Table}
		if catalog[at] == nil {
			catalog[at] = map[string]string{}
		}
		catalog[at][c.Name] = c.Type
	}
	m := &models{explores: map[string]map[string]*semantic.Explore{}, conn: conn}
	for _, project := range []string{"jaffle", "ext"} {
		data, err := os.ReadFile(filepath.Join(recordings(t), project, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		model, err := semantic.LoadManifest(data, catalog, semantic.Options{Dialect: conn.Dialect()})
		if err != nil {
			t.Fatal(err)
		}
		m.explores[project] = map[string]*semantic.Explore{}
		for _, e := range model.Explores {
			m.explores[project][e.Name] = e
		}
	}
	return m
}

func onDuckDB(t testing.TB) *models {
	t.Helper()
	path := filepath.Join(t.TempDir(), "recorded.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, project := range []string{"jaffle", "ext"} {
		folder, err := filepath.Abs(filepath.Join(recordings(t), project))
		if err != nil {
			t.Fatal(err)
		}
		script, err := os.ReadFile(filepath.Join(folder, "schema.duckdb.sql"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(strings.ReplaceAll(string(script), "'tables/", "'"+folder+"/tables/")); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := duckdb.Open(context.Background(), warehouse.Settings{"type": "duckdb", "path": path, "database": "postgres"}, duckdb.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return load(t, conn)
}

func onPostgres(t testing.TB) *models {
	t.Helper()
	conn := postgresConn(t)
	found, err := conn.Columns(context.Background(), []warehouse.Relation{{Schema: "jaffle", Table: "orders"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skip("the recorded tables aren't in INLAY_TEST_POSTGRES; scripts/with-services loads them")
	}
	return load(t, conn)
}

func postgresConn(t testing.TB) warehouse.Conn {
	t.Helper()
	address := os.Getenv("INLAY_TEST_POSTGRES")
	if address == "" {
		t.Skip("INLAY_TEST_POSTGRES is not set to a postgres:// address")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	password, _ := u.User.Password()
	conn, err := postgres.Open(context.Background(), warehouse.Settings{"type": "postgres", "host": u.Hostname(), "port": float64(port),
		"user": u.User.Username(), "password": password, "dbname": u.Path[1:], "sslmode": "disable"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// recorded is when the recordings were made.
var recorded = time.Date(2026, 11, 23, 8, 45, 55, 0, time.UTC)

func door(m *models) *query.Service {
	return query.New(m, query.Options{Now: func() time.Time { return recorded }})
}

// admin carries what the recording's administrator carried.
var admin = access.Principal{Kind: access.User, Organization: "org", User: "admin", OrgRole: access.Admin, Email: "demo@lightdash.com",
	Attributes: map[string][]string{"is_admin": {"true"}, "team": {"team1"}, "customer_id": {"21"}, "clearance": {"top"}},
	Known:      map[string]bool{"is_admin": true, "team": true, "customer_id": true, "clearance": true}}

type recording struct {
	ID, Project, Explore, Auth string
	Clock                      bool
	Query                      json.RawMessage
	Compile                    struct{ Status int }
	Run                        struct {
		Status int
		Error  string
		Fields []string
		Rows   []map[string][2]json.RawMessage
	}
}

func eachRecording(t *testing.T, run func(r recording)) {
	files, err := filepath.Glob(filepath.Join(recordings(t), "queries", "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		in, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			var r recording
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			run(r)
		}
		_ = in.Close()
	}
}

func TestRecordedQueriesOnPostgres(t *testing.T) { replayAll(t, onPostgres(t), nil) }

func TestRecordedQueriesOnDuckDB(t *testing.T) { replayAll(t, onDuckDB(t), otherOnDuckDB) }

// otherAnywhere are recordings that are answered otherwise on purpose.
var otherAnywhere = map[string]string{
	"custom_dimensions__fixed_number_0":                "the reference crashed",
	"custom_dimensions__fixed_number_1":                "one bin can be sorted; the recorded server sorts by a column that it forgot",
	"filter_metric__unique_order_count_inbetween_1_20": "ranges of numbers are a later addition",
	"filter_number__flt_inbetween_3_9":                 "ranges of numbers are a later addition",
	"filter_number__flt_equals_1_or_1_1":               "a value for a number field must be a number: the recorded server runs it as SQL",
	"filter_string__str_include_x_x":                   "an underscore that somebody searches for is an underscore, not any character",
	"joins__ext_right_join_hidden_table":               "a joined table's sql_filter holds for joined rows too",
	"additional_metrics__unknown_type":                 "refused by the declared form, above the door",
	"errors__body_missing_metrics":                     "refused by the declared form, above the door",
	"table_calcs__referencing_another_calc":            "refused by the operation, above the door: the asynchronous ones know it",
	"auth__run_as_member":                              "refused by the operation's need, above the door",
	"auth__run_as_viewer":                              "refused by the operation's need, above the door",
	"custom_dimensions__sql_bad_sql":                   "refused when compiled, where the reference lets the engine refuse it",
	"filter_date__all_types_d_equals_garbage":          "refused when compiled, where the reference lets the engine refuse it",
	"filter_date__all_types_ts_greaterthan_garbage":    "refused when compiled, where the reference lets the engine refuse it",
	"filter_date__all_types_ts_greaterthan_none":       "refused when compiled, where the reference lets the engine refuse it",
	"filter_number__flt_equals_abc":                    "refused when compiled, where the reference lets the engine refuse it",
}

// otherOnDuckDB are recordings that another engine can't answer in the same way.
var otherOnDuckDB = map[string]string{
	"errors__no_fields_at_all":          "DuckDB has no rows without columns",
	"timezone__tz_america_new_york_day": "a timestamp with a zone is a timestamp here, and text on the reference's PostgreSQL",
	"timezone__tz_not_azone_day":        "a timestamp with a zone is a timestamp here, and text on the reference's PostgreSQL",
	"timezone__tz_utc_day":              "a timestamp with a zone is a timestamp here, and text on the reference's PostgreSQL",
	"types__all_types_tstz":             "a timestamp with a zone is a timestamp here, and text on the reference's PostgreSQL",
}

func replayAll(t *testing.T, m *models, others map[string]string) {
	service := door(m)
	passed, total := 0, 0
	eachRecording(t, func(r recording) {
		total++
		err := replay(service, r)
		_, anywhere := otherAnywhere[r.ID]
		_, here := others[r.ID]
		switch {
		case err == nil:
			passed++
		case !anywhere && !here:
			t.Errorf("%s: %v", r.ID, err)
		}
	})
	t.Logf("%d of %d recorded queries are answered as recorded", passed, total)
}

func replay(service *query.Service, r recording) error {
	request := query.Request{Project: r.Project, Explore: r.Explore, Purpose: query.Explore}
	var extra struct {
		Granularity string
		CSVLimit    *int `json:"csvLimit"`
	}
	if err := json.Unmarshal(r.Query, &request.Query); err != nil {
		return err
	}
	if err := json.Unmarshal(r.Query, &extra); err != nil {
		return err
	}
	request.Granularity, request.CSVLimit = extra.Granularity, extra.CSVLimit
	if _, err := service.Compile(context.Background(), admin, request); (err == nil) != (r.Compile.Status == 200) {
		return fmt.Errorf("compiling gives %w, recorded %d", err, r.Compile.Status)
	}
	result, err := service.Run(context.Background(), admin, request)
	if err != nil {
		if name := errorName(err); name != r.Run.Error {
			return fmt.Errorf("%s: %w; recorded %d %s", name, err, r.Run.Status, r.Run.Error)
		}
		return nil
	}
	var out bytes.Buffer
	if err := query.WriteRows(context.Background(), &out, result); err != nil {
		return err
	}
	if r.Run.Status != 200 {
		return fmt.Errorf("there are rows; recorded %d %s", r.Run.Status, r.Run.Error)
	}
	if r.Clock {
		return nil
	}
	var fields []string
	for id := range result.Fields {
		fields = append(fields, id)
	}
	slices.Sort(fields)
	if !slices.Equal(fields, r.Run.Fields) {
		return fmt.Errorf("fields %v; recorded %v", fields, r.Run.Fields)
	}
	return compare(out.Bytes(), r, request.Query)
}

func errorName(err error) string {
	f := fault.As(err)
	switch {
	case f.Code != "":
		return f.Code + "Error"
	case f.Kind == fault.Forbidden:
		return "ForbiddenError"
	}
	return fmt.Sprint(f.Kind)
}

// compare holds rows against the recorded ones as the replay tool does: in any order, and where the limit cut them
// only those that it can't have cut differently.
func compare(text []byte, r recording, q metric.Query) error {
	var rows []map[string]struct {
		Value struct{ Raw, Formatted json.RawMessage }
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	got := make([]map[string][2]json.RawMessage, len(rows))
	for i, row := range rows {
		got[i] = map[string][2]json.RawMessage{}
		for id, cell := range row {
			got[i][id] = [2]json.RawMessage{cell.Value.Raw, cell.Value.Formatted}
		}
	}
	want := r.Run.Rows
	if len(got) != len(want) {
		return fmt.Errorf("%d rows; recorded %d", len(got), len(want))
	}
	if len(want) > 0 && (len(want) == q.Limit || len(want) == 5000) {
		got, want = withoutTies(got, q), withoutTies(want, q)
	}
	a, b := spellRows(got), spellRows(want)
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Errorf("first difference\n  got      %s\n  recorded %s", a[i], b[i])
		}
	}
	if len(a) != len(b) {
		return fmt.Errorf("%d rows before the last group; recorded %d", len(a), len(b))
	}
	return nil
}

// withoutTies drops the last group of equal sort keys; without a sort, everything.
func withoutTies(rows []map[string][2]json.RawMessage, q metric.Query) []map[string][2]json.RawMessage {
	if len(q.Sorts) == 0 {
		return nil
	}
	last := rows[len(rows)-1]
	return slices.DeleteFunc(slices.Clone(rows), func(row map[string][2]json.RawMessage) bool {
		return !slices.ContainsFunc(q.Sorts, func(s metric.Sort) bool { return spellCell(row[s.FieldID][0]) != spellCell(last[s.FieldID][0]) })
	})
}

func spellRows(rows []map[string][2]json.RawMessage) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		var parts []string
		for id, cell := range row {
			parts = append(parts, id+"="+spellCell(cell[0])+"|"+spellCell(cell[1]))
		}
		sort.Strings(parts)
		out[i] = strings.Join(parts, " ")
	}
	sort.Strings(out)
	return out
}

// spellCell writes a JSON value so that equal ones look equal: numbers to nine digits, instants in one form.
func spellCell(raw json.RawMessage) string {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return string(raw)
	}
	switch value := value.(type) {
	case float64:
		return strconv.FormatFloat(value, 'g', 9, 64)
	case string:
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return t.UTC().Format(time.RFC3339Nano)
		}
		return strconv.Quote(value)
	}
	text, _ := json.Marshal(value)
	return string(text)
}

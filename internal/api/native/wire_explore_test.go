package native

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"inlay/internal/semantic"
)

// recordings is the folder of the conformance pack; the test is skipped where it isn't.
func recordings(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("INLAY_SHARED")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir == "" && here != filepath.Dir(here); here = filepath.Dir(here) {
		if _, err := os.Stat(filepath.Join(here, "shared", "conformance")); err == nil {
			dir = filepath.Join(here, "shared")
		}
	}
	if dir == "" {
		t.Skip("the conformance pack isn't here: set INLAY_SHARED")
	}
	return filepath.Join(dir, "conformance")
}

// typeOfDDL gives the names that PostgreSQL's catalogue uses for those of the DDL.
var typeOfDDL = map[string]string{
	"timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
	"time": "time without time zone", "integer[]": "ARRAY",
}

var (
	tableDDL  = regexp.MustCompile(`^CREATE TABLE (\w+)\.(\w+) \(`)
	columnDDL = regexp.MustCompile(`^  "?(\w+)"? (.*?),?$`)
)

// catalog reads the recorded DDL.
func catalog(t testing.TB, project string) semantic.Catalog {
	t.Helper()
	file, err := os.Open(filepath.Join(recordings(t), project, "schema.postgres.sql"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found := semantic.Catalog{}
	var columns map[string]string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if m := tableDDL.FindStringSubmatch(lines.Text()); m != nil {
			columns = map[string]string{}
			found[semantic.Relation{Database: "postgres", Schema: m[1], Name: m[2]}] = columns
		} else if m := columnDDL.FindStringSubmatch(lines.Text()); m != nil && columns != nil {
			if name, ok := typeOfDDL[m[2]]; ok {
				m[2] = name
			}
			columns[m[1]] = m[2]
		} else {
			columns = nil
		}
	}
	return found
}

func load(t testing.TB, project string) []*semantic.Explore {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings(t), project, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	model, err := semantic.LoadManifest(data, catalog(t, project), semantic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return model.Explores
}

func find(explores []*semantic.Explore, name string) *semantic.Explore {
	for _, e := range explores {
		if e.Name == name {
			return e
		}
	}
	return nil
}

func plain(t testing.TB, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type recordedExplore struct {
	Project, Explore string
	Status           int
	JSON             struct{ Results any }
}

func recordedExplores(t *testing.T) []recordedExplore {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(recordings(t), "explores", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no recorded explores", err)
	}
	var out []recordedExplore
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var r recordedExplore
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(path, err)
		}
		out = append(out, r)
	}
	return out
}

func TestExploresAreToldAsRecorded(t *testing.T) {
	projects := map[string][]*semantic.Explore{"jaffle": load(t, "jaffle"), "ext": load(t, "ext")}
	for _, r := range recordedExplores(t) {
		t.Run(r.Project+"."+r.Explore, func(t *testing.T) {
			e := find(projects[r.Project], r.Explore)
			if e == nil {
				t.Fatal("there is no such explore")
			}
			if r.Status != 200 {
				if len(e.Errors) == 0 {
					t.Error("it should be broken")
				}
				return
			}
			for _, line := range differences(r.JSON.Results, plain(t, wireExplore(e, nil)), "") {
				t.Error(line)
			}
		})
	}
}

func TestADeployedExploreIsTheOneThatWasTold(t *testing.T) {
	for _, project := range []string{"jaffle", "ext"} {
		for _, e := range load(t, project) {
			if len(e.Errors) > 0 {
				continue
			}
			told := wireExplore(e, nil)
			data, err := json.Marshal([]exploreWire{told})
			if err != nil {
				t.Fatal(err)
			}
			back, err := readExplores(data)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range differences(plain(t, told), plain(t, wireExplore(back[0], nil)), "") {
				t.Error(e.Name, line)
			}
			for alias, table := range e.Tables {
				for key, d := range table.Dimensions {
					if got := back[0].Tables[alias].Dimensions[key]; got.SQL != d.SQL || got.TimeInterval != d.TimeInterval {
						t.Errorf("%s %s.%s: SQL %q of interval %q came back as %q of %q",
							e.Name, alias, key, d.SQL, d.TimeInterval, got.SQL, got.TimeInterval)
					}
				}
			}
		}
	}
}

// What the recorded models don't have is told and read back, too.
func TestADeployedExploreKeepsWhatNewerServersKnow(t *testing.T) {
	model, err := semantic.LoadYAML(os.DirFS("testdata/newer"), nil, semantic.Options{Dialect: "duckdb"})
	if err != nil || len(model.Problems) > 0 {
		t.Fatal(err, model.Problems)
	}
	told, err := json.Marshal([]exploreWire{wireExplore(model.Explores[0], nil)})
	if err != nil {
		t.Fatal(err)
	}
	back, err := readExplores(told)
	if err != nil || len(back[0].Errors) > 0 {
		t.Fatal(err, back)
	}
	for key, want := range model.Explores[0].Tables["parcels"].Metrics {
		if got := back[0].Tables["parcels"].Metrics[key]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s came back as %+v, not as %+v", key, got, want)
		}
	}
	if got, want := back[0].Tables["parcels"].DefaultTime, model.Explores[0].Tables["parcels"].DefaultTime; want == nil || *got != *want {
		t.Errorf("the default time came back as %v, not as %v", got, want)
	}
}

func TestTheListOfExploresIsTheRecordedOne(t *testing.T) {
	var scenario struct {
		Steps []struct {
			Name   string
			Expect *struct{ JSON struct{ Results any } }
		}
	}
	data, err := os.ReadFile(filepath.Join(recordings(t), "scenarios", "09_explores.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &scenario); err != nil {
		t.Fatal(err)
	}
	for _, step := range scenario.Steps {
		project, ok := strings.CutSuffix(step.Name, ": explores list")
		if !ok || step.Expect == nil {
			continue
		}
		var list []exploreSummary
		for _, e := range load(t, project) {
			list = append(list, wireSummary(e))
		}
		for _, line := range differences(step.Expect.JSON.Results, plain(t, list), "") {
			t.Error(project, line)
		}
	}
}

func TestCompiledConditionsHoldTheCompiledDimensions(t *testing.T) {
	e := find(load(t, "jaffle"), "orders")
	told := wireExplore(e, map[string]string{"customers_customer_id": `"customers".customer_id`, "orders_order_date_day": "DAY(x)"})
	if got := told.JoinedTables[0].CompiledSQLOn; got != `("customers".customer_id) = ${orders.customer_id}` {
		t.Error(got)
	}
	if day := told.Tables["orders"].Dimensions["order_date_day"]; day.SQL != "DAY(x)" || day.CompiledSQL != "DAY(x)" {
		t.Error(day)
	}
}

func TestWhatIsDeployedIsCheckedLikeAModel(t *testing.T) {
	for name, text := range map[string]string{
		"no list":        `{}`,
		"no name":        `[{"baseTable": "a"}]`,
		"one name twice": `[{"name": "a", "errors": [{}]}, {"name": "a", "errors": [{}]}]`,
	} {
		if _, err := readExplores([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for name, text := range map[string]string{
		"broken":          `{"errors": [{"type": "CompileError", "message": "m"}]}`,
		"no base":         `{"tables": {}}`,
		"joins nothing":   `{"tables": {"t": {}}, "joinedTables": [{"table": "u"}]}`,
		"circle":          `{"tables": {"t": {"dimensions": {"a": {"name": "a", "sql": "${b}"}, "b": {"name": "b", "sql": "${a}"}}}}}`,
		"unknown field":   `{"tables": {"t": {"dimensions": {"a": {"name": "a", "sql": "${b}"}}}}}`,
		"nothing is null": `{"tables": {"t": {"requiredFilters": [{"target": {"fieldRef": "x"}}], "dimensions": null}}}`,
	} {
		list, err := readExplores([]byte(`[{"name": "e", "baseTable": "t", ` + text[1:] + `]`))
		if err != nil || len(list) != 1 || len(list[0].Errors) != 1 || !strings.HasSuffix(list[0].Errors[0].Type, "Error") {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
}

func TestAttributesAreTextsOrLists(t *testing.T) {
	list, err := readExplores([]byte(`[{"name": "e", "baseTable": "t", "tables": {"t": {"requiredAttributes": {"a": "x", "b": ["y", "z"]}}}}]`))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(wireExplore(list[0], nil).Tables["t"].RequiredAttributes)
	if string(got) != `{"a":"x","b":["y","z"]}` {
		t.Error(string(got))
	}
}

// differences compares a value with a recorded one, whose wildcards stand for texts that may differ.
func differences(want, got any, place string) []string {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			break
		}
		var out []string
		for _, key := range slices.Sorted(maps.Keys(want)) {
			value, ok := have[key]
			if !ok {
				out = append(out, fmt.Sprintf("%s.%s: missing, recorded %v", place, key, want[key]))
				continue
			}
			out = append(out, differences(want[key], value, place+"."+key)...)
		}
		for key := range have {
			if _, ok := want[key]; !ok {
				out = append(out, fmt.Sprintf("%s.%s: extra %v", place, key, have[key]))
			}
		}
		return out
	case []any:
		have, ok := got.([]any)
		if !ok || len(have) != len(want) {
			break
		}
		var out []string
		for i := range want {
			out = append(out, differences(want[i], have[i], fmt.Sprintf("%s[%d]", place, i))...)
		}
		return out
	case string:
		have, ok := got.(string)
		if strings.HasPrefix(want, "{{~uuid") && ok && len(have) == 36 || want == "{{~sql}}" && ok && have != "" {
			return nil
		}
	}
	if reflect.DeepEqual(want, got) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %v, recorded %v", place, got, want)}
}

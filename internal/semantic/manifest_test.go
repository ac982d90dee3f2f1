package semantic

import (
	"fmt"
	"strings"
	"testing"
)

// manifest puts nodes and metrics into a manifest; the nodes are written without what all have.
func manifest(metrics string, nodes ...string) []byte {
	for i, n := range nodes {
		nodes[i] = fmt.Sprintf(`"n%d": {"resource_type": "model", "relation_name": "r", "schema": "s", %s}`, i, n)
	}
	return fmt.Appendf(nil, `{"nodes": {%s}, "metrics": {%s}, "macros": {"x": {"sql": "}]\"{["}}, "metadata": {"adapter_type": "postgres"}}`,
		strings.Join(nodes, ","), metrics)
}

func loadManifest(t testing.TB, c Catalog, data []byte) *Model {
	t.Helper()
	m, err := LoadManifest(data, c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const idColumn = `"columns": {"id": {"name": "id", "meta": {}}}`

func names(m *Model) string {
	var out []string
	for _, e := range m.Explores {
		out = append(out, e.Name)
	}
	return strings.Join(out, " ")
}

func TestOnlyModelsThatExistInTheWarehouseBecomeExplores(t *testing.T) {
	m := loadManifest(t, nil, manifest("",
		`"name": "plain", `+idColumn,
		`"name": "ephemeral", "config": {"materialized": "ephemeral"}, `+idColumn,
		`"name": "disabled", "config": {"enabled": false}, `+idColumn,
		`"name": "seed", "resource_type": "seed", `+idColumn,
		`"name": "hidden", "meta": {"hidden": true}, `+idColumn,
		`"name": "relationless", "relation_name": null, `+idColumn,
	))
	if got := names(m); got != "plain hidden relationless" {
		t.Error(got)
	}
	if errs := m.Explores[2].Errors; len(errs) != 1 || errs[0].Type != "ParseError" {
		t.Error(errs)
	}
}

func TestMetaOfTheConfigWins(t *testing.T) {
	m := loadManifest(t, nil, manifest("", `"name": "m", "meta": {"label": "Old", "metrics": {"a": {"type": "count", "sql": "1"}}},
		"config": {"meta": {"label": "New", "metrics": {"b": {"type": "count", "sql": "1"}}}},
		"columns": {
			"id": {"name": "id", "meta": {"dimension": {"label": "Old"}}, "config": {"meta": {"dimension": {"label": "New"}}}},
			"other": {"name": "other", "meta": {"dimension": {"label": "Old"}}, "config": {"meta": {}}}}`))
	table := find(t, m, "m").Tables["m"]
	got := fmt.Sprint(table.Label, table.Dimensions["id"].Label, table.Dimensions["other"].Label, sortedKeys(table.Metrics))
	if got != "NewNewOld[a]" { // a model's own metrics stand in meta
		t.Error(got)
	}
}

func TestTheLatestVersionStandsForAModel(t *testing.T) {
	m := loadManifest(t, nil, manifest("",
		`"name": "m", "version": 1, "latest_version": 2, "description": "one", `+idColumn,
		`"name": "m", "version": 2, "latest_version": 2, "description": "two", `+idColumn,
		`"name": "m", "version": 3, "latest_version": 2, "description": "three", `+idColumn))
	if names(m) != "m" || m.Explores[0].Description != "two" || len(m.Problems) != 0 {
		t.Error(names(m), m.Explores[0].Description, m.Problems)
	}
}

func TestTwoModelsOfOneNameAreAProblem(t *testing.T) {
	m := loadManifest(t, nil, manifest("", `"name": "m", `+idColumn, `"name": "m", `+idColumn))
	if names(m) != "m" || len(m.Problems) != 1 {
		t.Error(names(m), m.Problems)
	}
}

func TestMetricsOfDbtGiveWayToThoseOfTheModelAndThoseToColumns(t *testing.T) {
	m := loadManifest(t, nil, manifest(`
		"a": {"name": "a", "calculation_method": "sum", "expression": "amount", "refs": [["m"]], "label": "From dbt"},
		"b": {"name": "b", "calculation_method": "sum", "expression": "amount", "refs": [["m"]], "label": "From dbt"},
		"c": {"name": "c", "calculation_method": "count", "expression": "amount + 1", "refs": [["p", "m"]],
			"filters": [{"field": "ok", "operator": "=", "value": "true"}], "meta": {"hidden": true, "format": "usd"}},
		"d": {"name": "d", "calculation_method": "derived", "expression": "{{metric('a')}} / {{ metric('c') }}",
			"depends_on": {"nodes": ["metric.p.a", "model.p.m"]}},
		"e": {"name": "e", "type": "simple", "type_params": {}, "depends_on": {"nodes": ["model.p.m"]}},
		"f": {"name": "f", "calculation_method": "sum", "expression": "x", "refs": [["stranger"]]}`,
		`"name": "m", "meta": {"metrics": {"a": {"type": "max", "sql": "1", "label": "From the model"}, "z": {"type": "max", "sql": "1"}}},
		"columns": {"id": {"name": "id", "meta": {"metrics": {"z": {"type": "count", "label": "From the column"}}}}}`))
	metrics := find(t, m, "m").Tables["m"].Metrics
	for name, want := range map[string]string{
		"a": `0 max "From the model" 1`, "b": `1 sum "From dbt" ${TABLE}.amount`,
		"c": `2 count "C" CASE WHEN (${TABLE}.ok = true) THEN amount + 1 ELSE NULL END`,
		"d": `3 number "D" ${a} / ${c}`, "z": `4 count "From the column" ${TABLE}.id`,
	} {
		got := metrics[name]
		if got == nil || fmt.Sprintf("%d %s %q %s", got.Index, got.Type, got.Label, got.SQL) != want {
			t.Errorf("%s: %+v, not %s", name, got, want)
		}
	}
	if len(metrics) != 5 || !metrics["c"].Hidden || metrics["c"].Format != "usd" {
		t.Errorf("%d metrics, c: %+v", len(metrics), metrics["c"])
	}
}

func TestTypesComeFromTheDeclarationThenTheCatalogueThenTheProject(t *testing.T) {
	data := manifest("", `"name": "m", "alias": "M_IN_DB", "database": "db", "columns": {
		"declared": {"name": "declared", "meta": {"dimension": {"type": "string"}}, "data_type": "integer"},
		"listed": {"name": "listed", "meta": {}, "data_type": "text"},
		"project": {"name": "project", "meta": {}, "data_type": "date"},
		"nowhere": {"name": "nowhere", "meta": {}}}`)
	c := Catalog{{Database: "DB", Schema: "S", Name: "m_in_db"}: {"declared": "integer", "LISTED": "bigint"}}
	dimensions := find(t, loadManifest(t, c, data), "m").Tables["m"].Dimensions
	for name, want := range map[string]Type{"declared": String, "listed": Number, "project": Date, "nowhere": String} {
		if dimensions[name].Type != want {
			t.Errorf("%s is %s", name, dimensions[name].Type)
		}
	}
	if _, ok := dimensions["project_quarter"]; ok || dimensions["project_week"] == nil {
		t.Error("a date has no quarters by default, but weeks")
	}
}

func TestADimensionOfAnotherNameKeepsItsKey(t *testing.T) {
	m := loadManifest(t, nil, manifest("", `"name": "m", "columns": {"at": {"name": "at", "meta": {"dimension": {"name": "moment", "type": "date", "time_intervals": ["DAY", "nonsense", "day"]}}}}`))
	dimensions := find(t, m, "m").Tables["m"].Dimensions
	if fmt.Sprint(sortedKeys(dimensions)) != "[at moment_day]" || dimensions["at"].Name != "moment" || dimensions["moment_day"].Name != "at_day" {
		t.Error(sortedKeys(dimensions), dimensions["at"].Name)
	}
}

func TestWhatIsNoManifestIsAFault(t *testing.T) {
	for _, text := range []string{"", "{", "[1,]", `{"nodes": }`, strings.Repeat("[", 100_000)} {
		if _, err := LoadManifest([]byte(text), nil, Options{}); err == nil {
			t.Errorf("%.20q is taken", text)
		}
	}
	for _, text := range []string{"1", "null", "[]", "{}", `{"nodes": []}`, `{"nodes": {"a": 1, "b": null}}`, `{"nodes": {"a": {"resource_type": "model"}}}`,
		`{"nodes": {"a": {"resource_type": "model", "name": "a", "columns": [], "meta": 5, "config": []}}}`, `{"metrics": {"a": [1]}}`} {
		m, err := LoadManifest([]byte(text), nil, Options{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, e := range m.Explores {
			if len(e.Errors) == 0 {
				t.Errorf("%s: explore %s has no errors", text, e.Name)
			}
		}
	}
}

func TestLineageIsTheFamilyOfAModel(t *testing.T) {
	m := loadManifest(t, nil, []byte(`{"nodes": {
		"model.a": {"resource_type": "model", "name": "a", "relation_name": "r", `+idColumn+`, "depends_on": {"nodes": ["seed.x"]}},
		"model.b": {"resource_type": "model", "name": "b", "relation_name": "r", `+idColumn+`, "depends_on": {"nodes": ["model.a", "model.gone"]}},
		"model.c": {"resource_type": "model", "name": "c", "relation_name": "r", `+idColumn+`, "depends_on": {"nodes": ["model.b"]}},
		"model.d": {"resource_type": "model", "name": "d", "relation_name": "r", `+idColumn+`, "depends_on": {"nodes": ["model.a", "model.d"]}}}}`))
	if got := fmt.Sprint(find(t, m, "b").Tables["b"].Lineage); got != "map[a:[] b:[a] c:[b]]" {
		t.Error(got)
	}
	if got := fmt.Sprint(find(t, m, "d").Tables["d"].Lineage); got != "map[a:[] d:[a d]]" {
		t.Error(got)
	}
}

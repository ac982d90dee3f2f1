package testkit_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestADashboardKeepsTheParametersOfItsCharts sets a parameter on a dashboard, by hand and as code.
//
// That it would see a defect: let content's appendDashboard leave out parametersBefore.
func TestADashboardKeepsTheParametersOfItsCharts(t *testing.T) {
	w := open(t)
	project, chart := w.withFactor()
	tiles := `"tabs":[],"tiles":[{"type":"saved_chart","x":0,"y":0,"w":6,"h":3,"properties":{"savedChartUuid":"` + chart + `"}}]`
	board := w.got(w.admin(), project+"/dashboards", `{"name":"Board",`+tiles+`,"parameters":{"factor":{"parameterName":"factor","value":3}}}`, "results.uuid")
	shows := func(what, board, sent, want string) {
		t.Helper()
		a := w.must(w.admin(), "POST", "/api/v1/saved/"+chart+"/chart-and-results",
			`{"dashboardUuid":"`+board+`","dashboardSorts":[],"dashboardFilters":{"dimensions":[],"metrics":[],"tableCalculations":[]}`+sent+`}`)
		if !strings.Contains(string(a.body), `"raw":`+want+`,`) {
			t.Errorf("%s: want %s in %.300s", what, want, a)
		}
	}
	shows("what it keeps", board, "", "3")
	shows("what the viewer sets", board, `,"parameters":{"factor":5}`, "5")
	shows("another dashboard", w.facts.Dashboards[0].UUID, "", "1")
	w.must(w.admin(), "PATCH", "/api/v1/dashboards/"+board, `{`+tiles+`}`)
	shows("after a client that doesn't know parameters", board, "", "3")
	shows("a copy", w.got(w.admin(), project+"/dashboards?duplicateFrom="+board, `{"dashboardName":"Copy","dashboardDesc":""}`, "results.uuid"), "", "3")

	var code struct {
		Results struct{ Dashboards []map[string]any }
	}
	if err := json.Unmarshal(w.must(w.admin(), "GET", project+"/code/dashboards", "").body, &code); err != nil || len(code.Results.Dashboards) == 0 {
		t.Fatal(code, err)
	}
	for _, step := range []struct{ action, want string }{{"no changes", "3"}, {"update", "1"}} {
		for _, d := range code.Results.Dashboards {
			if d["slug"] == "board" {
				if done := w.got(w.admin(), project+"/code/dashboards/board", text(d), "results.action"); done != step.action {
					t.Errorf("putting %s: %s, want %s", text(d), done, step.action)
				}
				delete(d, "parameters")
			}
		}
		shows("as code: "+step.action, board, "", step.want)
	}
}

// withFactor makes a project whose orders have a metric that is a parameter, and a chart of it. It gives the project's
// address.
func (w *world) withFactor() (project, chart string) {
	w.t.Helper()
	project = "/api/v1/projects/" + w.got(w.admin(), "/api/v1/org/projects", text(map[string]any{"name": "Factors", "type": "DEFAULT", "dbtConnection": map[string]any{"type": "none"},
		"warehouseConnection": map[string]any{"type": "duckdb", "path": w.facts.Warehouse}}), "results.project.projectUuid")
	explore, _ := at(w.must(w.admin(), "GET", "/api/v1/projects/"+w.facts.Project+"/explores/orders", "").body, "results").(map[string]any)
	orders := explore["tables"].(map[string]any)["orders"].(map[string]any)
	orders["metrics"].(map[string]any)["factor"] = map[string]any{"table": "orders", "tableLabel": "Orders", "name": "factor", "label": "Factor",
		"fieldType": "metric", "type": "max", "sql": "${ld.parameters.factor}"}
	explore["parameters"] = map[string]any{"factor": map[string]any{"label": "Factor", "type": "number", "default": 1, "allow_custom_values": true}}
	w.must(w.admin(), "PUT", project+"/explores", text([]any{explore}))
	w.must(w.admin(), "POST", project+"/spaces", `{"name":"Charts","isPrivate":false}`)
	chart = w.got(w.admin(), project+"/saved", `{"name":"Factor","tableName":"orders","chartConfig":{"type":"table"},"tableConfig":{"columnOrder":[]},
		"metricQuery":{"exploreName":"orders","dimensions":[],"metrics":["orders_factor"],"filters":{},"sorts":[],"limit":1,"tableCalculations":[]}}`, "results.uuid")
	return project, chart
}

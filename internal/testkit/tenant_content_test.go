package testkit_test

import (
	"fmt"
	"strings"
	"testing"
)

var edits = map[string]bool{"createChart": true, "editCharts": true, "removeChart": true, "addChart": true, "addFilter": true,
	"editDashboardName": true, "drillDown": true}

const ownChart = `{"name":"Our channels","tableName":"orders","metricQuery":{"exploreName":"orders","dimensions":["orders_channel"],` +
	`"metrics":["orders_revenue"],"filters":{},"sorts":[],"limit":500,"tableCalculations":[]%s},"chartConfig":{"type":"table"},"tableConfig":{"columnOrder":[]}}`

// A tenant of each front that has tenants makes a chart and a dashboard, and changes one that everybody has; it is given
// its own rows, and nobody else is told.
func TestTenantsMakeContentOfTheirOwn(t *testing.T) {
	w := open(t)
	first, second := w.facts.Tenants[0], w.facts.Tenants[1]
	creator := func(name string, context map[string]any) credential {
		return w.cube(map[string]any{"externalId": name, "embedTenantName": name, "creatorMode": true, "securityContext": context})
	}
	for name, pair := range map[string][2]credential{
		"Upsolve": {w.upsolve(first, edits), w.upsolve(second, edits)},
		"Cube":    {creator("first", first.SecurityContext), creator("second", second.SecurityContext)},
	} {
		t.Run(name, func(t *testing.T) { w.ownContent(t, pair[0], pair[1]) })
	}
}

func (w *world) ownContent(t *testing.T, mine, theirs credential) {
	chart := w.made(mine, "/api/v1/projects/"+w.facts.Project+"/saved", fmt.Sprintf(ownChart, ""))
	tile := `{"type":"saved_chart","x":0,"y":0,"w":12,"h":6,"properties":{"savedChartUuid":"` + chart + `"}}`
	board := w.made(mine, "/api/v1/projects/"+w.facts.Project+"/dashboards", `{"name":"Our board","tabs":[],"tiles":[`+tile+`]}`)
	shared := "/api/v1/dashboards/{board}"
	overlay := "/api/v1/inlay/dashboards/{board}/overlay"
	w.must(mine, "PUT", w.fill(overlay), `{"name":"Our sales","addedTiles":[`+tile+`]}`)

	rows := func(as credential, dashboard string) answer {
		return w.ask(as, "POST", "/api/v1/saved/"+chart+"/chart-and-results", `{"dashboardUuid":"`+dashboard+`","dashboardFilters":{},"dashboardSorts":[]}`)
	}
	want := text(at(w.must(mine, "POST", "/api/v1/projects/"+w.facts.Project+"/explores/orders/runQuery",
		`{"exploreName":"orders","dimensions":["orders_channel"],"metrics":["orders_revenue"],"filters":{},"sorts":[],"limit":500,"tableCalculations":[]}`).body, "results.rows"))
	for _, dashboard := range []string{board, w.facts.Dashboards[0].UUID} {
		if got := text(at(rows(mine, dashboard).body, "results.rows")); got != want {
			t.Errorf("on %s the chart has %.200s, want %.200s", dashboard, got, want)
		}
		if got := rows(theirs, dashboard); got.code < 400 {
			t.Errorf("another tenant runs the chart on %s: %s", dashboard, got)
		}
	}
	if got := at(w.must(mine, "GET", w.fill(shared), "").body, "results.name"); got != "Our sales" {
		t.Errorf("the tenant's name for the dashboard is %v", got)
	}
	for who, as := range map[string]credential{"another tenant": theirs, "the admin": w.admin()} {
		for _, path := range []string{shared, "/api/v1/inlay/content", "/v1/api/dashboard/list-workspace-dashboards",
			"/api/v1/projects/{project}/dashboards", "/api/v1/projects/{project}/charts", "/api/v1/projects/{project}/spaces",
			"/api/v2/content", "/api/v1/projects/{project}/search/our", "/api/v1/projects/{project}/most-popular-and-recently-updated"} {
			if got := w.ask(as, "GET", w.fill(path), ""); strings.Contains(string(got.body), "Our ") || got.code >= 500 {
				t.Errorf("%s is told at %s: %s", who, path, got)
			}
		}
	}
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/api/v1/saved/" + chart, ""}, {"PATCH", "/api/v1/saved/" + chart, `{"name":"x"}`}, {"DELETE", "/api/v1/saved/" + chart, ""},
		{"POST", "/api/v1/saved/" + chart + "/version", fmt.Sprintf(ownChart, "")}, {"GET", "/api/v1/dashboards/" + board, ""},
		{"PATCH", "/api/v1/dashboards/" + board, `{"name":"x"}`}, {"DELETE", "/api/v1/dashboards/" + board, ""},
		{"GET", "/api/v1/inlay/view/" + board, ""}, {"PUT", "/api/v1/inlay/dashboards/" + board + "/overlay", `{"name":"x"}`},
	} {
		if got := w.ask(theirs, c.method, c.path, c.body); got.code != 404 {
			t.Errorf("another tenant's %s %s: %s", c.method, c.path, got)
		}
	}
	if got := w.ask(mine, "PATCH", w.fill(shared), `{"name":"For everybody"}`); got.code != 403 {
		t.Errorf("a tenant renames everybody's dashboard: %s", got)
	}
	w.must(mine, "PATCH", "/api/v1/saved/"+chart, `{"name":"Our renamed chart"}`)
	w.must(mine, "DELETE", "/api/v1/dashboards/"+board, "")
	w.must(mine, "DELETE", "/api/v1/saved/"+chart, "")
	w.must(mine, "DELETE", w.fill(overlay), "")
}

// made creates something and gives its uuid.
func (w *world) made(as credential, path, body string) string {
	w.t.Helper()
	return w.got(as, path, body, "results.uuid")
}

// TestH30_a_tenants_chart_carries_no_sql: what a tenant saves runs as the tenant's own question, whoever opens it.
func TestH30_a_tenants_chart_carries_no_sql(t *testing.T) {
	w := open(t)
	mine := w.upsolve(w.facts.Tenants[0], edits)
	path := "/api/v1/projects/" + w.facts.Project + "/saved"
	for name, extra := range map[string]string{
		"a custom dimension":  `,"customDimensions":[{"id":"x","name":"x","table":"orders","type":"sql","sql":"(SELECT max(name) FROM merchants)","dimensionType":"string"}]`,
		"a custom metric":     `,"additionalMetrics":[{"table":"orders","name":"x","type":"max","sql":"(SELECT max(name) FROM merchants)"}]`,
		"a table calculation": `,"tableCalculations":[{"name":"x","displayName":"x","sql":"(SELECT max(name) FROM merchants)"}]`,
	} {
		body := fmt.Sprintf(ownChart, extra)
		if name == "a table calculation" {
			body = strings.Replace(body, `"tableCalculations":[],`, "", 1)
			body = strings.Replace(body, `"tableCalculations":[]`, `"x":1`, 1)
		}
		if name == "a custom metric" {
			body = strings.Replace(body, `"orders_revenue"`, `"orders_x"`, 1)
		}
		if name == "a custom dimension" {
			body = strings.Replace(body, `"orders_channel"`, `"x"`, 1)
		}
		if got := w.ask(mine, "POST", path, body); got.code != 400 && got.code != 403 {
			t.Errorf("%s with SQL was saved: %s", name, got)
		}
	}
	w.must(mine, "POST", path, fmt.Sprintf(ownChart, ""))
}

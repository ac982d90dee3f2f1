package testkit_test

import (
	"slices"
	"strings"
	"testing"

	"inlay/internal/project"
	"inlay/internal/warehouse"
)

// The content that these tests are about: a chart and a dashboard in a private space of the admin's, and the same in a
// public one, and in spaces that lie in these and take their access from there. What each role may do with them stands in the reference's table of roles, not in our code.
type things struct{ space, chart, board, tile, name string }

func (w *world) stored(name string, private bool) things {
	w.t.Helper()
	return w.storedIn(name, map[string]any{"name": name + " space", "isPrivate": private})
}

// below stores the same in a space that lies in another one.
func (w *world) below(above things) things {
	w.t.Helper()
	return w.storedIn(above.name, map[string]any{"name": above.name + " room", "parentSpaceUuid": above.space})
}

func (w *world) storedIn(name string, space map[string]any) things {
	w.t.Helper()
	project := "/api/v1/projects/" + w.facts.Project
	t := things{name: name}
	t.space = w.got(w.admin(), project+"/spaces", text(space), "results.uuid")
	t.chart = w.got(w.admin(), project+"/saved", text(map[string]any{"name": name + " chart", "tableName": "orders", "spaceUuid": t.space,
		"chartConfig": map[string]any{"type": "table"}, "tableConfig": map[string]any{"columnOrder": []string{}},
		"metricQuery": map[string]any{"exploreName": "orders", "dimensions": []string{"orders_channel"}, "metrics": []string{}, "filters": map[string]any{},
			"sorts": []any{}, "limit": 10, "tableCalculations": []any{}}}), "results.uuid")
	board := w.must(w.admin(), "POST", project+"/dashboards", text(map[string]any{"name": name + " board", "spaceUuid": t.space, "tabs": []any{},
		"tiles": []any{map[string]any{"type": "saved_chart", "x": 0, "y": 0, "w": 10, "h": 5, "properties": map[string]any{"savedChartUuid": t.chart}}}}))
	t.board, _ = at(board.body, "results.uuid").(string)
	tiles, _ := at(board.body, "results.tiles").([]any)
	t.tile, _ = tiles[0].(map[string]any)["uuid"].(string)
	return t
}

// contentAct is something that is done with content. may are the roles that may do it in a public space; whoever isn't
// let into a private space may do nothing there. A session is embedded when it isn't confined to another dashboard.
type contentAct struct {
	name, method, path, body string
	may                      string
}

const (
	members   = "viewer interactive_viewer editor developer admin"
	everybody = members + " guest"
	editors   = "editor developer admin"
)

func moves(kind, id, target string) string {
	return `{"item":{"uuid":"` + id + `","contentType":"` + kind + `"},"action":{"type":"move","targetSpaceUuid":` + target + `}}`
}

var contentActs = []contentAct{
	{"open the chart", "GET", "/api/v1/saved/{chart}", "", everybody + " embedded"},
	{"open the dashboard", "GET", "/api/v1/dashboards/{board}", "", everybody + " embedded"},
	{"open the space", "GET", "/api/v1/projects/{project}/spaces/{space}", "", everybody},
	{"run the chart", "POST", "/api/v1/saved/{chart}/results", `{}`, everybody + " embedded"},
	{"export the chart", "POST", "/api/v1/saved/{chart}/downloadCsv", `{"dashboardFilters":{"dimensions":[],"metrics":[],"tableCalculations":[]},"onlyRaw":true,"csvLimit":null}`, everybody},
	{"export the dashboard", "POST", "/api/v1/dashboards/{board}/exportCsv", `{}`, everybody},
	{"read its history", "GET", "/api/v1/saved/{chart}/history", "", everybody},
	{"rename the chart", "PATCH", "/api/v1/saved/{chart}", `{"name":"{name} chart"}`, editors},
	{"rename the dashboard", "PATCH", "/api/v1/dashboards/{board}", `{"name":"{name} board"}`, editors},
	{"duplicate the chart", "POST", "/api/v1/projects/{project}/saved?duplicateFrom={chart}", `{"chartName":"copy","chartDesc":""}`, editors},
	{"comment on the dashboard", "POST", "/api/v1/comments/dashboards/{board}/{tile}", `{"text":"a","textHtml":"a","mentions":[]}`,
		"interactive_viewer editor developer admin"},
	{"read its comments", "GET", "/api/v1/comments/dashboards/{board}", "", members},
	// Managing a thing covers promoting it, so editors may; of the space that is then upstream they are no admins.
	{"see what promoting the chart does", "GET", "/api/v1/saved/{chart}/promoteDiff", "", editors},
	{"see what promoting the dashboard does", "GET", "/api/v1/dashboards/{board}/promoteDiff", "", editors},
	{"promote the dashboard", "POST", "/api/v1/dashboards/{board}/promote", "", editors},
	{"promote the chart into the same space", "POST", "/api/v1/saved/{chart}/promote", "", "admin"},
	{"send the chart", "POST", "/api/v1/saved/{chart}/schedulers", `{"name":"n","cron":"0 9 * * 1","format":"csv","options":{},"targets":[]}`,
		"interactive_viewer editor developer admin"},
	{"list what lies in the space", "GET", "/api/v1/projects/{project}/spaces?parentSpaceUuid={space}", "", everybody},
	{"make a space in it", "POST", "/api/v1/projects/{project}/spaces", `{"name":"{name} cabinet","parentSpaceUuid":"{space}"}`, "admin"},
	{"move the chart", "POST", "/api/v2/content/{project}/move", moves("chart", "{chart}", `"{space}"`), editors},
	{"move the dashboard", "POST", "/api/v2/content/{project}/move", moves("dashboard", "{board}", `"{space}"`), editors},
	{"move the space", "POST", "/api/v2/content/{project}/move", moves("space", "{space}", "null"), "admin"},
	{"close the space", "PATCH", "/api/v1/projects/{project}/spaces/{space}", `{"name":"{name} space","isPrivate":true}`, "admin"},
	{"delete the space", "DELETE", "/api/v1/projects/{project}/spaces/{space}", "", "admin"}, // the last: it is gone then
}

// lists are answers in which content may be named.
var contentLists = []string{
	"/api/v1/projects/{project}/charts", "/api/v1/projects/{project}/dashboards", "/api/v1/projects/{project}/spaces",
	"/api/v1/projects/{project}/chart-summaries", "/api/v1/projects/{project}/search/Hidden", "/api/v2/content?pageSize=100",
	"/api/v1/projects/{project}/most-popular-and-recently-updated", "/api/v1/projects/{project}/code/charts",
	"/api/v1/projects/{project}/code/dashboards", "/api/v1/projects/{project}/code/spaces", "/api/v2/content/deleted",
	"/api/v1/projects/{project}/validate", "/api/v1/schedulers/{project}/logs",
}

func (w *world) on(t things, pattern string) string {
	return strings.NewReplacer("{project}", w.facts.Project, "{chart}", t.chart, "{board}", t.board, "{space}", t.space, "{tile}", t.tile, "{name}", t.name).Replace(pattern)
}

// TestH49_to_H51_and_H123_content_is_done_with_as_roles_say holds every act on content to the table of roles, for each
// role and for the embedded principals of each front.
//
// That it would see a defect: let content's Space.opens answer true.
func TestH49_to_H51_and_H123_content_is_done_with_as_roles_say(t *testing.T) {
	w := open(t)
	w.givesUpstream()
	user, _ := at(w.must(w.login(w.facts.Fronts.Native.Viewers[0].Email, w.facts.Fronts.Native.Viewers[0].Password), "GET", "/api/v1/user", "").body, "results.userUuid").(string)
	for _, role := range strings.Fields("member " + members) {
		w.must(w.admin(), "PATCH", "/api/v1/org/users/"+user, text(map[string]string{"role": role}))
		as := w.login(w.facts.Fronts.Native.Viewers[0].Email, w.facts.Fronts.Native.Viewers[0].Password)
		w.holdsTo(as, role, role)
	}
	tenant := w.facts.Tenants[0]
	for _, p := range principals {
		role := "embedded"
		switch {
		case p.colleague:
			continue // a role, which was tried above
		case p.account:
			role = "guest" // a user of the organization that its front made: a viewer, but for what colleagues write
		case strings.Contains(p.name, "for one "), strings.Contains(p.name, "data token"):
			role = "confined"
		}
		w.holdsTo(p.enter(w, tenant), p.name, role)
	}
}

// givesUpstream gives the project another one to promote to.
func (w *world) givesUpstream() {
	w.t.Helper()
	upstream, err := w.Projects.Seed(w.t.Context(), w.facts.Organization, "", project.Draft{Name: "Upstream", Type: project.Default,
		Source: project.Source{"type": "none"}, Warehouse: warehouse.Settings{"type": "duckdb", "path": w.facts.Warehouse}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.must(w.admin(), "PATCH", "/api/v1/projects/"+w.facts.Project+"/metadata", text(map[string]string{"upstreamProjectUuid": upstream.UUID}))
}

// holdsTo tries everything on content that was made anew.
func (w *world) holdsTo(as credential, name, role string) {
	w.t.Helper()
	hidden, seen := w.stored("Hidden", true), w.stored("Seen", false)
	all := []things{seen, hidden, w.below(w.stored("Seen", false)), w.below(w.stored("Hidden", true))}
	for _, act := range contentActs {
		for _, thing := range all {
			want := slices.Contains(strings.Fields(act.may), role) && (thing.name == seen.name || role == "admin")
			got := w.ask(as, act.method, w.on(thing, act.path), w.on(thing, act.body))
			if got.code >= 500 || want != (got.code < 400) {
				w.t.Errorf("%s: %s in %s: may is %t, got %s", name, act.name, thing.name, want, got)
			}
			if !want && strings.Contains(string(got.body), hidden.name+" ") {
				w.t.Errorf("%s: %s: the refusal names it: %s", name, act.name, got)
			}
		}
	}
	hidden = w.below(w.stored("Hidden", true))
	for _, sent := range []string{"/api/v1/saved/{chart}", "/api/v1/dashboards/{board}"} {
		w.must(w.admin(), "POST", w.on(hidden, sent+"/schedulers"), `{"name":"Hidden mail","cron":"0 9 * * 1","format":"csv","options":{},"targets":[]}`)
	}
	for _, list := range contentLists {
		got := w.ask(as, "GET", w.on(hidden, list), "")
		if got.code >= 500 || role != "admin" && (strings.Contains(string(got.body), hidden.chart) || strings.Contains(string(got.body), "Hidden ")) {
			w.t.Errorf("%s: %s names what is hidden: %s", name, list, got)
		}
	}
}

// TestH16_a_shared_space_tells_nothing_of_the_private_one_that_it_lies_in looks for the one above wherever the other shows.
//
// That it would see a defect: let Space.Path and Space.Parent give whatever lies above.
func TestH16_a_shared_space_tells_nothing_of_the_private_one_that_it_lies_in(t *testing.T) {
	w := open(t)
	w.givesUpstream()
	reader := w.facts.Fronts.Native.Viewers[0]
	as := w.login(reader.Email, reader.Password)
	id, _ := at(w.must(as, "GET", "/api/v1/user", "").body, "results.userUuid").(string)
	w.must(w.admin(), "PATCH", "/api/v1/org/users/"+id, text(map[string]string{"role": "interactive_viewer"}))
	hidden := w.stored("Hidden", true)
	shown := w.storedIn("Shown", map[string]any{"name": "Shown room", "parentSpaceUuid": hidden.space,
		"access": []any{map[string]string{"userUuid": id, "role": "admin"}}})
	space := w.on(shown, "/api/v1/projects/{project}/spaces/{space}")
	list, _ := at(w.must(w.admin(), "PATCH", space+"/pinning", "").body, "results.pinnedListUuid").(string)
	for _, path := range append([]string{space, "/api/v1/saved/{chart}", "/api/v1/dashboards/{board}", "/api/v1/saved/{chart}/promoteDiff",
		"/api/v1/projects/{project}/pinned-lists/" + list + "/items", "/api/v1/projects/{project}/search/Shown"}, contentLists...) {
		got := w.ask(as, "GET", w.on(shown, path), "")
		if strings.Contains(string(got.body), hidden.space) || strings.Contains(string(got.body), "Hidden ") {
			t.Errorf("%s names the space above: %s", path, got)
		}
	}
	for _, path := range []string{space, "/api/v1/projects/{project}/spaces", "/api/v1/projects/{project}/code/spaces", "/api/v2/content"} {
		if got := w.ask(as, "GET", w.on(shown, path), ""); !strings.Contains(string(got.body), "Shown room") {
			t.Errorf("%s doesn't show the space: %s", path, got)
		}
	}
	if got := w.ask(w.admin(), "GET", space, ""); !strings.Contains(string(got.body), `"breadcrumbs":[{"uuid":"`+hidden.space) || !strings.Contains(string(got.body), `"parentSpaceUuid":"`+hidden.space) {
		t.Errorf("the admin isn't told what it lies in: %s", got)
	}
}

package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestH16_a_custom_role_lists_what_it_opens gives somebody a role that sees spaces and dashboards, and no charts: lists,
// counts and searches hold what single objects answer, and nothing of the rest.
func TestH16_a_custom_role_lists_what_it_opens(t *testing.T) {
	w := open(t)
	viewer := w.facts.Fronts.Native.Viewers[0]
	u, err := w.Identity.UserByEmail(t.Context(), viewer.Email)
	w.ok(err)
	as, roles := "ApiKey "+w.token(viewer.Email), "/api/v2/orgs/"+w.facts.Organization+"/roles"
	var role struct{ RoleUUID string }
	w.got(&role, "POST", roles, `{"name":"Reader","scopes":["view:Project","view:Space","view:Dashboard"]}`)
	w.got(nil, "POST", roles+"/assignments/user/"+u.UUID, `{"roleId":"`+role.RoleUUID+`"}`)

	project := "/api/v1/projects/" + w.facts.Project
	var charts, dashboards, spaces, found []struct {
		UUID                       string
		ChartCount, DashboardCount int
	}
	w.got(&charts, "GET", project+"/charts", "")
	if len(charts) == 0 {
		t.Fatal("the demo has no charts")
	}
	w.refused(403, as, "GET", "/api/v1/saved/"+charts[0].UUID, "")
	w.gotAs(as, &found, "GET", project+"/charts", "")
	w.gotAs(as, &dashboards, "GET", project+"/dashboards", "")
	w.gotAs(as, &spaces, "GET", project+"/spaces", "")
	if len(found) != 0 || len(dashboards) == 0 || len(spaces) == 0 || spaces[0].ChartCount != 0 || spaces[0].DashboardCount == 0 {
		t.Errorf("charts %v, dashboards %v, spaces %v", found, dashboards, spaces)
	}
	w.gotAs(as, nil, "GET", "/api/v1/dashboards/"+dashboards[0].UUID, "")
	for _, path := range []string{"/api/v1/projects/" + w.facts.Project + "/spaces/" + spaces[0].UUID, "/api/v2/content?pageSize=100&page=1",
		project + "/most-popular-and-recently-updated", "/api/v1/projects/" + w.facts.Project + "/search/revenue"} {
		code, text, _ := ask(w.Handler(), as, "GET", path, "")
		if code != 200 || strings.Contains(text, charts[0].UUID) || strings.Contains(text, "Revenue by month") {
			t.Errorf("%s: %d %s", path, code, text)
		}
	}
	w.got(nil, "POST", roles+"/"+role.RoleUUID+"/scopes", `{"scopeNames":["view:SavedChart"]}`)
	w.gotAs(as, &found, "GET", project+"/charts", "")
	w.gotAs(as, nil, "GET", "/api/v1/saved/"+charts[0].UUID, "")
	if len(found) != len(charts) {
		t.Errorf("%d of %d charts", len(found), len(charts))
	}
	w.refused(403, as, "POST", fmt.Sprintf("%s/explores/orders/runQuery", project), `{"exploreName":"orders","dimensions":[],"metrics":[],"filters":{},"sorts":[],"limit":1,"tableCalculations":[]}`)
	w.refused(403, as, "POST", roles, `{"name":"Mine","scopes":[]}`)
	w.refused(400, w.admin(), "POST", roles, `{"name":"Other","scopes":["manage:Everything"]}`)
	w.refused(404, w.admin(), "GET", "/api/v2/orgs/00000000-0000-0000-0000-000000000000/roles", "")
}

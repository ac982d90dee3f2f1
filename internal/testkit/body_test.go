package testkit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/identity"
	"inlay/internal/project"
	"inlay/internal/warehouse"
)

// TestH14_ids_of_ours_in_a_body_gain_a_stranger_nothing posts every body at addresses of another organization's own
// project, with our ids where it names something. Nothing of ours is told or changed.
//
// That it would see a defect: let content find a dashboard by its id alone, and allow the change of many.
func TestH14_ids_of_ours_in_a_body_gain_a_stranger_nothing(t *testing.T) {
	w := open(t)
	organization, err := w.Identity.MakeOrganization(t.Context(), identity.NewOrganization{Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	stranger := w.principal(organization, access.Admin)
	theirs, err := w.Projects.Seed(t.Context(), organization, stranger.User, project.Draft{Name: "Theirs", Type: project.Default,
		Source: project.Source{"type": "none"}, Warehouse: warehouse.Settings{"type": "duckdb", "path": w.facts.Warehouse}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := w.Identity.CreateToken(t.Context(), stranger, "test", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	as := credential{"Authorization": "ApiKey " + token.Text}
	own := w.owned()
	before := w.inventory()
	for _, r := range w.rows() {
		var body any
		if r.body == "" || json.Unmarshal([]byte(r.body), &body) != nil || r.Endpoint == nil {
			continue
		}
		path := parameter.ReplaceAllStringFunc(r.pattern, func(name string) string {
			if name == "{projectUuid}" {
				return theirs.UUID
			}
			return uuid.Nil.String()
		})
		a := w.ask(as, r.Method, path, text(withOurs(body, "", own)))
		if word := tells(a); broken(a) || word != "" {
			t.Errorf("%s %s: %s (%s)", r.Method, path, a, word)
		}
	}
	if after := w.inventory(); after != before {
		t.Errorf("what is ours was\n%s\nand is\n%s", before, after)
	}
}

// owned are ids of ours, by a part of the names of members that mean such a thing.
func (w *world) owned() map[string]string {
	board := w.facts.Dashboards[0].UUID
	space, _ := at(w.must(w.admin(), "GET", "/api/v1/dashboards/"+board, "").body, "results.spaceUuid").(string)
	user, _ := at(w.must(w.admin(), "GET", "/api/v1/user", "").body, "results.userUuid").(string)
	return map[string]string{"chart": w.charts["Revenue"], "dashboard": board, "space": space, "project": w.facts.Project, "organization": w.facts.Organization, "user": user, "uuid": board}
}

// withOurs puts ids of ours into a sample body: where a member's name says that it is an id.
func withOurs(value any, name string, own map[string]string) any {
	switch v := value.(type) {
	case map[string]any:
		for member, inner := range v {
			v[member] = withOurs(inner, member, own)
		}
	case []any:
		for i, inner := range v {
			v[i] = withOurs(inner, name, own)
		}
	case string:
		name = strings.ToLower(name)
		if !strings.Contains(name, "uuid") && !strings.HasSuffix(name, "id") && !strings.HasSuffix(name, "ids") {
			return v
		}
		for _, part := range []string{"chart", "dashboard", "space", "project", "organization", "user", "uuid"} {
			if strings.Contains(name, part) {
				return own[part]
			}
		}
	}
	return value
}

// inventory spells what our organization has, without what only looking changes.
func (w *world) inventory() string {
	w.t.Helper()
	all := ""
	for _, path := range []string{"/charts", "/dashboards", "/spaces"} {
		var listed struct{ Results []map[string]any }
		a := w.must(w.admin(), "GET", "/api/v1/projects/"+w.facts.Project+path, "")
		if err := json.Unmarshal(a.body, &listed); err != nil {
			w.t.Fatal(err)
		}
		for _, one := range listed.Results {
			delete(one, "views")
			delete(one, "firstViewedAt")
		}
		all += text(listed.Results) + "\n"
	}
	return all + string(w.must(w.admin(), "GET", "/api/v1/org/users", "").body)
}

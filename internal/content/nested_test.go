package content_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/project"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// within makes a space that lies in another one.
func (w world) within(t *testing.T, who access.Principal, parent, name string, private bool, shared ...access.Role) string {
	t.Helper()
	grants := map[string]access.Role{}
	for _, role := range shared {
		grants[idOf(role)] = access.Viewer
	}
	made, err := w.CreateSpace(w.ctx, who, shop, content.NewSpace{Name: name, Parent: parent, Private: private, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	return made.UUID
}

// path is the names on the way to a space, as somebody is told of them; "-" when they may not look into it.
func (w world) path(who access.Principal, id string) string {
	space, err := w.Space(w.ctx, who, shop, id)
	if err != nil {
		return "-"
	}
	names := []string{}
	for _, up := range space.Path(who) {
		names = append(names, up.Name)
	}
	return strings.Join(append(names, space.Name), "/")
}

// forest is spaces in each other, by name, each with a chart and a dashboard of its name. The editor is let into Vault,
// and the interactive viewer into Shared, which lies in it.
func (w world) forest(t *testing.T) map[string]string {
	t.Helper()
	admin := user(access.Admin)
	at := map[string]string{"Open": w.space(t, admin, shop, "Open", false), "Vault": w.within(t, admin, "", "Vault", true, access.Editor)}
	at["Team"] = w.within(t, admin, at["Open"], "Team", false)
	at["Desk"] = w.within(t, admin, at["Team"], "Desk", false)
	at["Closed"] = w.within(t, admin, at["Open"], "Closed", true)
	at["Deep"] = w.within(t, admin, at["Closed"], "Deep", false)
	at["Safe"] = w.within(t, admin, at["Vault"], "Safe", false)
	at["Shared"] = w.within(t, admin, at["Vault"], "Shared", false, access.InteractiveViewer)
	for name, space := range at {
		w.dashboard(t, admin, shop, space, name, w.chart(t, admin, shop, space, name).UUID)
	}
	return at
}

// forestSeen is what of the forest each role sees, by the way there.
var forestSeen = map[access.Role]string{
	access.Member:            "",
	access.Viewer:            "Open Open/Team Open/Team/Desk",
	access.InteractiveViewer: "Open Open/Team Open/Team/Desk Shared",
	access.Editor:            "Open Open/Team Open/Team/Desk Vault Vault/Safe Vault/Shared",
	access.Developer:         "Open Open/Team Open/Team/Desk",
	access.Admin:             "Open Open/Closed Open/Closed/Deep Open/Team Open/Team/Desk Vault Vault/Safe Vault/Shared",
}

func sorted(words map[string]bool) string {
	list := []string{}
	for word := range words {
		list = append(list, word)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestANestedSpaceShowsWhomTheOneAboveShowsUnlessItIsPrivate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at := w.forest(t)
		for role, want := range forestSeen {
			who, seen := user(role), map[string]bool{}
			for _, id := range at {
				if path := w.path(who, id); path != "-" {
					seen[path] = true
				}
			}
			if got := sorted(seen); got != want {
				t.Errorf("%s sees %q, want %q", role, got, want)
			}
			names := map[string]bool{}
			for path := range seen {
				names[path[strings.LastIndex(path, "/")+1:]] = true
			}
			w.listsShow(t, who, sorted(names))
		}
		for _, who := range []access.Principal{tenant("acme"), tenant("acme", editing...)} {
			w.listsShow(t, who, "Desk Open Team")
		}
	})
}

// listsShow holds every list of content to the spaces that somebody sees; what lies in each is called like it.
func (w world) listsShow(t *testing.T, who access.Principal, want string) {
	t.Helper()
	name := fmt.Sprint(who.Kind, " ", who.OrgRole)
	hold := func(list string, seen map[string]bool) {
		t.Helper()
		if got := sorted(seen); got != want {
			t.Errorf("%s: %s shows %q, want %q", name, list, got, want)
		}
	}
	seen := map[string]bool{}
	spaces, err := w.Spaces(w.ctx, who, shop, "")
	for _, sp := range spaces {
		seen[sp.Name] = true
		if sp.Charts != 1 || sp.Dashboards != 1 {
			t.Errorf("%s: %s counts %d charts and %d dashboards", name, sp.Name, sp.Charts, sp.Dashboards)
		}
	}
	if err == nil || want != "" {
		hold("the list of spaces", seen)
	}
	page, err := w.List(w.ctx, who, content.ListQuery{Page: 1, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	charts, dashboards := map[string]bool{}, map[string]bool{}
	for _, item := range page.Items {
		if item.Kind == content.OfCharts {
			charts[item.Name] = true
		} else {
			dashboards[item.Name] = true
		}
	}
	hold("a page of charts", charts)
	hold("a page of dashboards", dashboards)
	if page.Total != 2*len(strings.Fields(want)) {
		t.Errorf("%s: a page counts %d", name, page.Total)
	}
	for _, word := range strings.Fields("Open Team Desk Closed Deep Vault Safe Shared") {
		found, err := w.ForProjects().Find(w.ctx, who, shop, project.Search{Text: word})
		if err != nil {
			t.Fatal(err)
		}
		shows := slices.Contains(strings.Fields(want), word)
		if n := len(found.Spaces) + len(found.Charts) + len(found.Dashboards); (n == 3) != shows || (n == 0) == shows {
			t.Errorf("%s: a search for %s finds %d", name, word, n)
		}
	}
}

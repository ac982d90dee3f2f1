package content_test

import (
	"maps"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// TestH16_lists_hold_what_opens_and_nothing_else asks as everybody for the list, and for each thing by itself. Who is
// confined to one dashboard has it from its address, and no list.
func TestH16_lists_hold_what_opens_and_nothing_else(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		charts, dashboards := []string{}, []string{}
		for _, project := range []string{shop, stage} {
			for _, name := range []string{"Open", "Closed", "Shared"} {
				space := w.space(t, admin, project, name, name != "Open")
				if name == "Shared" {
					for _, role := range []access.Role{access.Member, access.Viewer, access.Editor} {
						if err := w.ShareSpace(w.ctx, admin, project, space, idOf(role), access.Viewer); err != nil && !refused(err) {
							t.Fatal(err)
						}
					}
				}
				chart := w.chart(t, admin, project, space, name+" chart")
				charts = append(charts, chart.UUID)
				dashboards = append(dashboards, w.dashboard(t, admin, project, space, name+" board", chart.UUID).UUID)
			}
		}
		for name, who := range onlookers(dashboards[0]) {
			opens := map[string]bool{}
			for _, id := range charts {
				if _, err := w.Chart(w.ctx, who, id); err == nil && who.Scope == nil {
					opens[id] = true
				}
			}
			for _, id := range dashboards {
				if _, err := w.Dashboard(w.ctx, who, id); err == nil && who.Scope == nil {
					opens[id] = true
				}
			}
			page, err := w.List(w.ctx, who, content.ListQuery{Page: 1, Size: 100})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			listed := map[string]bool{}
			for _, item := range page.Items {
				listed[item.UUID] = true
			}
			if !maps.Equal(listed, opens) || page.Total != len(opens) {
				t.Errorf("%s: %d are listed, %d counted, %d open", name, len(listed), page.Total, len(opens))
			}
		}
	})
}

// onlookers are those who may come for content: accounts of each role, of one project, of custom roles, and customers.
func onlookers(board string) map[string]access.Principal {
	all := map[string]access.Principal{"a stranger": stranger()}
	for _, role := range []access.Role{access.Member, access.Viewer, access.InteractiveViewer, access.Editor, access.Developer, access.Admin} {
		all[string(role)] = user(role)
	}
	here := user(access.Member)
	here.ProjectRoles = map[string][]access.Role{shop: {access.Editor}}
	all["an editor of one project"] = here
	for _, scope := range []access.Ability{"view:SavedChart", "view:Dashboard"} {
		reader := user(access.Member)
		reader.Custom = []access.CustomRole{{Project: shop, Abilities: []access.Ability{"view:Project", "view:Space", scope}}}
		all["a reader by "+string(scope)] = reader
	}
	tenant := access.Principal{Kind: access.Tenant, Organization: org, Project: shop, Tenant: "t"}
	all["a tenant"] = tenant
	tenant.Scope = &access.Scope{Dashboards: []string{board}}
	all["a tenant with one dashboard"] = tenant
	return all
}

package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"inlay/internal/access"
)

const (
	org, otherOrg   = "org", "other-org"
	here, elsewhere = "project", "other-project"
	me              = "me"
)

var roles = []access.Role{access.Member, access.Viewer, access.InteractiveViewer, access.Editor, access.Developer, access.Admin}

var subjects = []access.Subject{
	access.MemberProfile, access.CsvJobResult, access.PinnedItems, access.Dashboard, access.SavedChart, access.Space,
	access.Project, access.Organization, access.ExportCsv, access.DashboardComments, access.Tags, access.Job,
	access.UnderlyingData, access.SemanticViewer, access.ChangeCsvResults, access.Explore, access.Deliveries,
	access.VirtualView, access.CustomSQL, access.SQLRunner, access.Validation, access.CompileProject, access.InviteLink,
	access.Group, access.Analytics,
}

var actions = []access.Action{access.View, access.Create, access.Update, access.Delete, access.Manage, access.Promote}

func inOrg(role access.Role) access.Principal {
	return access.Principal{Kind: access.User, User: me, Organization: org, OrgRole: role}
}

func inProject(role access.Role) access.Principal {
	who := inOrg(access.Member)
	who.ProjectRoles = map[string][]access.Role{here: {role}}
	return who
}

// weakest gives the weakest role that can; "none" when none can.
func weakest(make func(access.Role) access.Principal, action access.Action, thing access.Thing) access.Role {
	for _, role := range roles {
		if access.Can(make(role), action, thing) {
			return role
		}
	}
	return "none"
}

func TestEachActTakesAtLeastThisRole(t *testing.T) {
	at := func(s access.Subject) access.Thing {
		return access.Thing{Subject: s, Organization: org, Project: here}
	}
	public, shared, edit, own := at(access.Dashboard), at(access.Dashboard), at(access.Dashboard), at(access.Dashboard)
	public.Public = true
	shared.Shares = []access.Grant{{User: me, Role: access.Viewer}}
	edit.Shares = []access.Grant{{User: me, Role: access.Editor}}
	own.Shares = []access.Grant{{User: me, Role: access.Admin}}
	space, ownSpace := at(access.Space), at(access.Space)
	space.Public, ownSpace.Shares = true, own.Shares
	job, ownJob := at(access.Job), at(access.Job)
	ownJob.Owner = me
	preview, made, upstream := at(access.Project), at(access.Project), access.Thing{Subject: access.Project, Organization: org}
	preview.Type = access.PreviewProject
	made.Type, made.CreatedBy = access.PreviewProject, me
	upstream.Type, upstream.Upstream = access.PreviewProject, here
	plain := access.Thing{Subject: access.Project, Organization: org, Type: access.DefaultProject}

	for _, c := range []struct {
		name         string
		action       access.Action
		thing        access.Thing
		org, project access.Role
	}{
		{"see members", access.View, at(access.MemberProfile), access.Member, access.Member},
		{"see pins", access.View, at(access.PinnedItems), access.Member, access.Member},
		{"see a public dashboard", access.View, public, access.Viewer, access.Viewer},
		{"see a private dashboard", access.View, at(access.Dashboard), access.Admin, access.Admin},
		{"see a shared dashboard", access.View, shared, access.Viewer, access.Viewer},
		{"see a project", access.View, at(access.Project), access.Viewer, access.Viewer},
		{"see the organization", access.View, at(access.Organization), access.Viewer, "none"},
		{"export", access.Manage, at(access.ExportCsv), access.Viewer, access.Viewer},
		{"start a job", access.Create, at(access.Job), access.InteractiveViewer, access.Editor},
		{"see a job", access.View, job, access.Editor, access.Editor},
		{"see one's own job", access.View, ownJob, access.InteractiveViewer, access.Editor},
		{"drill", access.View, at(access.UnderlyingData), access.InteractiveViewer, access.InteractiveViewer},
		{"explore", access.Manage, at(access.Explore), access.InteractiveViewer, access.InteractiveViewer},
		{"edit where one is editor", access.Update, edit, access.InteractiveViewer, access.InteractiveViewer},
		{"edit where one is admin", access.Delete, own, access.InteractiveViewer, access.InteractiveViewer},
		{"edit a public dashboard", access.Update, public, access.Admin, access.Admin},
		{"edit a dashboard shared to view", access.Update, shared, access.Admin, access.Admin},
		{"manage one's own space", access.Manage, ownSpace, access.InteractiveViewer, access.InteractiveViewer},
		{"manage a space of others", access.Manage, space, access.Admin, access.Admin},
		{"make a space", access.Create, at(access.Space), access.Editor, access.Editor},
		{"change a project", access.Update, at(access.Project), access.Editor, access.Editor},
		{"manage a project", access.Manage, at(access.Project), access.Admin, access.Admin},
		{"write SQL", access.Manage, at(access.CustomSQL), access.Developer, access.Developer},
		{"run SQL", access.Manage, at(access.SQLRunner), access.Developer, access.Developer},
		{"promote where one is editor", access.Promote, edit, access.InteractiveViewer, access.InteractiveViewer},
		{"promote where one is admin", access.Promote, own, access.InteractiveViewer, access.InteractiveViewer},
		{"make a preview", access.Create, upstream, access.Developer, access.Developer},
		{"make a project", access.Create, plain, access.Admin, "none"},
		{"delete a preview", access.Delete, preview, access.Developer, access.Admin},
		{"delete one's own preview", access.Delete, made, access.Developer, access.Developer},
		{"invite", access.Create, at(access.InviteLink), access.Admin, "none"},
		{"manage groups", access.Manage, at(access.Group), access.Admin, "none"},
		{"see analytics", access.View, at(access.Analytics), access.Admin, "none"},
	} {
		if got := weakest(inOrg, c.action, c.thing); got != c.org {
			t.Errorf("%s: the weakest role of the organization that can is %s, want %s", c.name, got, c.org)
		}
		if got := weakest(inProject, c.action, c.thing); got != c.project {
			t.Errorf("%s: the weakest role of the project that can is %s, want %s", c.name, got, c.project)
		}
	}
}

// randomThing makes a thing of any sort, ours or somebody else's.
func randomThing(r *rand.Rand) access.Thing {
	pick := func(options ...string) string { return options[r.IntN(len(options))] }
	thing := access.Thing{
		Subject: subjects[r.IntN(len(subjects))], UUID: pick("a", "b"), Organization: pick(org, otherOrg),
		Project: pick(here, elsewhere), Public: r.IntN(2) == 0, Owner: pick(me, "you", ""), CreatedBy: pick(me, "you", ""),
		Type: pick(access.DefaultProject, access.PreviewProject), Upstream: pick("", here, elsewhere),
		Tenant: pick("", "", "tenant", "other-tenant"), Dashboards: []string{pick("a", "b")},
		Changes: slices.Clone([][]string{nil, {"addChart"}, {"editDashboardName", "addFilter"}}[r.IntN(3)]),
	}
	for range r.IntN(3) {
		thing.Shares = append(thing.Shares, access.Grant{User: pick(me, "you"), Role: roles[1+r.IntN(5)]})
	}
	return thing
}

func TestRolesOnlyAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		thing, action := randomThing(r), actions[r.IntN(len(actions))]
		i := r.IntN(len(roles) - 1)
		for _, make := range []func(access.Role) access.Principal{inOrg, inProject} {
			if access.Can(make(roles[i]), action, thing) && !access.Can(make(roles[i+1]), action, thing) {
				t.Fatalf("%s can %s %+v, but %s can't", roles[i], action, thing, roles[i+1])
			}
		}
		both := inOrg(roles[i])
		both.ProjectRoles = map[string][]access.Role{here: {access.Viewer}}
		if access.Can(inOrg(roles[i]), action, thing) && !access.Can(both, action, thing) {
			t.Fatalf("a role in a project takes %s %+v from %s", action, thing, roles[i])
		}
	}
}

func TestNobodyReachesAnotherOrganization(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		thing, action := randomThing(r), actions[r.IntN(len(actions))]
		thing.Organization = otherOrg
		for _, who := range []access.Principal{inOrg(access.Admin), inProject(access.Admin), tenant()} {
			if access.Can(who, action, thing) {
				t.Fatalf("%+v can %s %+v", who, action, thing)
			}
		}
	}
}

func TestTheZeroPrincipalMayDoNothing(t *testing.T) {
	for _, subject := range subjects {
		for _, action := range actions {
			thing := access.Thing{Subject: subject, Public: true}
			if access.Can(access.Principal{}, action, thing) || access.Can(access.Principal{Kind: access.User}, action, thing) {
				t.Errorf("somebody unknown can %s %s", action, subject)
			}
		}
	}
	if rules := access.Rules(access.Principal{Kind: access.User, User: me}); len(rules) != 0 {
		t.Errorf("somebody without organization has rules: %v", rules)
	}
}

func tenant() access.Principal {
	return access.Principal{Kind: access.Tenant, Organization: org, Project: here, Tenant: "tenant"}
}

// A tenant's abilities, all permissions given, never leave its project, its own content, and never touch SQL.
func TestH74_WhatAnEmbedPrincipalMayDoAtMost(t *testing.T) {
	every := map[string]bool{}
	for _, name := range []string{"addChart", "addFilter", "createChart", "createChartSQL", "editCharts", "removeChart",
		"aiCharts", "editMarketplace", "aiInsight", "drillDown", "editDashboardName", "exportCsv"} {
		every[name] = true
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		thing, action := randomThing(r), actions[r.IntN(len(actions))]
		who := tenant()
		who.Permissions = every
		if !access.Can(who, action, thing) {
			continue
		}
		switch {
		case thing.Project != here, thing.Tenant == "other-tenant":
			t.Fatalf("a tenant can %s %+v", action, thing)
		case thing.Subject == access.CustomSQL, thing.Subject == access.SQLRunner, thing.Subject == access.VirtualView:
			t.Fatalf("a tenant can %s SQL: %+v", action, thing)
		case thing.Subject == access.Dashboard && !thing.Public && thing.Tenant == "":
			t.Fatalf("a tenant can %s what is private: %+v", action, thing)
		case (thing.Subject == access.Dashboard || thing.Subject == access.SavedChart) && action != access.View && thing.Tenant != "tenant":
			t.Fatalf("a tenant can %s what isn't its own: %+v", action, thing)
		}
		who.Permissions = map[string]bool{access.ReadOnly: true, "editCharts": true, "createChart": true, "removeChart": true}
		if action != access.View && access.Can(who, action, thing) {
			t.Fatalf("readOnly doesn't keep a tenant from %s %+v", action, thing)
		}
	}
}

func TestAScopeShowsNothingButWhatItNames(t *testing.T) {
	admin := inOrg(access.Admin)
	admin.Scope = &access.Scope{Dashboards: []string{"a"}, Charts: []string{"c"}}
	guest := tenant()
	guest.Scope = admin.Scope
	for _, who := range []access.Principal{admin, guest} {
		for _, c := range []struct {
			thing access.Thing
			want  bool
		}{
			{access.Thing{Subject: access.Dashboard, UUID: "a"}, true},
			{access.Thing{Subject: access.Dashboard, UUID: "b"}, false},
			{access.Thing{Subject: access.Dashboard}, false},
			{access.Thing{Subject: access.SavedChart, UUID: "c"}, true},
			{access.Thing{Subject: access.SavedChart, UUID: "d"}, false},
			{access.Thing{Subject: access.SavedChart, UUID: "d", Dashboards: []string{"a"}}, true},
			{access.Thing{Subject: access.SavedChart, UUID: "d", Dashboards: []string{"b"}}, false},
			{access.Thing{Subject: access.Space}, false},
		} {
			c.thing.Organization, c.thing.Project, c.thing.Public = org, here, true
			if got := access.Can(who, access.View, c.thing); got != c.want {
				t.Errorf("%v sees %+v: %v", who.Kind, c.thing, got)
			}
			if access.Can(who, access.Update, c.thing) {
				t.Errorf("%v edits %+v through a scope", who.Kind, c.thing)
			}
		}
	}
}

func TestSpaceAccess(t *testing.T) {
	for _, c := range []struct {
		name     string
		private  bool
		standing access.Standing
		want     string
	}{
		{"a viewer views a public space", false, access.Standing{OrgRole: "viewer"}, "viewer false viewer organization viewer"},
		{"an interactive viewer only views", false, access.Standing{OrgRole: "interactive_viewer"}, "viewer false interactive_viewer organization interactive_viewer"},
		{"a developer edits a public space", false, access.Standing{OrgRole: "developer"}, "editor false developer organization developer"},
		{"an admin is admin of a private space", true, access.Standing{OrgRole: "admin"}, "admin false admin organization admin"},
		{"an admin is admin whatever the space says", true, access.Standing{OrgRole: "admin", SpaceRole: "viewer"}, "admin true admin organization admin"},
		{"an editor isn't in a private space", true, access.Standing{OrgRole: "editor"}, "none"},
		{"a share lifts a viewer", true, access.Standing{OrgRole: "viewer", SpaceRole: "editor"}, "editor true viewer organization viewer"},
		{"a share limits an editor", false, access.Standing{OrgRole: "editor", SpaceRole: "viewer"}, "viewer true editor organization editor"},
		{"a member isn't in a public space", false, access.Standing{OrgRole: "member"}, "none"},
		{"a share alone gives a member nothing", true, access.Standing{OrgRole: "member", SpaceRole: "admin"}, "none"},
		{"a project role makes a member", false, access.Standing{OrgRole: "member", ProjectRole: "editor"}, "editor false editor project editor"},
		{"a group's project role counts", false, access.Standing{OrgRole: "viewer", GroupRoles: []access.Role{"editor"}}, "editor false editor group viewer"},
		{"between equals the later wins", false, access.Standing{OrgRole: "editor", ProjectRole: "editor"}, "editor false editor project editor"},
		{"a space's group makes a member", true, access.Standing{OrgRole: "member", SpaceByGroups: []access.Role{"viewer", "editor"}}, "editor true editor space_group "},
		{"a space's group of admins is admin", true, access.Standing{OrgRole: "viewer", SpaceByGroups: []access.Role{"admin"}}, "admin true admin space_group viewer"},
		{"a group's project admin sees private spaces", true, access.Standing{OrgRole: "member", GroupRoles: []access.Role{"admin"}}, "admin false admin group "},
	} {
		got := "none"
		if share, ok := access.SpaceAccess(c.private, c.standing); ok {
			got = fmt.Sprintf("%s %v %s %s %s", share.Role, share.Direct, share.Inherited, share.InheritedFrom, share.ProjectRole)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func BenchmarkCan(b *testing.B) {
	who := inOrg(access.Developer)
	thing := access.Thing{Subject: access.SavedChart, Organization: org, Project: here, Public: true}
	b.ReportAllocs()
	for b.Loop() {
		access.Can(who, access.View, thing)
	}
}

package identity_test

import (
	"testing"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/identity"
)

func here(subject access.Subject) access.Thing {
	return access.Thing{Subject: subject, Organization: ours, Project: ourProject}
}

func TestACustomRoleActsOnTheNextRequestAndOnEveryReplica(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin, other := t.Context(), w.who("admin"), w.replica(nil)
		member := w.users["member"].UUID
		may := func(s *identity.Service, subject access.Subject) bool {
			who, err := s.PrincipalOf(ctx, "", member)
			w.ok(err)
			return access.Can(who, access.Manage, here(subject))
		}
		expect := func(what string, explore, tags bool) {
			t.Helper()
			for _, s := range []*identity.Service{w.Service, other} {
				if may(s, access.Explore) != explore || may(s, access.Tags) != tags {
					t.Errorf("%s: explores %t, tags %t", what, may(s, access.Explore), may(s, access.Tags))
				}
			}
		}
		role, err := w.CreateRole(ctx, admin, "Explorer", nil, []access.Ability{"manage:Explore", "view:Project"})
		w.ok(err)
		expect("made and nobody's", false, false)
		_, err = w.Assign(ctx, admin, identity.Assignment{Project: ourProject, User: member, Role: role.UUID})
		w.ok(err)
		expect("assigned", true, false)
		_, err = w.ChangeRole(ctx, admin, role.UUID, identity.RoleChange{Add: []access.Ability{"manage:Tags"}, Remove: []access.Ability{"manage:Explore"}})
		w.ok(err)
		expect("changed", false, true)
		w.ok(w.Unassign(ctx, admin, identity.Assignment{Project: ourProject, User: member}))
		expect("taken", false, false)

		g, err := w.CreateGroup(ctx, admin, "Taggers", []string{member})
		w.ok(err)
		_, err = w.Assign(ctx, admin, identity.Assignment{Project: ourProject, Group: g.UUID, Role: role.UUID})
		w.ok(err)
		expect("through a group", false, true)
		_, err = w.Assign(ctx, admin, identity.Assignment{User: member, Role: role.UUID})
		w.ok(err)
		_, err = w.RemoveMember(ctx, admin, g.UUID, member)
		w.ok(err)
		expect("in the organization", false, true)
		all, err := w.Assignees(ctx, admin, role.UUID)
		w.ok(err)
		if len(all) != 2 || all[1].Group != g.UUID || all[0].Name != "member Test" {
			t.Errorf("%+v", all)
		}
		w.ok(w.DeleteRole(ctx, admin, role.UUID))
		expect("deleted", false, false)
		for _, act := range []string{"role.create Explorer", "role.update", "role.assign " + role.UUID + " " + ourProject, "role.unassign " + ourProject, "role.delete"} {
			if !w.log.has(act, false) {
				t.Errorf("%s is not in the audit log", act)
			}
		}
	})
}

func TestOneRoleInOnePlace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin, editor := t.Context(), w.who("admin"), w.users["editor"].UUID
		role, err := w.CreateRole(ctx, admin, "Explorer", nil, []access.Ability{"manage:Explore"})
		w.ok(err)
		assign := func(project, role string) {
			t.Helper()
			_, err := w.Assign(ctx, admin, identity.Assignment{Project: project, User: editor, Role: role})
			w.ok(err)
		}
		assign("", role.UUID)
		if who := w.who("editor"); who.OrgRole != access.Member || len(who.Custom) != 1 {
			t.Errorf("a custom role in place of editor: %+v", who)
		}
		_, err = w.SetRole(ctx, admin, editor, access.Viewer)
		w.ok(err)
		if who := w.who("editor"); who.OrgRole != access.Viewer || len(who.Custom) != 0 {
			t.Errorf("viewer in place of a custom role: %+v", who)
		}
		assign(ourProject, "developer")
		assign(ourProject, role.UUID)
		if who := w.who("editor"); len(who.ProjectRoles[ourProject]) != 0 || len(who.Custom) != 1 {
			t.Errorf("a custom role in place of developer: %+v", who)
		}
		w.ok(w.ChangeGrant(ctx, admin, ourProject, editor, ""))
		if who := w.who("editor"); len(who.Custom) != 0 {
			t.Errorf("a revoked grant leaves %+v", who.Custom)
		}
		_, err = w.Assign(ctx, admin, identity.Assignment{User: w.users["admin"].UUID, Role: role.UUID})
		w.refused(err, fault.Forbidden, "the last admin becomes something else")
	})
}

func TestNobodyRaisesThemselvesByARoleThatAdministersPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.who("admin")
		group, err := w.CreateGroup(ctx, admin, "Admins of the project", nil)
		w.ok(err)
		_, err = w.GrantGroup(ctx, admin, group.UUID, ourProject, access.Admin)
		w.ok(err)
		role, err := w.CreateRole(ctx, admin, "Staff", nil, []access.Ability{"manage:Organization", "manage:OrganizationMemberProfile",
			"manage:InviteLink", "manage:Group", "manage:Project", "view:Project"})
		w.ok(err)
		_, err = w.Assign(ctx, admin, identity.Assignment{User: w.users["member"].UUID, Role: role.UUID})
		w.ok(err)
		staff, me := w.who("member"), w.users["member"].UUID
		before := w.who("member")

		_, err = w.CreateRole(ctx, staff, "Mine", nil, []access.Ability{"manage:SqlRunner"})
		w.refused(err, fault.Forbidden, "a role with what its maker lacks")
		_, err = w.ChangeRole(ctx, staff, role.UUID, identity.RoleChange{Add: []access.Ability{"manage:SqlRunner"}})
		w.refused(err, fault.Forbidden, "adding to one's own role")
		_, err = w.SetRole(ctx, staff, me, access.Admin)
		w.refused(err, fault.Forbidden, "becoming admin")
		_, err = w.Assign(ctx, staff, identity.Assignment{User: me, Role: "developer"})
		w.refused(err, fault.Forbidden, "becoming developer")
		_, err = w.Assign(ctx, staff, identity.Assignment{Project: ourProject, User: me, Role: "admin"})
		w.refused(err, fault.Forbidden, "becoming admin of a project")
		w.refused(w.GrantProject(ctx, staff, ourProject, "member@example.com", access.Developer), fault.Forbidden, "granting oneself a project")
		_, err = w.AddMember(ctx, staff, group.UUID, me)
		w.refused(err, fault.Forbidden, "joining a group that may more")
		_, err = w.GrantGroup(ctx, staff, group.UUID, ourProject, access.Admin)
		w.refused(err, fault.Forbidden, "granting a group")
		w.refused(w.DeleteUser(ctx, staff, w.users["admin"].UUID), fault.Forbidden, "deleting an admin")
		w.refused(w.RevokeUser(ctx, staff, w.users["admin"].UUID), fault.Forbidden, "signing an admin out")
		_, err = w.SetDomains(ctx, staff, identity.Domains{Domains: []string{"example.org"}, Role: access.Editor})
		w.refused(err, fault.Forbidden, "making editors of a domain")
		_, err = w.UnsentMail(ctx, staff)
		w.refused(err, fault.Forbidden, "seeing links that open an admin's account")
		invite, err := w.Invite(ctx, staff, "new@example.com", access.Admin, w.clock.now().AddDate(0, 0, 1))
		w.ok(err)
		if m, err := w.Member(ctx, admin, invite.User); err != nil || m.Role != access.Member {
			t.Errorf("somebody invited as admin is %s: %v", m.Role, err)
		}
		if !access.MayGive(before, w.who("member")) {
			t.Errorf("%+v became %+v", before, w.who("member"))
		}
		_, err = w.CreateRole(ctx, staff, "Groups", nil, []access.Ability{"manage:Group"})
		w.ok(err)
		if !w.log.has("grant more than own", true) || !w.log.has("role.create Mine", true) {
			t.Error("the tries are not in the audit log")
		}
	})
}

func TestRolesThatCannotBe(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.who("admin")
		make := func(name string, abilities ...access.Ability) error {
			_, err := w.CreateRole(ctx, admin, name, nil, abilities)
			return err
		}
		w.ok(make("One", "view:Project"))
		w.refused(make("One"), fault.Conflict, "the same name")
		w.refused(make("admin"), fault.Conflict, "the name of another role")
		w.refused(make(""), fault.Invalid, "no name")
		w.refused(make("Two", "manage:Everything"), fault.Invalid, "an ability that isn't")
		_, err := w.CreateRole(ctx, w.who("developer"), "Three", nil, nil)
		w.refused(err, fault.Forbidden, "made by a developer")
		found, err := w.CustomRoles(ctx, w.who("stranger"))
		if err != nil || len(found) != 0 {
			t.Errorf("another organization sees %v: %v", found, err)
		}
		ourRoles, err := w.CustomRoles(ctx, admin)
		w.ok(err)
		_, err = w.CustomRole(ctx, w.who("stranger"), ourRoles[0].UUID)
		w.refused(err, fault.NotFound, "a role of another organization")
		_, err = w.Assign(ctx, w.who("stranger"), identity.Assignment{User: w.users["stranger"].UUID, Role: ourRoles[0].UUID})
		w.refused(err, fault.NotFound, "assigning a role of another organization")
		_, err = w.Assign(ctx, admin, identity.Assignment{Project: ourProject, User: w.users["stranger"].UUID, Role: "viewer"})
		w.refused(err, fault.NotFound, "assigning to somebody of another organization")
	})
}

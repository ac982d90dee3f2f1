package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// each0 is each with nobody in the database yet.
func each0(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, newWorld(t, db, nil)) })
}

// dump is every row of every table of ours as text, its values between bars.
func (w *world) dump() string {
	w.t.Helper()
	var out strings.Builder
	for _, table := range []string{"organizations", "users", "passcodes", "invites", "password_resets", "user_identities",
		"sessions", "access_tokens", "warehouse_logins", "ssh_keys"} {
		var rows []map[string]any
		w.ok(w.db.NewRaw("SELECT * FROM "+table).Scan(w.t.Context(), &rows))
		for _, row := range rows {
			for _, value := range row {
				if bytes, ok := value.([]byte); ok {
					value = string(bytes)
				}
				fmt.Fprintf(&out, "|%v|", value)
			}
		}
	}
	return out.String()
}

// H03: with valid ids of ours, the admin of another organization gets what they would for ids that don't exist.
func TestH03_AnotherOrganizationsAdminFindsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin, stranger := t.Context(), w.who("admin"), w.who("stranger")
		const nowhere = "00000000-0000-4000-8000-000000000000"
		viewer, role := w.users["viewer"].UUID, access.Viewer
		g, err := w.CreateGroup(ctx, admin, "Sales", []string{viewer})
		w.ok(err)
		a, err := w.SaveAttribute(ctx, admin, identity.Attribute{Name: "region"})
		w.ok(err)
		name := "changed"
		for what, act := range map[string]func(user, group, attribute string) error{
			"read a member":    func(u, _, _ string) error { _, err := w.Member(ctx, stranger, u); return err },
			"change a role":    func(u, _, _ string) error { _, err := w.SetRole(ctx, stranger, u, role); return err },
			"delete a member":  func(u, _, _ string) error { return w.DeleteUser(ctx, stranger, u) },
			"deactivate":       func(u, _, _ string) error { return w.SetActive(ctx, stranger, u, false) },
			"read a group":     func(_, g, _ string) error { _, err := w.Group(ctx, stranger, g); return err },
			"rename a group":   func(_, g, _ string) error { _, err := w.UpdateGroup(ctx, stranger, g, &name, nil); return err },
			"delete a group":   func(_, g, _ string) error { return w.DeleteGroup(ctx, stranger, g) },
			"add to a group":   func(u, g, _ string) error { _, err := w.AddMember(ctx, stranger, g, u); return err },
			"empty a group":    func(u, g, _ string) error { _, err := w.RemoveMember(ctx, stranger, g, u); return err },
			"put in their own": func(u, _, _ string) error { _, err := w.CreateGroup(ctx, stranger, "X", []string{u}); return err },
			"replace": func(_, _, a string) error {
				_, err := w.SaveAttribute(ctx, stranger, identity.Attribute{UUID: a, Name: "x"})
				return err
			},
			"delete attribute": func(_, _, a string) error { return w.DeleteAttribute(ctx, stranger, a) },
			"give our user one": func(u, _, _ string) error {
				_, err := w.SaveAttribute(ctx, stranger, identity.Attribute{Name: "y", Users: []identity.UserValue{{User: u, Value: "1"}}})
				return err
			},
		} {
			got, want := act(viewer, g.UUID, a.UUID), act(nowhere, nowhere, nowhere)
			if !fault.Is(got, fault.NotFound) || !fault.Is(want, fault.NotFound) {
				t.Errorf("%s: %v for ours, %v for nobody's", what, got, want)
			} else if strings.ReplaceAll(got.Error(), viewer, nowhere) != strings.ReplaceAll(want.Error(), a.UUID, nowhere) &&
				strings.ReplaceAll(got.Error(), a.UUID, nowhere) != want.Error() {
				t.Errorf("%s: %q for ours, %q for nobody's", what, got, want)
			}
		}
		for what, err := range map[string]error{
			"grant in our project": w.GrantProject(ctx, stranger, ourProject, "stranger@example.com", role),
			"revoke in it":         w.ChangeGrant(ctx, stranger, ourProject, viewer, ""),
			"delete us":            w.DeleteOrganization(ctx, stranger, ours),
			"choose our project":   w.UpdateOrganization(ctx, stranger, identity.OrganizationUpdate{DefaultProject: ptr(ourProject)}),
		} {
			w.refused(err, fault.Forbidden, what)
		}
		members, _, err := w.Members(ctx, stranger, identity.MemberQuery{Groups: true})
		if err != nil || len(members) != 1 {
			t.Errorf("they see %d members, %v", len(members), err)
		}
		if found, err := w.Group(ctx, admin, g.UUID); err != nil || len(found.Members) != 1 || found.Name != "Sales" {
			t.Errorf("our group is %+v, %v", found, err)
		}
	})
}

func ptr[T any](v T) *T { return &v }

func TestH08_MalformedIdsAreNotFoundAndNeverSQL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.who("admin")
		for _, id := range []string{"..", "%2e%2e", ":key", "{id}", "*", "' OR 1=1 --", "𝟏", strings.Repeat("x", 10_000), "", "?", "?0"} {
			for what, err := range map[string]error{
				"member": second(w.Member(ctx, admin, id)), "group": second(w.Group(ctx, admin, id)),
				"delete": w.DeleteUser(ctx, admin, id), "attribute": w.DeleteAttribute(ctx, admin, id),
				"grant": w.GrantProject(ctx, admin, id, "viewer@example.com", access.Viewer), "login": w.DeleteWarehouseLogin(ctx, admin, id),
				"principal": second(w.PrincipalOf(ctx, "", id)), "reset": w.CheckReset(ctx, id), "invite": second(w.FindInvite(ctx, id)),
			} {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("%s %.20q: %v", what, id, err)
				}
			}
			_, err := w.ByToken(ctx, id)
			w.refused(err, fault.Unauthenticated, "token "+id)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestMembersAreFoundByAllWords(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.who("admin")
		for search, want := range map[string]int{"": 5, "EDIT": 1, "edit test": 1, "edit viewer": 0, "example.com": 5, "%": 0, "_": 0, "!": 0, "'": 0} {
			members, _, err := w.Members(ctx, admin, identity.MemberQuery{Search: search, Groups: true})
			if err != nil || len(members) != want {
				t.Errorf("%q finds %d, %v, want %d", search, len(members), err, want)
			}
		}
	})
}

func TestPagesOfMembers(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx, admin := t.Context(), w.who("admin")
	for page, want := range map[identity.Page]int{{}: 5, {Number: 1, Size: 2}: 2, {Number: 3, Size: 2}: 1, {Number: 99, Size: 2}: 0,
		{Number: 0, Size: 2}: 5, {Number: 1, Size: 1 << 40}: 5, {Number: 1 << 60, Size: 1 << 10}: 0} {
		members, pages, err := w.Members(ctx, admin, identity.MemberQuery{Page: page})
		if err != nil || len(members) != want || (pages == nil) != (page.Number == 0) {
			t.Errorf("%+v: %d members, %+v, %v", page, len(members), pages, err)
		}
	}
	_, _, err := w.Members(ctx, admin, identity.MemberQuery{Page: identity.Page{Number: -1, Size: 2}})
	w.refused(err, fault.Unprocessable, "a negative page")
}

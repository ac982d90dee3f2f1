package content_test

import (
	"strings"
	"sync"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func (w world) moveSpace(who access.Principal, id, target string) error {
	return w.Move(w.ctx, who, shop, []content.Movable{{Kind: "space", UUID: id}}, target)
}

func TestASpaceIsMovedByWhoManagesBothEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at, admin, editor := w.forest(t), user(access.Admin), user(access.Editor)
		own := w.space(t, editor, shop, "Own", false)
		for name, err := range map[string]error{
			"into a space that they can't see":    w.moveSpace(editor, own, at["Closed"]),
			"into one that isn't there":           w.moveSpace(editor, own, newUUID),
			"into one that they only look into":   w.moveSpace(editor, own, at["Vault"]),
			"one that they only look into":        w.moveSpace(editor, at["Safe"], own),
			"as a viewer":                         w.moveSpace(user(access.Viewer), at["Team"], at["Desk"]),
			"from another organization":           w.moveSpace(stranger(), own, at["Open"]),
			"through another project":             w.Move(w.ctx, admin, stage, []content.Movable{{Kind: "space", UUID: own}}, at["Open"]),
			"making one where they only look":     second(w.CreateSpace(w.ctx, editor, shop, content.NewSpace{Name: "x", Parent: at["Vault"]})),
			"making one in one they can't see":    second(w.CreateSpace(w.ctx, editor, shop, content.NewSpace{Name: "x", Parent: at["Closed"]})),
			"making one in another project's":     second(w.CreateSpace(w.ctx, admin, stage, content.NewSpace{Name: "x", Parent: at["Open"]})),
			"listing what one that is hidden has": second(w.Spaces(w.ctx, editor, shop, at["Closed"])),
		} {
			if !refused(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if hidden, gone := w.moveSpace(editor, own, at["Closed"]), w.moveSpace(editor, own, newUUID); strings.ReplaceAll(fault.As(hidden).Error(), at["Closed"], newUUID) != fault.As(gone).Error() {
			t.Errorf("a hidden space is refused as %q, one that isn't there as %q", hidden, gone)
		}
		if err := w.ShareSpace(w.ctx, admin, shop, at["Desk"], idOf(access.Editor), access.Admin); err != nil {
			t.Fatal(err)
		}
		if err := w.moveSpace(editor, at["Desk"], own); !refused(err) {
			t.Errorf("taken out of a space that they don't manage: %v", err)
		}
		if err := w.moveSpace(admin, at["Team"], own); err != nil || w.path(user(access.Viewer), at["Desk"]) != "Own/Team/Desk" {
			t.Error(err, w.path(user(access.Viewer), at["Desk"]))
		}
	})
}

const newUUID = "99999999-0000-4000-8000-000000000001"

func TestMovingASpaceOpensItToNobodyButWhereItComes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at, admin := w.forest(t), user(access.Admin)
		for _, step := range []struct {
			name, space, target string
			seen                map[access.Role]string
		}{
			{"out of a private space, it stays private", at["Safe"], "", map[access.Role]string{access.Editor: "-", access.Viewer: "-", access.Admin: "Safe"}},
			{"private, it stays so in a public one", at["Safe"], at["Open"], map[access.Role]string{access.Editor: "-", access.Admin: "Open/Safe"}},
			{"into a private one, it closes", at["Team"], at["Vault"], map[access.Role]string{access.Editor: "Vault/Team", access.Viewer: "-"}},
			{"out of a public one, it stays public", at["Desk"], at["Open"], map[access.Role]string{access.Viewer: "Open/Desk"}},
			{"what lies in it follows", at["Vault"], at["Closed"], map[access.Role]string{access.Editor: "Vault", access.InteractiveViewer: "-"}},
		} {
			if err := w.moveSpace(admin, step.space, step.target); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			for role, want := range step.seen {
				if got := w.path(user(role), step.space); got != want {
					t.Errorf("%s: %s sees %q, want %q", step.name, role, got, want)
				}
			}
		}
		if got := w.path(user(access.InteractiveViewer), at["Shared"]); got != "Shared" {
			t.Errorf("what was shared singly is %q", got)
		}
		if got := w.path(user(access.Editor), at["Team"]); got != "Vault/Team" {
			t.Errorf("behind a hidden space the way is %q", got)
		}
	})
}

func TestClosingASpaceEndsWhatCameFromAbove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at, admin, editor := w.forest(t), user(access.Admin), user(access.Editor)
		yes, no := true, false
		for _, step := range []struct {
			name   string
			change content.SpaceChange
			want   string
		}{
			{"sending back what is shown", content.SpaceChange{Name: "Safe", Private: &yes}, "Vault/Safe"},
			{"closing", content.SpaceChange{Name: "Safe", Private: &yes, Inherits: &no}, "-"},
			{"sending back what is shown then", content.SpaceChange{Name: "Safe", Private: &yes}, "-"},
			{"opening", content.SpaceChange{Name: "Safe", Private: &yes, Inherits: &yes}, "Vault/Safe"},
			{"asking for public", content.SpaceChange{Name: "Safe", Private: &no}, "Vault/Safe"},
		} {
			if _, err := w.UpdateSpace(w.ctx, admin, shop, at["Safe"], step.change); err != nil || w.path(editor, at["Safe"]) != step.want {
				t.Errorf("%s: an editor sees %q, want %q, %v", step.name, w.path(editor, at["Safe"]), step.want, err)
			}
			if got := w.path(user(access.Developer), at["Safe"]); got != "-" {
				t.Errorf("%s: a developer sees %q", step.name, got)
			}
		}
		if err := w.UnshareSpace(w.ctx, admin, shop, at["Vault"], idOf(access.Editor)); err != nil || w.path(editor, at["Safe"]) != "-" {
			t.Error("a role that was taken back still opens what lies below", err)
		}
	})
}

func TestSpacesNeverLieInThemselves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at, admin := w.forest(t), user(access.Admin)
		for _, target := range []string{"Open", "Team", "Desk"} {
			if err := w.moveSpace(admin, at["Open"], at[target]); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.As(err).Error(), "targetSpaceUuid") {
				t.Errorf("moved into %s: %v", target, err)
			}
		}
		below := at["Desk"]
		for depth := 4; depth <= 10; depth++ {
			below = w.within(t, admin, below, "More", false)
		}
		if _, err := w.CreateSpace(w.ctx, admin, shop, content.NewSpace{Name: "x", Parent: below}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the eleventh: %v", err)
		}
		if err := w.moveSpace(admin, at["Open"], at["Vault"]); !fault.Is(err, fault.Invalid) {
			t.Errorf("all ten into another: %v", err)
		}
		s := newFixed(db)
		var moving sync.WaitGroup
		for _, pair := range [][2]string{{"Team", "Vault"}, {"Vault", "Team"}, {"Closed", "Team"}, {"Team", "Closed"}} {
			moving.Go(func() {
				_ = s.Move(w.ctx, admin, shop, []content.Movable{{Kind: "space", UUID: at[pair[0]]}}, at[pair[1]]) // some must fail
			})
		}
		moving.Wait()
		for name, id := range at {
			if path := strings.Split(w.path(admin, id), "/"); len(path) > 10 || path[len(path)-1] != name {
				t.Errorf("%s lies at %v", name, path)
			}
		}
	})
}

func TestThingsAreMovedTogetherOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at, admin, editor := w.forest(t), user(access.Admin), user(access.Editor)
		chart := w.chart(t, admin, shop, at["Open"], "Sales")
		board := w.dashboard(t, admin, shop, at["Open"], "Board", chart.UUID)
		hidden := w.chart(t, admin, shop, at["Closed"], "Hidden")
		sql, _, err := w.CreateSQLChart(w.ctx, admin, shop, content.NewSQLChart{Space: at["Open"], Name: "By hand", Document: content.SQLDocument{SQL: "SELECT 1", Limit: 1, Config: []byte(`{"type":"table"}`)}})
		if err != nil {
			t.Fatal(err)
		}
		things := []content.Movable{{Kind: "chart", UUID: chart.UUID}, {Kind: "dashboard", UUID: board.UUID}}
		if err := w.Move(w.ctx, editor, shop, append(things, content.Movable{Kind: "chart", UUID: hidden.UUID}), at["Desk"]); !refused(err) {
			t.Errorf("moved what is hidden: %v", err)
		}
		if err := w.Move(w.ctx, editor, shop, things, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("moved to no space: %v", err)
		}
		things = append(things, content.Movable{Kind: "sql_chart", UUID: sql}, content.Movable{Kind: "space", UUID: at["Team"]})
		if err := w.Move(w.ctx, admin, shop, append(things, content.Movable{Kind: "space", UUID: at["Vault"]}), at["Shared"]); !fault.Is(err, fault.Invalid) {
			t.Errorf("moved all but one: %v", err)
		}
		if now, err := w.Chart(w.ctx, admin, chart.UUID); err != nil || now.Space.UUID != at["Open"] {
			t.Errorf("the chart lies in %v, %v", now.Space.Name, err)
		}
		if err := w.Move(w.ctx, admin, shop, things, at["Closed"]); err != nil {
			t.Fatal(err)
		}
		moved, err := w.SQLChart(w.ctx, admin, shop, sql)
		if err != nil || moved.Space.UUID != at["Closed"] || w.path(admin, at["Team"]) != "Open/Closed/Team" {
			t.Error(moved, err)
		}
		if d, err := w.Dashboard(w.ctx, admin, board.UUID); err != nil || d.Space.UUID != at["Closed"] {
			t.Error(d, err)
		}
		if _, err := w.Chart(w.ctx, editor, chart.UUID); !refused(err) {
			t.Errorf("an editor opens the chart in the private space: %v", err)
		}
	})
}

func TestATreeOfSpacesComesBackWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		at, admin, editor := w.forest(t), user(access.Admin), user(access.Editor)
		early := w.chart(t, admin, shop, at["Desk"], "Early")
		must := func(errs ...error) {
			t.Helper()
			for _, err := range errs {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		must(w.ShareSpace(w.ctx, admin, shop, at["Open"], idOf(access.Editor), access.Admin))
		if err := w.DeleteSpace(w.ctx, editor, shop, at["Open"]); !refused(err) {
			t.Errorf("an editor deleted a space that holds a private one: %v", err)
		}
		must(w.DeleteChart(w.ctx, admin, early.UUID), w.DeleteSpace(w.ctx, admin, shop, at["Safe"]), w.DeleteSpace(w.ctx, admin, shop, at["Vault"]), w.DeleteSpace(w.ctx, admin, shop, at["Open"]))
		for _, id := range at {
			if got := w.path(admin, id); got != "-" {
				t.Errorf("%s is still there", got)
			}
		}
		for id, first := range map[string]string{early.UUID: `"Open"`, at["Safe"]: `"Vault"`} {
			if err := w.Restore(w.ctx, admin, shop, id); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.As(err).Error(), first) {
				t.Errorf("restored before what it lay in: %v", err)
			}
			if err := w.Restore(w.ctx, user(access.Developer), shop, id); !refused(err) {
				t.Errorf("a developer learns of what was hidden: %v", err)
			}
		}
		if err := w.Restore(w.ctx, editor, shop, at["Open"]); !refused(err) {
			t.Errorf("an editor restored what holds a private space: %v", err)
		}
		must(w.Restore(w.ctx, admin, shop, at["Open"]), w.Restore(w.ctx, admin, shop, at["Vault"]), w.Restore(w.ctx, admin, shop, at["Safe"]), w.Restore(w.ctx, admin, shop, early.UUID))
		for role, want := range forestSeen {
			seen := map[string]bool{}
			for _, id := range at {
				if path := w.path(user(role), id); path != "-" {
					seen[path] = true
				}
			}
			if got := sorted(seen); got != want {
				t.Errorf("%s sees %q again, want %q", role, got, want)
			}
		}
		if got := w.trashed(t, admin); len(got) != 0 {
			t.Error(got)
		}
	})
}

func TestCopiesKeepTheTree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin, looker := user(access.Admin), user(access.InteractiveViewer)
		w.forest(t)
		if err := w.Copy(w.ctx, admin, shop, stage); err != nil {
			t.Fatal(err)
		}
		for role, want := range forestSeen {
			if got := w.tree(user(role), stage); got != want {
				t.Errorf("%s sees %q in the copy, want %q", role, got, want)
			}
		}
		if err := w.Erase(w.ctx, stage); err != nil {
			t.Fatal(err)
		}
		if err := w.Copy(w.ctx, looker, shop, stage); err != nil { // who doesn't see what Shared lies in
			t.Fatal(err)
		}
		for role, want := range map[access.Role]string{access.Viewer: "Open Open/Team Open/Team/Desk", access.InteractiveViewer: "Open Open/Team Open/Team/Desk Shared",
			access.Editor: "Open Open/Team Open/Team/Desk", access.Admin: "Open Open/Team Open/Team/Desk Shared"} {
			if got := w.tree(user(role), stage); got != want {
				t.Errorf("%s sees %q in a copy of a part, want %q", role, got, want)
			}
		}
	})
}

// tree is the ways to all spaces of a project that somebody sees.
func (w world) tree(who access.Principal, project string) string {
	seen := map[string]bool{}
	spaces, _ := w.Spaces(w.ctx, who, project, "") // who may not view the project sees none
	for _, sp := range spaces {
		path := ""
		for _, up := range sp.Path(who) {
			path += up.Name + "/"
		}
		seen[path+sp.Name] = true
	}
	return sorted(seen)
}

func TestPromotingMakesTheSpacesAbove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		nest := func(parent, name string, private bool) string {
			made, err := w.CreateSpace(w.ctx, admin, stage, content.NewSpace{Name: name, Parent: parent, Private: private})
			if err != nil {
				t.Fatal(err)
			}
			return made.UUID
		}
		vault := nest("", "Vault", true)
		safe := nest(nest(vault, "Room", false), "Safe", false)
		if _, err := w.PromoteChart(w.ctx, admin, w.chart(t, admin, stage, safe, "Sales").UUID); err != nil {
			t.Fatal(err)
		}
		if got := w.tree(admin, shop); got != "Vault Vault/Room Vault/Room/Safe" || w.tree(user(access.Editor), shop) != "" {
			t.Errorf("the admin sees %q upstream, an editor %q", got, w.tree(user(access.Editor), shop))
		}
		w.space(t, admin, shop, "Open", false) // upstream it is open to all, here it isn't
		lower := nest(nest("", "Open", true), "Lower", false)
		if _, err := w.PromoteChart(w.ctx, admin, w.chart(t, admin, stage, lower, "Margins").UUID); err != nil {
			t.Fatal(err)
		}
		if got := w.tree(user(access.Editor), shop); got != "Open" {
			t.Errorf("an editor sees %q upstream", got)
		}
		if got := w.tree(admin, shop); !strings.Contains(got, "Open/Lower") {
			t.Errorf("the admin sees %q upstream", got)
		}
	})
}

func TestSpacesAsCodeKeepTheTree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin, editor := newWorld(db), user(access.Admin), user(access.Editor)
		at := w.forest(t)
		for _, who := range []access.Principal{admin, editor, user(access.InteractiveViewer)} {
			codes, err := w.SpaceCodes(w.ctx, who, shop)
			if err != nil || len(codes) == 0 {
				t.Fatal(codes, err)
			}
			for _, c := range codes {
				if done, err := w.PutSpace(w.ctx, who, shop, c); err != nil || done != content.PutKeeps {
					t.Errorf("%s puts %+v back: %s, %v", who.OrgRole, c, done, err)
				}
			}
		}
		codes, _ := w.SpaceCodes(w.ctx, admin, shop)
		for _, c := range codes { // whatever comes first
			if _, err := w.PutSpace(w.ctx, admin, stage, c); err != nil {
				t.Fatalf("%+v: %v", c, err)
			}
		}
		again, err := w.SpaceCodes(w.ctx, admin, stage)
		if err != nil || w.tree(admin, stage) != forestSeen[access.Admin] || w.tree(user(access.Viewer), stage) != forestSeen[access.Viewer] || len(again) != len(codes) {
			t.Errorf("elsewhere it is %q, for a viewer %q, %v", w.tree(admin, stage), w.tree(user(access.Viewer), stage), err)
		}
		for name, c := range map[string]content.SpaceCode{
			"in itself":                     {Slug: "open", Name: "Open", Parent: "open"},
			"in what lies in it":            {Slug: "open", Name: "Open", Parent: "desk"},
			"in one that they can't see":    {Slug: "mine", Name: "Mine", Parent: "closed"},
			"in one that they only look at": {Slug: "mine", Name: "Mine", Parent: "vault"},
		} {
			who := editor
			if c.Slug == "open" {
				who = admin
			}
			if _, err := w.PutSpace(w.ctx, who, shop, c); !refused(err) && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := w.path(admin, at["Desk"]); got != "Open/Team/Desk" {
			t.Errorf("what was refused changed the tree: %s", got)
		}
	})
}

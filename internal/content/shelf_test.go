package content_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/project"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// shown is all that lists and searches tell somebody, as one text.
func shown(t *testing.T, s *content.Service, who access.Principal) string {
	t.Helper()
	var all []any
	for page := 1; page <= 3; page++ {
		found, err := s.List(t.Context(), who, content.ListQuery{Page: page, Size: 4})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found)
	}
	for _, text := range []string{"chart", "board", "room", "new"} {
		found, err := s.ForProjects().Find(t.Context(), who, shop, project.Search{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestListsAndSearchesFollowEveryWrite holds what one process keeps in memory to what another reads anew, after each
// write of a third.
func TestListsAndSearchesFollowEveryWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, kept := newWorld(db), newFixed(db)
		admin := user(access.Admin)
		room, other := w.space(t, admin, shop, "Room", false), w.space(t, admin, shop, "Other room", false)
		chart := w.chart(t, admin, shop, room, "Chart")
		board := w.dashboard(t, admin, shop, room, "Board", chart.UUID)
		sql, _, err := w.CreateSQLChart(w.ctx, admin, shop, content.NewSQLChart{Space: room, Name: "SQL chart",
			Document: content.SQLDocument{SQL: "SELECT 1", Limit: 1, Config: json.RawMessage(`{"type":"table"}`)}})
		if err != nil {
			t.Fatal(err)
		}
		name, closed, text := "New name", false, "A new description"
		for _, step := range []struct {
			name string
			do   func() error
		}{
			{"a chart is made", func() error { w.chart(t, admin, shop, other, "Second chart"); return nil }},
			{"a chart is renamed", func() error { return second(w.UpdateChart(w.ctx, admin, chart.UUID, content.ChartChange{Name: &name})) }},
			{"a chart is described", func() error {
				return second(w.UpdateChart(w.ctx, admin, chart.UUID, content.ChartChange{Description: &text}))
			}},
			{"a chart gets a version", func() error { return second(w.AddChartVersion(w.ctx, admin, chart.UUID, document(20))) }},
			{"a chart is pinned", func() error { return second(w.TogglePinChart(w.ctx, admin, chart.UUID)) }},
			{"a dashboard is renamed", func() error {
				return second(w.UpdateDashboard(w.ctx, admin, board.UUID, content.DashboardChange{Name: &name}))
			}},
			{"all is moved", func() error {
				return w.Move(w.ctx, admin, shop, []content.Movable{{Kind: "chart", UUID: chart.UUID}, {Kind: "sql_chart", UUID: sql}, {Kind: "dashboard", UUID: board.UUID}}, other)
			}},
			{"a space is renamed", func() error {
				return second(w.UpdateSpace(w.ctx, admin, shop, other, content.SpaceChange{Name: "New room"}))
			}},
			{"a space is closed", func() error {
				return second(w.UpdateSpace(w.ctx, admin, shop, other, content.SpaceChange{Name: "New room", Inherits: &closed}))
			}},
			{"a space is shared", func() error { return w.ShareSpace(w.ctx, admin, shop, other, idOf(access.Viewer), access.Viewer) }},
			{"and not any more", func() error { return w.UnshareSpace(w.ctx, admin, shop, other, idOf(access.Viewer)) }},
			{"a space is put into another", func() error { return w.moveSpace(admin, room, other) }},
			{"a chart is looked at", func() error { return second(w.Chart(w.ctx, admin, chart.UUID)) }},
			{"which is written", func() error { return w.Close(w.ctx) }},
			{"a SQL chart is deleted", func() error { return w.DeleteSQLChart(w.ctx, admin, shop, sql) }},
			{"a space is deleted", func() error { return w.DeleteSpace(w.ctx, admin, shop, other) }},
			{"and restored", func() error { return w.Restore(w.ctx, admin, shop, other) }},
			{"much is made", func() error {
				for i := range 40 {
					w.chart(t, admin, shop, other, fmt.Sprint("Chart ", i))
				}
				return nil
			}},
			{"all is erased", func() error { return w.Erase(w.ctx, shop) }},
		} {
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			for _, who := range []access.Principal{admin, user(access.Viewer), tenant("acme")} {
				if got, want := shown(t, kept, who), shown(t, newFixed(db), who); got != want {
					t.Errorf("%s: %v %s is shown %s\nwant %s", step.name, who.Kind, who.OrgRole, got, want)
				}
			}
		}
	})
}

// TestASearchFindsWordsByTheirBeginnings compares a search with a look at every name, letter by letter.
func TestASearchFindsWordsByTheirBeginnings(t *testing.T) {
	db := storetest.SQLite(t)
	w, admin := newWorld(db), user(access.Admin)
	space := w.space(t, admin, shop, "Space", false)
	words := []string{"", "Öl", "ölpreis", "STRASSE", "straße", "Εταιρεία", "εταιρεία", "o", "Oslo", "os", "42", "421", "--", "a b", "café au lait"}
	names, r := []string{}, rand.New(rand.NewPCG(1, 2))
	for range 60 {
		names = append(names, words[r.IntN(len(words))]+" "+words[r.IntN(len(words))])
		w.chart(t, admin, shop, space, names[len(names)-1])
	}
	for _, text := range []string{"öl", "ÖL", "strasse", "straß", "ΕΤΑΙΡΕΊΑ", "o", "os", "42", "421", "au", "b", "x", "-", "öl os"} {
		want := 0
		for _, name := range names {
			if slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '-' }), func(word string) bool {
				return slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(stem string) bool { return stem != "-" && strings.HasPrefix(word, strings.TrimSuffix(stem, "e")) })
			}) {
				want++
			}
		}
		found, err := w.ForProjects().Find(w.ctx, admin, shop, project.Search{Text: text})
		if err != nil || len(found.Charts) != min(want, 10) {
			t.Errorf("%q finds %d of %d, %v", text, len(found.Charts), want, err)
		}
	}
}

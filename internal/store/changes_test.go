package store_test

import (
	"fmt"
	"slices"
	"testing"

	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestChangesNameWhatChangedUntilTooMuchDid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		changes := db.Changes()
		mark := func() store.Mark {
			t.Helper()
			m, err := changes.Mark(t.Context(), "p")
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		start := mark()
		exec(t, db.DB.DB, fmt.Sprintf(newSpace, "a", "p"))
		exec(t, db.DB.DB, fmt.Sprintf(newSpace, "b", "other"))
		exec(t, db.DB.DB, "INSERT INTO space_users (space_uuid, user_uuid, role) VALUES ('a', 'u', 'viewer')")
		made := mark()
		exec(t, db.DB.DB, "DELETE FROM spaces WHERE uuid = 'a'")
		gone := mark()
		for _, c := range []struct {
			from, to store.Mark
			want     []store.Change
		}{
			{start, made, []store.Change{{"spaces", "a"}, {"space_users", "a"}}},
			{made, gone, []store.Change{{"spaces", "a"}}},
			{gone, gone, nil},
		} {
			got, known, err := changes.Between(t.Context(), "p", c.from, c.to)
			if err != nil || !known || !slices.Equal(got, c.want) {
				t.Errorf("from %v to %v changed %v, %t, %v; want %v", c.from, c.to, got, known, err, c.want)
			}
		}
		exec(t, db.DB.DB, fmt.Sprintf(newSpace, "c", "p"))
		exec(t, db.DB.DB, `INSERT INTO charts (uuid, organization_uuid, project_uuid, space_uuid, name, slug, explore, chart_type, chart_kind, created_at, version, updated_at)
			VALUES ('v', 'o', 'p', 'c', 'V', 'v', 'e', 'table', 'table', '2024-02-29 00:00:00+00:00', 1, '2024-02-29 00:00:00+00:00')`)
		unviewed := mark()
		exec(t, db.DB.DB, "UPDATE charts SET views = views + 1")
		viewed := mark()
		got, known, err := changes.Between(t.Context(), "p", unviewed, viewed)
		if err != nil || !known || !slices.Equal(slices.Compact(got), []store.Change{{"charts", "v"}}) || viewed.Project != unviewed.Project || unviewed.Reaches(viewed) {
			t.Errorf("a view changed %v, %t, %v, from %v to %v", got, known, err, unviewed, viewed)
		}
		gone = viewed
		for i := range 1001 {
			exec(t, db.DB.DB, fmt.Sprintf(newSpace, fmt.Sprint("s", i), "p"))
		}
		if got, known, err := changes.Between(t.Context(), "p", gone, mark()); known || err != nil {
			t.Errorf("%d of 1001 changes are said to be all, %v", len(got), err)
		}
		if n, err := db.NewSelect().TableExpr("changes").Where("scope = 'p'").Count(t.Context()); n != 1000 || err != nil {
			t.Errorf("%d changes are kept, %v", n, err)
		}
	})
}

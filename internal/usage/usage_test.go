package usage_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/query"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/usage"
)

func TestUseIsCountedByPersonAndWeek(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := time.Date(2026, 11, 15, 23, 59, 0, 0, time.UTC) // a Sunday
		firsts := atomic.Int32{}
		c := usage.Open(db, func(context.Context, string) error { firsts.Add(1); return nil }, func() time.Time { return at }, slog.New(slog.DiscardHandler))
		defer c.Close()
		ask := func(user, project string, times int, e query.Event) {
			for range times {
				e.Who, e.Project = access.Principal{Kind: access.User, Organization: "org", User: user}, project
				c.Record(e)
			}
			if _, err := c.Use(t.Context(), project, at); err != nil {
				t.Fatal(err)
			}
		}
		ask("ann", "shop", 2, query.Event{Purpose: query.Tile})
		at = at.AddDate(0, 0, 1) // Monday
		ask("ann", "shop", 3, query.Event{Purpose: query.Explore})
		ask("ann", "shop", 4, query.Event{Purpose: query.Chart})
		at = at.AddDate(0, 0, 6) // its Sunday
		ask("bob", "shop", 1, query.Event{Purpose: query.SQLRunner})
		ask("bob", "elsewhere", 1, query.Event{Purpose: query.Tile})
		ask("bob", "shop", 5, query.Event{Purpose: query.Values})
		ask("bob", "shop", 5, query.Event{Purpose: query.Tile, Err: errors.New("refused")})
		c.Record(query.Event{Who: access.Principal{Kind: access.Tenant, Organization: "org", Tenant: "t"}, Project: "shop"})

		use, err := c.Use(t.Context(), "shop", at.AddDate(-1, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{"ann": 7, "bob": 1}; !maps.Equal(use.ByUser, want) {
			t.Errorf("in the last week: %v, want %v", use.ByUser, want)
		}
		monday := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
		if want := []usage.Week{{monday, 1, 2}, {monday.AddDate(0, 0, 7), 2, 8}}; !slices.Equal(use.Weeks, want) {
			t.Errorf("weeks: %v, want %v", use.Weeks, want)
		}
		if firsts.Load() != 1 {
			t.Errorf("the first query was told %d times", firsts.Load())
		}
		at = at.AddDate(2, 0, 0)
		if err := c.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if use, err := c.Use(t.Context(), "shop", time.Time{}); err != nil || len(use.Weeks) != 0 {
			t.Errorf("after two years: %v, %v", use, err)
		}
	})
}

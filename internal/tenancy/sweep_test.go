package tenancy_test

import (
	"testing"
	"time"

	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func TestASweepForgetsWhatEndedAndNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := tenancytest.On(t, db)
		key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
		deployment, err := w.DeploymentOf(t.Context(), tenancytest.Project)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []tenancy.SessionRequest{
			{ExternalID: "stays"}, {ExternalID: "leaves", Ephemeral: true, EphemeralTTL: time.Minute}, {},
		} {
			r.Deployment = deployment
			if _, err := w.GenerateSession(t.Context(), key, r); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Login(t.Context(), "ada", tenancytest.Password, false, "x"); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			after                     time.Duration
			sessions, users, trusteds int64
		}{{0, 3, 3, 1}, {2 * time.Minute, 3, 2, 1}, {4 * time.Hour, 3, 2, 0}, {50 * time.Hour, 0, 1, 0}} {
			w.Clock.Advance(step.after)
			if err := w.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			for table, want := range map[string]int64{
				"embed_sessions": step.sessions, "embed_users": step.users, "trusted_sessions": step.trusteds,
			} {
				if got, err := db.NewSelect().Table(table).Count(t.Context()); err != nil || got != want {
					t.Errorf("after %v: %d rows in %s, want %d (%v)", step.after, got, table, want, err)
				}
			}
		}
	})
}

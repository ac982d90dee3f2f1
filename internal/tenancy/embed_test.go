package tenancy_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func TestOfManyWhoRedeemASessionAtOnceOneSucceeds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { redeemAtOnce(t, tenancytest.On(t, db)) })
}

func redeemAtOnce(t *testing.T, w *tenancytest.World) {
	key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
	deployment, err := w.DeploymentOf(t.Context(), tenancytest.Project)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		id, err := w.GenerateSession(t.Context(), key, tenancy.SessionRequest{Deployment: deployment, ExternalID: "ann"})
		if err != nil {
			t.Fatal(err)
		}
		var won atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := w.RedeemSession(t.Context(), id); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d redeemed it", won.Load())
		}
	}
}

func TestProjectsGetDifferentNumbersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { numberAtOnce(t, tenancytest.On(t, db)) })
}

func numberAtOnce(t *testing.T, w *tenancytest.World) {
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]string{}
	for _, project := range []string{"a", "b", "c", "d", "a", "b", "c", "d"} {
		all.Go(func() {
			number, err := w.DeploymentOf(t.Context(), project)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || seen[number] != "" && seen[number] != project {
				t.Errorf("%s has number %d, as has %s: %v", project, number, seen[number], err)
			}
			seen[number] = project
		})
	}
	all.Wait()
}

func BenchmarkResolveEmbedToken(b *testing.B) {
	w := tenancytest.New(b)
	key, _ := w.Key(b, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
	deployment, err := w.DeploymentOf(b.Context(), tenancytest.Project)
	if err != nil {
		b.Fatal(err)
	}
	id, err := w.GenerateSession(b.Context(), key, tenancy.SessionRequest{Deployment: deployment, ExternalID: "ann"})
	if err != nil {
		b.Fatal(err)
	}
	token, err := w.RedeemSession(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	r := bearer(token)
	for b.Loop() {
		if _, _, err := w.Resolve(r); err != nil {
			b.Fatal(err)
		}
	}
}

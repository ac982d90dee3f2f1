package tenancy_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func embedKey(t testing.TB, w *tenancytest.World) tenancy.Key {
	key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project, Name: "deploy"})
	return key
}

func register(t testing.TB, w *tenancytest.World, key tenancy.Key, name, account string) (tenancy.Tenant, string) {
	t.Helper()
	tenant, token, err := w.Register(t.Context(), key, tenancy.Registration{
		DisplayName: name, Policy: tenancy.TenantPolicy{Prefilters: tenancy.Values{"account_id": account}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return tenant, token
}

func bearer(token string) *http.Request {
	r, _ := http.NewRequest("GET", "http://inlay/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func resolve(t testing.TB, w *tenancytest.World, token string) access.Principal {
	t.Helper()
	who, ok, err := w.Resolve(bearer(token))
	if err != nil || !ok {
		t.Fatalf("resolve: %v %v", ok, err)
	}
	return who
}

func refused(t testing.TB, w *tenancytest.World, token, code string) {
	t.Helper()
	_, _, err := w.Resolve(bearer(token))
	if codeOf(err) != code {
		t.Fatalf("got %v, want code %s", err, code)
	}
}

func TestATenantTokenCarriesThePolicyAsItIsNow(t *testing.T) {
	w := tenancytest.New(t)
	key := embedKey(t, w)
	_, old := register(t, w, key, "Acme", "a-1")
	if got := resolve(t, w, old).Filters[0].Values[0]; got != "a-1" {
		t.Fatalf("filter value %v", got)
	}
	tenant, fresh := register(t, w, key, "Acme", "a-2")
	if tenant.Revision != 2 {
		t.Errorf("revision %d", tenant.Revision)
	}
	for _, token := range []string{old, fresh} {
		if got := resolve(t, w, token).Filters[0].Values[0]; got != "a-2" {
			t.Errorf("filter value %v", got)
		}
	}
}

func TestH63_what_runs_by_a_tenants_old_policy_ends(t *testing.T) {
	w := tenancytest.New(t)
	key := embedKey(t, w)
	var ended []string
	w.Ended = func(_ context.Context, organization, level, id string) {
		ended = append(ended, organization, level, id)
	}
	register(t, w, key, "Acme", "a-1")
	register(t, w, key, "Acme", "a-1")
	if len(ended) > 0 {
		t.Errorf("the same policy ends %v", ended)
	}
	tenant, _ := register(t, w, key, "Acme", "a-2")
	if want := []string{tenancytest.Org, "tenant", tenant.ID}; !slices.Equal(ended, want) {
		t.Errorf("another policy ends %v, want %v", ended, want)
	}
}

func TestRevocationOfTokenTenantAndKeyCountsOnTheNextRequest(t *testing.T) {
	w := tenancytest.New(t)
	key := embedKey(t, w)
	admin := tenancytest.Admin()
	tenant, first := register(t, w, key, "Acme", "a-1")
	_, second := register(t, w, key, "Acme", "a-1")
	resolve(t, w, first)
	if err := w.RevokeToken(t.Context(), admin, first); err != nil {
		t.Fatal(err)
	}
	refused(t, w, first, "TokenRevoked")
	resolve(t, w, second)
	if err := w.Suspend(t.Context(), admin, tenant.ID, true); err != nil {
		t.Fatal(err)
	}
	refused(t, w, second, "TenantSuspended")
	if err := w.Suspend(t.Context(), admin, tenant.ID, false); err != nil {
		t.Fatal(err)
	}
	resolve(t, w, second)
	if _, err := w.RevokeKey(t.Context(), admin, key.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, w, second, "TokenRevoked")
}

func TestARotatedKeyWorksForFiveMinutesMore(t *testing.T) {
	w := tenancytest.New(t)
	old, oldText := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project})
	_, fresh, err := w.RotateKey(t.Context(), tenancytest.Admin(), old.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{oldText, fresh} {
		if _, err := w.Verify(t.Context(), tenancy.Upsolve, text, "x"); err != nil {
			t.Fatal(err)
		}
	}
	w.Clock.Advance(5 * time.Minute)
	if _, err := w.Verify(t.Context(), tenancy.Upsolve, oldText, "x"); codeOf(err) != "InvalidKey" {
		t.Errorf("old key: %v", err)
	}
	if _, err := w.Verify(t.Context(), tenancy.Cube, fresh, "x"); codeOf(err) != "InvalidKey" {
		t.Errorf("another front's key: %v", err)
	}
}

func TestOnlyAdministratorsManageKeys(t *testing.T) {
	w := tenancytest.New(t)
	who := tenancytest.Admin()
	who.OrgRole = access.Developer
	if _, _, err := w.CreateKey(t.Context(), who, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey, Name: "k"}); err == nil {
		t.Error("a developer made a key")
	}
	other := tenancytest.Admin()
	other.Organization = tenancytest.OtherOrg
	key := embedKey(t, w)
	if _, err := w.RevokeKey(t.Context(), other, key.ID); err == nil {
		t.Error("another organization revoked a key")
	}
}

func TestManyTenantsRegisterAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { manyTenants(t, tenancytest.On(t, db)) })
}

func manyTenants(t *testing.T, w *tenancytest.World) {
	key := embedKey(t, w)
	var done atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range 64 {
		all.Go(func() {
			for n := done.Add(1); n <= 2000; n = done.Add(1) {
				_, _, err := w.Register(t.Context(), key, tenancy.Registration{
					DisplayName: fmt.Sprintf("Tenant %d", n), Policy: tenancy.TenantPolicy{Prefilters: tenancy.Values{"account_id": fmt.Sprint(n)}},
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("%.0f registrations a second", 2000/time.Since(start).Seconds())
	tenants, err := w.Tenants(t.Context(), tenancytest.Admin(), "tenant", 0, 5000)
	if err != nil || len(tenants) != 2000 {
		t.Fatalf("%d tenants, %v", len(tenants), err)
	}
}

func BenchmarkResolve(b *testing.B) {
	w := tenancytest.New(b)
	_, token := register(b, w, embedKey(b, w), "Acme", "a-1")
	r := bearer(token)
	for b.Loop() {
		if _, _, err := w.Resolve(r); err != nil {
			b.Fatal(err)
		}
	}
}

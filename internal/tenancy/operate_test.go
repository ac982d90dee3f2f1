package tenancy_test

import (
	"testing"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func TestEndingATenantsTokensLetsItAskForNewOnes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := tenancytest.On(t, db)
		key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project})
		register := func() (tenancy.Tenant, string) {
			t.Helper()
			tenant, token, err := w.Register(t.Context(), key, tenancy.Registration{DisplayName: "Acme",
				Policy: tenancy.TenantPolicy{Prefilters: tenancy.Values{"account_id": "a"}}})
			if err != nil {
				t.Fatal(err)
			}
			return tenant, token
		}
		tenant, old := register()
		if _, _, err := w.ResolveToken(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		if err := w.EndTokens(t.Context(), tenancytest.Admin(), tenant.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.ResolveToken(t.Context(), old); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the old token: %v", err)
		}
		_, fresh := register()
		if _, _, err := w.ResolveToken(t.Context(), fresh); err != nil {
			t.Errorf("a new token: %v", err)
		}
	})
}

func TestATenantsOwnQuotaWinsOverItsKeysAndOutlivesARegistration(t *testing.T) {
	w := tenancytest.New(t)
	key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project,
		Policy: tenancy.KeyPolicy{Quota: access.Quota{Requests: 10, Concurrent: 2}}})
	register := func(account string) (tenancy.Tenant, access.Principal) {
		t.Helper()
		tenant, token, err := w.Register(t.Context(), key, tenancy.Registration{DisplayName: "Acme",
			Policy: tenancy.TenantPolicy{Prefilters: tenancy.Values{"account_id": account}}})
		if err != nil {
			t.Fatal(err)
		}
		who, _, err := w.ResolveToken(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return tenant, who
	}
	tenant, who := register("a")
	if want := (access.Quota{Requests: 10, Concurrent: 2}); who.Quota != want {
		t.Errorf("%+v", who.Quota)
	}
	if err := w.SetQuota(t.Context(), tenancytest.Admin(), tenant.ID, access.Quota{Requests: 500, Rows: 7}); err != nil {
		t.Fatal(err)
	}
	if tenant, who = register("b"); who.Quota != (access.Quota{Requests: 500, Concurrent: 2, Rows: 7}) || tenant.Quota.Rows != 7 {
		t.Errorf("%+v, %+v", tenant.Quota, who.Quota)
	}
}

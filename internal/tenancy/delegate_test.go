package tenancy_test

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

// probe is one thing that a key may or may not do, judged here by what the documentation says and by nothing of the
// code: for which tenant, deployment, row, site and network address, how long, until when, how much.
type probe struct {
	tenant, region, account, origin, address string
	deployment                               int64
	life                                     time.Duration
	until                                    time.Time
	requests                                 int
	unfiltered                               bool
}

func in[V comparable](list []V, v V) bool { return len(list) == 0 || slices.Contains(list, v) }

func allows(k tenancy.Key, p probe) bool {
	cell := func(column, value string) bool {
		switch want := k.Policy.Filters[column].(type) {
		case nil:
			return true
		case string:
			return want == value
		case []any:
			return slices.Contains(want, any(value))
		}
		return false
	}
	networks := len(k.Policy.Addresses) == 0
	for _, n := range k.Policy.Addresses {
		networks = networks || netip.MustParsePrefix(n).Contains(netip.MustParseAddr(p.address))
	}
	longest := k.Policy.MaxTTL
	if longest == 0 {
		longest = 7 * 24 * time.Hour
	}
	most := k.Policy.Quota.Requests
	return in(k.Policy.Tenants, p.tenant) && in(k.Policy.Deployments, p.deployment) && in(k.Policy.Origins, p.origin) && networks &&
		cell("region", p.region) && cell("account_id", p.account) && p.life <= longest && (k.ExpiresAt == nil || !p.until.After(*k.ExpiresAt)) &&
		(most <= 0 || p.requests <= most) && (!p.unfiltered || k.Policy.AllowUnfiltered)
}

var someTime = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)

func some[V any](r *rand.Rand, of ...V) []V {
	var kept []V
	for _, v := range of {
		if r.IntN(3) > 0 {
			kept = append(kept, v)
		}
	}
	return kept
}

func randomPolicy(r *rand.Rand) (tenancy.KeyPolicy, *time.Time) {
	p := tenancy.KeyPolicy{AllowUnfiltered: r.IntN(3) == 0, MaxTTL: time.Duration(r.IntN(4)) * time.Hour, Quota: access.Quota{Requests: r.IntN(4) - 1},
		Filters: tenancy.Values{}}
	if r.IntN(2) == 0 {
		p.Tenants, p.Deployments = some(r, "a", "b", "c"), some(r, int64(1), 2, 3)
	}
	if r.IntN(2) == 0 {
		p.Origins, p.Addresses = some(r, "https://a.example", "https://b.example"), some(r, "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "2001:db8::/32")
	}
	if r.IntN(2) == 0 {
		p.Filters["region"] = []any{"north", "south", "east"}[r.IntN(3)]
	}
	if r.IntN(2) == 0 {
		p.Filters["account_id"] = append([]any{}, some[any](r, "x", "y", "z")...)
	}
	if r.IntN(2) == 0 {
		return p, nil
	}
	end := someTime.Add(time.Duration(r.IntN(4)) * time.Hour)
	return p, &end
}

func randomProbe(r *rand.Rand) probe {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	return probe{pick("a", "b", "c", "d"), pick("north", "south", "east"), pick("x", "y", "z"), pick("https://a.example", "https://b.example", "https://c.example"),
		pick("10.9.9.9", "10.1.9.9", "10.1.2.3", "192.0.2.1", "2001:db8::1"), int64(1 + r.IntN(4)), time.Duration(r.IntN(200)) * time.Hour / 4,
		someTime.Add(time.Duration(r.IntN(5)) * time.Hour), r.IntN(4), r.IntN(2) == 0}
}

// TestADelegatedKeyNeverGains makes random chains of keys, and holds every one against the key that it was made from.
func TestADelegatedKeyNeverGains(t *testing.T) {
	w := tenancytest.New(t)
	r := rand.New(rand.NewPCG(21, 22))
	made, refused := 0, 0
	for range 150 {
		policy, end := randomPolicy(r)
		key, text := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.AdminKey, Project: tenancytest.Project, Policy: policy, ExpiresAt: end})
		for range 6 {
			policy, end := randomPolicy(r)
			n := tenancy.NewKey{Name: "narrower", Policy: policy, ExpiresAt: end}
			if r.IntN(10) == 0 {
				n.Project = "another"
			}
			caller := "10.1.2.3"
			child, childText, err := w.DelegateBy(t.Context(), text, caller, n)
			if err != nil {
				refused++
				continue
			}
			made++
			for range 300 {
				if p := randomProbe(r); allows(child, p) && !allows(key, p) {
					t.Fatalf("%+v\nallows %+v, which the key that it was made from doesn't:\n%+v", child, p, key)
				}
			}
			if child.Project != key.Project || child.Organization != key.Organization || child.Front != key.Front {
				t.Fatalf("%+v comes from %+v", child, key)
			}
			key, text = child, childText
		}
	}
	if made < 50 || refused < 50 {
		t.Errorf("%d made, %d refused: the test tries too little", made, refused)
	}
}

func TestADelegatedKeyEndsWithTheKeyThatItWasMadeFrom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := tenancytest.On(t, db)
		admin := tenancytest.Admin()
		parent, parentText := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project})
		child, text, err := w.DelegateBy(t.Context(), parentText, "", tenancy.NewKey{Name: "a customer's", Policy: tenancy.KeyPolicy{
			Filters: tenancy.Values{"account_id": "a"}, Tenants: []string{"Acme"}, Addresses: []string{"192.0.2.0/24"}, Origins: []string{"https://a.example"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Verify(t.Context(), tenancy.Upsolve, text, "198.51.100.7"); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("from elsewhere: %v", err)
		}
		key, err := w.Verify(t.Context(), tenancy.Upsolve, text, "192.0.2.9")
		if err != nil {
			t.Fatal(err)
		}
		register := func(name string, p tenancy.TenantPolicy) (string, error) {
			_, token, err := w.Register(t.Context(), key, tenancy.Registration{DisplayName: name, Policy: p})
			return token, err
		}
		if _, err := register("Other", tenancy.TenantPolicy{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another tenant: %v", err)
		}
		if _, err := register("Acme", tenancy.TenantPolicy{Schema: "theirs"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another schema: %v", err)
		}
		token, err := register("Acme", tenancy.TenantPolicy{Prefilters: tenancy.Values{"account_id": []any{"a", "b"}}})
		if err != nil {
			t.Fatal(err)
		}
		who, _, err := w.ResolveToken(t.Context(), token)
		if err != nil || len(who.Filters) != 2 || who.Filters[1].Source != "key" || len(who.Origins) != 1 {
			t.Errorf("%+v, %v", who, err)
		}
		grandchild, _, err := w.DelegateKey(t.Context(), admin, child.ID, tenancy.NewKey{Name: "narrower still"})
		if err != nil {
			t.Fatal(err)
		}
		successor, _, err := w.RotateKey(t.Context(), admin, parent.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		ended, err := w.RevokeKey(t.Context(), admin, successor.ID)
		if err != nil || len(ended) != 3 || !slices.Contains(ended, grandchild.ID) {
			t.Errorf("%v, %v", ended, err)
		}
		if _, _, err := w.ResolveToken(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a token of a delegated key: %v", err)
		}
		if _, err := w.Verify(t.Context(), tenancy.Upsolve, text, "192.0.2.9"); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the delegated key: %v", err)
		}
	})
}

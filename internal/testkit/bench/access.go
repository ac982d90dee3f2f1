package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// manyTenants are registered, after fewTenants of them have shown what a lookup takes.
const (
	manyTenants = 100_000
	fewTenants  = 1_000
)

// access measures how sessions begin on each front and what it costs to know whose a request is; and what a hundred
// thousand tenants, or one that floods, change of that.
func (b *bench) access(ctx context.Context) error {
	const name = "access"
	if err := os.RemoveAll(b.folder(name)); err != nil { // tenants of an earlier run would be there already
		return err
	}
	if err := b.prepare(ctx, name, 20_000); err != nil {
		return err
	}
	s, err := b.start(ctx, name)
	if err != nil {
		return err
	}
	defer s.stop()
	b.section("access: sessions begun, durable on SQLite")
	for _, step := range []func(context.Context, *running) error{b.mints, b.checks, b.tenants, b.neighbours} {
		if err := step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// mints begins sessions as each front does, at 8 connections.
func (b *bench) mints(ctx context.Context, s *running) error {
	for _, front := range []struct {
		name string
		mint func(ctx context.Context, n int) (string, error)
	}{
		{"native, a login", s.loggedIn}, {"ThoughtSpot, token and session", s.trusted},
		{"Cube, session and token", s.embedded}, {"Upsolve, a known tenant", func(ctx context.Context, n int) (string, error) { return s.registered(ctx, n%100, nil) }},
	} {
		took, rate, err := load(8, b.span, func(n int) error { _, err := front.mint(ctx, n); return err })
		if err != nil {
			return err
		}
		b.note(front.name, "%.0f/s  (p50 %s, p99 %s)", rate, median(took), quantile(took, 0.99))
	}
	return nil
}

func (s *running) loggedIn(ctx context.Context, _ int) (string, error) {
	f := s.facts.Fronts.Native
	body, err := json.Marshal(map[string]string{"email": f.Email, "password": f.Password})
	if err == nil {
		_, err = s.call(ctx, "POST", "/api/v1/login", "", string(body))
	}
	return "", err
}

func (s *running) trusted(ctx context.Context, n int) (string, error) {
	user, f := fmt.Sprintf("guest-%d", n%500), s.facts.Fronts.ThoughtSpot
	form := url.Values{"secret_key": {f.SecretKey}, "username": {user}, "access_level": {"FULL"}, "autocreate": {"true"}}
	token, err := s.call(ctx, "POST", "/callosum/v1/tspublic/v1/session/auth/token", "", form.Encode())
	if err != nil {
		return "", err
	}
	form = url.Values{"username": {user}, "auth_token": {string(token)}, "no_url_redirection": {"true"}}
	_, err = s.call(ctx, "POST", "/callosum/v1/tspublic/v1/session/login/token", "", form.Encode())
	return "Bearer " + string(token), err
}

func (s *running) embedded(ctx context.Context, n int) (string, error) {
	f := s.facts.Fronts.Cube
	body := fmt.Sprintf(`{"deploymentId":%d,"externalId":"user-%d","securityContext":{"merchant_id":"m-0001"}}`, f.Deployment, n%50)
	text, err := s.call(ctx, "POST", "/api/v1/embed/generate-session", "Api-Key "+f.APIKey, body)
	var made struct{ SessionID, Token string }
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	if err == nil {
		text, err = s.call(ctx, "POST", "/api/v1/embed/session/token", "", fmt.Sprintf(`{"sessionId":%q}`, made.SessionID))
	}
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	return "Embed-Token " + made.Token, err
}

// registered registers the nth tenant, with some more members of the body.
func (s *running) registered(ctx context.Context, n int, more map[string]any) (string, error) {
	body := map[string]any{"apiKey": s.facts.Fronts.Upsolve.APIKey, "displayName": fmt.Sprintf("Tenant %d", n), "key": fmt.Sprintf("bench-%d", n),
		"prefilters": map[string]any{"merchant_id": fmt.Sprintf("m-%04d", 1+n%200)}}
	for name, value := range more {
		body[name] = value
	}
	text, err := json.Marshal(body)
	if err == nil {
		text, err = s.call(ctx, "POST", "/v1/api/tenant/register-tenant", "", string(text))
	}
	var made struct{ Data struct{ Token string } }
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	return "Bearer " + made.Data.Token, err
}

// checks compares an answer that needs no credential with and without one, in turns: what is added is the check.
func (b *bench) checks(ctx context.Context, s *running) error {
	for _, kind := range []struct {
		name string
		mint func(ctx context.Context, n int) (string, error)
	}{{"a personal token", func(context.Context, int) (string, error) { return s.admin(), nil }}, {"a ThoughtSpot token", s.trusted}, {"a Cube token", s.embedded},
		{"an Upsolve token", func(ctx context.Context, n int) (string, error) { return s.registered(ctx, n, nil) }}} {
		credential, err := kind.mint(ctx, 0)
		if err != nil {
			return err
		}
		ask := func(as string) func() error {
			return func() error { _, err := s.call(ctx, "GET", "/api/v1/livez", as, ""); return err }
		}
		took, err := inTurns(b.span/2, func(int) error { return nil }, ask(credential), ask(""))
		if err != nil {
			return err
		}
		b.within("check of "+kind.name+": added p50", median(added(took[0], took[1])), 200*time.Microsecond, "(%s with it)", median(took[0]))
	}
	return nil
}

// tenants registers many, and looks up few and many of them.
func (b *bench) tenants(ctx context.Context, s *running) error {
	b.section(fmt.Sprintf("access: %d tenants on SQLite", manyTenants))
	tokens := make([]string, manyTenants)
	register := func(from, to int) (time.Duration, error) {
		begin := time.Now()
		err := all(64, to-from, func(n int) (err error) {
			tokens[from+n], err = s.registered(ctx, from+n, nil)
			return err
		})
		return time.Since(begin), err
	}
	look := func(of int) ([]time.Duration, error) {
		took, _, err := load(1, b.span, func(n int) error {
			_, err := s.call(ctx, "GET", "/api/v1/inlay/view/"+s.facts.Dashboards[0].UUID, tokens[n*7919%of], "")
			return err
		})
		return took, err
	}
	if _, err := register(0, fewTenants); err != nil {
		return err
	}
	few, err := look(fewTenants)
	if err != nil {
		return err
	}
	before := s.memory()
	took, err := register(fewTenants, manyTenants)
	if err != nil {
		return err
	}
	grown := s.memory() - before
	rate := float64(manyTenants-fewTenants) / took.Seconds()
	b.judge("registrations of new tenants", rate >= 1000, "≥ 1000/s", "%.0f/s, 64 connections", rate)
	b.judge("memory over that", grown <= 50, "≤ 50 MB", "%+.0f MB", grown)
	many, err := look(manyTenants)
	if err != nil {
		return err
	}
	ratio := float64(median(many)) / float64(median(few))
	b.judge("a tenant's view, p50 against 1,000 tenants", ratio <= 1.5, "≤ 1.5×", "%.2f×  (%s; p99 %s and %s)", ratio, median(many), quantile(few, 0.99), quantile(many, 0.99))
	again, rate, err := load(8, b.span, func(n int) error { _, err := s.registered(ctx, n*7919%manyTenants, nil); return err })
	if err != nil {
		return err
	}
	b.within("registration of a known tenant: p99", quantile(again, 0.99), 50*time.Millisecond, "(p50 %s, %.0f/s)", median(again), rate)
	return nil
}

// neighbours measures one tenant's queries alone and beside one that floods, with a quota and without.
func (b *bench) neighbours(ctx context.Context, s *running) error {
	b.section("access: a tenant that floods, 16 connections")
	explores := map[string]any{"tenantEditingPermissions": map[string]bool{"createChart": true}}
	calm, err := s.registered(ctx, 1, explores)
	if err != nil {
		return err
	}
	query := func(as string, n int) error {
		_, err := s.call(ctx, "POST", s.project()+"/explores/orders/runQuery", as, fmt.Sprintf(`{"exploreName":"orders","dimensions":["orders_channel"],
			"metrics":["orders_revenue"],"filters":{},"sorts":[],"limit":%d,"tableCalculations":[]}`, 1+n%5000))
		return err
	}
	measure := func() (time.Duration, error) {
		took, _, err := load(1, b.span, func(n int) error { return query(calm, n) })
		return quantile(took, 0.95), err
	}
	alone, err := measure()
	if err != nil {
		return err
	}
	for i, c := range []struct {
		name  string
		quota string
		most  float64
	}{{"without a quota", `{}`, 0}, {"with a quota of 1 at a time and 600 a minute", `{"concurrentQueries":1,"requestsPerMinute":600}`, 2}} {
		flood, err := s.flooding(ctx, 2+i, c.quota, explores)
		if err != nil {
			return err
		}
		var floods sync.WaitGroup
		stop := make(chan struct{})
		for w := range 16 {
			floods.Go(func() {
				for n := w; ; n += 16 {
					select {
					case <-stop:
						return
					default:
					}
					if query(flood, n) != nil {
						time.Sleep(10 * time.Millisecond) // refused; it comes again at once
					}
				}
			})
		}
		beside, err := measure()
		close(stop)
		floods.Wait()
		if err != nil {
			return err
		}
		ratio := float64(beside) / float64(alone)
		if c.most == 0 {
			b.note("another's p95 "+c.name, "%.1f×  (%s, alone %s)", ratio, beside, alone)
			continue
		}
		b.judge("another's p95 "+c.name, ratio <= c.most, fmt.Sprintf("≤ %g×", c.most), "%.1f×  (%s, alone %s)", ratio, beside, alone)
	}
	return nil
}

// flooding registers a tenant with a quota.
func (s *running) flooding(ctx context.Context, n int, quota string, more map[string]any) (string, error) {
	token, err := s.registered(ctx, n, more)
	if err != nil {
		return "", err
	}
	var found []struct{ ID string }
	name := strings.ReplaceAll(fmt.Sprintf("Tenant %d", n), " ", "+")
	if err := s.native(ctx, http.MethodGet, "/api/v1/inlay/embedding/tenants?search="+name, "", &found); err != nil || len(found) == 0 {
		return "", fmt.Errorf("the tenant isn't listed: %w", err)
	}
	return token, s.native(ctx, http.MethodPatch, "/api/v1/inlay/embedding/tenants/"+found[0].ID, `{"quota":`+quota+`}`, nil)
}

package query_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/warehouse"
)

// slow is a connection whose every query waits for a release, or takes its time.
type slow struct {
	warehouse.Conn
	release chan struct{}
	takes   time.Duration
	started chan string // the purpose of each query
}

func (s *slow) Query(ctx context.Context, q warehouse.Statement) (frame.Reader, error) {
	s.started <- q.Tag["purpose"]
	select {
	case <-s.release:
	case <-time.After(s.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return s.Conn.Query(ctx, q)
}

func slowDoor(t *testing.T, takes time.Duration, o query.Options) (*query.Service, *slow) {
	conn := &slow{release: make(chan struct{}), takes: takes, started: make(chan string, 1000)}
	return tenantDoorOn(t, func(c warehouse.Conn) warehouse.Conn { conn.Conn = c; return conn }, o), conn
}

func revenue(limit int) query.Request {
	return query.Request{Explore: "orders", Purpose: query.Tile, Query: metric.Query{Metrics: []string{"orders_revenue"}, Limit: limit}}
}

func revoked() *fault.Fault { return fault.New(fault.Unauthenticated, "revoked") }

func TestARevokedCredentialsQueriesStopAndOthersGoOn(t *testing.T) {
	door, conn := slowDoor(t, time.Minute, query.Options{})
	type outcome struct {
		rows string
		err  error
	}
	ask := func(account, credential string, purpose query.Purpose) chan outcome {
		who, done, r := tenant(account), make(chan outcome, 1), revenue(10)
		who.Credential, r.Purpose = credential, purpose
		go func() {
			rows, err := rowsFor(t, door, who, r)
			done <- outcome{rows, err}
		}()
		return done
	}
	tile := ask("a", "stolen", query.Tile)
	<-conn.started
	sharing := ask("a", "good", query.Tile) // waits for the same query
	exporting := ask("a", "stolen", query.Export)
	<-conn.started
	stolen := func(who access.Principal) bool { return who.Credential == "stolen" }
	time.Sleep(20 * time.Millisecond) // for the one that shares to have joined
	if n := door.Stop(revoked(), stolen); n != 2 {
		t.Errorf("%d were stopped", n)
	}
	for name, done := range map[string]chan outcome{"a tile": tile, "an export": exporting} {
		if got := <-done; !fault.Is(got.err, fault.Unauthenticated) {
			t.Errorf("%s of the revoked credential: %v", name, got)
		}
	}
	close(conn.release)
	if got := <-sharing; got.err != nil {
		t.Errorf("who waited for the same rows: %v", got)
	}
	if n := door.Stop(revoked(), func(access.Principal) bool { return true }); n != 0 {
		t.Errorf("%d are on their way after all ended", n)
	}
}

func TestARevokedCredentialGetsNoMoreRowsOfAStream(t *testing.T) {
	door := tenantDoor(t)
	r := revenue(10)
	r.Project, r.Purpose = "p", query.Export
	result, err := door.Run(t.Context(), tenant("a"), r)
	if err != nil {
		t.Fatal(err)
	}
	if n := door.Stop(revoked(), func(who access.Principal) bool { return who.Tenant == "a" }); n != 1 {
		t.Errorf("%d were stopped", n)
	}
	if _, err := result.Rows.Next(t.Context()); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the next rows: %v", err)
	}
	if err := result.Rows.Close(); err != nil {
		t.Error(err)
	}
}

func TestATenantsQuotaSaysWhenToTryAgain(t *testing.T) {
	now := time.Date(2025, 3, 1, 23, 59, 30, 0, time.UTC)
	names := query.Request{Explore: "orders", Query: metric.Query{Dimensions: []string{"customers_name"}, Limit: 10}} // two rows for a
	for name, c := range map[string]struct {
		own, standard access.Quota
		allowed       int // requests before the refusal
		retry         time.Duration
	}{
		"requests of the tenant's own quota": {own: access.Quota{Requests: 3}, standard: access.Quota{Requests: 1}, allowed: 3, retry: 30 * time.Second},
		"requests of the server's quota":     {standard: access.Quota{Requests: 2}, allowed: 2, retry: 30 * time.Second},
		"rows":                               {own: access.Quota{Rows: 3}, allowed: 2, retry: 30 * time.Second},
		"bytes":                              {own: access.Quota{Bytes: 1}, allowed: 1, retry: 30 * time.Second},
		"none":                               {own: access.Quota{Requests: -1}, standard: access.Quota{Requests: 1}, allowed: 9},
	} {
		t.Run(name, func(t *testing.T) {
			at := now
			door := tenantDoorOn(t, func(c warehouse.Conn) warehouse.Conn { return c },
				query.Options{Quota: c.standard, Now: func() time.Time { return at }})
			who := tenant("a")
			who.Quota = c.own
			for i := range c.allowed {
				if _, err := rowsFor(t, door, who, names); err != nil {
					t.Fatalf("request %d: %v", i, err)
				}
			}
			if c.allowed == 9 {
				return
			}
			_, err := rowsFor(t, door, who, names)
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Kind != fault.TooMany || f.Retry != c.retry {
				t.Errorf("over the quota: %+v", err)
			}
			if _, err := rowsFor(t, door, tenant("b"), names); err != nil {
				t.Errorf("another tenant: %v", err)
			}
			at = at.Add(c.retry)
			if _, err := rowsFor(t, door, who, names); err != nil {
				t.Errorf("after that time: %v", err)
			}
		})
	}
}

func TestAConcurrencyQuotaCountsQueriesUntilTheirRowsAreClosed(t *testing.T) {
	door := tenantDoor(t)
	who, r := tenant("a"), revenue(10)
	who.Quota, r.Project, r.Purpose = access.Quota{Concurrent: 1}, "p", query.Export
	first, err := door.Run(t.Context(), who, r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := door.Run(t.Context(), who, r); !fault.Is(err, fault.TooMany) {
		t.Errorf("a second one: %v", err)
	}
	if _, err := first.Rows.Next(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := first.Rows.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := first.Rows.Close(); err != nil {
		t.Error(err)
	}
	if _, err := rowsFor(t, door, who, r); err != nil {
		t.Errorf("after the first: %v", err)
	}
}

// Forty queries of one tenant have both places or wait; another tenant's only query is next but one.
func TestH130_a_flooding_tenant_delays_another_by_one_query(t *testing.T) {
	door, conn := slowDoor(t, time.Hour, query.Options{Running: 2, CacheBytes: -1})
	var wait sync.WaitGroup
	ask := func(account string, purpose query.Purpose, limit, waiting int) {
		r := revenue(limit) // none shares another's query
		r.Purpose = purpose
		wait.Go(func() {
			if _, err := rowsFor(t, door, tenant(account), r); err != nil {
				t.Error(err)
			}
		})
		for door.Waiting() < waiting {
			time.Sleep(time.Millisecond)
		}
	}
	for i := range 40 {
		ask("a", query.Tile, i+1, i-1)
	}
	<-conn.started
	<-conn.started
	ask("b", query.Chart, 1, 39)
	var order []string
	for range 3 {
		conn.release <- struct{}{}
		order = append(order, <-conn.started)
	}
	close(conn.release)
	wait.Wait()
	if order[0] != string(query.Chart) && order[1] != string(query.Chart) {
		t.Errorf("the other tenant waits beyond %v", order)
	}
}

// The connection has one place, so each of these needs it back from the one before.
func TestH131_whoever_goes_away_leaves_the_place_to_the_next(t *testing.T) {
	door, conn := slowDoor(t, time.Hour, query.Options{Running: 1, CacheBytes: -1})
	export := revenue(10)
	export.Project, export.Purpose = "p", query.Export
	for _, purpose := range []query.Purpose{query.Tile, query.Export} {
		r := export
		r.Purpose = purpose
		leaving, leave := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { _, err := door.Run(leaving, tenant("a"), r); gone <- err }()
		<-conn.started
		leave()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", purpose, err)
		}
	}
	close(conn.release)
	result, err := door.Run(t.Context(), tenant("a"), export)
	if err != nil {
		t.Fatal(err)
	}
	if err := result.Rows.Close(); err != nil { // none was read
		t.Error(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	last, err := door.Run(soon, tenant("b"), export)
	if err != nil {
		t.Fatalf("after all left: %v", err)
	}
	if err := last.Rows.Close(); err != nil {
		t.Error(err)
	}
}

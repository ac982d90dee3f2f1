package audit_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

const ours, theirs = "10000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002"

func admin(organization string) access.Principal {
	return access.Principal{Kind: access.User, User: "admin of " + organization, Organization: organization, OrgRole: access.Admin}
}

func open(t *testing.T, db *store.DB) *audit.Log {
	t.Helper()
	l := audit.Open(db, slog.New(slog.DiscardHandler), func() time.Time { return time.Date(2025, 1, 2, 3, 4, 5, 6789, time.UTC) })
	t.Cleanup(l.Close)
	return l
}

func TestTheLogIsReadInPagesNewestFirstWithWhatWasRecordedBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		log := open(t, db)
		for i := range 7 {
			log.Record(t.Context(), audit.By(admin(ours), fmt.Sprintf("key.act %d", i), "some\x00thing", i%2 == 1))
		}
		log.Record(t.Context(), audit.By(admin(theirs), "key.act 0", "", false))
		var acts []string
		for s := (audit.Search{Act: "key.*", Limit: 3}); ; {
			page, err := log.Events(t.Context(), admin(ours), s)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				acts = append(acts, e.Act[8:])
				if e.Target != "something" || e.Organization != ours || e.At.Nanosecond() != 6000 {
					t.Errorf("%+v", e)
				}
			}
			if len(page) < 3 {
				break
			}
			s.Before = page[2].ID
		}
		if fmt.Sprint(acts) != "[6 5 4 3 2 1 0]" {
			t.Errorf("the pages hold %v", acts)
		}
		for want, s := range map[int]audit.Search{
			3: {Refused: true}, 1: {Act: "key.act 4"}, 7: {Who: "admin of " + ours}, 0: {From: time.Date(2025, 1, 2, 4, 0, 0, 0, time.UTC)},
		} {
			s.Limit = 100
			if found, err := log.Events(t.Context(), admin(ours), s); err != nil || len(found) != want {
				t.Errorf("%+v finds %d, want %d: %v", s, len(found), want, err)
			}
		}
	})
}

func TestH144_only_administrators_in_person_read_the_log_and_their_tries_are_in_it(t *testing.T) {
	log := open(t, storetest.SQLite(t))
	embedded, viewer := admin(ours), admin(ours)
	embedded.Scope = &access.Scope{}
	viewer.OrgRole = access.Viewer
	for name, who := range map[string]access.Principal{"a viewer": viewer, "a token of an admin": embedded, "nobody": {},
		"a tenant": {Kind: access.Tenant, Organization: ours, Tenant: "t"}} {
		if _, err := log.Events(t.Context(), who, audit.Search{Limit: 10}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	found, err := log.Events(t.Context(), admin(ours), audit.Search{Act: "audit.read", Refused: true, Limit: 10})
	if err != nil || len(found) != 3 {
		t.Errorf("%v, %v", found, err)
	}
}

func TestAnEventRecordedInsideOfATransactionWaitsForNothing(t *testing.T) {
	db := storetest.SQLite(t)
	log := open(t, db)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	log.Record(t.Context(), audit.By(admin(ours), "inside", "", false))
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	log.Close()
	log.Record(t.Context(), audit.By(admin(ours), "after the end", "", false)) // must not hang
	found, err := log.Events(t.Context(), admin(ours), audit.Search{Limit: 10})
	if err != nil || len(found) != 1 || found[0].Act != "inside" {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestH144_the_database_itself_keeps_events(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for range 2 { // each start of a server does it again
			if err := audit.Keep(t.Context(), db); err != nil {
				t.Fatal(err)
			}
		}
		log := open(t, db)
		log.Record(t.Context(), audit.By(admin(ours), "kept", "", false))
		if found, err := log.Events(t.Context(), admin(ours), audit.Search{Limit: 10}); err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		for _, statement := range []string{"UPDATE audit_events SET who = 'somebody else'", "DELETE FROM audit_events"} {
			if _, err := db.ExecContext(t.Context(), statement); err == nil {
				t.Errorf("%s is done", statement)
			}
		}
		if found, err := log.Events(t.Context(), admin(ours), audit.Search{Limit: 10}); err != nil || len(found) != 1 || found[0].Act != "kept" {
			t.Error(found, err)
		}
	})
}

package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

type thing struct {
	bun.BaseModel `bun:"table:things"`
	ID            string `bun:"id,pk"`
	Name          string
	N             int64
	At            time.Time
	Maybe         *time.Time
	On            bool `bun:"is_on"`
}

func things(t *testing.T, db *store.DB) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
		n BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL, maybe TIMESTAMPTZ, is_on BOOLEAN NOT NULL)`)
	if err != nil {
		t.Fatal(err)
	}
}

func put(ctx context.Context, db bun.IDB, row thing) error {
	_, err := db.NewInsert().Model(&row).Exec(ctx)
	return err
}

func TestATimeComesBackAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		things(t, db)
		east := time.FixedZone("east", 5*3600+1800)
		for i, at := range []time.Time{
			time.Date(2024, 2, 29, 23, 59, 59, 123456000, time.UTC),
			time.Date(2024, 6, 1, 0, 0, 0, 0, east),
			time.Date(1969, 12, 31, 23, 0, 0, 500000000, time.UTC),
		} {
			want := thing{ID: string(rune('a' + i)), Name: string(rune('a' + i)), At: at, Maybe: &at, On: true}
			if err := put(t.Context(), db, want); err != nil {
				t.Fatal(err)
			}
			got := thing{}
			if err := db.NewSelect().Model(&got).Where("id = ?", want.ID).Where("at = ?", at).Scan(t.Context()); err != nil {
				t.Fatalf("%s isn't found by its time: %v", at, err)
			}
			if !got.At.Equal(at) || !got.Maybe.Equal(at) || !got.On {
				t.Errorf("%s came back as %s, %s, %v", at, got.At, got.Maybe, got.On)
			}
		}
	})
}

func TestTimesCompareInSQLAsTheyDoInLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		things(t, db)
		start := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
		for i, step := range []time.Duration{0, time.Microsecond, 500 * time.Millisecond, time.Second, time.Hour} {
			name := string(rune('a' + i))
			if err := put(t.Context(), db, thing{ID: name, Name: name, At: start.Add(step)}); err != nil {
				t.Fatal(err)
			}
		}
		for n, limit := range []time.Duration{0, time.Microsecond, 499 * time.Millisecond, 501 * time.Millisecond, 2 * time.Second} {
			want := int64(n)
			at := start.Add(limit).In(time.FixedZone("west", -7*3600))
			if count, err := db.NewSelect().Model((*thing)(nil)).Where("at < ?", at).Count(t.Context()); err != nil || count != want {
				t.Errorf("before %s: %d, %v, want %d", limit, count, err, want)
			}
		}
	})
}

func TestAUniqueConstraintIsADuplicate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		things(t, db)
		ctx := t.Context()
		if err := put(ctx, db, thing{ID: "1", Name: "a"}); err != nil {
			t.Fatal(err)
		}
		for _, again := range []thing{{ID: "1", Name: "b"}, {ID: "2", Name: "a"}} {
			if err := put(ctx, db, again); !store.Duplicate(err) {
				t.Errorf("%+v: %v", again, err)
			}
		}
		if err := db.NewSelect().Model(&thing{}).Where("id = ?", "none").Scan(ctx); !store.NotFound(err) {
			t.Errorf("no row is %v", err)
		}
	})
}

func TestATransactionIsWholeOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		things(t, db)
		ctx, boom := t.Context(), errors.New("boom")
		err := db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
			if err := put(ctx, tx, thing{ID: "1", Name: "a"}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n, err := db.NewSelect().Model((*thing)(nil)).Count(ctx); n != 0 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		things(t, db)
		ctx := t.Context()
		if err := put(ctx, db, thing{ID: "1", Name: "a"}); err != nil {
			t.Fatal(err)
		}
		const writers, writes = 8, 10
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				for range writes {
					err := db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
						_, err := tx.ExecContext(ctx, "UPDATE things SET n = n + 1 WHERE id = '1'")
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		got := thing{}
		if err := db.NewSelect().Model(&got).Where("id = '1'").Scan(ctx); err != nil || got.N != writers*writes {
			t.Errorf("%d of %d writes, %v", got.N, writers*writes, err)
		}
	})
}

// Two transactions that read before they write would both count on the same read, unless one is told to try again.
func TestASerialisationFailureIsTriedAgain(t *testing.T) {
	db := storetest.Postgres(t)
	things(t, db)
	ctx := t.Context()
	if err := put(ctx, db, thing{ID: "1", Name: "a"}); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			err := db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
				if _, err := tx.ExecContext(ctx, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"); err != nil {
					return err
				}
				row := thing{}
				if err := tx.NewSelect().Model(&row).Where("id = '1'").Scan(ctx); err != nil {
					return err
				}
				row.N++
				_, err := tx.NewUpdate().Model(&row).Column("n").WherePK().Exec(ctx)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := thing{}
	if err := db.NewSelect().Model(&got).Where("id = '1'").Scan(ctx); err != nil || got.N != 4 {
		t.Errorf("%d of 4 increments, %v", got.N, err)
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAFileThatCannotBeOpenedSaysSo(t *testing.T) {
	for name, path := range map[string]string{
		"no folder":  filepath.Join(t.TempDir(), "none", "inlay.db"),
		"a folder":   t.TempDir(),
		"not SQLite": garbage(t),
	} {
		db, err := store.Open(t.Context(), path)
		if err == nil {
			err = db.Migrate(t.Context())
			_ = db.Close()
		}
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func garbage(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "inlay.db")
	if err := os.WriteFile(path, make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("this is not a database, and long enough to be seen as none at all, is it"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestALockedFileSaysSo(t *testing.T) {
	db := storetest.SQLite(t)
	things(t, db)
	ctx := t.Context()
	holder, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback() }()
	conn, err := db.Conn(ctx) // one that doesn't wait ten seconds
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 20"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(2) // the holder's and that one
	err = db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return put(ctx, tx, thing{ID: "1", Name: "a"}) })
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("a locked file: %v", err)
	}
}

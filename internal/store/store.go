// Package store is the metadata port: one handle over SQLite and PostgreSQL, with migrations that run on both. It
// knows tables and transactions, and nothing of what the rows mean.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite" // the driver "sqlite"

	"inlay/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// DB is the open metadata database.
type DB struct {
	*bun.DB
	goose goose.Dialect
}

// Open opens the database: a postgres:// address, or the path of a SQLite file (made when missing). Faults:
// Unavailable.
func Open(ctx context.Context, address string) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		pool, err := sql.Open("pgx", address)
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "The metadata address isn't valid")
		}
		pool.SetMaxOpenConns(16)
		pool.SetMaxIdleConns(16)
		return ping(ctx, &DB{bun.NewDB(pool, pgdialect.New()), goose.DialectPostgres}, "PostgreSQL")
	}
	path, err := filepath.Abs(address)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The metadata file %s can't be used", address)
	}
	pool, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_time_format=sqlite"+
		"&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The metadata file %s can't be used", address)
	}
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(8)
	return ping(ctx, &DB{bun.NewDB(pool, sqlitedialect.New()), goose.DialectSQLite3}, "file "+address)
}

// ping begins and ends a transaction: a SQLite file that another process holds is refused here, once it has been waited
// for, and not step by step in the migrations.
func ping(ctx context.Context, db *DB, name string) (*DB, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err == nil {
		err = tx.Rollback()
	}
	if err != nil {
		_ = db.Close() // the fault says it all
		return nil, fault.Wrap(fault.Unavailable, err, "The metadata %s can't be opened", name)
	}
	return db, nil
}

// Migrate brings the tables to this version's form, with the triggers that count revisions.
// Areas number their migrations in ranges of their own, so a new one may come before some that ran already.
func (db *DB) Migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(db.goose, db.DB.DB, files, goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("store.Migrate: %w", err)
	}
	pending, err := provider.HasPending(ctx)
	if err == nil && pending {
		err = db.migrate(ctx, provider)
	}
	if err := errors.Join(err, db.watchAll(ctx)); err != nil { // also when it failed: others may be serving
		return fault.Wrap(fault.Unavailable, err, "The metadata tables could not be migrated")
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, provider *goose.Provider) error {
	current, _, err := provider.GetVersions(ctx)
	if err == nil && current > 0 {
		err = db.unwatch(ctx)
	}
	if err == nil {
		_, err = provider.Up(ctx)
	}
	return err
}

// Postgres tells whether the database is PostgreSQL.
func (db *DB) Postgres() bool { return db.goose == goose.DialectPostgres }

// Tx runs f in one transaction, and again when the database asks for it: two transactions in each other's way. Faults:
// Unavailable when that doesn't end, beside those of f.
func (db *DB) Tx(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.RunInTx(ctx, nil, f)
		if err == nil || attempt == 5 || !again(err) {
			return busy(err)
		}
		select {
		case <-time.After(time.Duration(attempt) * 5 * time.Millisecond):
		case <-ctx.Done():
			return busy(err)
		}
	}
}

// NotFound tells whether a query found no row.
func NotFound(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Duplicate tells whether a write broke a unique constraint.
func Duplicate(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && (lite.Code() == 2067 || lite.Code() == 1555) // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY
}

// again tells whether a transaction that failed may succeed when it is run once more. A SQLite file that is busy isn't
// one of these: the driver has waited for it already.
func again(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "40001" || pg.Code == "40P01" // serialization_failure, deadlock_detected
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && (lite.Code() == sqliteBusySnapshot || lite.Code()&0xff == sqliteLocked)
}

const (
	sqliteBusy         = 5
	sqliteLocked       = 6
	sqliteBusySnapshot = 517
)

// busy makes a fault of the errors that mean somebody else is writing.
func busy(err error) error {
	lite, ok := errors.AsType[*sqlite.Error](err)
	if again(err) || ok && lite.Code()&0xff == sqliteBusy {
		return fault.Wrap(fault.Unavailable, err, "The metadata is being written by somebody else. Try again.")
	}
	return err
}

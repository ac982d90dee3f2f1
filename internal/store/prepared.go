package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/uptrace/bun"
)

// Statement is SQL that the database reads once a connection, for what requests ask all the time.
type Statement struct {
	db    *DB
	query string
	mu    sync.Mutex
	made  *sql.Stmt
}

// Prepared makes a statement of SQL with ? for its arguments. The database sees it when it is first used.
func (db *DB) Prepared(query string) *Statement {
	if !db.Postgres() {
		return &Statement{db: db, query: query}
	}
	var numbered strings.Builder
	for i, part := range strings.Split(query, "?") {
		if i > 0 {
			numbered.WriteString("$" + strconv.Itoa(i))
		}
		numbered.WriteString(part)
	}
	return &Statement{db: db, query: numbered.String()}
}

func (s *Statement) statement(ctx context.Context) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		made, err := s.db.DB.DB.PrepareContext(ctx, s.query)
		if err != nil {
			return nil, err
		}
		s.made = made
	}
	return s.made, nil
}

// Row reads the one row of an answer; without one the error is NotFound.
func (s *Statement) Row(ctx context.Context, arguments []any, into ...any) error {
	made, err := s.statement(ctx) //nolint:sqlclosecheck // it is kept for the next call
	if err != nil {
		return err
	}
	if !s.db.Postgres() {
		ctx = context.WithoutCancel(ctx) // a point read in a file isn't worth the goroutine that could stop it
	}
	return made.QueryRowContext(ctx, arguments...).Scan(into...)
}

// In is the statement for many calls in a transaction.
func (s *Statement) In(ctx context.Context, tx bun.Tx) (*sql.Stmt, error) {
	made, err := s.statement(ctx)
	if err != nil {
		return nil, err
	}
	return tx.StmtContext(ctx, made), nil
}

// Scan reads one row into a bun model; without one the error is NotFound.
func (s *Statement) Scan(ctx context.Context, arguments []any, into any) error {
	made, err := s.statement(ctx) //nolint:sqlclosecheck // it is kept for the next call
	if err != nil {
		return err
	}
	rows, err := made.QueryContext(ctx, arguments...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // what goes wrong shows in Err
	if !rows.Next() {
		return cmp.Or(rows.Err(), sql.ErrNoRows)
	}
	return errors.Join(s.db.ScanRow(ctx, rows, into), rows.Err())
}

// Columns lists the columns of a bun model's table: a prepared statement that says * fails once a column is added.
func (db *DB) Columns(model any, alias string) string {
	var names []string
	for _, field := range db.Table(reflect.TypeOf(model)).Fields {
		names = append(names, alias+"."+field.Name)
	}
	return strings.Join(names, ", ")
}

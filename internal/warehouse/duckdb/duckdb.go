// Package duckdb reads DuckDB files. A file is attached read-only to an instance of its own that may not reach
// anything else: no other files, no network, no extensions, no settings. It doesn't know what an explore is.
package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// Limits are what the operator allows every DuckDB connection, whoever made it.
type Limits struct {
	Root     string // files must lie below this directory; empty is anywhere
	Memory   string // such as "1GB"; empty is 1GB
	Threads  int    // of one instance; 0 is one a processor
	Sessions int    // queries at a time; 0 is 4
	Spill    string // directory for results that don't fit in memory; empty is the system's
}

// Conn is one attached file.
type Conn struct {
	db       bindings.Database
	database string        // the name it is attached as
	idle     chan *session // what may be used; nil says that it is closed
	all      []*session
	mu       sync.Mutex
	closed   bool
}

type session struct{ conn bindings.Connection }

// Open attaches the file that settings name: path, and database, the name it is attached as (the file's own without
// it). Faults: Invalid with code WarehouseConnection.
func Open(_ context.Context, s warehouse.Settings, limits Limits) (*Conn, error) {
	if err := s.Only("path", "database", "schema", "dbname"); err != nil {
		return nil, err
	}
	path, err := locate(s.Text("path", ""), limits.Root)
	if err != nil {
		return nil, err
	}
	name := s.Text("database", s.Text("dbname", strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))))
	c := &Conn{database: name}
	err = c.start(limits)
	if err == nil {
		err = c.attach(path, s.Text("schema", ""))
	}
	if err != nil {
		_ = c.Close() // the first error says more
		return nil, err
	}
	return c, nil
}

// locate resolves the path, through links, and keeps it below root.
func locate(path, root string) (string, error) {
	if path == "" {
		return "", fault.Coded(fault.Invalid, "Parameter", "A duckdb connection needs the setting path")
	}
	if root == "" {
		if path == ":memory:" {
			return path, nil
		}
		return filepath.Abs(path)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	top, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", warehouse.Unreachable(err, "The folder of DuckDB files can't be read")
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		if inside, relErr := filepath.Rel(top, real); relErr == nil && filepath.IsLocal(inside) {
			return real, nil
		}
		err = errors.New("outside of the folder")
	}
	return "", warehouse.Unreachable(err, "There is no such DuckDB file in the server's folder")
}

func (c *Conn) start(limits Limits) error {
	var config bindings.Config
	if bindings.CreateConfig(&config) == bindings.StateError {
		return warehouse.Unreachable(nil, "DuckDB could not be configured")
	}
	defer bindings.DestroyConfig(&config)
	threads := limits.Threads
	if threads <= 0 {
		threads = runtime.NumCPU()
	}
	options := map[string]string{
		"memory_limit": firstOf(limits.Memory, "1GB"), "threads": fmt.Sprint(threads),
		"temp_directory":               firstOf(limits.Spill, filepath.Join(os.TempDir(), "inlay-duckdb")),
		"autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
		"allow_community_extensions": "false", "allow_unsigned_extensions": "false",
		// DuckDB 1.5's common_subplan optimizer takes the keys of two tables over the same joins for one: wrong sums.
		"disabled_optimizers": "common_subplan",
	}
	for name, value := range options {
		if bindings.SetConfig(config, name, value) == bindings.StateError {
			return warehouse.Unreachable(nil, "DuckDB doesn't take %s = %s", name, value)
		}
	}
	var message string
	if bindings.OpenExt("", &c.db, config, &message) == bindings.StateError {
		return warehouse.Unreachable(errors.New(message), "DuckDB could not be started")
	}
	sessions := limits.Sessions
	if sessions <= 0 {
		sessions = 4
	}
	c.idle = make(chan *session, sessions)
	for range sessions {
		s := &session{}
		if bindings.Connect(c.db, &s.conn) == bindings.StateError {
			return warehouse.Unreachable(nil, "DuckDB could not be started")
		}
		c.all = append(c.all, s)
		c.idle <- s
	}
	return nil
}

// attach opens the file, points every session at it, and then shuts every other door; nothing can be set after that.
func (c *Conn) attach(path, schema string) error {
	kind := " (READ_ONLY)"
	if path == ":memory:" {
		kind = ""
	}
	here := quote(c.database)
	if schema != "" {
		here += "." + quote(schema)
	}
	first := c.all[0]
	if err := first.each("ATTACH '"+strings.ReplaceAll(path, "'", "''")+"' AS "+quote(c.database)+kind, "SET GLOBAL TimeZone = 'UTC'"); err != nil {
		return err
	}
	for _, s := range c.all {
		if err := s.each("USE " + here); err != nil {
			return err
		}
	}
	return first.each("SET enable_external_access = false", "SET lock_configuration = true")
}

func (s *session) each(statements ...string) error {
	for _, sql := range statements {
		if err := s.exec(sql); err != nil {
			return warehouse.Unreachable(err, "The DuckDB file can't be opened: %s", firstLine(err.Error()))
		}
	}
	return nil
}

func (s *session) exec(sql string) error {
	var result bindings.Result
	defer bindings.DestroyResult(&result)
	if bindings.Query(s.conn, sql, &result) == bindings.StateError {
		return errors.New(bindings.ResultError(&result))
	}
	return nil
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "duckdb" }

func (c *Conn) acquire(ctx context.Context) (*session, error) {
	select {
	case s := <-c.idle:
		if s == nil {
			c.idle <- nil // for whoever asks next
			return nil, warehouse.Unreachable(nil, "The DuckDB connection is closed")
		}
		return s, nil
	case <-ctx.Done():
		return nil, warehouse.Stopped(ctx, ctx.Err())
	}
}

func (c *Conn) release(s *session) { c.idle <- s }

// Query runs one SELECT; anything else is refused before it runs.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.Reads(st.SQL); err != nil {
		return nil, err
	}
	s, err := c.acquire(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := c.run(ctx, s, st)
	if err != nil {
		c.release(s)
		return nil, err
	}
	return rows, nil
}

// Columns lists the columns of the attached file.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: `SELECT database_name, schema_name, table_name, column_name, data_type
FROM duckdb_columns() WHERE NOT internal AND database_name = ? ORDER BY schema_name, table_name, column_index`, Args: []any{c.database}})
	if err != nil {
		return nil, err
	}
	return warehouse.ReadColumns(ctx, rows, relations)
}

// Ping tells why the connection can't be used.
func (c *Conn) Ping(ctx context.Context) error {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: "SELECT 1"})
	if err != nil {
		return err
	}
	return rows.Close()
}

// Close waits for running queries, and closes the file.
func (c *Conn) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	c.closed = true
	for _, s := range c.all {
		bindings.Interrupt(s.conn)
	}
	c.mu.Unlock()
	for range c.all {
		<-c.idle
	}
	for _, s := range c.all {
		bindings.Disconnect(&s.conn)
	}
	bindings.Close(&c.db)
	if c.idle != nil {
		c.idle <- nil // whoever still asks is told that it is closed
	}
	return nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

var caret = regexp.MustCompile(`(?m)^LINE (\d+): `)

// rejected reads the place out of DuckDB's message: a line with its number, and a caret below the character.
func rejected(message string) error {
	text, rest, _ := strings.Cut(message, "\n\nLINE ")
	lines := strings.SplitN("LINE "+rest, "\n", 3)
	found := caret.FindStringSubmatch(lines[0])
	if rest == "" || found == nil || len(lines) < 2 {
		return warehouse.Rejected(errors.New(message), strings.TrimSpace(text), 0, 0)
	}
	line, char := 0, len([]rune(lines[1]))-len(found[0])
	_, _ = fmt.Sscan(found[1], &line) // digits by the pattern
	return warehouse.Rejected(errors.New(message), strings.TrimSpace(text), line, max(char, 1))
}

// Package clickhouse reads ClickHouse over HTTP, in its read-only mode. It doesn't know what an explore is.
package clickhouse

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sqlrows"
)

// Conn reaches one server.
type Conn struct{ db *sql.DB }

// Open checks the settings; it doesn't connect yet. Faults: Invalid.
func Open(s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only("host", "port", "user", "password", "schema", "secure", "timeoutSeconds"); err != nil {
		return nil, err
	}
	options, err := configure(s, dial)
	if err != nil {
		return nil, err
	}
	db := clickhouse.OpenDB(options)
	db.SetMaxIdleConns(8)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Conn{db}, nil
}

func configure(s warehouse.Settings, dial warehouse.Dial) (*clickhouse.Options, error) {
	host := s.Text("host", "")
	if host == "" || strings.ContainsAny(host, "/@ ") {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A clickhouse connection needs the setting host")
	}
	port := 8123
	options := &clickhouse.Options{
		Protocol:    clickhouse.HTTP,
		Auth:        clickhouse.Auth{Database: s.Text("schema", "default"), Username: s.Text("user", "default"), Password: s.Text("password", "")},
		DialTimeout: 15 * time.Second,
		ReadTimeout: time.Duration(s.Number("timeoutSeconds", 3600)) * time.Second, // until the first row; the query's own limit is its context's
		Settings: clickhouse.Settings{
			"readonly": 2, // settings may be changed, but not this one
			"cancel_http_readonly_queries_on_client_close": 1,
		},
	}
	if secure, ok := s["secure"].(bool); !ok || secure {
		port, options.TLS = 8443, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	}
	options.Addr = []string{net.JoinHostPort(host, strconv.Itoa(s.Number("port", port)))}
	if dial != nil {
		options.DialContext = func(ctx context.Context, address string) (net.Conn, error) { return dial(ctx, "tcp", address) }
	}
	return options, nil
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "clickhouse" }

// Query runs one statement. Closing its rows, or cancelling ctx, ends the request, by which the server stops the query.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.ReadsOnce("clickhouse", st.SQL); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	rows, err := c.db.QueryContext(ctx, strings.TrimRight(st.SQL, "; \n\t")+st.Comment(), st.Args...) //nolint:rowserrcheck // the reader they are handed to checks it
	if err != nil {
		defer cancel()
		return nil, rejected(ctx, err)
	}
	end := func(bool) {
		cancel() // closing alone would read the rest
		_ = rows.Close()
	}
	reader, err := sqlrows.New(rows, kindOf, rejected, end)
	if err != nil {
		defer end(false)
		return nil, rejected(ctx, err)
	}
	return reader, nil
}

// kindOf reads the type inside of LowCardinality(Nullable(T)).
func kindOf(t *sql.ColumnType) frame.Kind {
	name := t.DatabaseTypeName()
	for _, wrapper := range []string{"LowCardinality(", "Nullable("} {
		name = strings.TrimPrefix(name, wrapper)
	}
	name, _, _ = strings.Cut(strings.TrimRight(name, ")"), "(")
	switch {
	case name == "Int128", name == "Int256", name == "UInt128", name == "UInt256", strings.HasPrefix(name, "Float"),
		strings.HasPrefix(name, "Decimal"), name == "BFloat16":
		return frame.Float
	case strings.HasPrefix(name, "Int"), strings.HasPrefix(name, "UInt"):
		if !strings.HasPrefix(name, "Interval") {
			return frame.Int
		}
	case name == "Bool":
		return frame.Bool
	case name == "Date", name == "Date32":
		return frame.Date
	case strings.HasPrefix(name, "DateTime"):
		return frame.Timestamp
	case name == "Array", name == "Map", name == "Tuple", name == "Nested", name == "JSON":
		return frame.JSON
	}
	return frame.String
}

// Columns lists the columns of tables and views outside of the system's own databases.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: `SELECT '', database, table, name, type FROM system.columns
WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA') ORDER BY database, table, position`})
	if err != nil {
		return nil, err
	}
	return warehouse.ReadColumns(ctx, rows, relations)
}

// Ping tells why the connection can't be used.
func (c *Conn) Ping(ctx context.Context) error {
	if err := c.db.PingContext(ctx); err != nil {
		return unreachable(ctx, err)
	}
	return nil
}

// Close ends the pool.
func (c *Conn) Close() error { return c.db.Close() }

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	if refused, ok := errors.AsType[*clickhouse.Exception](err); ok {
		return warehouse.Unreachable(err, "The server refused the connection: %s", sentence(refused))
	}
	return warehouse.Unreachable(err, "The server can't be reached with these settings")
}

var (
	versionText = regexp.MustCompile(`(?: \([A-Z_0-9]+\))?(?: \(version [^)]*\))?\s*$`)
	placeText   = regexp.MustCompile(`line (\d+), col (\d+)`)
)

// sentence leaves the server's version out.
func sentence(e *clickhouse.Exception) string { return versionText.ReplaceAllString(e.Message, "") }

func rejected(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	refused, ok := errors.AsType[*clickhouse.Exception](err)
	if !ok {
		return unreachable(ctx, err)
	}
	line, char := 0, 0
	if at := placeText.FindStringSubmatch(refused.Message); at != nil { // digits by the pattern
		line, _ = strconv.Atoi(at[1])
		char, _ = strconv.Atoi(at[2])
	}
	return warehouse.Rejected(err, sentence(refused), line, char)
}

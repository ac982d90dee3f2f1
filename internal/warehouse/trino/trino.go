// Package trino reads Trino and what speaks its protocol. It doesn't know what an explore is.
package trino

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/trinodb/trino-go-client/trino"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sqlrows"
)

// Conn reaches one cluster.
type Conn struct{ db *sql.DB }

// Open checks the settings; it doesn't connect yet. Faults: Invalid.
func Open(s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only("host", "port", "user", "password", "dbname", "schema", "http_scheme", "source"); err != nil {
		return nil, err
	}
	address, err := server(s)
	if err != nil {
		return nil, err
	}
	attempts := 4 // by default it tries for two minutes, and a wrong address shows as a query that took too long
	connector, err := trino.NewConnector(&trino.Config{ServerURI: address, Catalog: s.Text("dbname", ""), Schema: s.Text("schema", ""),
		Source: s.Text("source", "inlay"), TimeZone: "UTC", HTTPClient: dial.Client(), DisableExplicitPrepare: true, RequestRetryMaxAttempts: &attempts})
	if err != nil {
		return nil, fault.Coded(fault.Invalid, "Parameter", "These settings can't be used: a password needs http_scheme https")
	}
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(8) // they are states of the client, not connections
	return &Conn{db}, nil
}

func server(s warehouse.Settings) (string, error) {
	host := s.Text("host", "")
	if host == "" || strings.ContainsAny(host, "/@ ") {
		return "", fault.Coded(fault.Invalid, "Parameter", "A trino connection needs the setting host")
	}
	u := url.URL{Scheme: s.Text("http_scheme", "https"), User: url.User(s.Text("user", "inlay"))}
	port := 443
	switch u.Scheme {
	case "https":
	case "http":
		port = 8080
	default:
		return "", fault.Coded(fault.Invalid, "Parameter", "http_scheme can't be %q", u.Scheme)
	}
	u.Host = net.JoinHostPort(host, strconv.Itoa(s.Number("port", port)))
	if password := s.Text("password", ""); password != "" {
		u.User = url.UserPassword(u.User.Username(), password)
	}
	return u.String(), nil
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "trino" }

// Query runs one statement. Closing its rows, or cancelling ctx, stops it in the cluster.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.ReadsOnce("trino", st.SQL); err != nil {
		return nil, err
	}
	rows, err := c.db.QueryContext(ctx, strings.TrimRight(st.SQL, "; \n\t")+st.Comment(), st.Args...) //nolint:rowserrcheck // the reader they are handed to checks it
	if err != nil {
		return nil, rejected(ctx, err)
	}
	reader, err := sqlrows.New(rows, kindOf, rejected, func(bool) { _ = rows.Close() }) // its error was told, or nobody waits for it
	if err != nil {
		_ = rows.Close()
		return nil, rejected(ctx, err)
	}
	return reader, nil
}

func kindOf(t *sql.ColumnType) frame.Kind {
	name, _, _ := strings.Cut(t.DatabaseTypeName(), "(")
	switch strings.ToUpper(name) {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT":
		return frame.Int
	case "REAL", "DOUBLE", "DECIMAL": // decimals come as text
		return frame.Float
	case "BOOLEAN":
		return frame.Bool
	case "DATE":
		return frame.Date
	case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE":
		return frame.Timestamp
	case "JSON", "ARRAY", "MAP", "ROW":
		return frame.JSON
	}
	return frame.String
}

// Columns lists the columns of tables and views of the connection's catalog, or of the catalogs that are asked for.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	return warehouse.ColumnsOfCatalogs(ctx, c, relations, `"`, `SELECT table_catalog, table_schema, table_name, column_name, data_type FROM %sinformation_schema.columns
WHERE table_schema <> 'information_schema' ORDER BY table_schema, table_name, ordinal_position`)
}

// Ping tells why the connection can't be used. It runs a statement, since the protocol has no other greeting.
func (c *Conn) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := c.db.QueryRowContext(ctx, "SELECT 1").Scan(new(int)); err != nil {
		return unreachable(ctx, err)
	}
	return nil
}

// Close forgets the cluster.
func (c *Conn) Close() error { return c.db.Close() }

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	if failed, ok := errors.AsType[*trino.ErrTrino](err); ok {
		return warehouse.Unreachable(err, "The cluster refused: %s", failed.Message)
	}
	if failed, ok := errors.AsType[*trino.ErrQueryFailed](err); ok && (failed.StatusCode == 401 || failed.StatusCode == 403) {
		return warehouse.Unreachable(err, "The cluster refused the user or the password")
	}
	return warehouse.Unreachable(err, "The cluster can't be reached with these settings")
}

func rejected(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	failed, ok := errors.AsType[*trino.ErrTrino](err)
	if !ok {
		return unreachable(ctx, err)
	}
	return warehouse.Rejected(err, failed.Message, failed.ErrorLocation.LineNumber, failed.ErrorLocation.ColumnNumber)
}

// Package postgres reads PostgreSQL and what speaks its protocol, such as Redshift. Every query runs in a read-only
// transaction that is rolled back, so nothing it does to its session outlives it. It doesn't know what an explore is.
package postgres

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sshtunnel"
)

// Conn is a pool of connections to one database.
type Conn struct {
	pool    *pgxpool.Pool
	tunnel  *sshtunnel.Tunnel // nil: none
	dialect string
}

// settings that clients send with every connection and that have no meaning here are known and unused.
var known = []string{"host", "user", "password", "port", "dbname", "schema", "sslmode", "sslrootcert", "role", "searchPath", "threads",
	"keepalivesIdle", "timeoutSeconds", "ra3Node", "sslrootcertFileName"}

// Open makes a pool; it doesn't connect yet. Faults: Invalid.
func Open(ctx context.Context, s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only(slices.Concat(known, sshtunnel.Settings)...); err != nil {
		return nil, err
	}
	var tunnel *sshtunnel.Tunnel
	if s.Yes("useSshTunnel") {
		opened, err := sshtunnel.New(s, dial)
		if err != nil {
			return nil, err
		}
		tunnel, dial = opened, opened.Dial
	}
	config, err := configure(s, dial)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, warehouse.Unreachable(err, "The connection's settings can't be used")
	}
	dialect := "postgres"
	if s.Type() == "redshift" {
		dialect = "redshift"
	}
	return &Conn{pool, tunnel, dialect}, nil
}

// configure sets every part itself, so that nothing of the server's own environment (PGHOST, a password file) is used.
func configure(s warehouse.Settings, dial warehouse.Dial) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig("host=unset port=5432 user=unset password=unset dbname=unset sslmode=disable passfile=/dev/null")
	if err != nil {
		return nil, warehouse.Unreachable(err, "The connection's settings can't be used")
	}
	host := s.Text("host", "")
	if host == "" || strings.HasPrefix(host, "/") {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A %s connection needs the setting host", s.Type())
	}
	c := config.ConnConfig
	c.Host, c.Port = host, uint16(s.Number("port", 5432))
	c.User, c.Password, c.Database = s.Text("user", ""), s.Text("password", ""), s.Text("dbname", "")
	c.Fallbacks, c.KerberosSrvName, c.KerberosSpn = nil, "", ""
	c.ConnectTimeout = 15 * time.Second
	if c.TLSConfig, err = encryption(s.Text("sslmode", "prefer"), host, s.Text("sslrootcert", "")); err != nil {
		return nil, err
	}
	if s.Text("sslmode", "prefer") == "prefer" {
		c.Fallbacks = []*pgconn.FallbackConfig{{Host: host, Port: c.Port}}
	}
	c.RuntimeParams = map[string]string{"timezone": "UTC", "application_name": "inlay"}
	if s.Type() != "redshift" {
		c.RuntimeParams["default_transaction_read_only"] = "on"
	}
	if path := s.Text("searchPath", ""); path != "" {
		c.RuntimeParams["search_path"] = path
	}
	if dial != nil {
		c.DialFunc = pgconn.DialFunc(dial)
		c.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	}
	c.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	c.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: time.Second}
	}
	if role := s.Text("role", ""); role != "" {
		config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "SET ROLE "+pgx.Identifier{role}.Sanitize())
			return err
		}
	}
	config.MaxConns = int32(min(max(s.Number("threads", 8), 2), 64))
	config.MaxConnIdleTime = 5 * time.Minute
	return config, nil
}

func encryption(mode, host, root string) (*tls.Config, error) {
	check := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	switch mode {
	case "disable":
		return nil, nil
	case "prefer", "allow", "no-verify", "require":
		check.InsecureSkipVerify = true // by the name of these modes: encrypted, whoever answers
		return check, nil
	case "verify-ca", "verify-full":
	default:
		return nil, fault.Coded(fault.Invalid, "Parameter", "sslmode can't be %q", mode)
	}
	if root != "" {
		check.RootCAs = x509.NewCertPool()
		if !check.RootCAs.AppendCertsFromPEM([]byte(root)) {
			return nil, fault.Coded(fault.Invalid, "Parameter", "sslrootcert is not a certificate in PEM form")
		}
	}
	if mode == "verify-ca" {
		check.InsecureSkipVerify = true
		check.VerifyConnection = func(state tls.ConnectionState) error {
			chain := x509.NewCertPool()
			for _, cert := range state.PeerCertificates[1:] {
				chain.AddCert(cert)
			}
			_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: check.RootCAs, Intermediates: chain})
			return err
		}
	}
	return check, nil
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return c.dialect }

// Query runs one statement in a read-only transaction of its own.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.Reads(st.SQL); err != nil {
		return nil, err
	}
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	begin := "BEGIN READ ONLY"
	if c.dialect == "redshift" {
		begin = "BEGIN TRANSACTION READ ONLY"
	}
	if _, err := conn.Exec(ctx, begin); err != nil {
		giveBack(conn)
		return nil, unreachable(ctx, err)
	}
	found, err := conn.Query(ctx, st.SQL+st.Comment(), st.Args...)
	if err == nil && found.Err() != nil {
		err = found.Err()
	}
	if err != nil {
		giveBack(conn)
		return nil, rejected(ctx, st.SQL, err)
	}
	return newRows(conn, found, st.SQL), nil
}

// giveBack ends the transaction; a connection on which that fails is thrown away.
func giveBack(conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = conn.Conn().Close(ctx) // the pool drops closed connections
	}
	conn.Release()
}

// Columns lists the columns of tables and views outside of the system's own schemas.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: `SELECT table_catalog::text, table_schema::text, table_name::text, column_name::text, data_type::text
FROM information_schema.columns WHERE table_schema NOT IN ('information_schema', 'pg_catalog')
ORDER BY table_schema, table_name, ordinal_position`})
	if err != nil {
		return nil, err
	}
	return warehouse.ReadColumns(ctx, rows, relations)
}

// Ping tells why the connection can't be used.
func (c *Conn) Ping(ctx context.Context) error {
	if err := c.pool.Ping(ctx); err != nil {
		return unreachable(ctx, err)
	}
	return nil
}

// Close waits for running queries.
func (c *Conn) Close() error {
	c.pool.Close()
	if c.tunnel != nil {
		return c.tunnel.Close()
	}
	return nil
}

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return warehouse.Unreachable(err, "The database refused the connection: %s", refused.Message)
	}
	if tunnel := fault.As(err); tunnel.Code == "WarehouseConnection" {
		return tunnel
	}
	return warehouse.Unreachable(err, "The database can't be reached with these settings")
}

func rejected(ctx context.Context, sql string, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return unreachable(ctx, err)
	}
	line, char := warehouse.Place(sql, int(refused.Position))
	return warehouse.Rejected(err, refused.Message, line, char)
}

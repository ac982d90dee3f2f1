// Package mysql reads MySQL, MariaDB and what speaks their protocol, in read-only transactions. It doesn't know what
// an explore is.
package mysql

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sqlrows"
)

// Conn is a pool of connections to one server.
type Conn struct{ db *sql.DB }

// Open makes a pool; it doesn't connect yet. Faults: Invalid.
func Open(s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only("host", "user", "password", "port", "dbname", "schema", "sslmode", "threads"); err != nil {
		return nil, err
	}
	host := s.Text("host", "")
	if host == "" || strings.ContainsAny(host, "/ ") {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A mysql connection needs the setting host")
	}
	c := mysql.NewConfig()
	c.Net, c.Addr = "tcp", net.JoinHostPort(host, strconv.Itoa(s.Number("port", 3306)))
	c.User, c.Passwd, c.DBName = s.Text("user", ""), s.Text("password", ""), s.Text("schema", s.Text("dbname", ""))
	c.ParseTime, c.Loc, c.Timeout = true, time.UTC, 15*time.Second
	c.Params = map[string]string{"time_zone": "'+00:00'"}
	c.InterpolateParams = true
	switch mode := s.Text("sslmode", "prefer"); mode {
	case "disable":
		c.TLSConfig = "false"
	case "prefer":
		c.TLSConfig = "preferred"
	case "require", "no-verify":
		c.TLSConfig = "skip-verify" // by the name of the mode: encrypted, whoever answers
	case "verify-ca", "verify-full":
		c.TLSConfig = "true"
	default:
		return nil, fault.Coded(fault.Invalid, "Parameter", "sslmode can't be %q", mode)
	}
	if dial != nil {
		c.DialFunc = dial
	}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, warehouse.Unreachable(err, "The connection's settings can't be used")
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(min(max(s.Number("threads", 8), 2), 64) + 1) // one to stop the others
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Conn{db}, nil
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "mysql" }

// Query runs one statement in a read-only transaction of its own.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.Reads(st.SQL); err != nil {
		return nil, err
	}
	for _, t := range warehouse.Tokens("mysql", st.SQL) { // SELECT … INTO writes files and variables, in read-only transactions too
		if t.Kind == warehouse.Word && strings.EqualFold(t.Text, "into") || t.Kind == warehouse.Symbol && t.Text == ";" {
			return nil, warehouse.Rejected(nil, "Only one SELECT that writes nothing can be run here", 0, 0)
		}
	}
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	running := &running{owner: c, conn: conn}
	if err := running.begin(ctx); err != nil {
		running.finish(false)
		return nil, unreachable(ctx, err)
	}
	// The driver would drop the connection and leave the query running, so it gets a context that doesn't end: ending
	// is done by telling the server.
	running.stop = context.AfterFunc(ctx, running.kill)
	rows, err := conn.QueryContext(context.WithoutCancel(ctx), st.SQL+st.Comment(), st.Args...) //nolint:rowserrcheck // the reader they are handed to checks it
	if err == nil {
		running.rows = rows
		var made *sqlrows.Rows
		if made, err = sqlrows.New(rows, kindOf, rejected, running.finish); err == nil {
			return &reader{made, ctx}, nil
		}
	}
	running.finish(true)
	return nil, rejected(ctx, err)
}

// reader ends with the context of its query.
type reader struct {
	*sqlrows.Rows
	ctx context.Context
}

func (r *reader) Next(ctx context.Context) (*frame.Batch, error) {
	batch, err := r.Rows.Next(ctx)
	if err != nil && r.ctx.Err() != nil {
		return nil, warehouse.Stopped(r.ctx, err)
	}
	return batch, err
}

type running struct {
	owner *Conn
	conn  *sql.Conn
	rows  *sql.Rows
	id    int64
	stop  func() bool
	once  sync.Once
}

func (r *running) begin(ctx context.Context) error {
	if err := r.conn.QueryRowContext(ctx, "SELECT CONNECTION_ID()").Scan(&r.id); err != nil {
		return err
	}
	_, err := r.conn.ExecContext(ctx, "START TRANSACTION READ ONLY")
	return err
}

// kill stops the query, not its connection.
func (r *running) kill() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = r.owner.db.ExecContext(ctx, "KILL QUERY "+strconv.FormatInt(r.id, 10)) // it may have ended meanwhile
}

func (r *running) finish(done bool) {
	r.once.Do(func() {
		if r.stop != nil {
			r.stop()
		}
		if !done && r.rows != nil {
			r.kill() // closing would read the rest
		}
		if r.rows != nil {
			_ = r.rows.Close() // its error was told, or nobody waits for it
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if _, err := r.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			_ = r.conn.Raw(func(any) error { return errBroken }) // drops it from the pool
		}
		_ = r.conn.Close() // gives it back
	})
}

var errBroken = errors.New("the connection is not to be used again")

func kindOf(t *sql.ColumnType) frame.Kind {
	name := strings.TrimPrefix(t.DatabaseTypeName(), "UNSIGNED ")
	switch name {
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT", "YEAR":
		return frame.Int
	case "FLOAT", "DOUBLE", "DECIMAL":
		return frame.Float
	case "DATE":
		return frame.Date
	case "DATETIME", "TIMESTAMP":
		return frame.Timestamp
	case "JSON":
		return frame.JSON
	}
	return frame.String
}

// Columns lists the columns of tables and views outside of the system's own schemas.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: `SELECT '', table_schema, table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY table_schema, table_name, ordinal_position`})
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
	if refused, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return warehouse.Unreachable(err, "The database refused the connection: %s", refused.Message)
	}
	return warehouse.Unreachable(err, "The database can't be reached with these settings")
}

var atLine = regexp.MustCompile(`at line (\d+)$`)

func rejected(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	refused, ok := errors.AsType[*mysql.MySQLError](err)
	if !ok {
		return unreachable(ctx, err)
	}
	line, char := 0, 0
	if found := atLine.FindStringSubmatch(refused.Message); found != nil {
		line, _ = strconv.Atoi(found[1]) // digits by the pattern
		char = 1
	}
	return warehouse.Rejected(err, refused.Message, line, char)
}

//go:build cloud

// Package snowflake reads Snowflake. It doesn't know what an explore is.
package snowflake

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/snowflakedb/gosnowflake"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sqlrows"
)

// Conn is a pool of sessions of one account.
type Conn struct{ db *sql.DB }

// Open checks the settings; it doesn't connect yet. Faults: Invalid.
func Open(s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only("account", "user", "password", "privateKey", "privateKeyPass", "authenticationType", "token", "role", "database", "schema", "warehouse",
		"accessUrl", "queryTag", "clientSessionKeepAlive", "quotedIdentifiersIgnoreCase", "override", "threads"); err != nil {
		return nil, err
	}
	config, err := configure(s)
	if err != nil {
		return nil, err
	}
	config.Transporter = dial.Client().Transport
	db := sql.OpenDB(gosnowflake.NewConnector(gosnowflake.SnowflakeDriver{}, *config))
	db.SetMaxOpenConns(min(max(s.Number("threads", 8), 2), 64))
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Conn{db}, nil
}

func configure(s warehouse.Settings) (*gosnowflake.Config, error) {
	account := s.Text("account", "")
	if account == "" || strings.ContainsAny(account, "/@ :?#") {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A snowflake connection needs the setting account")
	}
	c := &gosnowflake.Config{Account: account, User: s.Text("user", ""), Password: s.Text("password", ""), Role: s.Text("role", ""),
		Database: s.Text("database", ""), Schema: s.Text("schema", ""), Warehouse: s.Text("warehouse", ""), Application: "inlay", DisableTelemetry: true,
		LoginTimeout: 30 * time.Second, MaxRetryCount: 2, KeepSessionAlive: s.Yes("clientSessionKeepAlive"), Params: map[string]*string{}}
	set := func(name, value string) { c.Params[name] = &value }
	set("TIMEZONE", "UTC")
	set("QUERY_TAG", s.Text("queryTag", "inlay"))
	if start := s.Number("startOfWeek", -1); start >= 0 { // 0 is Monday with us, 1 with them
		set("WEEK_START", strconv.Itoa(start+1))
	}
	if s.Yes("quotedIdentifiersIgnoreCase") {
		set("QUOTED_IDENTIFIERS_IGNORE_CASE", "true")
	}
	if err := address(c, s.Text("accessUrl", "")); err != nil {
		return nil, err
	}
	return c, authenticate(c, s)
}

// address sets another place of the account, as private links have.
func address(c *gosnowflake.Config, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fault.Coded(fault.Invalid, "Parameter", "accessUrl must be like https://account.privatelink.snowflakecomputing.com")
	}
	c.Protocol, c.Host, c.Port = u.Scheme, u.Hostname(), 443
	if u.Port() != "" {
		c.Port, _ = strconv.Atoi(u.Port()) // digits, since the URL was parsed
	}
	return nil
}

func authenticate(c *gosnowflake.Config, s warehouse.Settings) error {
	key, token := s.Text("privateKey", ""), s.Text("token", "")
	switch {
	case key != "":
		parsed, err := privateKey(key, s.Text("privateKeyPass", ""))
		if err != nil {
			return err
		}
		c.Authenticator, c.PrivateKey = gosnowflake.AuthTypeJwt, parsed
	case token != "":
		c.Authenticator, c.Token = gosnowflake.AuthTypeOAuth, token
	case c.User == "" || c.Password == "":
		return fault.Coded(fault.Invalid, "Parameter", "A snowflake connection needs user with password or privateKey, or a token")
	}
	return nil
}

func privateKey(text, pass string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || pass != "" || block.Type == "ENCRYPTED PRIVATE KEY" {
		return nil, fault.Coded(fault.Invalid, "Parameter", "privateKey must be an RSA key in PEM form (PKCS #8) that isn't encrypted")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if key, ok := parsed.(*rsa.PrivateKey); err == nil && ok {
		return key, nil
	}
	return nil, fault.Coded(fault.Invalid, "Parameter", "privateKey must be an RSA key in PEM form (PKCS #8) that isn't encrypted")
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "snowflake" }

// Query runs one statement. Cancelling ctx, or closing the rows, cancels it in the warehouse.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.ReadsOnce("snowflake", st.SQL); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	rows, err := c.db.QueryContext(ctx, st.SQL+st.Comment(), st.Args...)
	if err != nil {
		defer cancel()
		return nil, rejected(ctx, err)
	}
	end := func(bool) {
		cancel()
		_ = rows.Close() // its error was told, or nobody waits for it
	}
	reader, err := sqlrows.New(rows, kindOf, rejected, end)
	if err != nil {
		defer end(false)
		return nil, rejected(ctx, err)
	}
	return reader, nil
}

func kindOf(t *sql.ColumnType) frame.Kind {
	switch name := t.DatabaseTypeName(); name {
	case "FIXED":
		if precision, scale, ok := t.DecimalSize(); ok && scale == 0 && precision <= 38 {
			return frame.Int
		}
		return frame.Float
	case "REAL", "DECFLOAT":
		return frame.Float
	case "BOOLEAN":
		return frame.Bool
	case "DATE":
		return frame.Date
	case "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ":
		return frame.Timestamp
	case "VARIANT", "OBJECT", "ARRAY", "MAP":
		return frame.JSON
	}
	return frame.String
}

// Columns lists the columns of tables and views of the connection's database, or of the databases that are asked for.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	return warehouse.ColumnsOfCatalogs(ctx, c, relations, `"`, `SELECT table_catalog, table_schema, table_name, column_name, data_type FROM %sinformation_schema.columns
WHERE table_schema <> 'INFORMATION_SCHEMA' ORDER BY table_schema, table_name, ordinal_position`)
}

// Ping tells why the connection can't be used.
func (c *Conn) Ping(ctx context.Context) error {
	if err := c.db.PingContext(ctx); err != nil {
		return unreachable(ctx, err)
	}
	return nil
}

// Close ends the sessions.
func (c *Conn) Close() error { return c.db.Close() }

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	if refused, ok := errors.AsType[*gosnowflake.SnowflakeError](err); ok {
		return warehouse.Unreachable(err, "Snowflake refused the connection: %s", said(refused))
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return warehouse.Unreachable(err, "There is no Snowflake account of this name")
	}
	return warehouse.Unreachable(err, "Snowflake can't be reached with these settings")
}

func said(e *gosnowflake.SnowflakeError) string {
	copied := *e
	copied.SQLState, copied.IncludeQueryID = "", false
	_, message, _ := strings.Cut(copied.Error(), ": ") // after the number
	return message
}

func rejected(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	refused, ok := errors.AsType[*gosnowflake.SnowflakeError](err)
	if !ok {
		return unreachable(ctx, err)
	}
	return warehouse.Rejected(err, said(refused), 0, 0)
}

// Package server wires the parts into one http.Handler and runs it. It chooses implementations and holds no rule of
// the product.
package server

import (
	"log/slog"
	"time"

	"inlay/internal/access"
	"inlay/internal/mail"
	"inlay/internal/signon"
)

// Config is what an operator sets.
type Config struct {
	Listen   string // address, such as ":8080"
	SiteURL  string // the address that people open, without a path at its end
	Metadata string // postgres:// address, or path of a SQLite file
	Secret   string // signs and seals; at least 32 characters
	Data     string // folder for files that the server writes, such as exports

	FrameAncestors []string // origins that may frame the embed pages
	Origins        []string // origins that may call with credentials and be redirected to
	SecureCookies  bool
	EmbedCookies   bool     // cookies that work in other sites' frames; needs HTTPS
	ModelFolders   []string // folders under which projects made through the API may name models
	// WarehouseFolder is where DuckDB files named through the API must lie; Data unless set.
	WarehouseFolder string
	WarehouseHosts  []string // what warehouse connections may reach, as egress.Only reads it; empty: see docs/operate.md
	TrustProxy      bool     // take the client's address from X-Forwarded-For

	MaxLimit          int // rows a query may ask for
	CellsLimit        int // cells of a CSV export
	CacheBytes        int64
	CacheAge          time.Duration
	QueryTimeout      time.Duration
	Concurrency       int          // queries at once a connection
	DuckDBMemory      string       // memory of one DuckDB connection, such as "1GB"
	Quota             access.Quota // of a tenant that has none of its own; zero parts have no bound
	Zone              string       // IANA time zone of the calendar
	Flags             string       // file that names enabled feature flags, one a line; empty: all are on
	Watch             bool         // reload models when their files change
	ManyOrganizations bool
	DashboardExports  bool // dashboards can be fetched as archives of CSV files
	OpenRegistration  bool // the first user registers without the set-up token

	NoPasswords bool          // people log in by single sign-on only
	SignOn      signon.Config // login providers; its address and clock are the server's
	SMTP        mail.Config   // of the server that sends mails; without a host nothing is sent

	Version string
	Log     *slog.Logger
	Now     func() time.Time
}

// Defaults are the settings of a server that nobody configured.
func Defaults() Config {
	return Config{
		Listen: ":8080", SiteURL: "http://localhost:8080", Metadata: "inlay.db", Data: "data",
		MaxLimit: 5000, CellsLimit: 100_000, CacheBytes: 64 << 20, CacheAge: 24 * time.Hour,
		QueryTimeout: 5 * time.Minute, Concurrency: 8, DuckDBMemory: "1GB", DashboardExports: true, Zone: "UTC", Version: "dev",
		Log: slog.Default(), Now: time.Now,
	}
}

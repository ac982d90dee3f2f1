// Package query is the one door for data: authorise, plan, apply the row policy, make the cache key, admit, execute,
// stream. Every row that leaves the server left through Run or RunSQL. It doesn't know HTTP.
package query

import (
	"context"
	"time"

	"inlay/internal/access"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/warehouse"
)

// Purpose says what rows are wanted for. All purposes take the same path.
type Purpose string

// Purposes.
const (
	Explore    Purpose = "explore"
	Tile       Purpose = "tile"
	Chart      Purpose = "chart"
	Total      Purpose = "total"
	Values     Purpose = "values"
	Underlying Purpose = "underlying"
	Export     Purpose = "export"
	Delivery   Purpose = "delivery"
	SQLRunner  Purpose = "sqlRunner"
)

// Project is what a query needs to know of a project.
type Project struct {
	UUID, Organization string
	Zone               string // IANA time zone of the calendar; empty is UTC
	WeekStart          *int   // 0 Monday … 6 Sunday; nil: the warehouse's own
}

// Projects gives the compiled explores and the connection of a project. Declared here by its user; the project
// package implements it.
type Projects interface {
	// Project loads the settings; NotFound when there is none.
	Project(ctx context.Context, project string) (Project, error)
	// Explore gives the compiled explore as modelled: unfiltered by anyone's attributes. Faults: NotFound with code
	// "NotExists" when there is none or it has errors.
	Explore(ctx context.Context, project, name string) (*semantic.Explore, error)
	// Conn gives the open connection and an identity of it for cache keys: the project's, or the one in override,
	// which must belong to the same organization.
	Conn(ctx context.Context, project, override string) (warehouse.Conn, string, error)
}

// Request asks for rows.
type Request struct {
	Project     string
	Explore     string
	Query       metric.Query
	Purpose     Purpose
	Granularity string // date zoom: Day, Week, Month, Quarter, Year; empty is none
	Zone        string // IANA time zone in which instants are cut to intervals; empty cuts them as they are stored
	// CSVLimit replaces the query's limit for exports: nil is absent; a pointer to a negative number means all.
	CSVLimit  *int
	MaxLimit  int           // greatest limit that the caller's API allows; 0 is the operator's
	Refresh   bool          // skip reading the cache
	Pivot     *metric.Pivot // of the rows; nil is none
	Saved     bool          // the query was saved by somebody who might write its SQL
	OfChart   bool          // the query of a chart that the principal may see
	RequestID string
}

// Statement is text of somebody who may write SQL for the project.
type Statement struct {
	Project, SQL string
	Limit        int           // negative is none
	Purpose      Purpose       // SQLRunner for text of whoever asks; others for saved text, which they were found to be let see
	Pivot        *metric.Pivot // of the rows; nil is none
}

// Result is a running query: metadata first, then rows. Close Rows when done with it.
type Result struct {
	Query    metric.Query            // as run
	Explore  *semantic.Explore       // as this principal sees it
	Fields   map[string]metric.Field // every selected column by id
	Columns  []string                // ids in the order of the row columns
	Rows     frame.Reader
	SQL      string
	Compiled map[string]string // SQL of the explore's fields by id; shared, not to be changed
	Warnings []string
	Cache    Cache
	Timing   Timing
	Pivot    *Pivoted // what the columns are, when the rows were pivoted

	stored *stored // what Rows reads from, when it is complete
}

// Cache says where rows came from.
type Cache struct {
	Hit    bool
	Shared bool // a query that ran already, for somebody who gets the same rows
	AsOf   time.Time
	Until  time.Time // when they are forgotten; zero: they weren't kept
}

// Timing says what an answer waited for.
type Timing struct {
	Queued time.Duration // until it was its turn at the connection
	Took   time.Duration // until the rows began to come, all in all
}

// Compiled is a query that was planned and not run.
type Compiled struct {
	Explore    *semantic.Explore       // as this principal sees it
	Fields     map[string]metric.Field // every selected column by id
	SQL        string
	FieldSQL   map[string]string // SQL of the explore's fields by id; shared, not to be changed
	Warnings   []string
	Parameters metric.Parameters // that the SQL refers to, with their values
	Cache      Cache             // where the rows would come from now
}

// Door is what services above call. Service implements it.
type Door interface {
	Run(ctx context.Context, who access.Principal, r Request) (*Result, error)
	Compile(ctx context.Context, who access.Principal, r Request) (*Compiled, error)
	// Explore gives an explore as the principal may see it: tables and fields that attributes hide are gone.
	Explore(ctx context.Context, who access.Principal, project, name string) (*semantic.Explore, error)
	// RunSQL runs text of somebody who may write SQL for the project.
	RunSQL(ctx context.Context, who access.Principal, s Statement) (*Result, error)
}

package schedule

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// QueryStatus is the state of a query that runs in the background.
type QueryStatus string

// States of a query. The last three are final.
const (
	QueryPending   QueryStatus = "pending"
	QueryExecuting QueryStatus = "executing"
	QueryReady     QueryStatus = "ready"
	QueryFailed    QueryStatus = "error"
	QueryCancelled QueryStatus = "cancelled"
)

// Ask is what a background query runs: a request, or SQL of somebody who may write it. Whoever asks has been checked.
type Ask struct {
	Request query.Request
	SQL     string // in place of the request's query
	Limit   int    // of SQL
}

// Sorts order the rows, or the table that they were pivoted to.
func (a Ask) Sorts() []metric.Sort {
	if a.Request.Pivot != nil && len(a.Request.Pivot.Sorts) > 0 {
		return a.Request.Pivot.Sorts
	}
	return a.Request.Query.Sorts
}

// Statement is the SQL to run.
func (a Ask) Statement() query.Statement {
	return query.Statement{Project: a.Request.Project, SQL: a.SQL, Limit: a.Limit, Purpose: a.Request.Purpose, Pivot: a.Request.Pivot}
}

// Run asks for the rows. Faults: those of the door.
func (a Ask) Run(ctx context.Context, who access.Principal, door query.Door) (*query.Result, error) {
	if a.SQL != "" {
		return door.RunSQL(ctx, who, a.Statement())
	}
	return door.Run(ctx, who, a.Request)
}

// Query is one that runs, or ran, in the background.
type Query struct {
	ID, Project, Context string
	Ask                  Ask
	Status               QueryStatus
	Error                string
	Outcome
	Rows           int
	Created        time.Time
	Started, Ended *time.Time
}

// Outcome says what the kept rows of a query are, and where they came from.
type Outcome struct {
	Columns []ResultColumn
	Pivot   *query.Pivoted // nil: the rows weren't pivoted
	Cache   query.Cache
	Timing  query.Timing
}

// ResultColumn is a column of a result.
type ResultColumn struct{ Reference, Type string }

type queryRow struct {
	bun.BaseModel `bun:"table:queries"`
	ID            string      `bun:"id,pk"`
	Project       string      `bun:"project_uuid"`
	Asker         string      `bun:"asker"`
	Context       string      `bun:"context"`
	Ask           string      `bun:"ask"`
	Status        QueryStatus `bun:"status"`
	Error         string      `bun:"error"`
	Outcome       string      `bun:"outcome"`
	Rows          int         `bun:"row_count"`
	CreatedAt     time.Time   `bun:"created_at"`
	StartedAt     *time.Time  `bun:"started_at"`
	EndedAt       *time.Time  `bun:"ended_at"`
	ExpiresAt     time.Time   `bun:"expires_at"`
}

func (r queryRow) query() (Query, error) {
	q := Query{ID: r.ID, Project: r.Project, Context: r.Context, Status: r.Status, Error: r.Error, Rows: r.Rows,
		Created: r.CreatedAt, Started: r.StartedAt, Ended: r.EndedAt}
	if err := json.Unmarshal([]byte(r.Ask), &q.Ask); err != nil {
		return q, fault.Wrap(fault.Internal, err, "The query could not be read")
	}
	if err := json.Unmarshal([]byte(r.Outcome), &q.Outcome); err != nil {
		return q, fault.Wrap(fault.Internal, err, "The query could not be read")
	}
	return q, nil
}

// Bounds of what is kept of background queries.
const (
	queryKeep  = time.Hour
	queriesOf  = 500      // of one asker; the oldest go first
	queryBytes = 64 << 20 // of one result
)

// asker tells apart those who may read each other's results: the same person, confined to the same rows. Whoever gets
// another policy, or another user of the same tenant, is somebody else.
func asker(who access.Principal) (string, error) {
	text, err := json.Marshal(struct {
		Kind                                                    access.Kind
		Organization, Project, Tenant, User, Schema, Connection string
		Attributes                                              map[string][]string
		Context                                                 map[string]any
		Filters                                                 []access.RowFilter
		Scope                                                   *access.Scope
		Unfiltered                                              bool
	}{who.Kind, who.Organization, who.Project, who.Tenant, who.User, who.Schema, who.Connection, who.Attributes, who.Context,
		who.Filters, who.Scope, who.Unfiltered})
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "The query's owner could not be told")
	}
	return secret.Hash(string(text)), nil
}

// StartQuery runs a query in the background and gives the id by which whoever asked can follow it.
func (s *Service) StartQuery(ctx context.Context, who access.Principal, door query.Door, ask Ask, purpose string) (string, error) {
	owner, err := asker(who)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(ask)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "The query could not be kept")
	}
	now := s.options.Now().UTC()
	row := &queryRow{ID: uuid.NewString(), Project: ask.Request.Project, Asker: owner, Context: purpose, Ask: string(text),
		Status: QueryPending, Outcome: "{}", CreatedAt: now, ExpiresAt: now.Add(queryKeep)}
	if err := s.dropOldest(ctx, owner); err != nil {
		return "", err
	}
	if _, err := s.db.NewInsert().Model(row).Exec(ctx); err != nil {
		return "", fault.Wrap(fault.Internal, err, "The query could not be started")
	}
	running, cancel := context.WithTimeout(s.ctx, s.options.Limit)
	s.queries.Store(row.ID, cancel)
	s.running.Go(func() {
		defer cancel()
		defer s.queries.Delete(row.ID)
		s.runQuery(running, row.ID, func() (*query.Result, error) { return ask.Run(running, who, door) })
	})
	return row.ID, nil
}

// runQuery has no slot of its own: the door admits queries, and refuses when too many wait.
func (s *Service) runQuery(ctx context.Context, id string, run func() (*query.Result, error)) {
	s.queryState(id, QueryPending, func(u *bun.UpdateQuery) *bun.UpdateQuery {
		return u.Set("status = ?", QueryExecuting).Set("started_at = ?", s.options.Now().UTC())
	})
	var outcome []byte
	count := 0
	err := guarded(func() (err error) {
		outcome, count, err = s.keepResult(ctx, id, run)
		return err
	})
	status, message := QueryReady, ""
	if err != nil {
		known := fault.As(err)
		status, message, outcome = QueryFailed, known.Message, []byte("{}")
		if known.Kind == fault.Internal {
			s.options.Log.Error("background query failed", "id", id, "error", err)
		}
	}
	s.queryState(id, QueryExecuting, func(u *bun.UpdateQuery) *bun.UpdateQuery {
		return u.Set("status = ?", status).Set("error = ?", message).Set("outcome = ?", string(outcome)).
			Set("row_count = ?", count).Set("ended_at = ?", s.options.Now().UTC())
	})
}

// keepResult runs a query into its file, and gives its outcome as JSON and how many rows there are.
func (s *Service) keepResult(ctx context.Context, id string, run func() (*query.Result, error)) ([]byte, int, error) {
	result, err := run()
	if err != nil {
		return nil, 0, err
	}
	outcome := Outcome{Columns: []ResultColumn{}, Pivot: result.Pivot, Cache: result.Cache, Timing: result.Timing}
	for i, field := range result.Rows.Fields() {
		outcome.Columns = append(outcome.Columns, ResultColumn{result.Columns[i], query.TypeOf(field)})
	}
	count := 0
	err = s.writeFile(id, func(w io.Writer) (err error) {
		count, err = query.WriteLines(ctx, &bounded{w, queryBytes}, result)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	text, err := json.Marshal(outcome)
	return text, count, err
}

// queryState moves a query on, unless it left the state meanwhile: what was cancelled stays so.
func (s *Service) queryState(id string, from QueryStatus, set func(*bun.UpdateQuery) *bun.UpdateQuery) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := set(s.db.NewUpdate().Model((*queryRow)(nil))).Where("id = ?", id).Where("status = ?", from).Exec(ctx); err != nil {
		s.options.Log.Error("the state of a query could not be written", "id", id, "error", err)
	}
}

// bounded refuses to write more than is left.
type bounded struct {
	io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, fault.New(fault.Invalid, "The result is larger than %d MB. Ask for fewer rows, or export them to a file", queryBytes>>20)
	}
	return b.Writer.Write(p)
}

// Query gives the state of a query of who. Not theirs, expired and not there look the same.
func (s *Service) Query(ctx context.Context, who access.Principal, project, id string) (Query, error) {
	owner, err := asker(who)
	if err != nil {
		return Query{}, err
	}
	row := queryRow{}
	err = s.db.NewSelect().Model(&row).Where("id = ?", id).Where("asker = ?", owner).Where("project_uuid = ?", project).
		Where("expires_at > ?", s.options.Now().UTC()).Scan(ctx)
	if store.NotFound(err) {
		return Query{}, noQuery(id)
	}
	if err != nil {
		return Query{}, fault.Wrap(fault.Internal, err, "The query could not be read")
	}
	return row.query()
}

func noQuery(id string) error {
	return fault.New(fault.NotFound, "Cannot find query with uuid: %s", id)
}

// CancelQuery stops a query of who that still runs; one that has ended stays as it is.
func (s *Service) CancelQuery(ctx context.Context, who access.Principal, project, id string) error {
	q, err := s.Query(ctx, who, project, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewUpdate().Model((*queryRow)(nil)).Set("status = ?", QueryCancelled).Set("ended_at = ?", s.options.Now().UTC()).
		Where("id = ?", q.ID).Where("status IN (?)", bun.List([]QueryStatus{QueryPending, QueryExecuting})).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The query could not be cancelled")
	}
	if cancel, ok := s.queries.Load(q.ID); ok {
		cancel.(context.CancelFunc)()
	}
	return nil
}

// Queries gives a page of who's own queries in a project, the newest first, and how many there are.
func (s *Service) Queries(ctx context.Context, who access.Principal, project string, page, size int64) ([]Query, int64, error) {
	owner, err := asker(who)
	if err != nil {
		return nil, 0, err
	}
	var rows []queryRow
	total, err := s.db.NewSelect().Model(&rows).Where("asker = ?", owner).Where("project_uuid = ?", project).
		Where("expires_at > ?", s.options.Now().UTC()).OrderExpr("created_at DESC, id").
		Limit(size).Offset((page - 1) * size).ScanAndCount(ctx)
	if err != nil {
		return nil, 0, fault.Wrap(fault.Internal, err, "The queries could not be read")
	}
	list := make([]Query, len(rows))
	for i, row := range rows {
		if list[i], err = row.query(); err != nil {
			return nil, 0, err
		}
	}
	return list, total, nil
}

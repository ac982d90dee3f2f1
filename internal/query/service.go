package query

import (
	"context"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
	"inlay/internal/warehouse"
)

// Options are the operator's limits. Zero values are the defaults named here.
type Options struct {
	MaxLimit  int // greatest limit of a query: 5000
	CellLimit int // greatest number of cells of an export: 100000

	CacheBytes    int           // memory for results: 64 MiB; negative is no cache
	CacheFor      time.Duration // how long a result may be given again: 24 hours
	CacheEntry    int           // greatest result that is kept or shared, in bytes: 8 MiB
	Running       int           // queries at a time on one connection: 8
	Waiting       int           // queries of one tenant that may wait for their turn: 64
	Quota         access.Quota  // of a tenant that has none of its own: no bound
	Timeout       time.Duration // of a query: 5 minutes
	ExportTimeout time.Duration // of an export: 30 minutes

	Now    func() time.Time
	Record func(Event) // told about every run; may be nil; must be quick
}

// Event is one run, for history and audit. It holds no values of rows.
type Event struct {
	Who       access.Principal
	Project   string
	Explore   string
	Purpose   Purpose
	RequestID string
	SQL       string
	Hit       bool
	Rows      int // -1: streamed to the caller and not counted here
	Took      time.Duration
	Err       error
}

// Service is the door.
type Service struct {
	projects Projects
	scopes   Scopes // of what the confined may ask
	options  Options
	results  *results
	flights  flights
	gates    gates
	seen     *views
	visits   visits
	meters   meters
	counts   counts
}

var _ Door = (*Service)(nil)

// New makes the door.
func New(projects Projects, o Options) *Service {
	orElse(&o.MaxLimit, 5000)
	orElse(&o.CellLimit, 100000)
	orElse(&o.CacheBytes, 64<<20)
	orElse(&o.CacheFor, 24*time.Hour)
	orElse(&o.CacheEntry, 8<<20)
	orElse(&o.Running, 8)
	orElse(&o.Waiting, 64)
	orElse(&o.Timeout, 5*time.Minute)
	orElse(&o.ExportTimeout, 30*time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{projects: projects, options: o, results: newResults(o.CacheBytes, o.CacheFor),
		flights: flights{running: map[key]*flight{}}, gates: gates{byConn: map[string]*gate{}, running: o.Running, waiting: o.Waiting},
		seen: newViews(), counts: counts{since: o.Now(), of: map[string]*CacheCounts{}}, visits: visits{now: map[*visit]bool{}},
		meters: meters{now: o.Now, standard: o.Quota, tenants: map[string]*meter{}}}
}

func orElse[T int | time.Duration](value *T, otherwise T) {
	if *value == 0 {
		*value = otherwise
	}
}

// prepared is a request that was authorised and planned.
type prepared struct {
	project Project
	explore *semantic.Explore // as the principal sees it
	query   metric.Query
	plan    *metric.Plan
	policy  metric.Policy
	conn    warehouse.Conn
	sql     string
	key     key
	timeout time.Duration

	shared bool          // its rows come from a query that ran already
	queued time.Duration // before its own query began
}

// Run answers a request with rows. Faults: those of the explore and the plan; Forbidden; WarehouseQuery and
// WarehouseConnection of the engine; TooMany when too many are waiting; QueryTimeout.
func (s *Service) Run(ctx context.Context, who access.Principal, r Request) (*Result, error) {
	start := s.options.Now()
	p, err := s.prepare(ctx, who, r, s.planOptions(who, r))
	if err != nil {
		s.record(who, r, Event{Took: s.options.Now().Sub(start), Err: err})
		return nil, err
	}
	return s.answer(ctx, who, r, p, start)
}

// Compile plans a request without running it; limits that a run is held to don't apply.
func (s *Service) Compile(ctx context.Context, who access.Principal, r Request) (*Compiled, error) {
	o := s.planOptions(who, r)
	o.MaxLimit = 0
	r.Query.Limit = max(r.Query.Limit, 0)
	p, err := s.prepare(ctx, who, r, o)
	if err != nil {
		return nil, err
	}
	compiled := &Compiled{Explore: p.explore, Fields: p.plan.Fields, SQL: p.sql, FieldSQL: s.seen.compiled(p.conn.Dialect(), p.explore),
		Warnings: p.plan.Warnings, Parameters: p.plan.Parameters}
	if found, ok := s.results.get(p.key); ok && !r.Refresh {
		compiled.Cache = s.results.origin(found, true, false)
	}
	return compiled, nil
}

// Explore gives an explore as the principal may see it.
func (s *Service) Explore(ctx context.Context, who access.Principal, project, name string) (*semantic.Explore, error) {
	if _, err := s.enter(ctx, who, project); err != nil {
		return nil, err
	}
	modelled, err := s.projects.Explore(ctx, project, name)
	if err != nil {
		return nil, err
	}
	return s.seen.of(modelled, who.Attributes)
}

// enter loads a project for somebody who may be in it. Not theirs and not there look the same.
func (s *Service) enter(ctx context.Context, who access.Principal, project string) (Project, error) {
	if who.Kind == access.Anonymous || who.Organization == "" {
		return Project{}, fault.New(fault.Forbidden, "You don't have access to this resource or action")
	}
	found, err := s.projects.Project(ctx, project)
	if err != nil {
		return Project{}, err
	}
	if found.Organization != who.Organization || (who.Project != "" && who.Project != found.UUID) {
		return Project{}, fault.New(fault.NotFound, "Cannot find project with uuid: %s", project)
	}
	return found, nil
}

func (s *Service) planOptions(who access.Principal, r Request) metric.Options {
	limit := s.options.MaxLimit
	if r.MaxLimit > 0 {
		limit = r.MaxLimit
	}
	return metric.Options{
		Attributes: who.Attributes, Known: who.Known, Email: who.Email, EmailVerified: who.EmailVerified,
		Now: s.options.Now(), Granularity: r.Granularity, GrainZone: r.Zone, MaxLimit: limit,
		CSVLimit: r.CSVLimit, CellLimit: s.options.CellLimit, Schema: who.Schema, Pivot: r.Pivot,
	}
}

// prepare authorises and plans. It is the only way to a statement with rows, and to the key of its result.
func (s *Service) prepare(ctx context.Context, who access.Principal, r Request, o metric.Options) (*prepared, error) {
	project, err := s.enter(ctx, who, r.Project)
	if err != nil {
		return nil, err
	}
	if err := s.inScope(ctx, who, r); err != nil {
		return nil, err
	}
	p := &prepared{project: project, query: r.Query, timeout: s.options.Timeout}
	if r.Purpose == Export || r.Purpose == Delivery {
		p.timeout = s.options.ExportTimeout
	}
	modelled, err := s.projects.Explore(ctx, r.Project, r.Explore)
	if err != nil {
		return nil, err
	}
	if p.explore, err = s.seen.of(modelled, who.Attributes); err != nil {
		return nil, err
	}
	if r.Purpose == Values {
		if err := s.hiddenValue(modelled, p.explore, r.Query); err != nil {
			return nil, err
		}
	}
	if err := s.offered(ctx, who, r, p.explore); err != nil {
		return nil, err
	}
	author := writesSQL(who, project)
	p.policy = decide(who, p.explore, author)
	o.TrustSQL = author || (r.Saved && !confined(who))
	if o.Calendar, err = calendar(project); err != nil {
		return nil, err
	}
	if p.plan, err = metric.Build(p.explore, r.Query, p.policy, o); err != nil {
		return nil, err
	}
	var identity string
	if p.conn, identity, err = s.projects.Conn(ctx, r.Project, who.Connection); err != nil {
		return nil, err
	}
	if p.sql, err = sqlgen.Generate(p.conn.Dialect(), p.plan); err != nil {
		return nil, err
	}
	p.key = keyOf(p.sql, nil, identity, project.Zone, fingerprint(p.policy, p.plan.Tables))
	p.key.conn = identity
	return p, nil
}

func calendar(p Project) (metric.Calendar, error) {
	c := metric.Calendar{WeekStart: p.WeekStart}
	if p.Zone == "" {
		return c, nil
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return c, fault.Coded(fault.Invalid, "Parameter", "The project's time zone %q is not known", p.Zone)
	}
	c.Zone = zone
	return c, nil
}

// writesSQL tells whether somebody may write SQL for the project.
func writesSQL(who access.Principal, p Project) bool {
	return !confined(who) && access.Can(who, access.Manage, access.Thing{Subject: access.CustomSQL, Organization: p.Organization, Project: p.UUID})
}

func (s *Service) record(who access.Principal, r Request, e Event) {
	if s.options.Record == nil {
		return
	}
	e.Who, e.Project, e.Explore, e.Purpose, e.RequestID = who, r.Project, r.Explore, r.Purpose, r.RequestID
	s.options.Record(e)
}

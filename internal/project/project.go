// Package project keeps projects: where their data lives, which models describe it, and the explores compiled from
// those. It runs compiles, keeps connections open, and finds things in the catalogue. It must not know HTTP, charts or
// dashboards; it asks for the little it needs of them through ports.
package project

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/warehouse"
)

// Type is the kind of a project.
type Type string

// Types of project.
const (
	Default Type = access.DefaultProject
	Preview Type = access.PreviewProject
)

// Project is a warehouse together with the models that describe it.
type Project struct {
	UUID, Organization string
	Name               string
	Type               Type
	Upstream           string // the project that content is promoted to; may be empty
	DbtVersion         string
	Source             Source
	Warehouse          warehouse.Settings
	SemanticLayer      map[string]any // connection of another semantic layer; stored, not used
	SchedulerZone      string
	Selection          Selection
	CreatedBy          string // user uuid; may be empty
	Created            time.Time
}

// SelectionType says how the tables that people see are chosen.
type SelectionType string

// Types of selection.
const (
	AllTables SelectionType = "ALL"
	WithTags  SelectionType = "WITH_TAGS"
	WithNames SelectionType = "WITH_NAMES"
)

// Selection chooses the explores that lists show. It is a convenience, not a permission.
type Selection struct {
	Type  SelectionType
	Names []string // tags or names; nil for all
}

// Ports are what the service asks of packages beside it. Any may be nil: then there is nothing of that sort.
type Ports struct {
	Content  Content
	People   People
	Activity Activity
	Tasks    Tasks
}

// Options are the choices of whoever runs the server.
type Options struct {
	// Folders are the directories under which local models and database files named through the API may lie. Projects
	// that the server itself sets up are not held to them.
	Folders []string
	// Zone is the IANA time zone of the calendar; empty is UTC.
	Zone string
	// SiteURL is the address that people open, for links.
	SiteURL string
	// Now is the clock; time.Now unless set.
	Now func() time.Time
	Log *slog.Logger
}

// Service keeps projects.
type Service struct {
	db      *store.DB
	secret  secret.Secret
	opener  warehouse.Opener
	options Options
	ports   Ports

	runner string // names this process in leases
	ctx    context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup
	models models
	recent recent
	pool   pool

	revisions store.Revisions

	schemas sync.Map // that databases were found to have, by connection and name
}

// New makes the service. Close it to stop its background work and its connections.
func New(db *store.DB, s secret.Secret, opener warehouse.Opener, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	service := &Service{db: db, secret: s, opener: opener, options: o, runner: uuid.NewString(), recent: newRecent(),
		revisions: db.Revisions()}
	service.ctx, service.stop = context.WithCancel(context.Background())
	return service
}

// Use connects the packages beside this one, which are made after it. Call it once, before serving.
func (s *Service) Use(p Ports) { s.ports = p }

// Close stops jobs and watches, waits for them, and closes all connections.
func (s *Service) Close() {
	s.stop()
	s.work.Wait()
	s.pool.close()
}

// background runs work that Close waits for.
func (s *Service) background(work func(ctx context.Context)) {
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		work(s.ctx)
	}()
}

// now is the time as it is stored: UTC and no finer than the databases keep it.
func (s *Service) now() time.Time { return s.options.Now().UTC().Truncate(time.Microsecond) }

// thing is the project as the authorisation rules see it.
func (p Project) thing(subject access.Subject) access.Thing {
	return access.Thing{
		Subject: subject, UUID: p.UUID, Organization: p.Organization, Project: p.UUID,
		Type: string(p.Type), CreatedBy: p.CreatedBy,
	}
}

func forbidden() error {
	return fault.New(fault.Forbidden, "You don't have access to this resource or action")
}

func missing(project string) error {
	return fault.Coded(fault.NotFound, "NotExists", "Cannot find project with id: %s", project)
}

// valid tells whether a text is a uuid as it is stored; others are never sent to the database.
func valid(id string) bool {
	_, err := uuid.Parse(id)
	return err == nil && len(id) == 36
}

// Package schedule runs work in the background and keeps the files it makes. It knows tasks, their state and who
// started them, and nothing of HTTP.
package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Status is the state of a task.
type Status string

// States of a task.
const (
	Scheduled Status = "scheduled"
	Started   Status = "started"
	Completed Status = "completed"
	Failed    Status = "error"
)

// Task is one piece of background work.
type Task struct {
	ID, Kind, Project, CreatedBy string
	Status                       Status
	Details                      map[string]any // nil is none
}

// Options are the operator's choices. Zero values are the defaults named here.
type Options struct {
	Files   string        // directory for files; it must exist
	SiteURL string        // the server's own address, without a slash at its end
	Keep    time.Duration // how long files can be fetched: 24 hours
	Running int           // tasks at a time: 4
	Limit   time.Duration // of one task: 30 minutes
	Cells   int           // greatest number of cells of an export, as the door is told: 100000
	People  People        // nil: files are fetched until they expire, whatever becomes of their makers
	Now     func() time.Time
	Log     *slog.Logger
}

// People says what somebody with an account may do now. Faults: NotFound; Forbidden for a deactivated account.
type People interface {
	PrincipalOf(ctx context.Context, organization, user string) (access.Principal, error)
}

// Service runs tasks. Close it: it waits for them.
type Service struct {
	db      *store.DB
	options Options
	slots   chan struct{}
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	queries sync.Map // id → context.CancelFunc of background queries that run here
	// enlisted tells that a job was kept just now
	enlisted chan struct{}
}

// New makes the service.
func New(db *store.DB, o Options) *Service {
	if o.Keep == 0 {
		o.Keep = 24 * time.Hour
	}
	if o.Running == 0 {
		o.Running = 4
	}
	if o.Limit == 0 {
		o.Limit = 30 * time.Minute
	}
	if o.Cells == 0 {
		o.Cells = 100000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Service{db: db, options: o, slots: make(chan struct{}, o.Running), ctx: ctx, stop: stop, enlisted: make(chan struct{}, 1)}
}

// Close stops running tasks and waits for them to say so.
func (s *Service) Close() {
	s.stop()
	s.running.Wait()
}

type taskRow struct {
	bun.BaseModel `bun:"table:tasks"`
	ID            string    `bun:"id,pk"`
	Kind          string    `bun:"task"`
	Organization  string    `bun:"organization_uuid"`
	Project       string    `bun:"project_uuid"`
	CreatedBy     string    `bun:"created_by"`
	Status        Status    `bun:"status"`
	Details       string    `bun:"details"`
	CreatedAt     time.Time `bun:"created_at"`
	UpdatedAt     time.Time `bun:"updated_at"`

	// Of jobs only.
	Key         *string    `bun:"task_key"`
	Payload     string     `bun:"payload"`
	Attempts    int64      `bun:"attempts"`
	LeasedUntil *time.Time `bun:"leased_until"`
}

// Start runs work in the background and gives the task's id, by which its state can be asked. What the work returns
// become the task's details; with an error, they are joined by its message.
func (s *Service) Start(ctx context.Context, who access.Principal, project, kind string,
	work func(ctx context.Context, id string) (map[string]any, error)) (string, error) {
	now := s.options.Now().UTC()
	row := &taskRow{ID: uuid.NewString(), Kind: kind, Organization: who.Organization, Project: project, CreatedBy: owner(who),
		Status: Scheduled, Details: "null", CreatedAt: now, UpdatedAt: now}
	if _, err := s.db.NewInsert().Model(row).Exec(ctx); err != nil {
		return "", fault.Wrap(fault.Internal, err, "The task could not be started")
	}
	s.running.Go(func() { s.run(row, work) })
	return row.ID, nil
}

// owner is who a task belongs to: a user, or a tenant without one.
func owner(who access.Principal) string {
	if who.User != "" {
		return who.User
	}
	return who.Tenant
}

func (s *Service) run(row *taskRow, work func(ctx context.Context, id string) (map[string]any, error)) {
	ctx, cancel := context.WithTimeout(s.ctx, s.options.Limit)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		if row.Key == nil { // a job is left to another server
			s.finish(row, Failed, map[string]any{"error": "The server stopped before the task could start"})
		}
		return
	}
	s.finish(row, Started, nil)
	var details map[string]any
	err := guarded(func() (err error) {
		details, err = work(ctx, row.ID)
		return err
	})
	if err == nil {
		s.finish(row, Completed, details)
		return
	}
	if s.ctx.Err() != nil && row.Key != nil {
		return // another server takes it over
	}
	known := fault.As(err)
	if known.Kind == fault.Internal {
		s.options.Log.Error("task failed", "task", row.Kind, "id", row.ID, "error", err)
	}
	failure := map[string]any{"error": known.Message}
	maps.Copy(failure, details)
	maps.Copy(failure, known.Data)
	s.finish(row, Failed, failure)
}

// guarded turns a panic of the work into its error: one task must not end the others.
func guarded(work func() error) (err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fault.Wrap(fault.Internal, errors.New(slog.AnyValue(trouble).String()), "Something went wrong.")
		}
	}()
	return work()
}

// finish writes a state. The task's own context may have ended, so the write has one of its own.
func (s *Service) finish(row *taskRow, status Status, details map[string]any) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	text, err := json.Marshal(details)
	if err == nil {
		_, err = s.db.NewUpdate().Model((*taskRow)(nil)).Set("status = ?", status).Set("details = ?", string(text)).
			Set("updated_at = ?", s.options.Now().UTC()).Where("id = ?", row.ID).Where("attempts = ?", row.Attempts).Exec(ctx)
	}
	if err != nil {
		s.options.Log.Error("the state of a task could not be written", "id", row.ID, "status", status, "error", err)
	}
}

// Task gives the state of a task that who started. Not theirs and not there look the same.
func (s *Service) Task(ctx context.Context, who access.Principal, id string) (Task, error) {
	row := &taskRow{}
	err := s.db.NewSelect().Model(row).Where("id = ?", id).Where("organization_uuid = ?", who.Organization).
		Where("created_by = ?", owner(who)).Scan(ctx)
	if store.NotFound(err) {
		return Task{}, fault.New(fault.NotFound, "Job not found")
	}
	if err != nil {
		return Task{}, fault.Wrap(fault.Internal, err, "The task could not be read")
	}
	t := Task{ID: row.ID, Kind: row.Kind, Project: row.Project, CreatedBy: row.CreatedBy, Status: row.Status}
	if err := json.Unmarshal([]byte(row.Details), &t.Details); err != nil {
		return Task{}, fault.Wrap(fault.Internal, err, "The task could not be read")
	}
	return t, nil
}

// Sweep ends tasks that nobody works on any more, and drops old tasks and files. Call it at start and every hour.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.options.Now().UTC()
	_, err := s.db.NewUpdate().Model((*taskRow)(nil)).Set("status = ?", Failed).Set("details = ?", `{"error":"The server stopped while the task ran"}`).
		Where("status IN (?)", bun.List([]Status{Scheduled, Started})).Where("task_key IS NULL").
		Where("updated_at < ?", now.Add(-2*s.options.Limit)).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "Old tasks could not be ended")
	}
	if _, err := s.db.NewDelete().Model((*taskRow)(nil)).Where("updated_at < ?", now.AddDate(0, 0, -7)).Exec(ctx); err != nil {
		return fault.Wrap(fault.Internal, err, "Old tasks could not be dropped")
	}
	if err := s.sweepQueries(ctx, now); err != nil {
		return err
	}
	return s.dropFiles(ctx, now)
}

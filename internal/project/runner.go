package project

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/semantic"
	"inlay/internal/warehouse"
)

const (
	lease    = time.Minute // a job whose runner doesn't report for so long is another's to run
	beat     = lease / 4
	attempts = 3
)

// Start takes over jobs that a stopped server left behind, now and from time to time.
func (s *Service) Start() {
	s.background(func(ctx context.Context) {
		tick := time.NewTicker(lease)
		defer tick.Stop()
		for {
			if err := s.adopt(ctx); err != nil && ctx.Err() == nil {
				s.options.Log.ErrorContext(ctx, "abandoned jobs could not be taken over", "error", err)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
}

// adopt runs jobs whose lease ran out. The conditional update decides between replicas.
func (s *Service) adopt(ctx context.Context) error {
	rows := []*jobRow{}
	err := s.db.NewSelect().Model(&rows).Where("status IN (?)", bun.List([]string{string(Started), string(Running)})).
		Where("leased_until < ?", s.now()).Scan(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		before := row.LeasedUntil
		row.Runner, row.LeasedUntil, row.Attempts = s.runner, s.now().Add(lease), row.Attempts+1
		result, err := s.db.NewUpdate().Model(row).WherePK().Where("leased_until = ?", before).
			Column("runner", "leased_until", "attempts").Exec(ctx)
		if err != nil {
			return err
		}
		if taken, err := result.RowsAffected(); err != nil || taken != 1 {
			continue // another replica was quicker
		}
		s.background(func(ctx context.Context) { s.run(ctx, row) })
	}
	return nil
}

// running is a job at work.
type running struct {
	s        *Service
	row      *jobRow
	steps    []Step
	project  Project
	compiled *semantic.Model
	columns  []warehouse.Column
}

// run works through the steps of a job; the first that fails ends it.
func (s *Service) run(ctx context.Context, row *jobRow) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	r := &running{s: s, row: row}
	defer s.keepLease(row)()
	err := r.prepare(ctx)
	for i := range r.steps {
		if err != nil {
			r.steps[i].Status, r.steps[i].Updated = Skipped, s.now()
			continue
		}
		err = r.step(ctx, &r.steps[i])
		if err != nil && s.ctx.Err() != nil {
			s.release(row)
			return
		}
	}
	status := Done
	if err != nil {
		status = Failed
		s.options.Log.WarnContext(ctx, "a project's job failed", "job", row.UUID, "project", r.project.UUID, "error", err)
	}
	r.report(context.WithoutCancel(ctx), status)
}

func (r *running) prepare(ctx context.Context) error {
	if err := json.Unmarshal([]byte(r.row.Steps), &r.steps); err != nil {
		return err
	}
	if r.row.Attempts > attempts {
		return fault.New(fault.Internal, "The job was started %d times and never ended", attempts)
	}
	var request *Draft
	if err := r.s.unseal("job", r.row.UUID, r.row.Request, &request); err != nil {
		return err
	}
	var err error
	if request == nil {
		r.project, err = r.s.load(ctx, value(r.row.ProjectUUID))
		return err
	}
	if r.project, err = r.s.draft(*request); err != nil {
		return err
	}
	r.project.Organization, r.project.CreatedBy = r.row.OrganizationUUID, r.row.UserUUID
	return nil
}

func (r *running) step(ctx context.Context, step *Step) error {
	began := r.s.now()
	step.Status, step.Started, step.Updated, step.Error = Running, &began, began, ""
	r.report(ctx, Running)
	err := r.do(ctx, step.Type)
	step.Status, step.Updated = Done, r.s.now()
	if err != nil {
		step.Status, step.Error = Failed, say(err)
	}
	return err
}

func (r *running) do(ctx context.Context, step StepType) error {
	switch step {
	case TestingAdaptor:
		conn, err := r.s.connect(ctx, r.project.Warehouse)
		if err != nil {
			return err
		}
		return conn.Ping(ctx)
	case Compiling:
		if r.row.ProjectUUID != nil {
			_, err := r.s.Compile(ctx, r.project.UUID)
			return err
		}
		var err error
		r.compiled, r.columns, err = r.s.build(ctx, r.project)
		return err
	default: // CreatingProject
		if err := r.s.insert(ctx, r.project); err != nil && !fault.Is(err, fault.Conflict) {
			return err // a conflict is with this job's own earlier try
		}
		if _, err := r.s.storeModel(ctx, r.project.UUID, r.compiled, r.columns); err != nil {
			return err
		}
		r.row.ResultUUID = &r.project.UUID
		return r.s.grantCreator(ctx, r.project)
	}
}

// report stores how far the job is.
func (r *running) report(ctx context.Context, status Status) {
	data, err := json.Marshal(r.steps)
	if err == nil {
		r.row.Status, r.row.Steps, r.row.UpdatedAt = string(status), string(data), r.s.now()
		_, err = r.s.db.NewUpdate().Model(r.row).WherePK().Column("status", "steps", "result_uuid", "updated_at").Exec(ctx)
	}
	if err != nil {
		r.s.options.Log.ErrorContext(ctx, "a job's state could not be stored", "job", r.row.UUID, "error", err)
	}
}

// keepLease renews the lease until the returned function is called.
func (s *Service) keepLease(row *jobRow) (stop func()) {
	ctx, cancel := context.WithCancel(s.ctx)
	s.background(func(context.Context) {
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.setLease(ctx, row.UUID, s.now().Add(lease))
			case <-ctx.Done():
				return
			}
		}
	})
	return cancel
}

// release lets another server take the job over at once: this one stops.
func (s *Service) release(row *jobRow) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s.setLease(ctx, row.UUID, s.now().Add(-time.Second))
}

func (s *Service) setLease(ctx context.Context, job string, until time.Time) {
	_, err := s.db.NewUpdate().Model((*jobRow)(nil)).Set("leased_until = ?", until).Where("uuid = ?", job).
		Where("runner = ?", s.runner).Exec(ctx)
	if err != nil && ctx.Err() == nil {
		s.options.Log.ErrorContext(ctx, "a job's lease could not be renewed", "job", job, "error", err)
	}
}

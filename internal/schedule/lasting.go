package schedule

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/fault"
)

const (
	lease    = time.Minute // work whose server doesn't report for so long is another's to do
	beat     = lease / 4
	attempts = 3
)

// Job is work that is kept until it has ended: when the server that does it goes away, another takes it over. Its state
// is that of a task, which User may ask for.
type Job struct {
	ID, Kind                    string
	Key                         string // of all jobs with one key, only the first is kept
	Organization, Project, User string
	Payload                     string
}

// Worker does jobs of one kind. It may be called again for a job that a server left in the middle. Its details and
// error are as those of Start.
type Worker func(ctx context.Context, j Job) (details map[string]any, err error)

// Enlist keeps a job to be done soon, here or by another server, and gives its id. A job whose key is known already is
// not kept again.
func (s *Service) Enlist(ctx context.Context, j Job) (string, error) {
	now := s.options.Now().UTC()
	row := &taskRow{ID: uuid.NewString(), Kind: j.Kind, Organization: j.Organization, Project: j.Project, CreatedBy: j.User,
		Status: Scheduled, Details: "null", CreatedAt: now, UpdatedAt: now, Key: &j.Key, Payload: j.Payload}
	if _, err := s.db.NewInsert().Model(row).On("CONFLICT (task_key) DO NOTHING").Exec(ctx); err != nil {
		return "", fault.Wrap(fault.Internal, err, "The job could not be kept")
	}
	select {
	case s.enlisted <- struct{}{}:
	default: // somebody looks already
	}
	return row.ID, nil
}

// Work does jobs of the kinds that it has workers for until ctx ends: at once those that are enlisted here, and within
// some seconds all others that nobody does.
func (s *Service) Work(ctx context.Context, workers map[string]Worker) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		if err := s.TakeJobs(ctx, workers); err != nil && ctx.Err() == nil {
			s.options.Log.ErrorContext(ctx, "kept jobs could not be taken up", "error", err)
		}
		select {
		case <-tick.C:
		case <-s.enlisted:
		case <-ctx.Done():
			return
		}
	}
}

// TakeJobs starts, in the background, the jobs that nobody does at the moment.
func (s *Service) TakeJobs(ctx context.Context, workers map[string]Worker) error {
	now := s.options.Now().UTC()
	var rows []*taskRow
	err := s.db.NewSelect().Model(&rows).Where("task_key IS NOT NULL").Where("task IN (?)", bun.List(slices.Collect(maps.Keys(workers)))).
		Where("(status = ? OR status = ? AND leased_until < ?)", Scheduled, Started, now).Order("created_at", "id").Limit(100).Scan(ctx)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "Jobs could not be read")
	}
	for _, row := range rows {
		mine, err := s.claim(ctx, row, now.Add(lease))
		if err != nil {
			return err
		}
		if mine {
			s.running.Go(func() { s.work(row, workers[row.Kind]) })
		}
	}
	return nil
}

// claim decides between servers who does a job: the number of attempts is still what was read.
func (s *Service) claim(ctx context.Context, row *taskRow, until time.Time) (bool, error) {
	done, err := s.db.NewUpdate().Model((*taskRow)(nil)).Set("attempts = attempts + 1").Set("leased_until = ?", until).
		Set("status = ?", Started).Where("id = ?", row.ID).Where("attempts = ?", row.Attempts).Exec(ctx)
	if err != nil {
		return false, fault.Wrap(fault.Internal, err, "A job could not be taken up")
	}
	n, err := done.RowsAffected()
	row.Attempts++
	return n == 1, err
}

func (s *Service) work(row *taskRow, work Worker) {
	ended := make(chan struct{})
	defer close(ended)
	s.running.Go(func() { s.keepLease(row, ended) })
	s.run(row, func(ctx context.Context, id string) (map[string]any, error) {
		if row.Attempts > attempts {
			return nil, fault.New(fault.Internal, "The job was begun %d times and never ended", attempts)
		}
		return work(ctx, Job{ID: id, Kind: row.Kind, Key: *row.Key, Organization: row.Organization, Project: row.Project, User: row.CreatedBy,
			Payload: row.Payload})
	})
}

// keepLease renews the lease until the job has ended. When the server stops before, another may take over at once.
func (s *Service) keepLease(row *taskRow, ended <-chan struct{}) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.setLease(row, s.options.Now().UTC().Add(lease))
		case <-ended:
			if s.ctx.Err() != nil {
				s.setLease(row, s.options.Now().UTC().Add(-time.Second))
			}
			return
		}
	}
}

func (s *Service) setLease(row *taskRow, until time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := s.db.NewUpdate().Model((*taskRow)(nil)).Set("leased_until = ?", until).Where("id = ?", row.ID).
		Where("attempts = ?", row.Attempts).Exec(ctx)
	if err != nil {
		s.options.Log.Error("a job's lease could not be set", "id", row.ID, "error", err)
	}
}

package delivery

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/schedule"
)

// entry is what a line of the log is about: a run, or one of its targets.
type entry struct {
	job          schedule.Job
	id, group    string
	task         string
	delivery     string // empty for what is sent without being kept
	target, kind string
	at           time.Time
}

// Line is a line of the log.
type Line struct {
	Task, Job, Group, Delivery string
	Target, TargetType         string // empty for a run itself
	Status                     schedule.Status
	Scheduled, Created         time.Time
	Details                    map[string]any // nil is none
}

type logRow struct {
	bun.BaseModel `bun:"table:delivery_log"`

	Job          string          `bun:"job_id,pk"`
	Status       schedule.Status `bun:"status,pk"`
	Group        string          `bun:"job_group"`
	Organization string          `bun:"organization_uuid"`
	Project      string          `bun:"project_uuid"`
	Delivery     *string         `bun:"delivery_uuid"`
	Task         string
	Target       *string
	TargetType   *string   `bun:"target_type"`
	Scheduled    time.Time `bun:"scheduled_at"`
	CreatedAt    time.Time `bun:"created_at"`
	Details      string
}

// begin notes that a target is being sent to. It is false when that was noted before.
func (s *Service) begin(ctx context.Context, e entry) (bool, error) {
	return s.write(ctx, e, schedule.Started, nil)
}

// note writes a line, once.
func (s *Service) note(ctx context.Context, e entry, status schedule.Status, details map[string]any) error {
	_, err := s.write(ctx, e, status, details)
	return err
}

func (s *Service) write(ctx context.Context, e entry, status schedule.Status, details map[string]any) (first bool, err error) {
	text, err := json.Marshal(details)
	if err != nil {
		return false, err
	}
	row := &logRow{Job: e.id, Status: status, Group: e.group, Organization: e.job.Organization, Project: e.job.Project, Delivery: maybe(e.delivery),
		Task: e.task, Target: maybe(e.target), TargetType: maybe(e.kind), Scheduled: e.at, CreatedAt: s.now(), Details: string(text)}
	done, err := s.Store.NewInsert().Model(row).On("CONFLICT (job_id, status) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func maybe(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// logLines is how many lines a project's log shows, the newest.
const logLines = 1000

// History is what a project sends and what became of it, the newest first.
type History struct {
	content.DeliveryList
	Lines []Line
}

// History gives the log of a project, as far as they see what is sent, to those who may change it. Faults: NotFound,
// Forbidden.
func (s *Service) History(ctx context.Context, who access.Principal, project string) (*History, error) {
	list, err := s.Content.Deliveries(ctx, who, project)
	if err != nil {
		return nil, err
	}
	h := &History{DeliveryList: *list}
	if len(list.Deliveries) == 0 {
		return h, nil
	}
	shown := make([]string, len(list.Deliveries))
	for i, d := range list.Deliveries {
		shown[i] = d.UUID
	}
	var rows []logRow
	err = s.Store.NewSelect().Model(&rows).Where("project_uuid = ?", project).Where("delivery_uuid IN (?)", bun.List(shown)).
		OrderExpr("created_at DESC, job_id, status").Limit(logLines).Scan(ctx)
	for _, row := range rows {
		h.Lines = append(h.Lines, row.line())
	}
	return h, err
}

func (r logRow) line() Line {
	l := Line{Task: r.Task, Job: r.Job, Group: r.Group, Status: r.Status, Scheduled: r.Scheduled, Created: r.CreatedAt}
	for text, from := range map[*string]*string{&l.Delivery: r.Delivery, &l.Target: r.Target, &l.TargetType: r.TargetType} {
		if from != nil {
			*text = *from
		}
	}
	_ = json.Unmarshal([]byte(r.Details), &l.Details) // it was written by write
	return l
}

// logKept is how long lines are kept.
const logKept = 90 * 24 * time.Hour

// Sweep forgets old lines.
func (s *Service) Sweep(ctx context.Context) error {
	_, err := s.Store.NewDelete().Model((*logRow)(nil)).Where("created_at < ?", s.now().Add(-logKept)).Exec(ctx)
	return err
}

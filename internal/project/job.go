package project

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// JobType is what a job does.
type JobType string

// Types of job.
const (
	CompileJob JobType = "COMPILE_PROJECT"
	CreateJob  JobType = "CREATE_PROJECT"
)

// Status is the state of a job or of one of its steps.
type Status string

// States. Started is a job's that nobody works on yet; Pending and Skipped are steps'.
const (
	Started Status = "STARTED"
	Pending Status = "PENDING"
	Running Status = "RUNNING"
	Done    Status = "DONE"
	Failed  Status = "ERROR"
	Skipped Status = "SKIPPED"
)

// StepType is what a step does.
type StepType string

// Types of step.
const (
	TestingAdaptor  StepType = "TESTING_ADAPTOR"
	Compiling       StepType = "COMPILING"
	CreatingProject StepType = "CREATING_PROJECT"
)

// Step is one step of a job.
type Step struct {
	Type             StepType
	Status           Status
	Error            string
	Created, Updated time.Time
	Started          *time.Time
}

// Job is a compile or the creation of a project.
type Job struct {
	UUID, Organization string
	Project            string // empty for a creation
	User               string
	Type               JobType
	Status             Status
	Steps              []Step
	Result             string // uuid of the project that was created
	Created, Updated   time.Time
}

type jobRow struct {
	bun.BaseModel `bun:"table:project_jobs"`

	UUID             string `bun:",pk"`
	OrganizationUUID string
	ProjectUUID      *string
	UserUUID         string
	Type             string
	Status           string
	Steps            string
	ResultUUID       *string
	Request          string
	Runner           string
	Attempts         int64
	LeasedUntil      time.Time
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Job gives a job. One that isn't the requester's to see is not found.
func (s *Service) Job(ctx context.Context, who access.Principal, id string) (Job, error) {
	none := fault.New(fault.NotFound, "Cannot find job")
	if !valid(id) {
		return Job{}, none
	}
	row := new(jobRow)
	err := s.db.NewSelect().Model(row).Where("uuid = ?", id).Where("organization_uuid = ?", who.Organization).Scan(ctx)
	if store.NotFound(err) {
		return Job{}, none
	}
	if err != nil {
		return Job{}, err
	}
	job, err := row.job()
	if err != nil {
		return Job{}, err
	}
	thing := access.Thing{Subject: access.Job, Organization: job.Organization, Owner: job.User}
	if job.Project != "" {
		thing = access.Thing{Subject: access.Project, Organization: job.Organization, Project: job.Project}
	}
	if !access.Can(who, access.View, thing) {
		return Job{}, none
	}
	return job, nil
}

func (r *jobRow) job() (Job, error) {
	j := Job{
		UUID: r.UUID, Organization: r.OrganizationUUID, Project: value(r.ProjectUUID), User: r.UserUUID,
		Type: JobType(r.Type), Status: Status(r.Status), Result: value(r.ResultUUID),
		Created: r.CreatedAt.UTC(), Updated: r.UpdatedAt.UTC(),
	}
	return j, json.Unmarshal([]byte(r.Steps), &j.Steps)
}

// Refresh starts a compile of a project and gives the job's uuid.
func (s *Service) Refresh(ctx context.Context, who access.Principal, id string) (string, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.CompileProject, id)
	if err != nil {
		return "", err
	}
	if !access.Can(who, access.Create, p.thing(access.Job)) {
		return "", forbidden()
	}
	return s.enqueue(ctx, who, CompileJob, p.UUID, nil, Compiling)
}

// Update changes a project and starts a job that tests the connection and compiles.
func (s *Service) Update(ctx context.Context, who access.Principal, id string, d Draft) (string, error) {
	p, err := s.allowed(ctx, who, access.Update, access.Project, id)
	if err != nil {
		return "", err
	}
	if p, err = s.change(p, d); err != nil {
		return "", err
	}
	if err := s.save(ctx, p, "name", "dbt_version", "source", "warehouse_type", "warehouse"); err != nil {
		return "", err
	}
	steps := []StepType{TestingAdaptor, Compiling}
	if p.Source.Kind() == Deployed {
		steps = steps[:1]
	}
	return s.enqueue(ctx, who, CompileJob, p.UUID, nil, steps...)
}

// CreateCompiled starts a job that tests the connection, compiles, and only then makes the project.
func (s *Service) CreateCompiled(ctx context.Context, who access.Principal, d Draft) (string, error) {
	if err := s.mayCreate(ctx, who, d); err != nil {
		return "", err
	}
	if _, err := s.draft(d); err != nil {
		return "", err
	}
	d.UUID = uuid.NewString() // now, so that a job that is run twice makes one project
	return s.enqueue(ctx, who, CreateJob, "", &d, TestingAdaptor, Compiling, CreatingProject)
}

func (s *Service) enqueue(ctx context.Context, who access.Principal, kind JobType, project string, request *Draft,
	types ...StepType) (string, error) {
	row := &jobRow{
		UUID: uuid.NewString(), OrganizationUUID: who.Organization, ProjectUUID: optional(project), UserUUID: who.User,
		Type: string(kind), Status: string(Started), Runner: s.runner, LeasedUntil: s.now().Add(lease),
		CreatedAt: s.now(), UpdatedAt: s.now(),
	}
	steps := []Step{}
	for _, step := range types {
		steps = append(steps, Step{Type: step, Status: Pending, Created: row.CreatedAt, Updated: row.CreatedAt})
	}
	data, err := json.Marshal(steps)
	if err != nil {
		return "", err
	}
	row.Steps = string(data)
	if row.Request, err = s.seal("job", row.UUID, request); err != nil {
		return "", err
	}
	if _, err := s.db.NewInsert().Model(row).Exec(ctx); err != nil {
		return "", err
	}
	s.background(func(ctx context.Context) { s.run(ctx, row) })
	return row.UUID, nil
}

// say is the sentence of an error for people who look at a job.
func say(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "It took too long"
	}
	return fault.As(err).Message
}

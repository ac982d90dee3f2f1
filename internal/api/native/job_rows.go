package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/project"
)

// JobRows are the operations on compile and create jobs, which clients poll.
func JobRows(s *project.Service) []api.Operation {
	h := jobRows{s}
	return []api.Operation{
		{ID: "GetJob", Method: "GET", Path: "/api/v1/jobs/{jobUuid}", Auth: api.SessionOrKey, Tag: "Projects", Endpoint: api.Handle(h.get)},
		{ID: "ListJobs", Method: "GET", Path: "/api/v1/jobs", Auth: api.Session, Hidden: true, Endpoint: api.Handle(h.list)},
	}
}

type jobRows struct{ s *project.Service }

type ofJob struct {
	Job string `path:"jobUuid"`
}

type wireJob struct {
	Created moment     `json:"createdAt"`
	Updated moment     `json:"updatedAt"`
	Project *string    `json:"projectUuid"`
	User    string     `json:"userUuid"`
	Job     string     `json:"jobUuid"`
	Status  string     `json:"jobStatus"`
	Steps   []wireStep `json:"steps"`
	Type    string     `json:"jobType"`
	Results *jobResult `json:"jobResults"`
}

type jobResult struct {
	Project string `json:"projectUuid"`
}

type wireStep struct {
	Job     string  `json:"jobUuid"`
	Created moment  `json:"createdAt"`
	Updated moment  `json:"updatedAt"`
	Status  string  `json:"stepStatus"`
	Type    string  `json:"stepType"`
	Error   *string `json:"stepError"`
	Label   string  `json:"stepLabel"`
	Started *moment `json:"startedAt"`
	DbtLogs *string `json:"stepDbtLogs"`
}

func stepLabel(t project.StepType) string {
	switch t {
	case project.TestingAdaptor:
		return "Testing adaptor"
	case project.Compiling:
		return "Compiling"
	}
	return "Creating project"
}

func (h jobRows) get(ctx context.Context, who access.Principal, in ofJob) (wireJob, error) {
	j, err := h.s.Job(ctx, who, in.Job)
	if err != nil {
		return wireJob{}, err
	}
	w := wireJob{
		Created: moment(j.Created), Updated: moment(j.Updated), Project: maybe(j.Project), User: j.User, Job: j.UUID,
		Status: string(j.Status), Type: string(j.Type), Steps: make([]wireStep, 0, len(j.Steps)),
	}
	if j.Result != "" {
		w.Results = &jobResult{j.Result}
	}
	for _, step := range j.Steps {
		w.Steps = append(w.Steps, wireStep{
			Job: j.UUID, Created: moment(step.Created), Updated: moment(step.Updated), Status: string(step.Status),
			Type: string(step.Type), Error: maybe(step.Error), Label: stepLabel(step.Type), Started: maybeMoment(step.Started),
		})
	}
	return w, nil
}

// list has never worked on the reference either: jobs are asked for one at a time.
func (h jobRows) list(context.Context, access.Principal, struct{}) (api.Empty, error) {
	return api.Empty{}, fault.New(fault.NotFound, "Jobs are not listed; ask for one by its uuid")
}

package query

import (
	"context"
	"time"

	"github.com/maypok86/otter/v2"
)

// remembered is how long what a query needs to know of a project may be out of date. A project never changes its
// organization; a new time zone or a deletion is seen a moment later.
const remembered = time.Second

// Remember reads each project once a second at most. Only found projects are remembered.
func Remember(p Projects) Projects {
	return &remembering{p, otter.Must(&otter.Options[string, Project]{
		MaximumSize: 10000, ExpiryCalculator: otter.ExpiryWriting[string, Project](remembered),
	})}
}

type remembering struct {
	Projects
	known *otter.Cache[string, Project]
}

func (r *remembering) Project(ctx context.Context, project string) (Project, error) {
	if found, ok := r.known.GetIfPresent(project); ok {
		return found, nil
	}
	found, err := r.Projects.Project(ctx, project)
	if err == nil {
		r.known.Set(project, found)
	}
	return found, err
}

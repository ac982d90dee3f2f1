package server

import (
	"context"
	"time"

	"inlay/internal/project"
	"inlay/internal/usage"
)

// activity answers project.Activity from what was counted.
type activity struct{ *usage.Counts }

func (a activity) Use(ctx context.Context, id string, since time.Time) (project.Use, error) {
	counted, err := a.Counts.Use(ctx, id, since)
	use := project.Use{QueriesByUser: counted.ByUser, Weeks: make([]project.Week, len(counted.Weeks))}
	for i, week := range counted.Weeks {
		use.Weeks[i] = project.Week(week)
	}
	return use, err
}

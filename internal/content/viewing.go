package content

import (
	"context"
	"time"

	"inlay/internal/project"
)

// viewsKept is how long single views are remembered; totals stay beside the thing.
const viewsKept = 366 * 24 * time.Hour

// MostViewed gives for each person the dashboard of a project that they viewed most since a time.
func (f forProjects) MostViewed(ctx context.Context, id string, since time.Time) ([]project.Viewing, error) {
	var rows []struct {
		User      string `bun:"user_uuid"`
		Dashboard string `bun:"item_uuid"`
		Name      string
		Count     int
	}
	err := f.db.NewSelect().TableExpr("content_views AS v").Join("JOIN dashboards AS d ON d.uuid = v.item_uuid").
		ColumnExpr("v.user_uuid, v.item_uuid, d.name, count(*) AS count").Where("v.project_uuid = ?", id).
		Where("v.kind = ?", "dashboards").Where(everybodysDashboards).Where("v.user_uuid IS NOT NULL").Where("v.viewed_at >= ?", since.UTC()).
		GroupExpr("v.user_uuid, v.item_uuid, d.name").OrderExpr("count DESC, v.item_uuid").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	users := []*string{}
	for i := range rows {
		users = append(users, &rows[i].User)
	}
	names, err := f.names(ctx, users...)
	if err != nil {
		return nil, err
	}
	list, seen := []project.Viewing{}, map[string]bool{}
	for _, row := range rows {
		if seen[row.User] {
			continue
		}
		seen[row.User] = true
		list = append(list, project.Viewing{Person: project.Person(names[row.User]), Dashboard: row.Dashboard, Name: row.Name, Count: row.Count})
	}
	return list, nil
}

// Sweep forgets old views, and what was deleted long ago.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := s.db.NewDelete().Model((*trashRow)(nil)).Where("deleted_at < ?", s.clock().Add(-trashKept)).Exec(ctx); err != nil {
		return err
	}
	_, err := s.db.NewDelete().Model((*viewRow)(nil)).Where("viewed_at < ?", s.clock().Add(-viewsKept)).Exec(ctx)
	return err
}

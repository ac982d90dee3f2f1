package content

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/project"
	"inlay/internal/store"
)

// viewsKept is how long single views are remembered; totals stay beside the thing.
const viewsKept = 366 * 24 * time.Hour

// viewPause is how long views are gathered before they are written, and viewsGathered how many at most.
const (
	viewPause     = time.Second
	viewsGathered = 1000
)

// views are looks at charts and dashboards that aren't written yet: one transaction writes many, and whoever looks
// doesn't wait for it. Reads of one thing count them in, and lists write them first.
type views struct {
	db      *store.DB
	mu      sync.Mutex
	pending []viewRow
	writing sync.Mutex
}

// viewed counts one view of a chart or dashboard.
func (s *Service) viewed(ctx context.Context, who access.Principal, project, table, id string) error {
	v := &s.views
	v.mu.Lock()
	v.pending = append(v.pending, viewRow{UUID: newID(), Project: project, Kind: table, Item: id, User: optional(who.User), At: s.clock()})
	gathered := len(v.pending)
	v.mu.Unlock()
	switch gathered {
	case 1:
		time.AfterFunc(viewPause, func() {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			_ = v.write(ctx) // they stay pending: the next who writes tries again
		})
	case viewsGathered:
		return v.write(ctx)
	}
	return nil
}

// write writes what is pending.
func (v *views) write(ctx context.Context) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	v.mu.Lock()
	pending := v.pending
	v.pending = nil
	v.mu.Unlock()
	if len(pending) == 0 {
		return nil
	}
	err := v.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return writeViews(ctx, tx, pending) })
	if err != nil {
		v.mu.Lock()
		v.pending = append(pending, v.pending...)
		v.mu.Unlock()
	}
	return err
}

func writeViews(ctx context.Context, tx bun.Tx, rows []viewRow) error {
	type thing struct{ table, id string }
	counts, first := map[thing]int{}, map[thing]time.Time{}
	for _, row := range rows {
		of := thing{row.Kind, row.Item}
		if counts[of]++; counts[of] == 1 {
			first[of] = row.At
		}
	}
	for of, n := range counts {
		_, err := tx.NewUpdate().TableExpr(of.table).Set("views = views + ?", n).
			Set("first_viewed_at = COALESCE(first_viewed_at, ?)", first[of]).Where("uuid = ?", of.id).Exec(ctx)
		if err != nil {
			return err
		}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// unwritten adds the views of a thing that aren't written yet to what its row says.
func (v *views) unwritten(id string, count int64, first *time.Time) (int64, *time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.pending {
		if row := &v.pending[i]; row.Item == id {
			if count++; first == nil {
				at := row.At
				first = &at
			}
		}
	}
	return count, first
}

// Close writes the views that are pending. Call it when nothing is looked at any more.
func (s *Service) Close(ctx context.Context) error { return s.views.write(ctx) }

// MostViewed gives for each person the dashboard of a project that they viewed most since a time.
func (f forProjects) MostViewed(ctx context.Context, id string, since time.Time) ([]project.Viewing, error) {
	var rows []struct {
		User      string `bun:"user_uuid"`
		Dashboard string `bun:"item_uuid"`
		Name      string
		Count     int
	}
	if err := f.views.write(ctx); err != nil {
		return nil, err
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

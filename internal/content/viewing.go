package content

import (
	"context"
	"maps"
	"slices"
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
	viewsGathered = 5000
)

// views are looks at charts and dashboards that aren't written yet: one transaction writes many, and whoever looks
// doesn't wait for it. Reads of one thing count them in, and lists write them first.
type views struct {
	db      *store.DB
	count   map[string]*store.Statement // by table: adds to a thing's views
	single  *store.Statement            // notes one
	mu      sync.Mutex
	pending map[looker]looks
	of      map[string]tally // pending, by thing
	n       int              // pending, in all
	writing sync.Mutex
}

// looker is somebody who looks at a thing.
type looker struct{ item, user string }

// looks are how often they did, and when last.
type looks struct {
	project, table string
	at             time.Time
	times          int64
}

// tally is how often a thing was looked at, and when first.
type tally struct {
	table string
	n     int64
	first time.Time
}

func newViews(db *store.DB) views {
	count := func(table string) *store.Statement {
		return db.Prepared("UPDATE " + table + " SET views = views + ?, first_viewed_at = COALESCE(first_viewed_at, ?) WHERE uuid = ?")
	}
	return views{db: db, pending: map[looker]looks{}, of: map[string]tally{},
		count:  map[string]*store.Statement{"charts": count("charts"), "dashboards": count("dashboards")},
		single: db.Prepared("INSERT INTO content_views (uuid, project_uuid, kind, item_uuid, user_uuid, viewed_at, times) VALUES (?, ?, ?, ?, ?, ?, ?)")}
}

// viewed counts one view of a chart or dashboard.
func (s *Service) viewed(ctx context.Context, who access.Principal, project, table, id string) error {
	v := &s.views
	v.mu.Lock()
	v.add(looker{id, who.User}, looks{project, table, s.clock(), 1})
	gathered := v.n
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

func (v *views) add(by looker, row looks) {
	of, known := v.of[by.item]
	if !known || row.at.Before(of.first) {
		of.table, of.first = row.table, row.at
	}
	of.n += row.times
	v.n += int(row.times)
	v.of[by.item] = of
	row.times += v.pending[by].times
	v.pending[by] = row
}

// write writes what is pending.
func (v *views) write(ctx context.Context) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	v.mu.Lock()
	pending, of := v.pending, v.of
	if len(pending) > 0 {
		v.pending, v.of, v.n = map[looker]looks{}, map[string]tally{}, 0
	}
	v.mu.Unlock()
	if len(pending) == 0 {
		return nil
	}
	err := v.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return v.store(ctx, tx, pending, of) })
	if err != nil {
		v.mu.Lock()
		for by, row := range pending {
			row.at = of[by.item].first
			v.add(by, row)
		}
		v.mu.Unlock()
	}
	return err
}

func (v *views) store(ctx context.Context, tx bun.Tx, rows map[looker]looks, things map[string]tally) error {
	for _, id := range slices.Sorted(maps.Keys(things)) { // in one order, so that replicas don't wait in a circle
		of := things[id]
		count, err := v.count[of.table].In(ctx, tx) //nolint:sqlclosecheck // it ends with the transaction
		if err == nil {
			_, err = count.ExecContext(ctx, of.n, of.first, id)
		}
		if err != nil {
			return err
		}
	}
	single, err := v.single.In(ctx, tx) //nolint:sqlclosecheck // it ends with the transaction
	if err != nil {
		return err
	}
	for by, r := range rows {
		_, err := single.ExecContext(ctx, newID(), r.project, r.table, by.item, optional(by.user), r.at, r.times)
		if err != nil {
			return err
		}
	}
	return nil
}

// unwritten adds the views of a thing that aren't written yet to what its row says.
func (v *views) unwritten(id string, count int64, first *time.Time) (int64, *time.Time) {
	v.mu.Lock()
	of, some := v.of[id]
	v.mu.Unlock()
	if some && first == nil {
		first = &of.first
	}
	return count + of.n, first
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
		ColumnExpr("v.user_uuid, v.item_uuid, d.name, CAST(SUM(v.times) AS BIGINT) AS count").Where("v.project_uuid = ?", id).
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
	_, err := s.db.NewDelete().TableExpr("content_views").Where("viewed_at < ?", s.clock().Add(-viewsKept)).Exec(ctx)
	return err
}

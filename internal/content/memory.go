package content

import (
	"context"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/store"
)

// memoryBytes is about how much is kept of content.
const memoryBytes = 128 << 20

// memory keeps what was read of content, whoever asked: good as long as its project's revision is the one it was read
// under (see docs/decisions/0010-revisions.md). Requests share what is kept, so nobody may write to it.
type memory struct {
	kept   *otter.Cache[string, kept]
	charts *store.Statement // of a chart: the revision of its project, and its views
	chart  *store.Statement // a chart with its document
	boards *store.Statement // of a dashboard: the revision of its project, and its views
}

type kept struct {
	revision int64
	value    any
	bytes    uint32
}

func newMemory(db *store.DB) memory {
	now := func(table string) *store.Statement {
		return db.Prepared("SELECT " + store.RevisionOf("t.project_uuid") + ", t.views, t.first_viewed_at FROM " + table + " t WHERE t.uuid = ?")
	}
	return memory{
		kept: otter.Must(&otter.Options[string, kept]{MaximumWeight: memoryBytes,
			Weigher: func(_ string, k kept) uint32 { return k.bytes }}),
		charts: now("charts"), boards: now("dashboards"),
		chart: db.Prepared("SELECT " + db.Columns((*chartRow)(nil), "c") + `, d.name AS dashboard_name, p.list_uuid AS pin_list,
			p.position AS pin_position, v.document FROM charts c JOIN chart_versions v ON v.chart_uuid = c.uuid AND v.number = c.version
			LEFT JOIN dashboards d ON d.uuid = c.dashboard_uuid
			LEFT JOIN pinned_items p ON p.kind = 'chart' AND p.item_uuid = c.uuid WHERE c.uuid = ?`),
	}
}

// recall gives what is kept under the key and the revision, or else reads it; a reader says about how many bytes it made.
func recall[T any](m memory, key string, revision int64, read func() (T, int, error)) (T, error) {
	if k, ok := m.kept.GetIfPresent(key); ok && k.revision == revision {
		return k.value.(T), nil
	}
	value, size, err := read()
	if err == nil {
		m.kept.Set(key, kept{revision, value, uint32(min(size, memoryBytes))})
	}
	return value, err
}

// state is what changes of a thing with every look at it, and the revision of its project.
type state struct {
	revision int64
	views    int64
	first    *time.Time
}

func (s *Service) stateOf(ctx context.Context, of *store.Statement, id string) (state, error) {
	var now state
	var first bun.NullTime
	err := of.Row(ctx, []any{id}, &now.revision, &now.views, &first)
	if !first.IsZero() {
		now.first = &first.Time
	}
	now.views, now.first = s.views.unwritten(id, now.views, now.first)
	return now, err
}

// knownSpace gives a space without what anybody has in it.
func (s *Service) knownSpace(ctx context.Context, revision int64, id string) (Space, error) {
	return recall(s.memory, "space "+id, revision, func() (Space, int, error) {
		var row spaceRow
		if err := selectSpaces(s.db, &row).Where("s.uuid = ?", id).Scan(ctx); err != nil {
			return Space{}, 0, err
		}
		bare, err := bareSpaces(ctx, s.db, []spaceRow{row})
		if err != nil {
			return Space{}, 0, err
		}
		return bare[0], 1000 + 100*len(bare[0].Granted), nil
	})
}

// author names somebody who changed a thing of the project; nil when they are gone.
func (s *Service) author(ctx context.Context, revision int64, project string, user *string) (*Person, error) {
	if user == nil {
		return nil, nil
	}
	return recall(s.memory, "author "+project+*user, revision, func() (*Person, int, error) {
		names, err := s.people.People(ctx, []string{*user})
		return named(names, user), 200, err
	})
}

// shownTo leaves the author out for those who may not know them; see authors.
func (p *Person) shownTo(who access.Principal) *Person {
	if p != nil && who.Embedded() && p.User != who.User {
		return nil
	}
	return p
}

package store

import "context"

// changesKept is of how many revisions of a scope it is known what they changed, at least.
const changesKept = 1000

// changesRead is how many changes are told at a time, at most.
const changesRead = 1000

// Mark is a revision in its parts: what is counted in the project, what every project shows, and the project's views.
type Mark struct{ Project, Everywhere, Views int64 }

// Reaches tells whether what was loaded after reading this mark is as new as another one asks for.
func (m Mark) Reaches(other Mark) bool {
	return m.Project >= other.Project && m.Everywhere >= other.Everywhere && m.Views >= other.Views
}

// Change is something that changed: the table, and the id of the thing for those that are kept in memory singly.
type Change struct{ Kind, Item string }

// Changes tells what changed in projects, for who keeps much of one in memory.
type Changes struct {
	db   *DB
	mark *Statement
}

// Changes gives the reader of a migrated database's changes.
func (db *DB) Changes() Changes {
	return Changes{db, db.Prepared("SELECT COALESCE((SELECT number FROM revisions WHERE scope = ?), 0), " +
		"COALESCE((SELECT number FROM revisions WHERE scope = ''), 0), COALESCE((SELECT number FROM revisions WHERE scope = ?), 0)")}
}

// Mark gives the revision of a project in its parts.
func (c Changes) Mark(ctx context.Context, project string) (m Mark, err error) {
	err = c.mark.Row(ctx, []any{project, "views " + project}, &m.Project, &m.Everywhere, &m.Views)
	return m, err
}

// Between tells what changed in a project, its views too, after one mark and up to another. False: it isn't known any
// more, or it is much, so that everything has to be read again.
func (c Changes) Between(ctx context.Context, project string, from, to Mark) ([]Change, bool, error) {
	changed, known, err := c.between(ctx, project, from.Project, to.Project)
	if err != nil || !known {
		return nil, false, err
	}
	viewed, known, err := c.between(ctx, "views "+project, from.Views, to.Views)
	return append(changed, viewed...), known, err
}

func (c Changes) between(ctx context.Context, scope string, from, to int64) ([]Change, bool, error) {
	if from >= to {
		return nil, true, nil
	}
	var rows []struct {
		Number int64
		Kind   string
		Item   string
	}
	err := c.db.NewSelect().TableExpr("changes").Column("number", "kind", "item").Where("scope = ?", scope).
		Where("number > ?", from).Where("number <= ?", to).Order("number").Limit(changesRead+1).Scan(ctx, &rows)
	if err != nil || len(rows) > changesRead {
		return nil, false, err
	}
	list, seen := make([]Change, len(rows)), map[int64]bool{}
	for i, row := range rows {
		list[i] = Change{row.Kind, row.Item}
		seen[row.Number] = true
	}
	return list, int64(len(seen)) == to-from, nil
}

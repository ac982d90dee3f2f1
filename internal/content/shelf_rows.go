package content

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"
)

// shelved are the tables of what is on a shelf. Pin is the kind that their rows are pinned as.
var shelved = []struct {
	table, pin string
	columns    []string // that not all of them have
}{
	{"charts", pinChart, []string{"dashboard_uuid", "chart_kind"}},
	{"sql_charts", "sql_chart", []string{"dashboard_uuid", "chart_kind"}},
	{"dashboards", pinDashboard, nil},
}

// entriesOf reads the entries of a project, or some of them, as lists order them.
func (s *Service) entriesOf(ctx context.Context, project string, only map[string]bool) ([]*entry, error) {
	all := []*entry{}
	for _, of := range shelved {
		var rows []*entry
		q := s.db.NewSelect().TableExpr("? AS t", bun.Ident(of.table)).ColumnExpr("t.uuid, t.space_uuid, t.slug, t.name, t.description").
			ColumnExpr("t.created_by, t.created_at, t.updated_by, t.updated_at, t.views, t.first_viewed_at, p.list_uuid AS pin_list").
			Join("LEFT JOIN pinned_items AS p ON p.item_uuid = t.uuid AND p.kind = ?", of.pin).Where("t.project_uuid = ?", project)
		for _, column := range of.columns {
			q.ColumnExpr("t.?", bun.Ident(column))
		}
		if only != nil {
			q.Where("t.uuid IN (?)", bun.List(slices.Collect(maps.Keys(only))))
		}
		if err := q.Scan(ctx, &rows); err != nil {
			return nil, err
		}
		for _, e := range rows {
			e.Table, e.words = of.table, wordsOf(e.Name, text(e.Description))
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, later)
	return all, nil
}

// stockSpaces reads the spaces of a project with who they were shared with, or some of them anew.
func (s *Service) stockSpaces(ctx context.Context, project string, held *shelf, only map[string]bool) error {
	q := s.db.NewSelect().Model((*spaceRow)(nil)).Where("s.project_uuid = ?", project)
	if only != nil {
		q.Where("s.uuid IN (?)", bun.List(slices.Collect(maps.Keys(only))))
	}
	var rows []spaceRow
	if err := q.Scan(ctx, &rows); err != nil {
		return err
	}
	given, err := grantsOf(ctx, s.db, ids(rows, func(r spaceRow) string { return r.UUID }))
	if err != nil {
		return err
	}
	held.rows, held.given = without(held.rows, only), without(held.given, only)
	for _, row := range rows {
		held.rows[row.UUID], held.given[row.UUID] = row, given[row.UUID]
	}
	all := slices.Collect(maps.Values(held.rows))
	held.rooms, held.roomAt = make([]*entry, len(all)), make(map[string]int, len(all))
	for i, sp := range (tree{rows: all, given: held.given}).spaces(all) {
		held.roomAt[sp.UUID] = i
		held.rooms[i] = &entry{Table: "spaces", UUID: sp.UUID, Space: sp.UUID, Name: sp.Name, CreatedBy: sp.createdBy,
			CreatedAt: sp.createdAt, words: wordsOf(sp.Name, ""), space: &sp}
	}
	return nil
}

// without copies a map but for some keys.
func without[T any](all map[string]T, keys map[string]bool) map[string]T {
	rest := make(map[string]T, len(all))
	for key, value := range all {
		if !keys[key] {
			rest[key] = value
		}
	}
	return rest
}

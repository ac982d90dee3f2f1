package content

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/secret"
)

// copied remembers what became of each thing.
type copied struct{ spaces, dashboards, charts, sqlCharts map[string]string }

// Copy puts what the principal may see of a project into another one of the same organization: spaces with their
// access lists, charts and dashboards in their current version, under their own slugs, authors, times and views. Pins
// stay behind. Faults: NotFound, Forbidden.
func (s *Service) Copy(ctx context.Context, who access.Principal, from, to string) error {
	if _, err := s.allowed(ctx, who, access.View, access.Project, from); err != nil {
		return err
	}
	target, err := s.project(ctx, who, to)
	if err != nil {
		return err
	}
	seen, err := s.visible(ctx, who, from)
	if err != nil || len(seen) == 0 {
		return err
	}
	charts, boards := keys(showing(who, seen, access.SavedChart)), keys(showing(who, seen, access.Dashboard))
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		c := copied{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
		if err := c.copySpaces(ctx, tx, seen, target); err != nil {
			return err
		}
		var dashboards []dashboardRow
		err := tx.NewSelect().Model(&dashboards).Where("d.space_uuid IN (?)", bun.List(boards)).Scan(ctx)
		if err != nil {
			return err
		}
		for _, row := range dashboards {
			c.dashboards[row.UUID] = newID() // known before the charts inside are written, and written after them
		}
		if err := c.insertDashboards(ctx, tx, dashboards, target); err != nil {
			return err
		}
		if err := c.copyCharts(ctx, tx, charts, target); err != nil {
			return err
		}
		if err := c.copySQLCharts(ctx, tx, charts, target); err != nil {
			return err
		}
		return c.copyDocuments(ctx, tx, dashboards, target)
	})
}

// copySpaces copies spaces, those first that others lie in. One that lies in a space that isn't copied comes to the top,
// as private as it was.
func (c copied) copySpaces(ctx context.Context, tx bun.Tx, seen map[string]Space, to Project) error {
	var rows []spaceRow
	if err := tx.NewSelect().Model(&rows).Where("s.uuid IN (?)", bun.List(keys(seen))).Scan(ctx); err != nil {
		return err
	}
	slices.SortStableFunc(rows, func(a, b spaceRow) int { return cmp.Compare(seen[a.UUID].depth(), seen[b.UUID].depth()) })
	for _, row := range rows {
		old, above := row.UUID, c.spaces[text(row.Parent)]
		if above == "" {
			row.Private = seen[old].Private
		}
		row.UUID, row.Project, row.Parent = newID(), to.UUID, optional(above)
		c.spaces[old] = row.UUID
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		for table, grantee := range map[string]string{"space_users": "user_uuid", "space_groups": "group_uuid"} {
			_, err := tx.NewRaw("INSERT INTO ? (space_uuid, ?, role) SELECT ?, ?, role FROM ? WHERE space_uuid = ?", bun.Ident(table),
				bun.Ident(grantee), row.UUID, bun.Ident(grantee), bun.Ident(table), old).Exec(ctx)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (c copied) insertDashboards(ctx context.Context, tx bun.Tx, rows []dashboardRow, to Project) error {
	for _, row := range rows {
		row.UUID, row.Project, row.Space = c.dashboards[row.UUID], to.UUID, c.spaces[row.Space]
		row.PublicID, row.Version = secret.Token(16), 1
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c copied) copyCharts(ctx context.Context, tx bun.Tx, spaces []string, to Project) error {
	var ids []string
	err := tx.NewSelect().TableExpr("charts").Column("uuid").Where("space_uuid IN (?)", bun.List(spaces)).Scan(ctx, &ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		row, document, err := currentChart(ctx, tx, id)
		if err != nil {
			return err
		}
		row.UUID, row.Project, row.Space = newID(), to.UUID, c.spaces[row.Space]
		if row.Dashboard != nil {
			row.Dashboard = optional(c.dashboards[*row.Dashboard])
		}
		row.Version = 1
		c.charts[id] = row.UUID
		if err := insertChartRow(ctx, tx, row, document); err != nil {
			return err
		}
	}
	return nil
}

func (c copied) copySQLCharts(ctx context.Context, tx bun.Tx, spaces []string, to Project) error {
	var rows []sqlChartRow
	err := tx.NewSelect().Model(&rows).Where("c.space_uuid IN (?)", bun.List(spaces)).Scan(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		var version sqlVersionRow
		err := tx.NewSelect().Model(&version).Where("sql_chart_uuid = ?", row.UUID).Where("number = ?", row.Version).Scan(ctx)
		if err != nil {
			return err
		}
		old := row.UUID
		row.UUID, row.Project, row.Space = newID(), to.UUID, c.spaces[row.Space]
		if row.Dashboard != nil {
			row.Dashboard = optional(c.dashboards[*row.Dashboard])
		}
		row.Version = 1
		c.sqlCharts[old] = row.UUID
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		document := SQLDocument{SQL: version.SQL, Limit: version.Limit, Config: []byte(version.Config)}
		if _, err := insertSQLVersion(ctx, tx, row, document); err != nil {
			return err
		}
	}
	return nil
}

// copyDocuments writes the dashboards' versions, with the copies of charts on their tiles.
func (c copied) copyDocuments(ctx context.Context, tx bun.Tx, rows []dashboardRow, to Project) error {
	for _, row := range rows {
		var version dashboardVersionRow
		err := tx.NewSelect().Model(&version).Where("dashboard_uuid = ?", row.UUID).Where("number = ?", row.Version).Scan(ctx)
		if err != nil {
			return err
		}
		document, err := dashboardDocument(version.Document)
		if err != nil {
			return err
		}
		document = document.renamed()
		for i := range document.Tiles {
			tile := &document.Tiles[i]
			switch tile.Type {
			case TileChart:
				tile.Chart = optional(c.charts[text(tile.Chart)])
			case TileSQLChart:
				tile.Chart = optional(c.sqlCharts[text(tile.Chart)])
			}
		}
		row.UUID, row.Project, row.Version = c.dashboards[row.UUID], to.UUID, 1
		if err := insertDashboardVersion(ctx, tx, row, document); err != nil {
			return err
		}
	}
	return nil
}

// Erase drops all content of a project that is deleted.
func (s *Service) Erase(ctx context.Context, project string) error {
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, table := range []string{"spaces", "pinned_lists", "content_views", "trash"} {
			if _, err := tx.NewDelete().TableExpr(table).Where("project_uuid = ?", project).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

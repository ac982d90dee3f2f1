package content

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
)

// Origin says under which name, by whom and when content comes into being. Its zero values are chosen freely.
type Origin struct {
	UUID, Slug string
	Author     string // user uuid
	At         time.Time
}

// SeedSpace makes a space without asking anybody's rights: for set-ups that run before there is anybody to ask.
func (s *Service) SeedSpace(ctx context.Context, p Project, o Origin, n NewSpace) (string, error) {
	row := spaceRow{UUID: o.UUID, Slug: o.Slug, Name: n.Name, Private: n.Private, CreatedBy: optional(o.Author), CreatedAt: o.At}
	members := map[string]access.Role{}
	for user, role := range n.Grants {
		members[user] = role
	}
	if o.Author != "" && members[o.Author] == "" {
		members[o.Author] = access.Admin
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := s.insertSpace(ctx, tx, p, row, members)
		row.UUID = made.UUID
		return err
	})
	return row.UUID, err
}

// SeedChart makes a chart in a space, or in a dashboard of that space, without asking anybody's rights.
func (s *Service) SeedChart(ctx context.Context, p Project, o Origin, n NewChart) (string, error) {
	row := chartRow{UUID: o.UUID, Slug: o.Slug, Space: n.Space, Dashboard: optional(n.Dashboard), Name: n.Name,
		Description: n.Description, CreatedAt: o.At}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := s.insertChart(ctx, tx, p, o.Author, row, n.Document)
		row.UUID = made.UUID
		return err
	})
	return row.UUID, err
}

// SeedDashboard makes a dashboard in a space without asking anybody's rights. Signed embedding is on.
func (s *Service) SeedDashboard(ctx context.Context, p Project, o Origin, publicID string, n NewDashboard) (string, error) {
	row := dashboardRow{UUID: o.UUID, Slug: o.Slug, PublicID: publicID, Space: n.Space, Name: n.Name,
		Description: n.Description, CreatedAt: o.At}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := s.insertDashboard(ctx, tx, p, o.Author, row, n.Document)
		row.UUID = made.UUID
		return err
	})
	return row.UUID, err
}

// SeedTiles gives a dashboard its tiles, for charts that were made inside it after it was: its first version is
// written again, as if it had always been so.
func (s *Service) SeedTiles(ctx context.Context, p Project, dashboard string, d DashboardDocument) error {
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		var row dashboardRow
		err := tx.NewSelect().Model(&row).Where("d.uuid = ?", dashboard).Where("d.project_uuid = ?", p.UUID).Scan(ctx)
		if err != nil {
			return err
		}
		_, err = tx.NewDelete().Model((*dashboardVersionRow)(nil)).Where("dashboard_uuid = ?", row.UUID).
			Where("number = ?", row.Version).Exec(ctx)
		if err != nil {
			return err
		}
		return insertDashboardVersion(ctx, tx, row, d)
	})
}

package content

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Pin is a thing's place on its project's pinned list. The zero value is not pinned.
type Pin struct {
	List  string
	Order *int64
}

const (
	pinChart     = "chart"
	pinDashboard = "dashboard"
	pinSpace     = "space"

	lastOrder = 100 // the place of what nobody has put in order yet
)

func pinOf(list *string, position *int64) Pin {
	if list == nil {
		return Pin{}
	}
	return Pin{List: *list, Order: position}
}

type pinRow struct {
	bun.BaseModel `bun:"table:pinned_items"`

	Kind     string `bun:"kind,pk"`
	Item     string `bun:"item_uuid,pk"`
	List     string `bun:"list_uuid"`
	Position int64
	PinnedAt time.Time `bun:"pinned_at"`
}

// PinnedList gives the uuid of a project's pinned list; empty when nothing was ever pinned.
func (s *Service) PinnedList(ctx context.Context, project string) (string, error) {
	var list string
	err := s.db.NewSelect().TableExpr("pinned_lists").Column("uuid").Where("project_uuid = ?", project).Scan(ctx, &list)
	if store.NotFound(err) {
		return "", nil
	}
	return list, err
}

// toggle pins what is not pinned and unpins what is.
func (s *Service) toggle(ctx context.Context, project, kind, item string) error {
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		gone, err := tx.NewDelete().Model((*pinRow)(nil)).Where("kind = ?", kind).Where("item_uuid = ?", item).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n > 0 {
			return err
		}
		_, err = tx.NewRaw("INSERT INTO pinned_lists (uuid, project_uuid) VALUES (?, ?) ON CONFLICT (project_uuid) DO NOTHING",
			newID(), project).Exec(ctx)
		if err != nil {
			return err
		}
		var list string
		err = tx.NewSelect().TableExpr("pinned_lists").Column("uuid").Where("project_uuid = ?", project).Scan(ctx, &list)
		if err != nil {
			return err
		}
		row := &pinRow{Kind: kind, Item: item, List: list, Position: lastOrder, PinnedAt: s.clock()}
		_, err = tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
}

func unpin(ctx context.Context, tx bun.Tx, kind, item string) error {
	_, err := tx.NewDelete().Model((*pinRow)(nil)).Where("kind = ?", kind).Where("item_uuid = ?", item).Exec(ctx)
	return err
}

// TogglePinChart pins or unpins a chart. Faults: NotFound, Forbidden.
func (s *Service) TogglePinChart(ctx context.Context, who access.Principal, id string) (*Chart, error) {
	chart, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	if _, err := s.allowed(ctx, who, access.Manage, access.PinnedItems, chart.Project); err != nil {
		return nil, err
	}
	if err := s.toggle(ctx, chart.Project, pinChart, chart.UUID); err != nil {
		return nil, err
	}
	return s.chart(ctx, who, id, access.View)
}

// TogglePinDashboard pins or unpins a dashboard. Faults: NotFound, Forbidden.
func (s *Service) TogglePinDashboard(ctx context.Context, who access.Principal, id string) (*Dashboard, error) {
	dashboard, err := s.dashboard(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	if _, err := s.allowed(ctx, who, access.Manage, access.PinnedItems, dashboard.Project); err != nil {
		return nil, err
	}
	if err := s.toggle(ctx, dashboard.Project, pinDashboard, dashboard.UUID); err != nil {
		return nil, err
	}
	return s.dashboard(ctx, who, id, access.View)
}

// TogglePinSpace pins or unpins a space. Faults: NotFound, Forbidden.
func (s *Service) TogglePinSpace(ctx context.Context, who access.Principal, project, id string) (*FullSpace, error) {
	space, err := s.Space(ctx, who, project, id)
	if err != nil {
		return nil, err
	}
	if _, err := s.allowed(ctx, who, access.Manage, access.PinnedItems, project); err != nil {
		return nil, err
	}
	if err := s.toggle(ctx, project, pinSpace, space.UUID); err != nil {
		return nil, err
	}
	return s.Space(ctx, who, project, id)
}

// Pinned is everything on a pinned list that the principal may see.
type Pinned struct {
	Spaces     []Space
	Charts     []Chart
	Dashboards []Dashboard
}

// Pinned lists what is pinned in the project. Faults: NotFound, Forbidden.
func (s *Service) Pinned(ctx context.Context, who access.Principal, project, list string) (*Pinned, error) {
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return nil, err
	}
	if known, err := s.PinnedList(ctx, project); err != nil || known != list {
		return &Pinned{}, err
	}
	seen, err := s.visible(ctx, who, project)
	if err != nil {
		return nil, err
	}
	found := &Pinned{}
	for _, id := range keys(seen) {
		if space := seen[id]; space.Pin.List == list {
			found.Spaces = append(found.Spaces, space)
		}
	}
	if err := s.count(ctx, who, found.Spaces); err != nil {
		return nil, err
	}
	if found.Charts, err = s.charts(ctx, who, seen, "p.list_uuid IS NOT NULL"); err != nil {
		return nil, err
	}
	found.Dashboards, err = s.dashboards(ctx, who, seen, "p.list_uuid IS NOT NULL")
	return found, err
}

// PinPlace puts one pinned thing in its place.
type PinPlace struct {
	Kind, Item string
	Order      int64
}

// OrderPinned puts pinned things in order. Faults: Invalid, NotFound, Forbidden.
func (s *Service) OrderPinned(ctx context.Context, who access.Principal, project, list string, places []PinPlace) (*Pinned, error) {
	if _, err := s.allowed(ctx, who, access.Manage, access.PinnedItems, project); err != nil {
		return nil, err
	}
	if known, err := s.PinnedList(ctx, project); err != nil || known != list {
		if err == nil {
			err = fault.New(fault.NotFound, "Pinned list %s does not exist", list)
		}
		return nil, err
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, place := range places {
			_, err := tx.NewUpdate().Model((*pinRow)(nil)).Set("position = ?", place.Order).
				Where("kind = ?", place.Kind).Where("item_uuid = ?", place.Item).Where("list_uuid = ?", list).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Pinned(ctx, who, project, list)
}

package content

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Overlay is what a tenant changed of a dashboard that everybody has. It is laid over the dashboard whenever that is
// read, so that the dashboard's own changes flow in; what it says of tiles that are gone counts for nothing (see
// docs/decisions/0009-overlays.md).
type Overlay struct {
	Revision int64 // 0 when there is none
	Name     *string
	Hidden   []string // tiles of the dashboard
	Moved    []Tile   // tiles of the dashboard: where they are, and their title if one is set
	Added    []Tile
	Filters  DashboardFilters // each in place of the dashboard's on the same field, or beside it
}

type storedOverlay struct {
	Name    *string       `json:"name,omitempty"`
	Hidden  []string      `json:"hidden,omitempty"`
	Moved   []storedTile  `json:"moved,omitempty"`
	Added   []storedTile  `json:"added,omitempty"`
	Filters storedFilters `json:"filters"`
}

type overlayRow struct {
	bun.BaseModel `bun:"table:dashboard_overlays"`

	Dashboard string `bun:"dashboard_uuid,pk"`
	Tenant    string `bun:"tenant_id,pk"`
	Document  string
	Revision  int64
	UpdatedAt time.Time `bun:"updated_at"`
}

func (r overlayRow) overlay() (Overlay, error) {
	var stored storedOverlay
	if err := json.Unmarshal([]byte(r.Document), &stored); err != nil {
		return Overlay{}, err
	}
	return Overlay{r.Revision, stored.Name, stored.Hidden, tilesOf(stored.Moved), tilesOf(stored.Added), DashboardFilters(stored.Filters)}, nil
}

// overlayOf is the tenant whose changes of dashboards the principal sees; empty for everybody else.
func overlayOf(who access.Principal) string {
	if who.Kind != access.Tenant {
		return ""
	}
	return who.Tenant
}

// overlaid gives what the principal's tenant changed of a dashboard; nothing for everybody else.
func (s *Service) overlaid(ctx context.Context, who access.Principal, dashboard string) (Overlay, error) {
	if overlayOf(who) == "" {
		return Overlay{}, nil
	}
	var row overlayRow
	err := s.db.NewSelect().Model(&row).Where("dashboard_uuid = ?", dashboard).Where("tenant_id = ?", who.Tenant).Scan(ctx)
	if store.NotFound(err) {
		return Overlay{}, nil
	}
	if err != nil {
		return Overlay{}, err
	}
	return row.overlay()
}

// shows tells whether the overlay adds a tile of a chart.
func (o Overlay) shows(chart string) bool {
	return slices.ContainsFunc(o.Added, func(t Tile) bool { return text(t.Chart) == chart })
}

// over lays the overlay over a document. Tiles that the tenant didn't touch keep their places; one that it moved or
// added and that would lie on another goes below them all.
func (o Overlay) over(d DashboardDocument) DashboardDocument {
	tiles, placed := []Tile{}, []Tile{}
	for _, tile := range d.Tiles {
		at := slices.IndexFunc(o.Moved, func(t Tile) bool { return t.UUID == tile.UUID })
		switch {
		case slices.Contains(o.Hidden, tile.UUID):
		case at >= 0:
			to := o.Moved[at]
			tile.X, tile.Y, tile.W, tile.H, tile.Tab = to.X, to.Y, to.W, to.H, to.Tab
			if to.Title != nil {
				tile.Title = to.Title
			}
			placed = append(placed, tile)
		default:
			tiles = append(tiles, tile)
		}
	}
	for _, tile := range append(placed, o.Added...) {
		tile.Tab = tabOr(d.Tabs, tile.Tab)
		if slices.ContainsFunc(tiles, tile.overlaps) {
			tile.Y = bottom(tiles, tile.Tab)
		}
		tiles = append(tiles, tile)
	}
	d.Tiles, d.Filters = tiles, o.Filters.replacing(d.Filters)
	return d
}

// tabOr is the tab if it is there, or else the first one.
func tabOr(tabs []Tab, tab *string) *string {
	if len(tabs) == 0 {
		return nil
	}
	if tab != nil && slices.ContainsFunc(tabs, func(t Tab) bool { return t.UUID == *tab }) {
		return tab
	}
	return &tabs[0].UUID
}

func (t Tile) overlaps(other Tile) bool {
	return text(t.Tab) == text(other.Tab) && t.X < other.X+other.W && other.X < t.X+t.W && t.Y < other.Y+other.H && other.Y < t.Y+t.H
}

// bottom is where the lowest tile of a tab ends.
func bottom(tiles []Tile, tab *string) int {
	end := 0
	for _, tile := range tiles {
		if text(tile.Tab) == text(tab) {
			end = max(end, tile.Y+tile.H)
		}
	}
	return end
}

// replacing puts the filters in place of others on the same fields, and after the rest.
func (f DashboardFilters) replacing(others DashboardFilters) DashboardFilters {
	each := func(own, theirs []json.RawMessage) []json.RawMessage {
		kept := slices.DeleteFunc(slices.Clone(theirs), func(filter json.RawMessage) bool {
			return slices.ContainsFunc(own, func(mine json.RawMessage) bool { return fieldOf(mine) == fieldOf(filter) })
		})
		return append(kept, own...)
	}
	return DashboardFilters{Dimensions: each(f.Dimensions, others.Dimensions), Metrics: each(f.Metrics, others.Metrics),
		Calculations: each(f.Calculations, others.Calculations)}
}

func fieldOf(filter json.RawMessage) string {
	var rule dashboardRule
	_ = json.Unmarshal(filter, &rule) // what is no filter names no field
	return rule.Target.FieldID
}

// Overlay gives what the asking tenant changed of a dashboard. Faults: NotFound, Forbidden.
func (s *Service) Overlay(ctx context.Context, who access.Principal, dashboard string) (Overlay, error) {
	d, err := s.overlayable(ctx, who, dashboard)
	return d.own, err
}

// overlayable loads a dashboard that isn't the tenant's own, in a form that it can change for itself.
func (s *Service) overlayable(ctx context.Context, who access.Principal, dashboard string) (knownDashboard, error) {
	row, space, err := s.findDashboard(ctx, who, dashboard)
	if err != nil {
		return row, err
	}
	if err := allowDashboard(who, access.View, row, space); err != nil {
		return row, err
	}
	if overlayOf(who) == "" || who.Scope != nil {
		return row, fault.New(fault.Forbidden, "Only a tenant changes a dashboard for itself")
	}
	if space.Tenant != "" {
		return row, fault.New(fault.Invalid, "The dashboard is your own; change it itself")
	}
	return row, nil
}

// SetOverlay replaces what the asking tenant changed of a dashboard; what it thereby does has to be permitted. A
// revision other than 0 must be the current one. Faults: NotFound, Forbidden, Invalid, Conflict.
func (s *Service) SetOverlay(ctx context.Context, who access.Principal, dashboard string, o Overlay) (Overlay, error) {
	row, err := s.overlayable(ctx, who, dashboard)
	if err != nil {
		return o, err
	}
	shared, _, err := s.documentOf(ctx, row.dashboardRow)
	if err != nil {
		return o, err
	}
	own := access.Thing{Subject: access.Dashboard, UUID: row.UUID, Organization: row.Organization, Project: row.Project,
		Tenant: who.Tenant, Changes: o.changes(row.own)}
	if len(own.Changes) > 0 && !access.Can(who, access.Update, own) {
		return o, fault.New(fault.Forbidden, "Your permissions don't allow this change")
	}
	if o.Added, err = s.addedTo(ctx, who, row.Project, shared, o.Added); err != nil {
		return o, err
	}
	if err := o.check(); err != nil {
		return o, err
	}
	return s.storeOverlay(ctx, who, row.UUID, o)
}

// changes names the permissions that lead from another overlay to this one.
func (o Overlay) changes(old Overlay) []string {
	needs := tileChanges(old.Added, o.Added)
	if text(old.Name) != text(o.Name) {
		needs = append(needs, access.EditName)
	}
	if !sameJSON(slices.Sorted(slices.Values(old.Hidden)), slices.Sorted(slices.Values(o.Hidden))) {
		needs = append(needs, access.RemoveChart)
	}
	if !sameJSON(old.Moved, o.Moved) {
		needs = append(needs, access.EditCharts)
	}
	if !sameJSON(old.Filters.replacing(DashboardFilters{}), o.Filters.replacing(DashboardFilters{})) {
		needs = append(needs, access.AddFilter)
	}
	return needs
}

// addedTo completes the tiles that a tenant adds to a dashboard, and refuses those that it may not show.
func (s *Service) addedTo(ctx context.Context, who access.Principal, project string, shared DashboardDocument, tiles []Tile) ([]Tile, error) {
	if err := s.mayShow(ctx, who, tiles); err != nil {
		return nil, err
	}
	done, err := settled(ctx, s.db, project, DashboardDocument{Tiles: tiles, Tabs: shared.Tabs})
	if err != nil {
		return nil, err
	}
	for i := range done.Tiles {
		if slices.ContainsFunc(shared.Tiles, func(t Tile) bool { return t.UUID == done.Tiles[i].UUID }) {
			return nil, fault.New(fault.Invalid, "The dashboard has a tile %s itself", done.Tiles[i].UUID)
		}
	}
	return done.Tiles, nil
}

// Bounds of an overlay.
const (
	mostTiles  = 200
	widestTile = 1000
)

func (o Overlay) check() error {
	if len(o.Hidden)+len(o.Moved)+len(o.Added) > mostTiles || len(o.Filters.fields()) > mostTiles {
		return fault.New(fault.Invalid, "An overlay has at most %d tiles and filters", mostTiles)
	}
	for _, tile := range slices.Concat(o.Moved, o.Added) {
		if tile.X < 0 || tile.Y < 0 || tile.W < 1 || tile.H < 1 || tile.W > widestTile || tile.H > widestTile {
			return fault.New(fault.Invalid, "The tile %s has no place on a page", tile.UUID)
		}
	}
	if o.Name != nil && *o.Name == "" {
		return fault.New(fault.Invalid, "name: can't be empty")
	}
	return nil
}

func (s *Service) storeOverlay(ctx context.Context, who access.Principal, dashboard string, o Overlay) (Overlay, error) {
	document, err := json.Marshal(storedOverlay{o.Name, o.Hidden, storeTiles(o.Moved), storeTiles(o.Added), storedFilters(o.Filters)})
	if err != nil {
		return o, err
	}
	row := &overlayRow{Dashboard: dashboard, Tenant: who.Tenant, Document: string(document), Revision: 1, UpdatedAt: s.clock()}
	insert := s.db.NewInsert().Model(row).On("CONFLICT (dashboard_uuid, tenant_id) DO UPDATE").
		Set("document = EXCLUDED.document, updated_at = EXCLUDED.updated_at").Set("revision = ?TableAlias.revision + 1")
	if o.Revision != 0 {
		insert.Where("?TableAlias.revision = ?", o.Revision)
	}
	if err := insert.Returning("revision").Scan(ctx, &o.Revision); store.NotFound(err) {
		return o, fault.New(fault.Conflict, "revision: the overlay was changed since")
	} else if err != nil {
		return o, err
	}
	return o, nil
}

// RemoveOverlay gives the tenant the dashboard as everybody has it. Faults: NotFound, Forbidden.
func (s *Service) RemoveOverlay(ctx context.Context, who access.Principal, dashboard string) error {
	if _, err := s.SetOverlay(ctx, who, dashboard, Overlay{}); err != nil {
		return err
	}
	_, err := s.db.NewDelete().Model((*overlayRow)(nil)).Where("dashboard_uuid = ?", dashboard).
		Where("tenant_id = ?", who.Tenant).Exec(ctx)
	return err
}

// overlaidNames gives the dashboards of a list the names that the tenant gave them.
func (s *Service) overlaidNames(ctx context.Context, who access.Principal, list []Dashboard) error {
	if overlayOf(who) == "" || len(list) == 0 {
		return nil
	}
	var rows []overlayRow
	if err := s.db.NewSelect().Model(&rows).Where("tenant_id = ?", who.Tenant).Scan(ctx); err != nil {
		return err
	}
	for _, row := range rows {
		o, err := row.overlay()
		if err != nil {
			continue // what can't be read is told to who opens the dashboard, and breaks no list
		}
		at := slices.IndexFunc(list, func(d Dashboard) bool { return d.UUID == row.Dashboard })
		if at >= 0 && o.Name != nil {
			list[at].Name = *o.Name
		}
	}
	return nil
}

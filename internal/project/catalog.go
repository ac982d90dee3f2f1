package project

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/semantic"
)

// Item is a table or a field of the catalogue: exactly one of Explore, Dimension and Metric is set.
type Item struct {
	ID        string // made from what it names
	Explore   *semantic.Explore
	Dimension *semantic.Dimension
	Metric    *semantic.Metric
	Table     *semantic.Table // nil for a broken explore
	Charts    int             // how many charts use the field
	Icon      map[string]any
	Tags      []Tag
}

// Name is the name of the table or field.
func (i Item) Name() string {
	switch {
	case i.Dimension != nil:
		return i.Dimension.Name
	case i.Metric != nil:
		return i.Metric.Name
	}
	return i.Explore.Name
}

func (i Item) words() string {
	switch {
	case i.Dimension != nil:
		return i.Dimension.Label + "\n" + i.Dimension.Description
	case i.Metric != nil:
		return i.Metric.Label + "\n" + i.Metric.Description
	case i.Table != nil:
		return i.Explore.Label + "\n" + i.Table.Description
	}
	return i.Explore.Label
}

func (i Item) label() string { label, _, _ := strings.Cut(i.words(), "\n"); return label }

// Field is the id of the field; empty for a table.
func (i Item) Field() string {
	if i.Dimension == nil && i.Metric == nil {
		return ""
	}
	return semantic.FieldID(i.Table.Name, i.Name())
}

// itemID names what an item stands for. It is the same after each compile, so that icons and tags stay.
func itemID(project, kind, table, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(strings.Join([]string{project, kind, table, name}, "\x00"))).String()
}

func tableItem(project string, e *semantic.Explore) Item {
	return Item{ID: itemID(project, "table", e.Name, ""), Explore: e, Table: e.Tables[e.BaseTable]}
}

// fieldItems lists the fields of a table that people see: not hidden ones, not dates that stand behind their intervals.
func fieldItems(project string, t *semantic.Table) []Item {
	items := []Item{}
	for _, d := range inOrder(t.Dimensions) {
		if !d.Hidden && !d.IsIntervalBase {
			items = append(items, Item{ID: itemID(project, "dimension", t.Name, d.Name), Dimension: d, Table: t})
		}
	}
	for _, m := range inOrder(t.Metrics) {
		if !m.Hidden {
			items = append(items, Item{ID: itemID(project, "metric", t.Name, m.Name), Metric: m, Table: t})
		}
	}
	return items
}

// shownTables lists the tables of an explore that people see.
func shownTables(e *semantic.Explore) []*semantic.Table {
	shown := []*semantic.Table{}
	for _, t := range tables(e) {
		join := e.Join(t.Name)
		hidden := t.Hidden || join != nil && join.Hidden != nil && *join.Hidden
		if !hidden {
			shown = append(shown, t)
		}
	}
	return shown
}

// CatalogTables lists the explores of a project as catalogue items.
func (s *Service) CatalogTables(ctx context.Context, who access.Principal, id string) ([]Item, error) {
	explores, err := s.Explores(ctx, who, id, true)
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(explores))
	for _, e := range explores {
		if !bare(e) {
			items = append(items, tableItem(id, e))
		}
	}
	return items, nil
}

// bare tells whether nothing is wrong with an explore but that it has no dimensions: people don't look for those.
func bare(e *semantic.Explore) bool {
	return len(e.Errors) > 0 && !slices.ContainsFunc(e.Errors, func(p semantic.Problem) bool { return p.Type != "NO_DIMENSIONS_FOUND" })
}

// CatalogFields lists the fields of all explores, those of joined tables under each explore that joins them.
func (s *Service) CatalogFields(ctx context.Context, who access.Principal, id string) ([]Item, error) {
	explores, err := s.Explores(ctx, who, id, true)
	if err != nil {
		return nil, err
	}
	items := []Item{}
	for _, e := range explores {
		if len(e.Errors) > 0 {
			continue
		}
		for _, t := range shownTables(e) {
			items = append(items, fieldItems(id, t)...)
		}
	}
	return items, nil
}

// CatalogTable gives the explore that stands for a table, and its fields. Faults: NotFound.
func (s *Service) CatalogTable(ctx context.Context, who access.Principal, id, name string) (Item, []Item, error) {
	p, err := s.Get(ctx, who, id)
	if err != nil {
		return Item{}, nil, err
	}
	m, err := s.model(ctx, p.UUID)
	if err != nil {
		return Item{}, nil, err
	}
	e, err := m.explore(name)
	if err != nil {
		return Item{}, nil, err
	}
	if e, err = semantic.Visible(e, who.Attributes); err != nil {
		return Item{}, nil, err
	}
	table := tableItem(id, e)
	return table, fieldItems(id, table.Table), nil
}

// index lists every table and the fields of base tables once, with what people added to them.
func (s *Service) index(ctx context.Context, who access.Principal, id string) ([]Item, error) {
	explores, err := s.Explores(ctx, who, id, true)
	if err != nil {
		return nil, err
	}
	items := []Item{}
	for _, e := range explores {
		if len(e.Errors) > 0 {
			continue
		}
		table := tableItem(id, e)
		items = append(append(items, table), fieldItems(id, table.Table)...)
	}
	return items, s.decorate(ctx, id, items)
}

// decorate adds icons, tags and the number of charts.
func (s *Service) decorate(ctx context.Context, project string, items []Item) error {
	icons, tags, err := s.additions(ctx, project)
	if err != nil {
		return err
	}
	used, err := s.usage(ctx, project)
	if err != nil {
		return err
	}
	for i := range items {
		items[i].Icon, items[i].Tags = icons[items[i].ID], tags[items[i].ID]
		items[i].Charts = used[items[i].Field()]
	}
	return nil
}

// usage counts the charts that select each field.
func (s *Service) usage(ctx context.Context, project string) (map[string]int, error) {
	used := map[string]int{}
	if s.ports.Content == nil {
		return used, nil
	}
	charts, err := s.ports.Content.Charts(ctx, project)
	if err != nil {
		return nil, err
	}
	for _, c := range charts {
		for _, id := range append(append([]string{}, c.Query.Dimensions...), c.Query.Metrics...) {
			used[id]++
		}
	}
	return used, nil
}

// ChartsUsing lists the charts over a table that who may see; field narrows to those that select it.
func (s *Service) ChartsUsing(ctx context.Context, who access.Principal, id, table, field string) ([]Chart, error) {
	p, err := s.Get(ctx, who, id)
	if err != nil || s.ports.Content == nil {
		return nil, err
	}
	charts, err := s.ports.Content.Charts(ctx, p.UUID)
	if err != nil {
		return nil, err
	}
	using := []Chart{}
	for _, c := range charts {
		if field == "" && c.Explore == table || field != "" && c.selects(semantic.FieldID(table, field)) {
			using = append(using, c)
		}
	}
	return s.ports.Content.Visible(ctx, who, p.UUID, using)
}

func (c Chart) selects(field string) bool {
	for _, id := range append(append([]string{}, c.Query.Dimensions...), c.Query.Metrics...) {
		if id == field {
			return true
		}
	}
	return false
}

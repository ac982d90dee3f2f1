package content

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/project"
)

// Popular is what a project's home page shows.
type Popular struct {
	MostPopular, RecentlyUpdated []Item
}

// Item is a chart or a dashboard.
type Item struct {
	Chart     *Chart
	Dashboard *Dashboard
}

const popularCount = 10

func (i Item) updated() time.Time {
	if i.Chart != nil {
		return i.Chart.UpdatedAt
	}
	return i.Dashboard.UpdatedAt
}

func (i Item) views() int64 {
	if i.Chart != nil {
		return i.Chart.Views
	}
	return i.Dashboard.Views
}

// Popular lists what is looked at most and what changed last. Faults: NotFound, Forbidden.
func (s *Service) Popular(ctx context.Context, who access.Principal, project string) (*Popular, error) {
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return nil, err
	}
	seen, err := s.visible(ctx, who, project)
	if err != nil {
		return nil, err
	}
	charts, err := s.charts(ctx, who, seen, "c.dashboard_uuid IS NULL")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(charts, func(a, b Chart) int { return a.CreatedAt.Compare(b.CreatedAt) })
	dashboards, err := s.dashboards(ctx, who, seen)
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(charts)+len(dashboards))
	for i := range charts {
		items = append(items, Item{Chart: &charts[i]})
	}
	for i := range dashboards {
		items = append(items, Item{Dashboard: &dashboards[i]})
	}
	popular := &Popular{MostPopular: slices.Clone(items), RecentlyUpdated: items}
	slices.SortStableFunc(popular.MostPopular, func(a, b Item) int { return cmp.Compare(b.views(), a.views()) })
	slices.SortStableFunc(popular.RecentlyUpdated, func(a, b Item) int { return b.updated().Compare(a.updated()) })
	n := min(popularCount, len(items))
	popular.MostPopular, popular.RecentlyUpdated = popular.MostPopular[:n], popular.RecentlyUpdated[:n]
	return popular, nil
}

// Kinds of content in the list over projects.
const (
	OfCharts     = "chart"
	OfDashboards = "dashboard"
)

// ListQuery narrows the list over projects. Empty lists are no limit.
type ListQuery struct {
	Projects, Spaces, Types []string
	Page, Size              int // from 1
}

// Listed is one thing of the list over projects.
type Listed struct {
	Kind, Source          string
	UUID, Slug, Name      string
	Description           *string
	ChartKind             string
	CreatedAt, UpdatedAt  time.Time
	CreatedBy, UpdatedBy  *Person
	Project, Organization Named
	Space                 Named
	Dashboard             *Named
	PinnedList            string
	Views                 int64
	FirstViewed           *time.Time
}

// Page is one page of a list.
type Page struct {
	Number, Size, Pages, Total int
	Items                      []Listed
}

// List lists charts and dashboards of all projects that the principal may view, latest version first. Faults:
// Unprocessable for a page that can't be.
func (s *Service) List(ctx context.Context, who access.Principal, q ListQuery) (*Page, error) {
	if q.Page < 1 || q.Size < 1 {
		return nil, fault.Coded(fault.Unprocessable, "KnexPagination", "page and pageSize must be greater than zero")
	}
	page, chosen := &Page{Number: q.Page, Size: q.Size, Items: []Listed{}}, []found{}
	lanes, err := s.lanes(ctx, who, q)
	if err != nil {
		return nil, err
	}
	for next := range merged(lanes) {
		if page.Total/q.Size == q.Page-1 {
			chosen = append(chosen, next)
		}
		page.Total++
	}
	page.Pages = (page.Total + q.Size - 1) / q.Size
	if len(chosen) == 0 {
		return page, nil
	}
	page.Items, err = s.listed(ctx, who, chosen)
	return page, err
}

// reach finds the projects that a list may show: those that are asked for, or all that the principal may view.
func (s *Service) reach(ctx context.Context, who access.Principal, q ListQuery) ([]string, error) {
	if len(q.Projects) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(q.Projects))), nil
	}
	all, err := s.projects.List(ctx, who)
	return ids(all, func(p project.Project) string { return p.UUID }), err
}

// found is an entry on the shelf of a project.
type found struct {
	*entry
	project string
	on      *shelf
}

// lane is what a list shows of one project, in its order.
type lane struct {
	project string
	on      *shelf
	at      int // the next to look at
	shows   func(slot) bool
}

// next gives the next entry that shows, and stays there.
func (l *lane) next() *entry {
	for l.at < len(l.on.slots) && !l.shows(l.on.slots[l.at]) {
		l.at++
	}
	if l.at == len(l.on.slots) {
		return nil
	}
	return l.on.entries[l.at]
}

// merged gives what the lanes show, in the order of lists.
func merged(lanes []*lane) iter.Seq[found] {
	return func(yield func(found) bool) {
		for {
			var first *lane
			var head *entry
			for _, l := range lanes {
				if next := l.next(); next != nil && (first == nil || later(next, head) < 0) {
					first, head = l, next
				}
			}
			if first == nil || !yield(found{head, first.project, first.on}) {
				return
			}
			first.at++
		}
	}
}

// lanes gives what the list shows of each project. One that the principal may not view isn't there.
func (s *Service) lanes(ctx context.Context, who access.Principal, q ListQuery) ([]*lane, error) {
	projects, err := s.reach(ctx, who, q)
	if err != nil {
		return nil, err
	}
	lanes := []*lane{}
	for _, id := range projects {
		held, err := s.shelf(ctx, who, id)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) ||
			err == nil && !access.Can(who, access.View, in(Project{UUID: id, Organization: held.organization}, access.Project)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen := s.sight(who, id, held)
		charts, err := seen.hides(ctx, access.SavedChart)
		if err != nil {
			return nil, err
		}
		dashboards, err := seen.hides(ctx, access.Dashboard)
		if err != nil {
			return nil, err
		}
		hideUnasked(charts, held, q, OfCharts)
		hideUnasked(dashboards, held, q, OfDashboards)
		lanes = append(lanes, &lane{project: id, on: held, shows: func(at slot) bool {
			if at.dashboard {
				return !dashboards[at.room]
			}
			return !at.belongs && !charts[at.room]
		}})
	}
	return lanes, nil
}

// hideUnasked hides what of a kind isn't asked for.
func hideUnasked(hidden []bool, held *shelf, q ListQuery, kind string) {
	wanted := len(q.Types) == 0 || slices.Contains(q.Types, kind)
	for i, room := range held.rooms {
		hidden[i] = hidden[i] || !wanted || len(q.Spaces) > 0 && !slices.Contains(q.Spaces, room.UUID)
	}
}

func (s *Service) listed(ctx context.Context, who access.Principal, chosen []found) ([]Listed, error) {
	organization, _, err := s.people.Organization(ctx, who.Organization)
	items := make([]Listed, len(chosen))
	for i, e := range chosen {
		item := Listed{Kind: OfDashboards, UUID: e.UUID, Slug: e.Slug, Name: e.Name, Description: e.Description, ChartKind: text(e.Kind),
			CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt, CreatedBy: named(e.on.people, e.CreatedBy).shownTo(who), UpdatedBy: named(e.on.people, e.UpdatedBy).shownTo(who),
			Project: Named{e.project, e.on.name}, Organization: Named{who.Organization, organization},
			Space: Named{e.Space, e.on.rooms[e.on.room(e.Space)].Name}, PinnedList: text(e.PinList)}
		item.Views, item.FirstViewed = s.views.unwritten(e.UUID, e.Views, e.FirstViewed)
		switch e.Table {
		case "charts":
			item.Kind, item.Source, item.CreatedBy = OfCharts, "dbt_explore", nil // as recorded, it doesn't tell who made it
		case "sql_charts":
			item.Kind, item.Source = OfCharts, "sql"
		}
		items[i] = item
	}
	return items, err
}

package project

import (
	"cmp"
	"context"
	"slices"
	"time"

	"inlay/internal/access"
)

// UserActivity is how the people of a project use it.
type UserActivity struct {
	Users, Viewers, InteractiveViewers, Editors, Admins int
	QueryingThisWeek                                    int
	MostQueries, MostCharts                             []UserCount
	Charts, Dashboards                                  []Views   // the most viewed
	MostViewed                                          []Viewing // each person's most viewed dashboard
	Use                                                 Use
}

// UserCount is a number of things of one person.
type UserCount struct {
	Person
	Count int
}

// span is how far back the use of a project is shown.
const span = 365 * 24 * time.Hour

// UserActivity sums up how the people of a project use it. Faults: Forbidden.
func (s *Service) UserActivity(ctx context.Context, who access.Principal, id string) (UserActivity, error) {
	p, err := s.allowed(ctx, who, access.View, access.Analytics, id)
	if err != nil {
		return UserActivity{}, err
	}
	var a UserActivity
	if s.ports.People != nil {
		roles, err := s.ports.People.Roles(ctx, p.Organization, p.UUID)
		if err != nil {
			return UserActivity{}, err
		}
		a.countRoles(roles)
	}
	if s.ports.Content != nil {
		charts, err := s.ports.Content.Charts(ctx, p.UUID)
		if err != nil {
			return UserActivity{}, err
		}
		a.MostCharts = authors(charts)
		for _, c := range charts {
			a.Charts = append(a.Charts, Views{c.UUID, c.Name, c.Views})
		}
		dashboards, err := s.ports.Content.Dashboards(ctx, p.UUID)
		if err != nil {
			return UserActivity{}, err
		}
		for _, d := range dashboards {
			a.Dashboards = append(a.Dashboards, Views{d.UUID, d.Name, d.Views})
		}
		if a.MostViewed, err = s.ports.Content.MostViewed(ctx, p.UUID, s.now().Add(-span)); err != nil {
			return UserActivity{}, err
		}
	}
	a.Charts, a.Dashboards = viewed(a.Charts), viewed(a.Dashboards)
	if s.ports.Activity == nil {
		return a, nil
	}
	if a.Use, err = s.ports.Activity.Use(ctx, p.UUID, s.now().Add(-span)); err != nil {
		return UserActivity{}, err
	}
	a.QueryingThisWeek = len(a.Use.QueriesByUser)
	names, err := s.names(ctx, keys(a.Use.QueriesByUser))
	if err != nil {
		return UserActivity{}, err
	}
	for user, n := range a.Use.QueriesByUser {
		a.MostQueries = append(a.MostQueries, UserCount{names[user], n})
	}
	a.MostQueries = mostFirst(a.MostQueries)
	return a, nil
}

func (a *UserActivity) countRoles(roles map[Person]access.Role) {
	for _, role := range roles {
		if !role.AtLeast(access.Viewer) {
			continue // of the organization, and nothing in the project
		}
		a.Users++
		switch role {
		case access.Viewer:
			a.Viewers++
		case access.InteractiveViewer:
			a.InteractiveViewers++
		case access.Editor, access.Developer:
			a.Editors++
		case access.Admin:
			a.Admins++
		}
	}
}

// authors counts the charts that each person made, those inside dashboards aside.
func authors(charts []Chart) []UserCount {
	made := map[Person]int{}
	for _, c := range charts {
		if c.Dashboard == "" && c.CreatedBy.User != "" {
			made[c.CreatedBy]++
		}
	}
	counts := []UserCount{}
	for person, n := range made {
		counts = append(counts, UserCount{person, n})
	}
	return mostFirst(counts)
}

func mostFirst(counts []UserCount) []UserCount {
	slices.SortFunc(counts, func(a, b UserCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.User, b.User))
	})
	return counts[:min(len(counts), most)]
}

// viewed keeps what was looked at, the most viewed first.
func viewed(all []Views) []Views {
	all = slices.DeleteFunc(all, func(v Views) bool { return v.Count == 0 })
	slices.SortStableFunc(all, func(a, b Views) int { return cmp.Compare(b.Count, a.Count) })
	return all[:min(len(all), most)]
}

func keys[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	return all
}

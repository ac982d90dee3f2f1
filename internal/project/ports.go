package project

import (
	"context"
	"time"

	"inlay/internal/access"
	"inlay/internal/metric"
)

// Person is somebody's name.
type Person struct{ User, First, Last string }

// People gives names, and the members of a project.
type People interface {
	// Names gives names by user uuid; users that are gone are left out.
	Names(ctx context.Context, users []string) (map[string]Person, error)
	// Roles gives everybody of the organization with the strongest of their roles there and in the project.
	Roles(ctx context.Context, organization, project string) (map[Person]access.Role, error)
	// CopyAccess gives everybody who was granted a role in one project the same role in another.
	CopyAccess(ctx context.Context, from, to string) error
	// Erase drops all grants in a project that is deleted.
	Erase(ctx context.Context, project string) error
	// Credentials gives a user's own stored credentials for warehouses. Faults: NotFound.
	Credentials(ctx context.Context, user, credentials string) (Credentials, error)
}

// Granter is an extra power of People: it makes whoever created a project its admin.
type Granter interface {
	GrantCreator(ctx context.Context, organization, project, user string) error
}

// Credentials are somebody's own for a warehouse, without their secrets.
type Credentials struct {
	UUID, User, Name string
	WarehouseType    string
	Shown            map[string]any // what may be shown
	Created, Updated time.Time
}

// Content is what projects ask of charts, dashboards and spaces.
type Content interface {
	// Find searches the content that who may see.
	Find(ctx context.Context, who access.Principal, project string, s Search) (Found, error)
	// Charts lists the charts of a project with their queries, dashboards with their filters.
	Charts(ctx context.Context, project string) ([]Chart, error)
	// Dashboards lists the dashboards of a project with what they refer to.
	Dashboards(ctx context.Context, project string) ([]Dashboard, error)
	// Visible keeps those of the charts that who may see.
	Visible(ctx context.Context, who access.Principal, project string, charts []Chart) ([]Chart, error)
	// Copy puts the content of a project that who may see into another project.
	Copy(ctx context.Context, who access.Principal, from, to string) error
	// MostViewed gives for each person the dashboard that they viewed most since a time.
	MostViewed(ctx context.Context, project string, since time.Time) ([]Viewing, error)
	// PinnedList gives the uuid of the project's pinned list; empty when nothing was pinned yet.
	PinnedList(ctx context.Context, project string) (string, error)
	// Erase drops all content of a project that is deleted.
	Erase(ctx context.Context, project string) error
}

// Chart is what projects need to know of a chart.
type Chart struct {
	UUID, Name       string
	Space, SpaceName string
	Dashboard        string // uuid, for charts that belong to one
	DashboardName    string
	Explore          string
	Kind             string
	Query            metric.Query
	Views            int
	UpdatedAt        time.Time
	UpdatedBy        string // name
	CreatedBy        Person
}

// Dashboard is what projects need to know of a dashboard.
type Dashboard struct {
	UUID, Name, Space string
	Charts            []string // uuids of the charts on its tiles
	Filters           []DashboardFilter
	Views             int
	UpdatedAt         time.Time
	UpdatedBy         string // name
}

// DashboardFilter is a filter of a dashboard.
type DashboardFilter struct{ Table, Field string }

// Activity tells how a project is used.
type Activity interface {
	// Use sums up the queries since a time.
	Use(ctx context.Context, project string, since time.Time) (Use, error)
}

// Use is how a project was used.
type Use struct {
	QueriesByUser map[string]int // in the last week
	Weeks         []Week
}

// Week is one week of queries.
type Week struct {
	Start          time.Time
	Users, Queries int
}

// Views counts the views of one thing.
type Views struct {
	UUID, Name string
	Count      int
}

// Viewing counts one person's views of one dashboard.
type Viewing struct {
	Person
	Dashboard, Name string
	Count           int
}

// Tasks runs work in the background, and reports its state by the id it gives. The work is told that id.
type Tasks interface {
	Start(ctx context.Context, who access.Principal, project, task string,
		work func(ctx context.Context, job string) (details map[string]any, err error)) (string, error)
}

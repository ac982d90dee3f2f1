// Package content keeps what people make of data: spaces, saved charts, dashboards and their versions, pins, comments,
// share links and deliveries. It knows who may see which of them. It must not know HTTP or any SQL but its own tables';
// rows of data it asks of package query.
package content

import (
	"context"
	"time"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/project"
	"inlay/internal/query"
	"inlay/internal/store"
)

// Person is somebody's name.
type Person struct{ User, First, Last string }

// Member is somebody of an organization together with what gives them rights in one project.
type Member struct {
	Person
	Email       string
	OrgRole     access.Role
	ProjectRole access.Role   // granted directly; empty when there is none
	GroupRoles  []access.Role // granted to their groups
	Groups      []string      // uuids of their groups
}

// Directory is what content asks about people.
type Directory interface {
	// Members lists everybody of the organization with what they have in the project.
	Members(ctx context.Context, organization, project string) ([]Member, error)
	// Member gives one of them. Faults: NotFound.
	Member(ctx context.Context, organization, project, user string) (Member, error)
	// Standing gives the one that a principal is. Faults: NotFound.
	Standing(ctx context.Context, who access.Principal, project string) (Member, error)
	// People gives names by user uuid; users that are gone are left out.
	People(ctx context.Context, users []string) (map[string]Person, error)
	// GroupNames gives names by group uuid.
	GroupNames(ctx context.Context, organization string, groups []string) (map[string]string, error)
	// Organization gives the organization's name and chart colours, which may be empty.
	Organization(ctx context.Context, organization string) (name string, palette []string, err error)
}

// Project is where content lives.
type Project struct{ UUID, Organization string }

// Projects is what content asks about projects; the project package answers.
type Projects interface {
	// OrganizationOf gives the organization of a project. Faults: NotFound.
	OrganizationOf(ctx context.Context, project string) (string, error)
	// Get gives a project to somebody who may view it. Faults: NotFound, Forbidden.
	Get(ctx context.Context, who access.Principal, project string) (project.Project, error)
	// List gives the projects that somebody may view.
	List(ctx context.Context, who access.Principal) ([]project.Project, error)
	// SchedulerZone gives the time zone of a project's deliveries that name none. Faults: NotFound.
	SchedulerZone(ctx context.Context, project string) (string, error)
	// FindingsOf gives what the last validation found, by chart or dashboard.
	FindingsOf(ctx context.Context, project string) (map[string][]project.ValidationSummary, error)
}

// Flags tells which optional features are on.
type Flags interface {
	Enabled(name string) bool
}

// FlagDashboardComments is the name of the flag for comments on dashboards.
const FlagDashboardComments = "dashboard-comments-enabled"

// Service keeps content.
type Service struct {
	db       *store.DB
	people   Directory
	projects Projects
	door     query.Door
	flags    Flags
	now      func() time.Time
	audit    audit.Recorder
	views    views
	memory   memory
	shelves  shelves
}

// New makes the service. The clock is an argument for tests.
func New(db *store.DB, people Directory, projects Projects, door query.Door, flags Flags, now func() time.Time) *Service {
	return &Service{db: db, people: people, projects: projects, door: door, flags: flags, now: now, audit: audit.Nowhere{}, views: newViews(db),
		memory: newMemory(db), shelves: newShelves(db)}
}

// UseAudit says who is told of what is shared with whom.
func (s *Service) UseAudit(r audit.Recorder) { s.audit = r }

// project loads a project that the principal has something to do with; another organization's looks like a forbidden
// one, as it does everywhere in the native API.
func (s *Service) project(ctx context.Context, who access.Principal, id string) (Project, error) {
	if !valid(id) {
		return Project{}, fault.New(fault.NotFound, "Cannot find project with id: %s", id)
	}
	organization, err := s.projects.OrganizationOf(ctx, id)
	if err != nil {
		return Project{}, err
	}
	if organization != who.Organization || (who.Project != "" && who.Project != id) {
		return Project{}, forbidden()
	}
	return Project{UUID: id, Organization: organization}, nil
}

// clock is the time as it is stored: UTC and no finer than the databases keep it.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func valid(id string) bool {
	_, err := uuid.Parse(id)
	return err == nil && len(id) == 36
}

func newID() string { return uuid.NewString() }

func forbidden() error {
	return fault.New(fault.Forbidden, "You don't have access to this resource or action")
}

// optional turns an empty text into SQL NULL.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

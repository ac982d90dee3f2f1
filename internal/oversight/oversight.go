// Package oversight answers what an operator and a security reviewer ask: why somebody gets the rows they get, what they
// see, whether two tenants are kept apart, and that a credential ends now. Only administrators in person may ask. It
// decides nothing about rows itself: they come through package query with the viewer's own principal.
package oversight

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/project"
	"inlay/internal/query"
	"inlay/internal/store"
	"inlay/internal/tenancy"
)

// Charts lists the saved charts of a project, for nobody in particular.
type Charts interface {
	Charts(ctx context.Context, project string) ([]project.Chart, error)
}

// Parts are what oversight looks at.
type Parts struct {
	Store    *store.DB
	People   *identity.Service
	Tenants  *tenancy.Service
	Projects query.Projects
	Door     *query.Service
	Charts   Charts
	Audit    audit.Recorder
	Log      *slog.Logger
	Now      func() time.Time
}

// Service is oversight over one server.
type Service struct {
	Parts
	mu    sync.Mutex
	seen  map[string]bool // revocations that were followed already, by id
	pages pages
}

// New makes the service.
func New(p Parts) *Service {
	return &Service{Parts: p, seen: map[string]bool{}, pages: pages{open: map[*page]bool{}}}
}

// Viewer names whose eyes to look through: a user or a tenant.
type Viewer struct {
	User, Tenant string
	Context      tenancy.Values // of a tenant: the security context that a customer's backend would sign
}

// administers refuses everybody but administrators of the organization in person: no embedded page, no tenant, and so
// nobody who looks through somebody's eyes already.
func administers(who access.Principal) error {
	if who.Kind != access.User || who.Embedded() || who.OrgRole != access.Admin {
		return fault.New(fault.Forbidden, "Only administrators of the organization may do this")
	}
	return nil
}

// CacheCounts tells administrators how their organization's queries were answered by this process. Faults: Forbidden.
func (s *Service) CacheCounts(who access.Principal) (query.CacheCounts, error) {
	if err := administers(who); err != nil {
		return query.CacheCounts{}, err
	}
	return s.Door.CacheCounts(who.Organization), nil
}

// viewer makes the principal of whoever is named. It is used for one question and never becomes a credential.
func (s *Service) viewer(ctx context.Context, asker access.Principal, v Viewer, project string) (access.Principal, error) {
	if (v.User == "") == (v.Tenant == "") {
		return access.Principal{}, fault.New(fault.Invalid, "as: name either a user or a tenant")
	}
	if v.User != "" {
		if v.Context != nil {
			return access.Principal{}, fault.New(fault.Invalid, "as.securityContext: only a tenant has one")
		}
		return s.People.PrincipalOf(ctx, asker.Organization, v.User)
	}
	p, err := s.Tenants.TenantPrincipal(ctx, asker, v.Tenant, v.Context)
	if p.Project == "" {
		p.Project = project // an embed tenant is of the whole organization
	}
	return p, err
}

// Explain says what a viewer would get for a request, and why. Nothing is run. Faults: Forbidden, NotFound, Invalid.
func (s *Service) Explain(ctx context.Context, asker access.Principal, v Viewer, r query.Request) (*query.Explanation, error) {
	if err := administers(asker); err != nil {
		return nil, err
	}
	eyes, err := s.viewer(ctx, asker, v, r.Project)
	if err != nil {
		return nil, err
	}
	return s.Door.Explain(ctx, asker, eyes, r)
}

// ViewAs gives the rows that a viewer would get. It is written down whose eyes were borrowed, before anything is shown.
// Faults: Forbidden, and those of the query.
func (s *Service) ViewAs(ctx context.Context, asker access.Principal, v Viewer, r query.Request) (*query.Result, error) {
	if err := administers(asker); err != nil {
		return nil, err
	}
	eyes, err := s.viewer(ctx, asker, v, r.Project)
	s.Audit.Record(ctx, audit.By(asker, "view.as", v.User+v.Tenant, err != nil))
	if err != nil {
		return nil, err
	}
	eyes.Credential = asker.Credential // ends with the asker's own right
	return s.Door.Run(ctx, eyes, r)
}

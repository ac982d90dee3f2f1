package content

import (
	"context"

	"inlay/internal/access"
)

// thing is what access decides about: something of the kind that lies in the space.
func (sp Space) thing(subject access.Subject, id string) access.Thing {
	t := access.Thing{Subject: subject, UUID: id, Organization: sp.Organization, Project: sp.Project, Public: !sp.Private,
		Tenant: sp.Tenant}
	if sp.Own != nil {
		t.Shares = []access.Grant{{User: sp.Own.User, Role: sp.Own.Role}}
	}
	return t
}

// opens tells whether somebody may do something with a thing in the space.
func (sp Space) opens(who access.Principal, action access.Action, thing access.Thing) bool {
	return access.Can(who, action, thing)
}

// in is a thing that nothing but its project decides about.
func in(p Project, subject access.Subject) access.Thing {
	return access.Thing{Subject: subject, Organization: p.Organization, Project: p.UUID}
}

// allowed loads a project that the principal may do something in. Faults: NotFound, Forbidden.
func (s *Service) allowed(ctx context.Context, who access.Principal, action access.Action, subject access.Subject, project string) (Project, error) {
	p, err := s.project(ctx, who, project)
	if err != nil {
		return Project{}, err
	}
	if !access.Can(who, action, in(p, subject)) {
		return Project{}, forbidden()
	}
	return p, nil
}

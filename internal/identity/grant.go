package identity

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// projectOf gives the organization of a project that the principal has something to do with; others' projects are
// forbidden, as the native API has it. Faults: NotFound, Forbidden.
func (s *Service) projectOf(ctx context.Context, who access.Principal, project string) (string, error) {
	if !valid(project) || s.config.Projects == nil {
		return "", fault.Coded(fault.NotFound, "NotExists", "Cannot find project with id: %s", project)
	}
	organization, err := s.config.Projects.OrganizationOf(ctx, project)
	if err != nil {
		return "", err
	}
	if organization != who.Organization {
		return "", forbidden()
	}
	return organization, nil
}

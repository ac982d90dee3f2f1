package project

import (
	"context"

	"github.com/maypok86/otter/v2"

	"inlay/internal/access"
	"inlay/internal/query"
	"inlay/internal/warehouse"
)

// recent remembers what every query asks about projects: reading and unsealing their settings takes longer than giving
// a kept answer. What this process changes is forgotten at once; what another replica changed is seen after recheck.
type recent struct {
	projects    *otter.Cache[string, asked]
	connections *otter.Cache[[2]string, link] // by organization and connection
	shown       *otter.Cache[string, shown]
}

// shown is what decides who may look at a project, and what its models are shown by, as of a revision.
type shown struct {
	revision  int64
	thing     access.Thing
	warehouse string
}

// asked is what queries ask about a project.
type asked struct {
	project query.Project
	link    link
}

// link is a connection's settings, with the name that pools and cache keys know it by.
type link struct {
	settings warehouse.Settings
	id       string
}

func linked(settings warehouse.Settings) link { return link{settings, identity(settings)} }

func newRecent() recent {
	return recent{
		otter.Must(&otter.Options[string, asked]{MaximumSize: 10_000, ExpiryCalculator: otter.ExpiryWriting[string, asked](recheck)}),
		otter.Must(&otter.Options[[2]string, link]{MaximumSize: 10_000, ExpiryCalculator: otter.ExpiryWriting[[2]string, link](recheck)}),
		otter.Must(&otter.Options[string, shown]{MaximumSize: 10_000}),
	}
}

// Dialect gives the kind of warehouse of a project to somebody who may view it. Faults: NotFound, Forbidden.
func (s *Service) Dialect(ctx context.Context, who access.Principal, id string) (string, error) {
	revision, err := s.revisions.Of(ctx, id)
	if err != nil {
		return "", err
	}
	known, ok := s.recent.shown.GetIfPresent(id)
	if !ok || known.revision != revision {
		p, err := s.load(ctx, id)
		if err != nil {
			return "", err
		}
		known = shown{revision, p.thing(access.Project), p.Warehouse.Type()}
		s.recent.shown.Set(id, known)
	}
	if !access.Can(who, access.View, known.thing) {
		return "", forbidden()
	}
	return known.warehouse, nil
}

// asked gives what queries ask about a project. Faults: NotFound, which isn't remembered.
func (s *Service) asked(ctx context.Context, id string) (asked, error) {
	if known, ok := s.recent.projects.GetIfPresent(id); ok {
		return known, nil
	}
	p, err := s.load(ctx, id)
	if err != nil {
		return asked{}, err
	}
	read := asked{
		query.Project{UUID: p.UUID, Organization: p.Organization, Zone: s.options.Zone, WeekStart: weekStart(p.Warehouse)},
		linked(p.Warehouse),
	}
	s.recent.projects.Set(id, read)
	return read, nil
}

// override gives a connection of an organization. Faults: NotFound.
func (s *Service) override(ctx context.Context, organization, id string) (link, error) {
	key := [2]string{organization, id}
	if known, ok := s.recent.connections.GetIfPresent(key); ok {
		return known, nil
	}
	row, err := s.connection(ctx, organization, id)
	if err != nil {
		return link{}, err
	}
	settings := warehouse.Settings{}
	if err := s.unseal("connection", row.UUID, row.Settings, &settings); err != nil {
		return link{}, err
	}
	read := linked(settings)
	s.recent.connections.Set(key, read)
	return read, nil
}

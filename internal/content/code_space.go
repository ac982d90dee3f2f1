package content

import (
	"context"
	"fmt"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// PutSpace makes or changes the space with a slug. Faults: NotFound, Forbidden, Invalid.
func (s *Service) PutSpace(ctx context.Context, who access.Principal, project string, c SpaceCode) (Put, error) {
	p, err := s.project(ctx, who, project)
	if err != nil {
		return "", err
	}
	if c.Parent == c.Slug {
		return "", fault.Coded(fault.Invalid, "Parameter", "parentSlug: a space can't lie in itself")
	}
	id, err := s.bySlug(ctx, "spaces", p, c.Slug)
	if err != nil {
		return "", err
	}
	if id != "" {
		return s.changeSpace(ctx, who, p, id, c)
	}
	parent, err := s.codeParent(ctx, who, p, c.Parent)
	if err != nil {
		return "", err
	}
	_, err = s.CreateSpace(ctx, who, project, NewSpace{Name: c.Name, Slug: c.Slug, Private: c.Private, Parent: parent})
	return PutCreates, err
}

// codeParent is the space that a space's code says it lies in. One that isn't there is made, for nobody else to enter,
// to be put afterwards. Faults: NotFound, Forbidden.
func (s *Service) codeParent(ctx context.Context, who access.Principal, p Project, slug string) (string, error) {
	if slug == "" {
		return "", nil
	}
	id, err := s.bySlug(ctx, "spaces", p, slug)
	if err != nil {
		return "", err
	}
	if id != "" {
		if _, err = s.parent(ctx, who, p, id, "parentSlug"); fault.Is(err, fault.NotFound) {
			err = fault.New(fault.NotFound, "parentSlug: there is no space %q", slug)
		}
		return id, err
	}
	made, err := s.CreateSpace(ctx, who, p.UUID, NewSpace{Name: slug, Slug: slug, Private: true})
	if err != nil {
		return "", err
	}
	return made.UUID, nil
}

func (s *Service) changeSpace(ctx context.Context, who access.Principal, p Project, id string, c SpaceCode) (Put, error) {
	space, err := s.space(ctx, who, id, "space")
	if err != nil {
		return "", err
	}
	if !space.opensSpace(who, access.View) {
		return "", forbidden()
	}
	there := space.code(who)
	if there == c {
		return PutKeeps, nil
	}
	if !space.opensSpace(who, access.Manage) {
		return "", forbidden()
	}
	all := []change{}
	if there.Parent != c.Parent {
		parent, err := s.codeParent(ctx, who, p, c.Parent)
		if err != nil {
			return "", err
		}
		move, err := s.spaceMove(ctx, who, space, parent, "parentSlug")
		if err != nil {
			return "", err
		}
		all = append(all, move)
	}
	private := &c.Private
	if there.Private == c.Private && there.Parent == c.Parent {
		private = nil
	}
	err = s.write(ctx, together(append(all, spaceChange(who, space, c.Name, private))))
	s.shared(ctx, who, fmt.Sprintf("space.put in %q, private %t", c.Parent, c.Private), id, err)
	return PutUpdates, err
}

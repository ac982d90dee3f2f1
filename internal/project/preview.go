package project

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/semantic"
)

// CreatePreview makes a project of type PREVIEW from another one: the same sources and explores, and the content when
// copyContent says so. It gives the new project's uuid.
func (s *Service) CreatePreview(ctx context.Context, who access.Principal, id, name string, copyContent bool) (string, error) {
	from, err := s.Get(ctx, who, id)
	if err != nil {
		return "", err
	}
	d := Draft{
		Name: name, Type: Preview, Upstream: from.UUID, DbtVersion: from.DbtVersion, Source: from.Source, Warehouse: from.Warehouse,
	}
	if err := s.mayCreate(ctx, who, d); err != nil {
		return "", err
	}
	p, err := s.Seed(ctx, from.Organization, who.User, d)
	if err != nil {
		return "", err
	}
	if err := s.grantCreator(ctx, p); err != nil {
		return "", err
	}
	m, err := s.model(ctx, from.UUID)
	if err != nil {
		return "", err
	}
	if _, err := s.storeModel(ctx, p.UUID, &semantic.Model{Explores: m.explores[:m.modelled], Problems: m.problems}, m.columns); err != nil {
		return "", err
	}
	if !copyContent {
		return p.UUID, s.copyAccess(ctx, p)
	}
	_, err = s.copyUpstream(ctx, who, p)
	return p.UUID, err
}

// copyUpstream gives a preview the grants and the content of its upstream project. It tells whether content came.
func (s *Service) copyUpstream(ctx context.Context, who access.Principal, p Project) (bool, error) {
	if err := s.copyAccess(ctx, p); err != nil {
		return false, err
	}
	if s.ports.Content == nil {
		return false, nil
	}
	return true, s.ports.Content.Copy(ctx, who, p.Upstream, p.UUID)
}

func (s *Service) copyAccess(ctx context.Context, p Project) error {
	if s.ports.People == nil {
		return nil
	}
	return s.ports.People.CopyAccess(ctx, p.Upstream, p.UUID)
}

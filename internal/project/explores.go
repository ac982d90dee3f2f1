package project

import (
	"context"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/semantic"
)

// Explores lists the explores of a project as who's attributes let them see them, broken ones too. selected keeps
// those that the project's table selection chooses.
func (s *Service) Explores(ctx context.Context, who access.Principal, id string, selected bool) ([]*semantic.Explore, error) {
	p, err := s.Get(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return s.exploresOf(ctx, who, p, selected)
}

func (s *Service) exploresOf(ctx context.Context, who access.Principal, p Project, selected bool) ([]*semantic.Explore, error) {
	m, err := s.model(ctx, p.UUID)
	if err != nil {
		return nil, err
	}
	shown := []*semantic.Explore{}
	for _, e := range m.explores {
		if selected && !p.Selection.chooses(e) {
			continue
		}
		if len(e.Errors) == 0 {
			if e, err = semantic.Visible(e, who.Attributes); err != nil {
				continue // their attributes don't open its base table
			}
		}
		shown = append(shown, e)
	}
	return shown, nil
}

func (c Selection) chooses(e *semantic.Explore) bool {
	switch c.Type {
	case WithTags:
		return slices.ContainsFunc(e.Tags, func(tag string) bool { return slices.Contains(c.Names, tag) })
	case WithNames:
		return slices.Contains(c.Names, e.Name)
	}
	return true
}

// tables gives the tables of an explore in a fixed order: short names first, as clients are used to from the
// reference's storage.
func tables(e *semantic.Explore) []*semantic.Table { return inOrder(e.Tables) }

func inOrder[T any](byName map[string]T) []T {
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	values := make([]T, 0, len(names))
	for _, name := range names {
		values = append(values, byName[name])
	}
	return values
}

func (m *model) hasColumn(column string) bool {
	for _, c := range m.columns {
		if strings.EqualFold(c.Name, column) {
			return true
		}
	}
	for _, e := range m.explores { // explores from outside come without the warehouse's columns
		for _, t := range e.Tables {
			for _, d := range t.Dimensions {
				if strings.EqualFold(d.Name, column) || strings.EqualFold(d.Column, column) {
					return true
				}
			}
		}
	}
	return false
}

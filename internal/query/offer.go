package query

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// offered refuses values of parameters that their dimension doesn't hold, among the rows that who may see: the model
// bounds the others by itself.
func (s *Service) offered(ctx context.Context, who access.Principal, r Request, e *semantic.Explore) error {
	for _, name := range slices.Sorted(maps.Keys(r.Query.Parameters)) {
		p, wanted := e.Parameters[name], r.Query.Parameters.Texts(name)
		if p == nil || p.AllowCustom || p.OptionsFrom == nil || len(p.Options) > 0 {
			continue
		}
		missing, err := s.notAmong(ctx, who, r, p.OptionsFrom, wanted)
		if err != nil {
			return err
		}
		if missing != "" {
			return fault.Coded(fault.Invalid, "Parameter", "Parameter \"%s\" must be a value of %s.%s, not %q.",
				name, p.OptionsFrom.Model, p.OptionsFrom.Dimension, missing)
		}
	}
	return nil
}

// notAmong gives the first of the values that the dimension doesn't hold; empty when it holds all.
func (s *Service) notAmong(ctx context.Context, who access.Principal, r Request, from *semantic.ParameterSource, wanted []string) (string, error) {
	values := make([]any, len(wanted))
	for i, value := range wanted {
		values[i] = value
	}
	id := semantic.FieldID(from.Model, from.Dimension)
	among := &metric.FilterGroup{Rule: &metric.FilterRule{Target: metric.FilterTarget{FieldID: id}, Operator: "equals", Values: values}}
	// The model asks this, not who: it is no question beyond what their session shows.
	result, err := s.Run(ctx, who, Request{Project: r.Project, Explore: from.Model, Purpose: Values, RequestID: r.RequestID, Saved: true,
		Query: metric.Query{ExploreName: from.Model, Dimensions: []string{id}, Filters: metric.Filters{Dimensions: among}, Limit: len(wanted)}})
	if err != nil {
		return "", err
	}
	found, err := FirstColumn(ctx, result)
	if err != nil {
		return "", err
	}
	for _, value := range wanted {
		held := func(cell []byte) bool {
			var text string
			return string(cell) == value || json.Unmarshal(cell, &text) == nil && text == value
		}
		if !slices.ContainsFunc(found, held) {
			return value, nil
		}
	}
	return "", nil
}

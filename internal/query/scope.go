package query

import (
	"context"
	"maps"
	"slices"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// Scopes tells what the objects show that a principal is confined to. Declared here by its user; the content package
// implements it.
type Scopes interface {
	// Askable gives, by explore, the fields that they show and filter by, and those behind their numbers.
	Askable(ctx context.Context, who access.Principal) (map[string][]string, error)
}

// UseScopes says who knows what principals are confined to. Without it the confined may ask for nothing of their own.
func (s *Service) UseScopes(scopes Scopes) { s.scopes = scopes }

// inScope refuses what somebody who is confined to single objects asks about anything else. The queries of the charts
// that they see were written by others, and checked where they are kept.
func (s *Service) inScope(ctx context.Context, who access.Principal, r Request) error {
	if who.Scope == nil || r.OfChart {
		return nil
	}
	beyond := fault.New(fault.Forbidden, "Your session is confined to what its dashboard shows")
	if s.scopes == nil || len(r.Query.AdditionalMetrics)+len(r.Query.CustomDimensions)+len(r.Query.TableCalculations) > 0 {
		return beyond
	}
	askable, err := s.scopes.Askable(ctx, who)
	if err != nil {
		return err
	}
	fields := askable[r.Explore]
	if r.Purpose == Values { // which are looked up in the field's own table
		fields = slices.Concat(slices.Collect(maps.Values(askable))...)
	}
	if slices.ContainsFunc(named(r.Query), func(field string) bool { return !slices.Contains(fields, field) }) {
		return beyond
	}
	return nil
}

// named lists the fields that a query names anywhere.
func named(q metric.Query) []string {
	fields := slices.Concat(q.Dimensions, q.Metrics)
	for _, sort := range q.Sorts {
		fields = append(fields, sort.FieldID)
	}
	for _, group := range []*metric.FilterGroup{q.Filters.Dimensions, q.Filters.Metrics, q.Filters.TableCalculations} {
		for _, rule := range group.Rules() {
			fields = append(fields, rule.Target.FieldID)
		}
	}
	return fields
}

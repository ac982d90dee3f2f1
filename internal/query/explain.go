package query

import (
	"context"
	"maps"
	"slices"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// Explanation says why a principal gets the rows it gets.
type Explanation struct {
	SQL      string
	Warnings []string
	Tables   []TableExplanation // that the query reads, by alias
	Cached   bool
	Refused  string // why there are no rows, instead of everything else
}

// TableExplanation is the verdict on one table.
type TableExplanation struct {
	Alias      string
	Verdict    string // open, filtered, refused
	Reason     string
	Conditions []access.RowFilter
}

// Explain plans what viewer would get, for asker, who must be able to administer the project: it shows the viewer's
// own values. Nothing is run. A refusal of the plan is its own explanation.
func (s *Service) Explain(ctx context.Context, asker, viewer access.Principal, r Request) (*Explanation, error) {
	project, err := s.enter(ctx, asker, r.Project)
	if err != nil {
		return nil, err
	}
	if asker.Embedded() || !access.Can(asker, access.Manage, access.Thing{Subject: access.Project, Organization: project.Organization, Project: project.UUID}) {
		return nil, fault.New(fault.Forbidden, "You don't have access to this resource or action")
	}
	p, err := s.prepare(ctx, viewer, r, s.planOptions(viewer, r))
	if fault.Is(err, fault.Forbidden) {
		return &Explanation{Refused: fault.As(err).Message}, nil
	}
	if err != nil {
		return nil, err
	}
	_, cached := s.results.get(p.key)
	return &Explanation{SQL: p.sql, Warnings: p.plan.Warnings, Tables: explainTables(p.policy, p.plan.Tables), Cached: cached}, nil
}

func explainTables(policy metric.Policy, read []string) []TableExplanation {
	var out []TableExplanation
	for _, alias := range slices.Sorted(maps.Keys(policy.Tables)) {
		if !slices.Contains(read, alias) {
			continue
		}
		d := policy.Tables[alias]
		verdict := map[metric.Verdict]string{metric.Open: "open", metric.Filtered: "filtered", metric.Refused: "refused"}[d.Verdict]
		out = append(out, TableExplanation{Alias: alias, Verdict: verdict, Reason: d.Reason, Conditions: d.Conditions})
	}
	return out
}

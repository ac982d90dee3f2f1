package content

import (
	"encoding/json"
	"slices"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// dashboardRule is what of a dashboard's filter meets a chart.
type dashboardRule struct {
	ID     string `json:"id"`
	Target struct {
		FieldID string `json:"fieldId"`
		Table   string `json:"tableName"`
	} `json:"target"`
	Operator string                 `json:"operator"`
	Values   []any                  `json:"values"`
	Settings *metric.FilterSettings `json:"settings"`
	Disabled bool                   `json:"disabled"`
}

func (r dashboardRule) rule() metric.FilterRule {
	return metric.FilterRule{ID: r.ID, Target: metric.FilterTarget{FieldID: r.Target.FieldID}, Operator: r.Operator,
		Values: r.Values, Settings: r.Settings, Disabled: r.Disabled}
}

// On keeps the filters that concern an explore: those on its tables. Clients have already taken out what a tile was
// told to ignore.
func (f DashboardFilters) On(e *semantic.Explore) DashboardFilters {
	keep := func(filters []json.RawMessage, ok func(dashboardRule) bool) []json.RawMessage {
		kept := []json.RawMessage{}
		for _, filter := range filters {
			var rule dashboardRule
			if json.Unmarshal(filter, &rule) == nil && ok(rule) {
				kept = append(kept, filter)
			}
		}
		return kept
	}
	joined := func(r dashboardRule) bool { _, ok := e.Tables[r.Target.Table]; return ok }
	return DashboardFilters{Dimensions: keep(f.Dimensions, joined), Metrics: keep(f.Metrics, joined),
		Calculations: keep(f.Calculations, joined)}
}

// Narrow puts the filters on top of a chart's query: a rule on a field that the chart filters already takes that
// rule's place, any other must hold as well.
func (f DashboardFilters) Narrow(q metric.Query) metric.Query {
	q.Filters.Dimensions = narrow(q.Filters.Dimensions, f.Dimensions)
	q.Filters.Metrics = narrow(q.Filters.Metrics, f.Metrics)
	q.Filters.TableCalculations = narrow(q.Filters.TableCalculations, f.Calculations)
	return q
}

func narrow(own *metric.FilterGroup, filters []json.RawMessage) *metric.FilterGroup {
	rules := []metric.FilterRule{}
	for _, filter := range filters {
		var rule dashboardRule
		if json.Unmarshal(filter, &rule) == nil {
			rules = append(rules, rule.rule())
		}
	}
	merged := &metric.FilterGroup{ID: newID(), And: []metric.FilterGroup{}}
	used := map[string]bool{}
	switch {
	case own == nil || own.And == nil && own.Or == nil && own.Rule == nil:
	case own.And != nil:
		merged.And = append(merged.And, replaced(*own, rules, used).And...)
	default:
		merged.And = append(merged.And, replaced(*own, rules, used))
	}
	for i := range rules {
		if !used[rules[i].ID] {
			merged.And = append(merged.And, metric.FilterGroup{Rule: &rules[i]})
		}
	}
	return merged
}

// replaced copies a group with the rules on the same fields in place of its own.
func replaced(g metric.FilterGroup, rules []metric.FilterRule, used map[string]bool) metric.FilterGroup {
	if g.Rule != nil {
		at := slices.IndexFunc(rules, func(r metric.FilterRule) bool { return r.Target == g.Rule.Target })
		if at < 0 {
			return g
		}
		used[rules[at].ID] = true
		rule := rules[at]
		return metric.FilterGroup{Rule: &rule}
	}
	each := func(list []metric.FilterGroup) []metric.FilterGroup {
		if list == nil {
			return nil
		}
		copied := make([]metric.FilterGroup, len(list))
		for i, group := range list {
			copied[i] = replaced(group, rules, used)
		}
		return copied
	}
	return metric.FilterGroup{ID: g.ID, And: each(g.And), Or: each(g.Or)}
}

// with puts other filters on top: one with the same id takes the place of the dashboard's own.
func (f DashboardFilters) with(other DashboardFilters) DashboardFilters {
	merge := func(own, other []json.RawMessage) []json.RawMessage {
		kept := slices.DeleteFunc(slices.Clone(own), func(filter json.RawMessage) bool {
			return slices.ContainsFunc(other, func(o json.RawMessage) bool { return idOf(o) != "" && idOf(o) == idOf(filter) })
		})
		return append(kept, other...)
	}
	return DashboardFilters{Dimensions: merge(f.Dimensions, other.Dimensions), Metrics: merge(f.Metrics, other.Metrics),
		Calculations: merge(f.Calculations, other.Calculations)}
}

func idOf(filter json.RawMessage) string {
	var rule dashboardRule
	_ = json.Unmarshal(filter, &rule) // what can't be read has no id
	return rule.ID
}

// ForTile are the filters as they act on one tile: those that it is told to ignore are gone, and those that are aimed
// at another of its fields name that field.
func (f DashboardFilters) ForTile(tile string) DashboardFilters {
	each := func(filters []json.RawMessage) []json.RawMessage {
		kept := []json.RawMessage{}
		for _, filter := range filters {
			if filter, ok := aimed(filter, tile); ok {
				kept = append(kept, filter)
			}
		}
		return kept
	}
	return DashboardFilters{Dimensions: each(f.Dimensions), Metrics: each(f.Metrics), Calculations: each(f.Calculations)}
}

// aimed gives a filter as it acts on a tile; not at all where its setting for the tile is false.
func aimed(filter json.RawMessage, tile string) (json.RawMessage, bool) {
	targets, _ := targetsOf(filter)
	target, set := targets[tile]
	if !set {
		return filter, true
	}
	if string(target) == "false" {
		return nil, false
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(filter, &fields) != nil {
		return filter, true
	}
	fields["target"] = target
	changed, err := json.Marshal(fields)
	return changed, err == nil
}

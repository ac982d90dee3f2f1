package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// confined tells whether rows must be proven to belong to somebody: tenants always, and everybody who carries filters,
// a security context or a schema of their own.
func confined(who access.Principal) bool {
	return who.Kind == access.Tenant || who.Tenant != "" || len(who.Filters) > 0 || len(who.Context) > 0 || who.Schema != ""
}

// decide gives the verdict on every table of an explore. author: may write SQL for the project.
func decide(who access.Principal, e *semantic.Explore, author bool) metric.Policy {
	policy := metric.Policy{Tables: make(map[string]metric.Decision, len(e.Tables))}
	for alias, table := range e.Tables {
		if confined(who) {
			policy.Tables[alias] = tenantTable(who, table)
		} else {
			policy.Tables[alias] = internalTable(who, table, author)
		}
	}
	return policy
}

// tenantTable: every condition from every source must hold; a table that nothing covers is closed, unless its rows
// can't be anybody else's.
func tenantTable(who access.Principal, t *semantic.Table) metric.Decision {
	var conditions []access.RowFilter
	var missing []string
	for _, filter := range t.RowFilters {
		found := sources(who, filter)
		if len(found) == 0 {
			missing = append(missing, filter.Attribute)
		}
		conditions = append(conditions, found...)
	}
	for _, filter := range who.Filters {
		if column, ok := columnOf(t, filter.Column); ok && !stated(conditions, column, filter) {
			conditions = append(conditions, access.RowFilter{Column: column, Values: filter.Values, Source: filter.Source})
		}
	}
	own := who.Connection != "" || who.Schema != ""
	switch {
	case t.Shared:
		return metric.OpenTable("the model marks it as shared")
	case len(missing) > 0 && !own && !who.Unfiltered:
		return metric.RefusedTable("it is confined by " + strings.Join(missing, ", ") + ", for which your session carries no value")
	case len(conditions) > 0:
		return metric.FilteredTable("filtered by "+describe(conditions), conditions...)
	case own:
		return metric.OpenTable("the connection or schema is the tenant's own")
	case who.Unfiltered:
		return metric.OpenTable("the tenant was registered without filters by a key that may do so")
	}
	return metric.RefusedTable("no filter of yours names one of its columns, and the model doesn't mark it as shared")
}

// internalTable: a model's row filter holds for the organization's own people too, with their attributes. Without a
// value only those who could write the SQL themselves read on.
func internalTable(who access.Principal, t *semantic.Table, author bool) metric.Decision {
	var conditions []access.RowFilter
	for _, filter := range t.RowFilters {
		values := who.Attributes[filter.Attribute]
		switch {
		case len(values) > 0:
			conditions = append(conditions, access.RowFilter{Column: filter.Column, Values: anyOf(values), Source: "attribute"})
		case !author && !t.Shared:
			return metric.RefusedTable("it is confined by the user attribute " + filter.Attribute + ", for which you have no value")
		}
	}
	switch {
	case t.Shared:
		return metric.OpenTable("the model marks it as shared")
	case len(conditions) > 0:
		return metric.FilteredTable("filtered by "+describe(conditions), conditions...)
	case len(t.RowFilters) > 0:
		return metric.OpenTable("you may write SQL for the project")
	}
	return metric.OpenTable("the model confines it by nothing")
}

// sources gives a condition for each place where a principal carries a value for a model's row filter.
func sources(who access.Principal, filter semantic.RowFilter) []access.RowFilter {
	var found []access.RowFilter
	if values := who.Attributes[filter.Attribute]; len(values) > 0 {
		found = append(found, access.RowFilter{Column: filter.Column, Values: anyOf(values), Source: "attribute"})
	}
	if value, ok := inContext(who.Context, filter.Attribute); ok {
		found = append(found, access.RowFilter{Column: filter.Column, Values: contextValues(value), Source: "securityContext"})
	}
	for _, own := range who.Filters {
		if strings.EqualFold(own.Column, filter.Attribute) {
			found = append(found, access.RowFilter{Column: filter.Column, Values: own.Values, Source: own.Source})
		}
	}
	return found
}

// inContext finds a value by name, also inside of objects: "tenant.id".
func inContext(context map[string]any, name string) (any, bool) {
	if value, ok := context[name]; ok {
		return value, true
	}
	head, rest, nested := strings.Cut(name, ".")
	if inner, ok := context[head].(map[string]any); nested && ok {
		return inContext(inner, rest)
	}
	return nil, false
}

// contextValues are the scalars of a value; what is no scalar lets no row through.
func contextValues(value any) []any {
	switch value := value.(type) {
	case string, bool, float64, int, int64:
		return []any{value}
	case []any:
		values := []any{}
		for _, item := range value {
			switch item.(type) {
			case string, bool, float64, int, int64:
				values = append(values, item)
			}
		}
		return values
	case []string:
		return anyOf(value)
	}
	return []any{}
}

func anyOf(values []string) []any {
	out := make([]any, len(values))
	for i, value := range values {
		out[i] = value
	}
	return out
}

// columnOf finds the column that a filter names: of the table itself, or behind a dimension of that name.
func columnOf(t *semantic.Table, name string) (string, bool) {
	for column := range t.Columns {
		if strings.EqualFold(column, name) {
			return column, true
		}
	}
	for _, d := range t.Dimensions {
		if d.Column != "" && (strings.EqualFold(d.Column, name) || strings.EqualFold(d.Name, name)) {
			return d.Column, true
		}
	}
	return "", false
}

func stated(conditions []access.RowFilter, column string, filter access.RowFilter) bool {
	return slices.ContainsFunc(conditions, func(c access.RowFilter) bool {
		return c.Column == column && c.Source == filter.Source && slices.Equal(c.Values, filter.Values)
	})
}

func describe(conditions []access.RowFilter) string {
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = c.Column + " (" + c.Source + ")"
	}
	return strings.Join(parts, ", ")
}

// fingerprint spells the decisions about the tables that a plan reads.
func fingerprint(p metric.Policy, tables []string) string {
	var out strings.Builder
	for _, alias := range slices.Sorted(maps.Keys(p.Tables)) {
		if !slices.Contains(tables, alias) {
			continue
		}
		d := p.Tables[alias]
		fmt.Fprintf(&out, "%q %d", alias, d.Verdict)
		for _, c := range d.Conditions {
			fmt.Fprintf(&out, " %q %#v", c.Column, c.Values)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

package cube

import (
	"context"
	"maps"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// catalog is what somebody may query: explores, whose tables are cubes to clients. A cube is known by its table's alias,
// and described by the explore that is based on it, where there is one.
type catalog struct {
	explores []*semantic.Explore
}

func (d data) catalog(ctx context.Context, who access.Principal) (catalog, error) {
	all, err := d.models.Explores(ctx, who, who.Project, true)
	usable := slices.DeleteFunc(slices.Clone(all), func(e *semantic.Explore) bool { return len(e.Errors) > 0 })
	return catalog{usable}, err
}

// cube finds a table by its alias.
func (c catalog) cube(name string) *semantic.Table {
	var found *semantic.Table
	for _, e := range c.explores {
		table := e.Tables[name]
		if table == nil || table.Hidden {
			continue
		}
		if e.BaseTable == name {
			return table
		}
		if found == nil {
			found = table
		}
	}
	return found
}

// member is a measure or a dimension of a cube.
type member struct {
	path      string
	table     *semantic.Table
	measure   *semantic.Metric
	dimension *semantic.Dimension
}

func (c catalog) member(path string) (member, error) {
	cube, name, _ := strings.Cut(path, ".")
	table := c.cube(cube)
	if table == nil {
		return member{}, fault.Coded(fault.Invalid, userError, "Cube '%s' not found for path '%s'", cube, path)
	}
	m := member{path: path, table: table, measure: table.Metrics[name], dimension: table.Dimensions[name]}
	if m.measure != nil && m.measure.Hidden {
		m.measure = nil
	}
	if m.dimension != nil && !listed(m.dimension) {
		m.dimension = nil
	}
	if m.measure == nil && m.dimension == nil {
		return member{}, fault.Coded(fault.Invalid, userError, "'%s' not found for path '%s'", name, path)
	}
	return m, nil
}

var granularities = []string{"second", "minute", "hour", "day", "week", "month", "quarter", "year"}

// grain is the field of a time dimension cut to a granularity. The planner makes it where the model doesn't declare it.
func (m member) grain(granularity string) (string, error) {
	if !slices.Contains(granularities, granularity) {
		return "", fault.Coded(fault.Invalid, userError, "Granularity %q does not exist in dimension %s", granularity, m.path)
	}
	return semantic.FieldID(m.table.Name, m.dimension.Name+"_"+granularity), nil
}

// listed tells whether a dimension is one of its cube. Intervals that are times are granularities of their base.
func listed(d *semantic.Dimension) bool {
	return !d.Hidden && (d.IntervalBase == "" || !isTime(d))
}

func isTime(d *semantic.Dimension) bool {
	return d != nil && (d.Type == semantic.Timestamp || d.Type == semantic.Date)
}

func (m member) id() string {
	if m.measure != nil {
		return semantic.FieldID(m.table.Name, m.measure.Name)
	}
	return semantic.FieldID(m.table.Name, m.dimension.Name)
}

// explore finds the explore that has all tables: the one based on the first of them, or on another, or the smallest.
func (c catalog) explore(tables []string) (*semantic.Explore, error) {
	rank := func(e *semantic.Explore) int {
		if at := slices.Index(tables, e.BaseTable); at >= 0 {
			return at
		}
		return len(tables) + len(e.Tables)
	}
	var best *semantic.Explore
	for _, e := range c.explores {
		has := func(table string) bool { return e.Tables[table] != nil }
		if slices.ContainsFunc(tables, func(t string) bool { return !has(t) }) {
			continue
		}
		if best == nil || rank(e) < rank(best) {
			best = e
		}
	}
	if best == nil {
		return nil, fault.Coded(fault.Invalid, userError, "Can't find join path to join '%s'", strings.Join(tables, "', '"))
	}
	return best, nil
}

// cubes lists the names of all cubes.
func (c catalog) cubes() []string {
	names := map[string]bool{}
	for _, e := range c.explores {
		for alias, table := range e.Tables {
			if !table.Hidden {
				names[alias] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

package semantic

import "strings"

// Dimension finds a dimension for a reference made in a table's SQL: table empty means the SQL's own table (in).
// When no table of the explore has that alias, one that was made from the model of that name answers.
func (e *Explore) Dimension(in, table, name string) *Dimension {
	if table == "" {
		table = in
	}
	if t := e.table(table); t != nil {
		return t.Dimensions[name]
	}
	return nil
}

// Metric finds a metric for a reference made in a table's SQL; unlike dimensions, by the alias only.
func (e *Explore) Metric(in, table, name string) *Metric {
	if table == "" {
		table = in
	}
	if t := e.Tables[table]; t != nil {
		return t.Metrics[name]
	}
	return nil
}

// FilterDimension finds the dimension that a model's filter names, as "dimension" or "table.dimension"; the interval at
// its end may be written in capitals.
func (e *Explore) FilterDimension(in, field string) *Dimension {
	table, name, err := splitReference(field)
	if err != nil {
		return nil
	}
	if d := e.Dimension(in, table, name); d != nil {
		return d
	}
	lower := strings.ToLower(name)
	for _, i := range allIntervals {
		suffix := "_" + strings.ToLower(i.name)
		if strings.HasSuffix(lower, suffix) {
			if d := e.Dimension(in, table, name[:len(name)-len(suffix)]+suffix); d != nil {
				return d
			}
		}
	}
	return nil
}

// Join is the join of the alias; nil for the base table and for strangers.
func (e *Explore) Join(alias string) *Join {
	for i := range e.Joins {
		if e.Joins[i].Table == alias {
			return &e.Joins[i]
		}
	}
	return nil
}

func (e *Explore) table(name string) *Table {
	if t, ok := e.Tables[name]; ok {
		return t
	}
	for i := range e.Joins { // declared order, so that the choice doesn't depend on chance
		if t := e.Tables[e.Joins[i].Table]; t != nil && t.OriginalName == name {
			return t
		}
	}
	return nil
}

// Package semantic turns models (a dbt manifest or native YAML) into validated explores. It is pure over fs.FS and
// knows no SQL text of any warehouse: SQL that authors wrote is carried as SQL, references unresolved.
package semantic

// SQL is text that the model's author wrote. References look like ${TABLE}, ${dimension}, ${table.dimension}.
type SQL string

// Type is the type of a dimension.
type Type string

// Types of a dimension.
const (
	String    Type = "string"
	Number    Type = "number"
	Timestamp Type = "timestamp"
	Date      Type = "date"
	Boolean   Type = "boolean"
)

// MetricType is the type of a metric.
type MetricType string

// Metric types; the last five aggregate nothing themselves and may refer to other metrics.
const (
	Percentile      MetricType = "percentile"
	Average         MetricType = "average"
	Count           MetricType = "count"
	CountDistinct   MetricType = "count_distinct"
	Sum             MetricType = "sum"
	Min             MetricType = "min"
	Max             MetricType = "max"
	Median          MetricType = "median"
	SumDistinct     MetricType = "sum_distinct"
	AverageDistinct MetricType = "average_distinct"
	MetricNumber    MetricType = "number"
	MetricString    MetricType = "string"
	MetricDate      MetricType = "date"
	MetricTimestamp MetricType = "timestamp"
	MetricBoolean   MetricType = "boolean"
)

// Aggregates tells whether the type aggregates rows itself.
func (t MetricType) Aggregates() bool {
	switch t {
	case MetricNumber, MetricString, MetricDate, MetricTimestamp, MetricBoolean:
		return false
	}
	return true
}

// Distinct tells whether the type takes one value of each distinct key.
func (t MetricType) Distinct() bool { return t == SumDistinct || t == AverageDistinct }

// Relationship says how many rows on each side of a join meet: the first word is the side joined from.
type Relationship string

// Relationships; the empty one is undeclared.
const (
	OneToOne   Relationship = "one-to-one"
	OneToMany  Relationship = "one-to-many"
	ManyToOne  Relationship = "many-to-one"
	ManyToMany Relationship = "many-to-many"
)

// Explore is a base table with what may be joined to it. One with Errors can be listed but not queried.
type Explore struct {
	Name, Label, GroupLabel, Description string
	Tags                                 []string
	BaseTable                            string
	Joins                                []Join            // in declared order
	Tables                               map[string]*Table // by alias
	Database                             string            // target database, the warehouse type for virtual explores
	Schema                               string
	Warehouse                            string // a compute warehouse that overrides the connection's
	YAMLPath, SQLPath                    string
	Virtual                              bool
	Parameters                           map[string]*Parameter // that its SQL refers to, by name
	Errors                               []Problem
}

// Problem is a fault of a model, with its place.
type Problem struct {
	Type    string // METADATA_PARSE_ERROR, NO_DIMENSIONS_FOUND, ParseError, CompileError, …
	Message string
	File    string
	Line    int // 0: unknown
	Model   string
	Field   string
}

// JoinType is the kind of join.
type JoinType string

// Kinds of join.
const (
	Left  JoinType = "left"
	Inner JoinType = "inner"
	Right JoinType = "right"
	Full  JoinType = "full"
)

// Join is a table joined to the explore.
type Join struct {
	Table        string   // alias: the key in Explore.Tables
	Type         JoinType // Left unless declared
	Declared     JoinType // as written; empty when left out
	On           SQL
	Hidden       *bool // nil when undeclared
	Always       *bool
	Relationship Relationship
}

// Table is one table of an explore, under its alias.
type Table struct {
	Name                         string // the alias
	OriginalName                 string // the model's name
	Label, Description           string
	GroupLabel                   string
	Database, Schema, Identifier string // parts of the relation
	Relation                     SQL    // the relation as the model's source names it; empty: made from the parts
	From                         SQL    // a virtual table's query; empty for real tables
	OrderFieldsBy                string // LABEL or INDEX
	GroupDetails                 map[string]GroupDetails
	PrimaryKey                   []string          // columns
	DefaultTime                  *TimeDefault      // nil: none
	Columns                      map[string]string // catalogue: column name → the engine's type; nil when it wasn't read

	SQLFilter          SQL
	RequiredFilters    []Filter
	RequiredAttributes map[string][]string // every attribute must have one of its values
	AnyAttributes      map[string][]string // one attribute must have one of its values
	RowFilters         []RowFilter
	Shared             bool // holds nothing of any tenant: readable by all
	Hidden             bool

	Dimensions map[string]*Dimension
	Metrics    map[string]*Metric
	Lineage    map[string][]string // the models around this one, each with the models it is made from; never nil lists
}

// TimeDefault is the time that numbers are looked at over, unless somebody chooses another.
type TimeDefault struct{ Field, Interval string }

// dropLostTimes takes away the default times whose dimensions the table doesn't have, from copies of its metrics.
func (t *Table) dropLostTimes() {
	lost := func(d *TimeDefault) bool { return d != nil && t.Dimensions[d.Field] == nil }
	if lost(t.DefaultTime) {
		t.DefaultTime = nil
	}
	for key, m := range t.Metrics {
		if lost(m.DefaultTime) {
			without := *m
			without.DefaultTime = nil
			t.Metrics[key] = &without
		}
	}
}

// GroupDetails describes a group of fields.
type GroupDetails struct{ Label, Description string }

// RowFilter confines rows to those whose column equals a value that the principal carries under an attribute's name.
type RowFilter struct {
	Column    string
	Attribute string
}

// URL is a link on a field's values; the address is a template.
type URL struct{ Label, URL string }

// Dimension is a column or expression to group and filter by.
type Dimension struct {
	Table, TableLabel, Name, Label, Description string
	Type                                        Type
	SQL                                         SQL // of an interval: the base's; the interval is applied when SQL is made
	Index                                       int
	Hidden                                      bool
	Groups                                      []string
	Format                                      string
	Round                                       *int
	Compact                                     string
	URLs                                        []URL
	Colors                                      map[string]string
	Tags                                        []string
	RequiredAttributes                          map[string][]string
	AnyAttributes                               map[string][]string
	CaseInsensitive                             bool // filters ignore case
	IsAdditional                                bool
	IsIntervalBase                              bool
	TimeInterval                                string   // RAW, DAY, …; empty for a plain dimension
	IntervalBase                                string   // name of the base dimension, for an interval
	Column                                      string   // the model's column; empty for additional dimensions
	Tables                                      []string // every table that its SQL touches, its own first
}

// Metric is an aggregate, or an expression over other metrics.
type Metric struct {
	Table, TableLabel, Name, Label, Description string
	Type                                        MetricType
	SQL                                         SQL
	Index                                       int
	Hidden                                      bool
	Groups                                      []string
	Format                                      string
	Round                                       *int
	Compact                                     string
	URLs                                        []URL
	Tags                                        []string
	Filters                                     []Filter
	Percentile                                  *float64
	DistinctKeys                                []string // of Distinct types: dimensions, as "dimension" or "table.dimension"
	ShowUnderlyingValues                        []string
	DefaultTime                                 *TimeDefault
	DimensionReference                          string   // field id of the dimension it was declared on
	Tables                                      []string // every table that its SQL and filters touch, its own first
	RequiredAttributes                          map[string][]string
	AnyAttributes                               map[string][]string
}

// fields are the dimensions that a metric names beside its SQL, as written.
func (m *Metric) fields() []string {
	names := make([]string, 0, len(m.Filters)+len(m.DistinctKeys))
	for i := range m.Filters {
		names = append(names, m.Filters[i].Field)
	}
	return append(names, m.DistinctKeys...)
}

// Filter is a rule of the model's own filter grammar, on a metric or required of every query.
type Filter struct {
	ID        string
	Field     string // as written: "dimension" or "table.dimension"
	Operator  string
	Values    []any
	Unit      string // unit of time, for relative dates
	Completed bool
	Required  bool
}

// FieldID is the id of a field: table and name, dots in the name doubled to underscores.
func FieldID(table, name string) string {
	out := make([]byte, 0, len(table)+len(name)+1)
	out = append(append(out, table...), '_')
	for i := range len(name) {
		if name[i] == '.' {
			out = append(out, '_', '_')
		} else {
			out = append(out, name[i])
		}
	}
	return string(out)
}

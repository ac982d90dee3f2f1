// Package metric turns a metric query into a logical plan whose numbers are right. It is pure: it knows neither
// connections nor credentials, and no SQL dialect.
package metric

import "encoding/json"

// Query is a metric query: the document that clients send and that charts store, so it carries its JSON names.
type Query struct {
	ExploreName       string             `json:"exploreName"`
	Dimensions        []string           `json:"dimensions"`
	Metrics           []string           `json:"metrics"`
	Filters           Filters            `json:"filters"`
	Sorts             []Sort             `json:"sorts"`
	Limit             int                `json:"limit"`
	TableCalculations []TableCalculation `json:"tableCalculations"`
	AdditionalMetrics []AdditionalMetric `json:"additionalMetrics,omitempty"`
	CustomDimensions  []CustomDimension  `json:"customDimensions,omitempty"`
	Timezone          *string            `json:"timezone,omitempty"`
	Metadata          json.RawMessage    `json:"metadata,omitempty"`
	Parameters        Parameters         `json:"parameters,omitempty"`
}

// Filters hold at most one group each.
type Filters struct {
	Dimensions        *FilterGroup `json:"dimensions,omitempty"`
	Metrics           *FilterGroup `json:"metrics,omitempty"`
	TableCalculations *FilterGroup `json:"tableCalculations,omitempty"`
}

// FilterGroup is a rule, or an and- or or-list of groups. Exactly one of And, Or and Rule is set.
type FilterGroup struct {
	ID   string
	And  []FilterGroup
	Or   []FilterGroup
	Rule *FilterRule
}

// FilterRule is one condition on a field.
type FilterRule struct {
	ID       string          `json:"id"`
	Target   FilterTarget    `json:"target"`
	Operator string          `json:"operator"`
	Values   []any           `json:"values,omitempty"`
	Settings *FilterSettings `json:"settings,omitempty"`
	Disabled bool            `json:"disabled,omitempty"`
	Required bool            `json:"required,omitempty"`

	IgnoreCase bool `json:"-"` // of fronts whose texts are compared so
}

// FilterTarget names the field.
type FilterTarget struct {
	FieldID string `json:"fieldId"`
}

// FilterSettings qualify a relative date.
type FilterSettings struct {
	UnitOfTime string `json:"unitOfTime,omitempty"`
	Completed  bool   `json:"completed,omitempty"`
}

// Sort orders by a selected field.
type Sort struct {
	FieldID    string `json:"fieldId"`
	Descending bool   `json:"descending"`
	NullsFirst *bool  `json:"nullsFirst,omitempty"`
}

// UserSQL is text that somebody sent with a query. It is never pasted: see the expression grammar.
type UserSQL string

// TableCalculation is computed over the query's own result.
type TableCalculation struct {
	Name        string          `json:"name"`
	DisplayName string          `json:"displayName"`
	SQL         UserSQL         `json:"sql,omitempty"`
	Template    json.RawMessage `json:"template,omitempty"`
	Format      json.RawMessage `json:"format,omitempty"`
	Type        string          `json:"type,omitempty"`
	Index       *int            `json:"index,omitempty"`
}

// AdditionalMetric is a metric that comes with the query.
type AdditionalMetric struct {
	UUID              string          `json:"uuid,omitempty"`
	Table             string          `json:"table"`
	Name              string          `json:"name"`
	Type              string          `json:"type"`
	SQL               UserSQL         `json:"sql"`
	Label             string          `json:"label,omitempty"`
	Description       string          `json:"description,omitempty"`
	Hidden            *bool           `json:"hidden,omitempty"`
	Round             *int            `json:"round,omitempty"`
	Compact           string          `json:"compact,omitempty"`
	Format            string          `json:"format,omitempty"`
	Filters           []MetricFilter  `json:"filters,omitempty"`
	BaseDimensionName string          `json:"baseDimensionName,omitempty"`
	Percentile        *float64        `json:"percentile,omitempty"`
	DistinctKeys      []string        `json:"distinctKeys,omitempty"`
	FormatOptions     json.RawMessage `json:"formatOptions,omitempty"`

	GenerationType  string `json:"generationType,omitempty"` // periodOverPeriod: the value of BaseMetricID, earlier
	BaseMetricID    string `json:"baseMetricId,omitempty"`
	TimeDimensionID string `json:"timeDimensionId,omitempty"`
	Granularity     string `json:"granularity,omitempty"`  // DAY, WEEK, MONTH, QUARTER, YEAR
	PeriodOffset    *int   `json:"periodOffset,omitempty"` // how many of them earlier; nil is one
}

// MetricFilter is a rule inside a metric's aggregate; its field is "dimension" or "table.dimension".
type MetricFilter struct {
	ID       string             `json:"id"`
	Target   MetricFilterTarget `json:"target"`
	Operator string             `json:"operator"`
	Values   []any              `json:"values,omitempty"`
	Settings *FilterSettings    `json:"settings,omitempty"`
	Disabled bool               `json:"disabled,omitempty"`
}

// MetricFilterTarget names the field of a metric filter.
type MetricFilterTarget struct {
	FieldRef string `json:"fieldRef"`
}

// CustomDimension is a dimension that comes with the query: bins of another, or SQL.
type CustomDimension struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	Table         string     `json:"table"`
	Type          string     `json:"type"` // bin, sql
	DimensionID   string     `json:"dimensionId,omitempty"`
	BinType       string     `json:"binType,omitempty"` // fixed_number, fixed_width, custom_range
	BinNumber     *int       `json:"binNumber,omitempty"`
	BinWidth      *float64   `json:"binWidth,omitempty"`
	CustomRange   []BinRange `json:"customRange,omitempty"`
	SQL           UserSQL    `json:"sql,omitempty"`
	DimensionType string     `json:"dimensionType,omitempty"`
}

// BinRange is one bin: from inclusive, to exclusive, either may be open.
type BinRange struct {
	From *float64 `json:"from,omitempty"`
	To   *float64 `json:"to,omitempty"`
}

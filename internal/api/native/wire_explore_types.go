package native

import "encoding/json"

// exploreWire is an explore as clients get it, and as they deploy it.
type exploreWire struct {
	Name           string                   `json:"name"`
	Label          string                   `json:"label"`
	Tags           []string                 `json:"tags"`
	GroupLabel     string                   `json:"groupLabel,omitempty"`
	BaseTable      string                   `json:"baseTable"`
	JoinedTables   []joinWire               `json:"joinedTables"`
	Tables         map[string]tableWire     `json:"tables"`
	TargetDatabase string                   `json:"targetDatabase"`
	Warehouse      string                   `json:"warehouse,omitempty"`
	YMLPath        string                   `json:"ymlPath,omitempty"`
	SQLPath        string                   `json:"sqlPath,omitempty"`
	Type           string                   `json:"type,omitempty"`
	Parameters     map[string]parameterWire `json:"parameters,omitempty"`
	Errors         []exploreError           `json:"errors,omitempty"`
}

// parameterWire is a parameter of the model, as newer clients know it.
type parameterWire struct {
	Label       string           `json:"label"`
	Description string           `json:"description,omitempty"`
	Type        string           `json:"type,omitempty"`
	Default     any              `json:"default,omitempty"`
	Multiple    bool             `json:"multiple,omitempty"`
	AllowCustom bool             `json:"allow_custom_values,omitempty"`
	Options     []string         `json:"options,omitempty"`
	OptionsFrom *parameterSource `json:"options_from_dimension,omitempty"`
}

type parameterSource struct {
	Model     string `json:"model"`
	Dimension string `json:"dimension"`
}

type joinWire struct {
	Table         string `json:"table"`
	Type          string `json:"type,omitempty"`
	SQLOn         string `json:"sqlOn"`
	CompiledSQLOn string `json:"compiledSqlOn"`
	Hidden        *bool  `json:"hidden,omitempty"`
	Always        *bool  `json:"always,omitempty"`
	Relationship  string `json:"relationship,omitempty"`
}

type tableWire struct {
	Name               string                    `json:"name"`
	OriginalName       string                    `json:"originalName,omitempty"`
	Label              string                    `json:"label"`
	Description        *string                   `json:"description,omitempty"`
	GroupLabel         string                    `json:"groupLabel,omitempty"`
	Database           string                    `json:"database"`
	Schema             string                    `json:"schema"`
	SQLTable           string                    `json:"sqlTable"`
	SQLWhere           string                    `json:"sqlWhere,omitempty"`
	UncompiledSQLWhere string                    `json:"uncompiledSqlWhere,omitempty"`
	OrderFieldsBy      string                    `json:"orderFieldsBy,omitempty"`
	Hidden             bool                      `json:"hidden,omitempty"`
	RequiredFilters    []modelFilterWire         `json:"requiredFilters,omitzero"`
	RequiredAttributes attributesWire            `json:"requiredAttributes,omitempty"`
	AnyAttributes      attributesWire            `json:"anyAttributes,omitempty"`
	GroupDetails       map[string]fieldGroupWire `json:"groupDetails,omitzero"`
	LineageGraph       map[string][]lineageWire  `json:"lineageGraph"`
	PrimaryKey         []string                  `json:"primaryKey,omitempty"`
	DefaultTime        *defaultTimeWire          `json:"defaultTimeDimension,omitempty"`
	RowFilter          map[string]string         `json:"rowFilter,omitempty"`
	Shared             bool                      `json:"shared,omitempty"`
	Dimensions         map[string]dimensionWire  `json:"dimensions"`
	Metrics            map[string]metricWire     `json:"metrics"`
}

type defaultTimeWire struct {
	Field    string `json:"field"`
	Interval string `json:"interval"`
}

type dimensionWire struct {
	FieldType                string                    `json:"fieldType"`
	Type                     string                    `json:"type"`
	Name                     string                    `json:"name"`
	Label                    string                    `json:"label"`
	Table                    string                    `json:"table"`
	TableLabel               string                    `json:"tableLabel"`
	Description              *string                   `json:"description,omitempty"`
	SQL                      string                    `json:"sql"`
	CompiledSQL              string                    `json:"compiledSql"`
	Hidden                   bool                      `json:"hidden"`
	Index                    *int                      `json:"index,omitempty"`
	Groups                   []string                  `json:"groups,omitzero"`
	Format                   string                    `json:"format,omitempty"`
	Round                    *int                      `json:"round,omitempty"`
	Compact                  string                    `json:"compact,omitempty"`
	URLs                     []urlWire                 `json:"urls,omitempty"`
	Colors                   map[string]string         `json:"colors,omitempty"`
	Tags                     []string                  `json:"tags,omitempty"`
	TimeInterval             string                    `json:"timeInterval,omitempty"`
	TimeIntervalBase         string                    `json:"timeIntervalBaseDimensionName,omitempty"`
	IsIntervalBase           *bool                     `json:"isIntervalBase,omitempty"`
	IsAdditional             bool                      `json:"isAdditionalDimension,omitempty"`
	CaseSensitive            *bool                     `json:"caseSensitive,omitempty"`
	RequiredAttributes       attributesWire            `json:"requiredAttributes,omitempty"`
	AnyAttributes            attributesWire            `json:"anyAttributes,omitempty"`
	TablesReferences         []string                  `json:"tablesReferences"`
	TablesRequiredAttributes map[string]attributesWire `json:"tablesRequiredAttributes,omitempty"`
}

type metricWire struct {
	FieldType                string                    `json:"fieldType"`
	Type                     string                    `json:"type"`
	Name                     string                    `json:"name"`
	Label                    string                    `json:"label"`
	Table                    string                    `json:"table"`
	TableLabel               string                    `json:"tableLabel"`
	Description              string                    `json:"description,omitempty"`
	SQL                      string                    `json:"sql"`
	CompiledSQL              string                    `json:"compiledSql"`
	Hidden                   bool                      `json:"hidden"`
	Index                    int                       `json:"index"`
	Groups                   []string                  `json:"groups"`
	Format                   string                    `json:"format,omitempty"`
	Round                    *int                      `json:"round,omitempty"`
	Compact                  string                    `json:"compact,omitempty"`
	URLs                     []urlWire                 `json:"urls,omitempty"`
	Tags                     []string                  `json:"tags,omitempty"`
	Filters                  []modelFilterWire         `json:"filters"`
	Percentile               *float64                  `json:"percentile,omitempty"`
	DistinctKeys             []string                  `json:"distinctKeys,omitempty"`
	ShowUnderlyingValues     []string                  `json:"showUnderlyingValues,omitempty"`
	DefaultTime              *defaultTimeWire          `json:"defaultTimeDimension,omitempty"`
	DimensionReference       string                    `json:"dimensionReference,omitempty"`
	IsAutoGenerated          bool                      `json:"isAutoGenerated"`
	RequiredAttributes       attributesWire            `json:"requiredAttributes,omitempty"`
	AnyAttributes            attributesWire            `json:"anyAttributes,omitempty"`
	TablesReferences         []string                  `json:"tablesReferences"`
	TablesRequiredAttributes map[string]attributesWire `json:"tablesRequiredAttributes,omitempty"`
}

type modelFilterWire struct {
	ID     string `json:"id"`
	Target struct {
		FieldRef string `json:"fieldRef"`
	} `json:"target"`
	Operator string              `json:"operator"`
	Values   []any               `json:"values"`
	Settings *filterSettingsWire `json:"settings,omitempty"`
}

type filterSettingsWire struct {
	UnitOfTime string `json:"unitOfTime"`
	Completed  bool   `json:"completed,omitempty"`
}

type urlWire struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

type fieldGroupWire struct {
	Label       string `json:"label"`
	Description string `json:"description,omitempty"`
}

type lineageWire struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// exploreSummary is an explore in a list.
type exploreSummary struct {
	Name         string         `json:"name"`
	Label        string         `json:"label"`
	Tags         *[]string      `json:"tags,omitempty"`
	GroupLabel   string         `json:"groupLabel,omitempty"`
	DatabaseName *string        `json:"databaseName,omitempty"`
	SchemaName   *string        `json:"schemaName,omitempty"`
	Description  string         `json:"description,omitempty"`
	Type         string         `json:"type,omitempty"`
	Errors       []exploreError `json:"errors,omitempty"`
}

type exploreError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

// attributesWire holds the values demanded by attribute: one as a text, several as a list.
type attributesWire map[string]attributeValues

type attributeValues []string

func (v attributeValues) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return json.Marshal(v[0])
	}
	return json.Marshal([]string(v))
}

func (v *attributeValues) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*v = attributeValues{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(v))
}

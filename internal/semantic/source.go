package semantic

// Source is a set of models as written, before the warehouse's types and the joins between them are known.
type Source struct {
	models   []*sourceModel
	byName   map[string]*sourceModel
	problems []Problem
	dialect  string              // of the warehouse
	target   string              // what explores tell as their target database
	parents  map[string][]string // by model name: the models it is made from
	children map[string][]string // the same, turned around
	config   config
}

func newSource(o Options) *Source {
	return &Source{dialect: o.Dialect, byName: map[string]*sourceModel{}, parents: map[string][]string{}}
}

// sourceModel is one model as written.
type sourceModel struct {
	name, label, description string
	tags                     []string
	relation                 Relation
	relationSQL              SQL
	file, yamlPath, sqlPath  string
	line                     int
	columns                  []sourceColumn
	metrics                  []sourceMetric // of the model itself
	dbtMetrics               []sourceMetric
	joins                    []sourceJoin
	explores                 []sourceExplore
	sets                     map[string][]string
	parameters               map[string]*Parameter
	groupLabel, orderBy      string
	groupDetails             map[string]GroupDetails
	primaryKey               []string
	defaultTime              *sourceTime
	warehouse                string
	sqlFilter                SQL
	requiredFilters          []Filter
	required, anyOf          map[string][]string
	rowFilters               []RowFilter
	shared                   bool
	hidden                   bool // has no explore of its own
	caseInsensitive          *bool
	problems                 []Problem
}

type sourceColumn struct {
	name, description, dataType string // dataType as the project declares it
	dimension                   sourceDimension
	additional                  []sourceDimension
	metrics                     []sourceMetric
}

type sourceDimension struct {
	key                            string // what references call it
	name, label, description, kind string
	sql                            SQL
	intervals                      []string // nil: the defaults of the type
	noIntervals                    bool
	hidden                         bool
	display                        display
	colors                         map[string]string
	required, anyOf                map[string][]string
	caseInsensitive                *bool
	line                           int
}

// display is what dimensions and metrics have in common.
type display struct {
	groups  []string
	format  string
	round   *int
	compact string
	urls    []URL
	tags    []string
}

type sourceMetric struct {
	name, label, description string
	kind                     MetricType
	sql                      SQL
	hidden                   bool
	display                  display
	filters                  []Filter
	percentile               *float64
	distinctKeys             []string
	defaultTime              *sourceTime
	show                     []string
	line                     int
}

type sourceTime struct {
	TimeDefault
	line int
}

type sourceJoin struct {
	model, alias, label string
	kind                JoinType
	on                  SQL
	hidden, always      *bool
	fields              []string // nil: all
	relationship        Relationship
	line                int
}

// sourceExplore is one of several explores of a model.
type sourceExplore struct {
	name, label, description, groupLabel string
	joins                                []sourceJoin
	sqlFilter                            SQL
	requiredFilters                      []Filter
	additional                           []sourceDimension
	required, anyOf                      map[string][]string
	line                                 int
}

// Relations lists the relations whose columns Compile wants to know the types of, each once.
func (s *Source) Relations() []Relation {
	seen := map[Relation]bool{}
	var out []Relation
	for _, m := range s.models {
		if m.relation.Name != "" && !seen[m.relation] {
			seen[m.relation] = true
			out = append(out, m.relation)
		}
	}
	return out
}

// Model is what became of a set of models.
type Model struct {
	Explores []*Explore // in the order of the models; broken ones carry Errors
	Problems []Problem  // everything that is wrong, also what belongs to no explore
}

// Options say what models can't know by themselves.
type Options struct {
	Dialect  string // of the warehouse; a manifest names its own, which an empty one leaves standing
	Database string // of relations that don't name theirs
	Schema   string
	Config   []byte // the project's own file of settings, ConfigFile; nil is none
}

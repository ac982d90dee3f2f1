package semantic

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/frame"
)

// What may stand in a model, in its native form and in dbt's meta.
var (
	modelKeys = []string{
		"label", "description", "joins", "metrics", "order_fields_by", "group_label", "sql_filter", "sql_where",
		"required_filters", "required_attributes", "any_attributes", "group_details", "primary_key", "row_filter",
		"shared", "explores", "sets", "hidden", "case_sensitive", "tags", "warehouse", "snowflake_warehouse", "parameters",
		"default_time_dimension",
	}
	nativeModelKeys = append([]string{"type", "name", "sql_from", "dimensions"}, modelKeys...)
	dimensionKeys   = []string{
		"name", "label", "type", "description", "sql", "time_intervals", "hidden", "round", "compact", "format", "groups",
		"group_label", "colors", "urls", "required_attributes", "any_attributes", "tags", "case_sensitive",
	}
	nativeDimensionKeys = append([]string{"metrics", "additional_dimensions"}, dimensionKeys...)
	metricKeys          = []string{
		"type", "label", "description", "sql", "hidden", "round", "compact", "format", "groups", "group_label", "urls",
		"tags", "show_underlying_values", "filters", "percentile", "distinct_keys", "default_time_dimension",
	}
	joinKeys = []string{
		"join", "sql_on", "type", "alias", "label", "hidden", "fields", "always", "relationship", "description",
	}
	exploreKeys = []string{
		"label", "description", "group_label", "joins", "sql_filter", "sql_where", "required_filters",
		"additional_dimensions", "required_attributes", "any_attributes",
	}
	dimensionTypes = []string{"string", "number", "timestamp", "date", "boolean"}
	metricTypes    = []string{
		"percentile", "average", "count", "count_distinct", "sum", "min", "max", "median", "number", "string", "date",
		"timestamp", "boolean", "sum_distinct", "average_distinct",
	}
	formats  = []string{"km", "mi", "usd", "gbp", "eur", "id", "percent"}
	compacts = []string{
		"thousands", "millions", "billions", "trillions", "K", "thousand", "M", "million", "B", "billion", "T", "trillion",
	}
)

// meta reads what stands about the model as a whole.
func (s *sourceModel) meta(m mapping) {
	s.label = m.text("label")
	s.groupLabel = m.text("group_label")
	s.orderBy = "LABEL"
	if strings.EqualFold(m.text("order_fields_by"), "index") {
		s.orderBy = "INDEX"
	}
	s.joins = joins(m)
	s.sqlFilter = filterSQL(m)
	s.requiredFilters = filters(m, "required_filters", s.name)
	s.required, s.anyOf = m.attributes("required_attributes"), m.attributes("any_attributes")
	s.groupDetails = map[string]GroupDetails{}
	for _, g := range m.each("group_details", "label", "description") {
		s.groupDetails[g.name] = GroupDetails{Label: g.text("label"), Description: g.text("description")}
	}
	s.primaryKey = m.texts("primary_key")
	s.defaultTime = defaultTime(m)
	rows := m.child("row_filter")
	for _, f := range rows.fields {
		attribute := rows.text(f.name)
		if attribute == "" {
			rows.wrongKey(f.name, "name an attribute")
			continue
		}
		s.rowFilters = append(s.rowFilters, RowFilter{Column: f.name, Attribute: attribute})
	}
	s.shared, s.hidden = m.yes("shared"), m.yes("hidden")
	if s.shared && len(s.rowFilters) > 0 {
		m.wrongKey("shared", "not be set beside row_filter: a shared model holds nothing of any tenant")
	}
	if sensitive := m.flag("case_sensitive"); sensitive != nil {
		insensitive := !*sensitive
		s.caseInsensitive = &insensitive
	}
	if s.warehouse = m.text("snowflake_warehouse"); s.warehouse == "" {
		s.warehouse = m.text("warehouse")
	}
	s.sets = map[string][]string{}
	for _, set := range m.each("sets", "fields") {
		s.sets[set.name] = set.texts("fields")
	}
	s.parameters = parameters(m, s.name+".")
	s.readExplores(m)
}

// defaultTime reads the time that a model or a metric is looked at over.
func defaultTime(m mapping) *sourceTime {
	const key = "default_time_dimension"
	switch m.get(key).shape {
	case absent:
		return nil
	case object:
	default:
		m.wrongKey(key, "hold a field and an interval")
		return nil
	}
	d := m.child(key, "field", "interval")
	made := &sourceTime{TimeDefault{d.must("field"), strings.ToUpper(d.must("interval"))}, d.line}
	if made.Interval != "" && !slices.Contains(defaultIntervals, made.Interval) {
		d.wrongKey("interval", "be one of "+strings.Join(defaultIntervals, ", ")+suggest(made.Interval, defaultIntervals))
	}
	return made
}

func filterSQL(m mapping) SQL {
	if sql := m.sql("sql_filter"); sql != "" {
		return sql
	}
	return m.sql("sql_where")
}

func (s *sourceModel) readExplores(m mapping) {
	for _, e := range m.each("explores", exploreKeys...) {
		made := sourceExplore{
			name: e.name, label: e.text("label"), description: e.text("description"), groupLabel: e.text("group_label"),
			joins: joins(e.mapping), sqlFilter: filterSQL(e.mapping), line: e.line,
			requiredFilters: filters(e.mapping, "required_filters", s.name+"/"+e.name),
			required:        e.attributes("required_attributes"), anyOf: e.attributes("any_attributes"),
		}
		for _, d := range e.each("additional_dimensions", dimensionKeys...) {
			made.additional = append(made.additional, dimension(d.mapping, d.name))
		}
		s.explores = append(s.explores, made)
	}
}

func joins(m mapping) []sourceJoin {
	var out []sourceJoin
	for _, j := range m.list("joins", joinKeys...) {
		made := sourceJoin{
			model: j.must("join"), alias: j.text("alias"), label: j.text("label"), on: SQL(j.must("sql_on")), line: j.line,
			kind:   JoinType(j.oneOf("type", "left", "inner", "right", "full")),
			hidden: j.flag("hidden"), always: j.flag("always"), fields: j.texts("fields"),
			relationship: Relationship(j.oneOf("relationship", "one-to-one", "one-to-many", "many-to-one", "many-to-many")),
		}
		if made.model != "" && made.on != "" {
			out = append(out, made)
		}
	}
	return out
}

// dimension reads a dimension; its key is what references call it.
func dimension(m mapping, key string) sourceDimension {
	d := sourceDimension{
		key: key, name: m.text("name"), label: m.text("label"), description: m.text("description"), line: m.line,
		kind: m.oneOf("type", dimensionTypes...), sql: m.sql("sql"), hidden: m.yes("hidden"), display: show(m),
		colors: m.words("colors"), required: m.attributes("required_attributes"), anyOf: m.attributes("any_attributes"),
	}
	if sensitive := m.flag("case_sensitive"); sensitive != nil {
		insensitive := !*sensitive
		d.caseInsensitive = &insensitive
	}
	d.intervals, d.noIntervals = intervals(m)
	return d
}

// intervals reads a list of names, "default", "OFF" or false. Names that aren't known are dropped in a manifest, as
// the reference does, and are problems in native models.
func intervals(m mapping) (names []string, none bool) {
	v := m.get("time_intervals")
	switch {
	case v.shape == flag:
		return nil, !v.truth
	case v.shape == text:
		return nil, strings.EqualFold(v.text, "off")
	}
	names = m.texts("time_intervals")
	known := names[:0]
	for _, name := range names {
		name = strings.ToUpper(name)
		if intervalOf(name) != nil {
			known = append(known, name)
		} else if m.strict {
			m.wrongKey("time_intervals", "hold known intervals, not "+name+suggest(name, intervalNames()))
		}
	}
	return known, false
}

func show(m mapping) display {
	d := display{
		groups: m.texts("groups"), round: m.integer("round"), tags: m.texts("tags"),
		format: format(m), compact: m.oneOf("compact", compacts...),
	}
	if old := m.text("group_label"); old != "" && !m.has("groups") {
		d.groups = []string{old}
	}
	for _, u := range m.list("urls", "label", "url") {
		d.urls = append(d.urls, URL{Label: u.must("label"), URL: u.must("url")})
	}
	return d
}

// format reads a name, or a pattern as spreadsheets write them.
func format(m mapping) string {
	text := m.text("format")
	if text == "" || slices.Contains(formats, text) {
		return text
	}
	_, err := frame.ReadPattern(text)
	if err == nil {
		return text
	}
	m.wrongKey("format", "be one of "+strings.Join(formats, ", ")+", or a pattern such as #,##0.00: "+err.Error()+suggest(text, formats))
	return ""
}

// metrics reads the metrics under a mapping; sql must be there when nothing else gives it.
func metrics(m mapping, owner string, needSQL bool) []sourceMetric {
	var out []sourceMetric
	for _, n := range m.each("metrics", metricKeys...) {
		made := sourceMetric{
			name: n.name, label: n.text("label"), description: n.text("description"), sql: n.sql("sql"), line: n.line,
			kind: MetricType(n.oneOf("type", metricTypes...)), hidden: n.yes("hidden"), display: show(n.mapping),
			filters: filters(n.mapping, "filters", owner+"/"+n.name), percentile: n.number("percentile"),
			show: n.texts("show_underlying_values"), distinctKeys: n.texts("distinct_keys"),
			defaultTime: defaultTime(n.mapping),
		}
		if n.get("type").shape == absent {
			n.must("type")
		}
		if needSQL {
			n.must("sql")
		}
		out = append(out, made)
	}
	return out
}

// filters reads a list of mappings of one key each. Their ids come from their place, so that a model compiled twice
// is the same.
func filters(m mapping, key, owner string) []Filter {
	var out []Filter
	for i, rule := range m.list(key) {
		optional := rule.has("required") && len(rule.fields) == 2
		if len(rule.fields) != 1 && !optional {
			if m.strict {
				m.wrong(rule.value, rule.path, "hold one field")
			}
			continue
		}
		for _, f := range rule.fields {
			if optional && f.name == "required" {
				continue
			}
			made, err := ParseFilter(f.value.plain())
			if err != nil {
				m.note(parseProblem, rule.line, rule.path, "%s: %s", m.model, err)
				continue
			}
			made.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(owner+"/"+key+"/"+strconv.Itoa(i))).String()
			made.Field = f.name
			made.Required = key == "required_filters" && (!optional || rule.get("required").truth)
			out = append(out, made)
		}
	}
	return out
}

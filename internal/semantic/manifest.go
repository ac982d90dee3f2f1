package semantic

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// ParseManifest reads the models of a dbt manifest, schema 8 to 12. A model that is wrong is kept with its problems.
// Faults: Invalid when the document as a whole can't be read.
func ParseManifest(data []byte, o Options) (*Source, error) {
	scan, err := newScanner(data)
	if err != nil {
		return nil, err
	}
	s := newSource(o)
	s.readConfig(o.Config)
	var nodes []scanned
	var dbtMetrics []value
	scan.each(func(key string) {
		switch key {
		case "metadata":
			if adapter := scan.value().get("adapter_type").text; adapter != "" {
				s.target = adapter
			}
		case "nodes":
			scan.each(func(id string) {
				if n := scan.node(); n.isModel() {
					nodes = append(nodes, n.scanned(id, o))
				}
			})
		case "metrics":
			scan.each(func(string) { dbtMetrics = append(dbtMetrics, scan.value()) })
		default:
			scan.skip()
		}
	})
	s.target = cmp.Or(s.target, o.Dialect)
	s.dialect = cmp.Or(s.dialect, s.target)
	s.addNodes(nodes)
	for _, m := range dbtMetrics {
		s.addDbtMetric(m)
	}
	return s, nil
}

// node is what matters of a node of the manifest.
type node struct{ value }

// scanned is a model of the manifest, its document let go.
type scanned struct {
	id        string
	model     *sourceModel
	dependsOn []string // unique ids
	versioned bool
	latest    bool // the version that stands for the model
}

func (n node) scanned(id string, o Options) scanned {
	version := n.get("version")
	s := scanned{
		id: id, model: n.model(o), versioned: version.shape != absent,
		latest: version.shape != absent && version.word() == n.get("latest_version").word(),
	}
	for _, parent := range n.get("depends_on").get("nodes").items {
		s.dependsOn = append(s.dependsOn, parent.text)
	}
	return s
}

// wanted are the keys of a node that are built; the rest, mostly code, is skipped.
var wanted = map[string]bool{
	"resource_type": true, "name": true, "alias": true, "database": true, "schema": true, "relation_name": true,
	"description": true, "columns": true, "meta": true, "tags": true, "config": true, "depends_on": true, "path": true,
	"patch_path": true, "primary_key": true, "version": true, "latest_version": true, "unique_id": true,
}

func (s *scanner) node() node {
	n := node{value{shape: object}}
	s.each(func(key string) {
		if !wanted[key] {
			s.skip()
			return
		}
		n.fields = append(n.fields, member{name: key, value: s.value()})
	})
	return n
}

func (n node) isModel() bool {
	config := n.get("config")
	enabled := config.get("enabled")
	return n.get("resource_type").text == "model" && config.get("materialized").text != "ephemeral" &&
		(enabled.shape != flag || enabled.truth)
}

func (s *Source) addNodes(nodes []scanned) {
	names := make(map[string]string, len(nodes)) // by unique id
	stands := make(map[string]int, len(nodes))   // by name: which node stands for it
	for i, n := range nodes {
		name := n.model.name
		names[n.id] = name
		other, twice := stands[name]
		if !twice || n.latest && !nodes[other].latest {
			stands[name] = i
		}
		if twice && !n.versioned {
			s.problems = append(s.problems, Problem{
				Type: parseProblem, Model: name, Message: "Two models are named \"" + name + "\"; the first one counts",
			})
		}
	}
	for i, n := range nodes {
		if stands[n.model.name] != i {
			continue
		}
		s.add(n.model)
		for _, id := range n.dependsOn {
			if name, ok := names[id]; ok {
				s.parents[n.model.name] = append(s.parents[n.model.name], name)
			}
		}
	}
	s.turnAround()
}

func (s *Source) add(m *sourceModel) {
	s.models = append(s.models, m)
	s.byName[m.name] = m
	s.parents[m.name] = []string{}
}

// model reads a node. Meta in the config wins over meta beside it.
func (n node) model(o Options) *sourceModel {
	r := &reader{model: n.get("name").text}
	top := r.mapping(n.value, "")
	s := &sourceModel{
		name: r.model, description: top.text("description"), relationSQL: top.sql("relation_name"),
		relation: Relation{
			Database: cmp.Or(top.text("database"), o.Database), Schema: cmp.Or(top.text("schema"), o.Schema),
			Name: cmp.Or(top.text("alias"), r.model),
		},
		sqlPath: top.text("path"), tags: top.texts("tags"),
	}
	if _, path, ok := strings.Cut(top.text("patch_path"), "://"); ok {
		s.yamlPath, s.file = path, path
		r.file = path
	}
	s.meta(r.mapping(metaOf(n.value), "/meta"))
	s.hidden = false // the reference gives hidden models their explore
	own := r.mapping(n.get("meta"), "/meta")
	if !own.has("metrics") {
		own = r.mapping(metaOf(n.value), "/meta")
	}
	s.metrics = metrics(own, s.name, true)
	config := n.get("config")
	s.warehouse = cmp.Or(config.get("snowflake_warehouse").text, s.warehouse)
	if len(s.primaryKey) == 0 {
		s.primaryKey = top.texts("primary_key")
	}
	for _, c := range n.get("columns").fields {
		s.columns = append(s.columns, r.column(c))
	}
	s.problems = r.problems
	return s
}

func metaOf(v value) value {
	if meta := v.get("config").get("meta"); len(meta.fields) > 0 {
		return meta
	}
	return v.get("meta")
}

func (r *reader) column(c member) sourceColumn {
	path := "/columns/" + c.name + "/meta"
	meta := r.mapping(metaOf(c.value), path)
	name := cmp.Or(c.value.get("name").text, c.name)
	column := sourceColumn{
		name: name, description: c.value.get("description").text, dataType: c.value.get("data_type").text,
		dimension: dimension(meta.child("dimension"), name), metrics: metrics(meta, r.model, false),
	}
	for _, d := range meta.each("additional_dimensions") {
		column.additional = append(column.additional, dimension(d.mapping, d.name))
	}
	return column
}

var metricCall = regexp.MustCompile(`\{\{\s*metric\(\s*['"]([A-Za-z0-9_]+)['"]\s*\)\s*\}\}`)

// identifier is a plain column name.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// addDbtMetric gives a metric of dbt's old specification to its model. Newer ones have no calculation method and
// belong to dbt's own engine.
func (s *Source) addDbtMetric(v value) {
	method := cmp.Or(v.get("calculation_method").text, v.get("type").text)
	expression := cmp.Or(v.get("expression").text, v.get("sql").text)
	owner := s.ownerOf(v)
	if owner == nil || method == "" || expression == "" {
		return
	}
	r := &reader{file: v.get("original_file_path").text, model: owner.name}
	m := r.mapping(v, "/metrics/"+v.get("name").text)
	meta := r.mapping(metaOf(v), m.path+"/meta")
	made := sourceMetric{
		name: m.text("name"), label: m.text("label"), description: m.text("description"), hidden: meta.yes("hidden"),
		display: show(meta), percentile: meta.number("percentile"), show: meta.texts("show_underlying_values"),
		filters: filters(meta, "filters", owner.name+"/"+m.text("name")), kind: MetricType(method),
	}
	switch {
	case method == "derived" || method == "expression":
		made.kind = MetricNumber
		made.sql = SQL(metricCall.ReplaceAllString(expression, "$${$1}"))
	case !slices.Contains(metricTypes, method):
		m.wrongKey("calculation_method", "be one of "+strings.Join(metricTypes, ", "))
	case identifier.MatchString(expression):
		made.sql = SQL("${TABLE}." + expression)
	default:
		made.sql = SQL(expression)
	}
	made.sql = dbtFilters(v.get("filters"), made.sql)
	owner.dbtMetrics = append(owner.dbtMetrics, made)
	owner.problems = append(owner.problems, r.problems...)
}

// dbtFilters puts the metric's own conditions around its SQL.
func dbtFilters(rules value, sql SQL) SQL {
	var conditions []string
	for _, f := range rules.items {
		conditions = append(conditions,
			"(${TABLE}."+f.get("field").text+" "+f.get("operator").text+" "+f.get("value").word()+")")
	}
	if len(conditions) == 0 {
		return sql
	}
	return SQL("CASE WHEN " + strings.Join(conditions, " AND ") + " THEN " + string(sql) + " ELSE NULL END")
}

// ownerOf is the model that a metric refers to: for a derived one, that of the first metric it is made from.
func (s *Source) ownerOf(v value) *sourceModel {
	for _, ref := range v.get("refs").items {
		name := ref.get("name").text // newer manifests write refs as mappings
		if len(ref.items) > 0 {
			name = ref.items[len(ref.items)-1].text
		}
		if m := s.byName[name]; m != nil {
			return m
		}
	}
	for _, id := range v.get("depends_on").get("nodes").items {
		if i := strings.LastIndexByte(id.text, '.'); i >= 0 && strings.HasPrefix(id.text, "model.") {
			if m := s.byName[id.text[i+1:]]; m != nil {
				return m
			}
		}
	}
	return nil
}

package semantic

import (
	"cmp"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ParseYAML reads the native models of a folder and the folders in it: files named .yml or .yaml, each with one or more
// documents; ConfigFile beside them counts for all. A file that can't be read is a problem; so is a model that is wrong, which is kept with its problems.
// Faults: what fsys can't read.
func ParseYAML(fsys fs.FS, o Options) (*Source, error) {
	s := newSource(o)
	s.target = o.Dialect
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !isYAML(name):
			return nil
		}
		data, err := readBounded(fsys, name)
		if err != nil {
			return err
		}
		if name == ConfigFile {
			s.readConfig(data)
		} else {
			s.addFile(name, data, o)
		}
		return nil
	})
	return s, err
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yml" || ext == ".yaml"
}

// readBounded reads no more than shows that a file is too large.
func readBounded(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxFileBytes+1))
}

func (s *Source) addFile(file string, data []byte, o Options) {
	docs, errs := documents(data)
	for _, err := range errs {
		s.problems = append(s.problems, Problem{Type: parseProblem, Message: err.Error(), File: file, Line: lineOf(err)})
	}
	for _, doc := range docs {
		models := []value{doc}
		if doc.shape == list { // one file may hold a list of models
			models = doc.items
		}
		for _, m := range models {
			s.addModel(file, m, o)
		}
	}
}

var lineInMessage = regexp.MustCompile(`line (\d+)`)

func lineOf(err error) int {
	if m := lineInMessage.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1]) // too long: unknown
		return line
	}
	return 0
}

func (s *Source) addModel(file string, v value, o Options) {
	if kind := v.get("type"); kind.text != "model" {
		s.problems = append(s.problems, Problem{
			Type: metadataProblem, File: file, Line: cmp.Or(kind.line, v.line),
			Message: "a document of a model folder must say \"type: model\"" + suggest(kind.text, []string{"model"}),
		})
		return
	}
	m := nativeModel(file, v, o)
	if m.name == "" {
		s.problems = append(s.problems, m.problems...)
		return
	}
	if first := s.byName[m.name]; first != nil {
		s.problems = append(s.problems, Problem{
			Type: parseProblem, File: file, Line: v.line, Model: m.name, Field: "name",
			Message: "model \"" + m.name + "\" is declared twice; the one in " + first.file + " counts",
		})
		return
	}
	s.add(m)
}

// modelName is what ids, SQL aliases and addresses can hold.
var modelName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func nativeModel(file string, v value, o Options) *sourceModel {
	r := &reader{file: file, model: cmp.Or(v.get("name").word(), "a model"), strict: true}
	top := r.mapping(v, "", nativeModelKeys...)
	m := &sourceModel{
		name: top.must("name"), description: top.text("description"), file: file, yamlPath: file, line: v.line,
		tags: top.texts("tags"),
	}
	if m.name != "" && !modelName.MatchString(m.name) {
		top.wrongKey("name", "be letters, digits and underscores")
	}
	m.relationSQL = SQL(top.must("sql_from"))
	m.relation = relationOf(string(m.relationSQL), o)
	if m.relation.Name == "" && m.relationSQL != "" {
		top.wrongKey("sql_from", "be a table, schema.table or database.schema.table")
	}
	m.meta(top)
	m.metrics = metrics(top, m.name, true)
	m.readDimensions(top)
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
	m.problems = r.problems
	return m
}

// readDimensions reads the list of dimensions, each of which is a column with what hangs on it.
func (s *sourceModel) readDimensions(top mapping) {
	seen := map[string]bool{}
	for _, item := range top.list("dimensions") {
		name := item.must("name")
		d := top.mapping(item.value, "/dimensions/"+name, nativeDimensionKeys...) // places are told by name
		switch {
		case name == "":
			continue
		case !modelName.MatchString(name):
			d.wrongKey("name", "be letters, digits and underscores")
		case seen[name]:
			d.wrongKey("name", "be declared once")
			continue
		}
		seen[name] = true
		column := sourceColumn{name: name, dimension: dimension(d, name), metrics: metrics(d, s.name, false)}
		for _, extra := range d.each("additional_dimensions", dimensionKeys...) {
			column.additional = append(column.additional, dimension(extra.mapping, extra.name))
		}
		s.columns = append(s.columns, column)
	}
}

// relationOf takes table, schema.table or database.schema.table apart; parts may stand in double quotes or backticks.
func relationOf(sql string, o Options) Relation {
	parts := relationParts(strings.TrimSpace(sql))
	switch len(parts) {
	case 1:
		return Relation{Database: o.Database, Schema: o.Schema, Name: parts[0]}
	case 2:
		return Relation{Database: o.Database, Schema: parts[0], Name: parts[1]}
	case 3:
		return Relation{Database: parts[0], Schema: parts[1], Name: parts[2]}
	}
	return Relation{}
}

var relationPart = regexp.MustCompile("^(?:\"([^\"]+)\"|`([^`]+)`|([A-Za-z0-9_$-]+))(?:\\.|$)")

// relationParts is nil when the text is anything but names and dots: SQL can't hide in a relation.
func relationParts(sql string) []string {
	var parts []string
	for sql != "" {
		m := relationPart.FindStringSubmatch(sql)
		if m == nil || strings.HasSuffix(m[0], ".") && len(m[0]) == len(sql) {
			return nil
		}
		parts = append(parts, cmp.Or(m[1], m[2], m[3]))
		sql = sql[len(m[0]):]
	}
	return parts
}

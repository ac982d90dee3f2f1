package semantic

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Types of problem, as the reference server tells them.
const (
	metadataProblem     = "METADATA_PARSE_ERROR"
	noDimensionsProblem = "NO_DIMENSIONS_FOUND"
	parseProblem        = "ParseError"
	compileProblem      = "CompileError"
	catalogProblem      = "MissingCatalogEntryError"
)

// reader takes one model's document apart and notes what is wrong with it instead of stopping.
type reader struct {
	file, model string
	strict      bool // keys that mean nothing are problems; in dbt's meta they belong to somebody else
	problems    []Problem
}

// mapping is an object that is being read, with its place in the document.
type mapping struct {
	value
	*reader
	path string
}

// maxProblems of one model are told; who sees so many knows.
const maxProblems = 100

func (r *reader) note(kind string, line int, path, format string, args ...any) {
	if len(r.problems) >= maxProblems {
		return
	}
	r.problems = append(r.problems, Problem{
		Type: kind, Message: fmt.Sprintf(format, args...), File: r.file, Line: line, Model: r.model, Field: fieldOf(path),
	})
}

// wrong notes that a value doesn't have its form: must is "be a text", "be one of …".
func (r *reader) wrong(v value, path, must string) {
	if r.strict {
		r.note(metadataProblem, v.line, path, "%s: %smust %s", r.model, spelt(path, "", " "), must)
		return
	}
	if strings.HasPrefix(must, "be one of ") {
		must = "be equal to one of the allowed values"
	}
	r.note(metadataProblem, v.line, path, "%s: Field at \"%s\" must %s", r.model, path, must)
}

// fieldOf is the field that a path lies in: the name behind dimensions, columns or metrics.
func fieldOf(path string) string {
	parts := strings.Split(path, "/")
	for i := len(parts) - 2; i >= 0; i-- {
		switch parts[i] {
		case "dimensions", "additional_dimensions", "columns", "metrics", "parameters":
			return parts[i+1]
		}
	}
	return ""
}

// mapping opens a value that must be an object with no other keys than the known ones.
func (r *reader) mapping(v value, path string, known ...string) mapping {
	if v.shape != object && v.shape != absent {
		r.wrong(v, path, "be object")
		v = value{line: v.line}
	}
	if r.strict && len(known) > 0 {
		for _, f := range v.fields {
			if !slices.Contains(known, f.name) {
				r.note(metadataProblem, f.line, path+"/"+f.name, "%s: unknown key %q%s%s", r.model, f.name, spelt(path, " in ", ""), suggest(f.name, known))
			}
		}
	}
	return mapping{value: v, reader: r, path: path}
}

// spelt writes a path as people would, between a prefix and a suffix; nothing for the model itself.
func spelt(path, prefix, suffix string) string {
	if path == "" {
		return ""
	}
	return prefix + strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", ".") + suffix
}

func (m mapping) child(key string, known ...string) mapping {
	return m.mapping(m.get(key), m.path+"/"+key, known...)
}

func (m mapping) wrongKey(key, must string) { m.wrong(m.get(key), m.path+"/"+key, must) }

// text reads a scalar; numbers and flags count as what they look like.
func (m mapping) text(key string) string {
	switch v := m.get(key); v.shape {
	case text:
		return v.text
	case absent:
		return ""
	case number, flag:
		if m.strict {
			return v.word()
		}
	}
	m.wrongKey(key, "be string")
	return ""
}

func (m mapping) sql(key string) SQL { return SQL(m.text(key)) }

// must is a text that can't be left out.
func (m mapping) must(key string) string {
	s := m.text(key)
	if shape := m.get(key).shape; s == "" && shape != object && shape != list {
		must := "have required property '" + key + "'"
		if m.strict {
			must = "say its " + key
		}
		m.wrong(m.value, m.path, must)
	}
	return s
}

func (m mapping) oneOf(key string, allowed ...string) string {
	s := m.text(key)
	if s != "" && !slices.Contains(allowed, s) {
		m.wrongKey(key, "be one of "+strings.Join(allowed, ", ")+suggest(s, allowed))
		return ""
	}
	return s
}

func (m mapping) flag(key string) *bool {
	v := m.get(key)
	switch {
	case v.shape == flag:
		return &v.truth
	case v.shape != absent:
		m.wrongKey(key, "be boolean")
	}
	return nil
}

func (m mapping) yes(key string) bool {
	set := m.flag(key)
	return set != nil && *set
}

func (m mapping) number(key string) *float64 {
	v := m.get(key)
	switch {
	case v.shape == number && !math.IsInf(v.number, 0):
		return &v.number
	case v.shape != absent:
		m.wrongKey(key, "be number")
	}
	return nil
}

// integer is a small whole number.
func (m mapping) integer(key string) *int {
	n := m.number(key)
	if n == nil {
		return nil
	}
	if *n != math.Trunc(*n) || math.Abs(*n) > 1000 {
		m.wrongKey(key, "be integer")
		return nil
	}
	whole := int(*n)
	return &whole
}

// texts reads one text or a list of them.
func (m mapping) texts(key string) []string {
	v := m.get(key)
	if v.shape == absent {
		return nil
	}
	items := v.items
	if v.shape != list {
		items = []value{v}
	}
	out := make([]string, 0, len(items))
	for i, item := range items {
		switch item.shape {
		case text, number, flag:
			out = append(out, item.word())
		default:
			m.wrong(item, m.path+"/"+key+"/"+strconv.Itoa(i), "be string")
		}
	}
	return out
}

// each opens the members of a mapping of mappings, in order.
func (m mapping) each(key string, known ...string) []named {
	v := m.mapping(m.get(key), m.path+"/"+key)
	out := make([]named, 0, len(v.fields))
	for _, f := range v.fields {
		if f.value.line == 0 {
			f.value.line = f.line
		}
		out = append(out, named{f.name, m.mapping(f.value, v.path+"/"+f.name, known...)})
	}
	return out
}

type named struct {
	name string
	mapping
}

// list opens the items of a list of mappings.
func (m mapping) list(key string, known ...string) []mapping {
	v := m.get(key)
	if v.shape != list && v.shape != absent {
		m.wrongKey(key, "be array")
	}
	out := make([]mapping, 0, len(v.items))
	for i, item := range v.items {
		out = append(out, m.mapping(item, m.path+"/"+key+"/"+strconv.Itoa(i), known...))
	}
	return out
}

// attributes reads attribute → value or list of values.
func (m mapping) attributes(key string) map[string][]string {
	v := m.mapping(m.get(key), m.path+"/"+key)
	if len(v.fields) == 0 {
		return nil
	}
	out := make(map[string][]string, len(v.fields))
	for _, f := range v.fields {
		out[f.name] = v.texts(f.name)
	}
	return out
}

// words reads a mapping of texts.
func (m mapping) words(key string) map[string]string {
	v := m.mapping(m.get(key), m.path+"/"+key)
	if len(v.fields) == 0 {
		return nil
	}
	out := make(map[string]string, len(v.fields))
	for _, f := range v.fields {
		out[f.name] = v.text(f.name)
	}
	return out
}

// suggest proposes the known word that is nearest to one that isn't.
func suggest(word string, known []string) string {
	best, distance := "", 3
	for _, candidate := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(candidate), distance); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// editDistance counts the letters to change, add or drop; it gives up at the limit.
func editDistance(a, b string, limit int) int {
	if len(a) > 60 || len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

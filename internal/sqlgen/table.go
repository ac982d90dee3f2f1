package sqlgen

import (
	"regexp"
	"strconv"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// table writes a relation under its alias. Where not all rows may be read, it is a sub-select that holds no others,
// so that no join and no condition outside can bring them back.
func (w *writer) table(t *metric.Table) string {
	relation, alias := w.relation(t), w.ident(t.Alias)
	var conditions []string
	for i := range t.Conditions {
		conditions = append(conditions, w.rows(t, &t.Conditions[i]))
	}
	if t.Filter != nil {
		conditions = append(conditions, "("+w.sql(t.Filter)+")")
	}
	if len(conditions) == 0 {
		return relation + " AS " + alias
	}
	return "(\n  SELECT * FROM " + relation + " AS " + alias + "\n  WHERE " + strings.Join(conditions, " AND ") + "\n) AS " + alias
}

// relation writes the name of a table, or a virtual table's query.
func (w *writer) relation(t *metric.Table) string {
	s := t.Source
	switch {
	case s.From != "":
		return "(\n" + strings.TrimRight(string(s.From), "; \t\r\n") + "\n)" // the query may end in a comment
	case t.Schema != "":
		return w.inSchema(t)
	case s.Relation != "":
		return string(s.Relation)
	case s.Identifier == "":
		return w.fail(fault.New(fault.Internal, "Table %q has no relation.", t.Alias))
	}
	return w.path(s.Database, s.Schema, s.Identifier)
}

func (w *writer) path(parts ...string) string {
	var quoted []string
	for _, part := range parts {
		if part != "" {
			quoted = append(quoted, w.ident(part))
		}
	}
	return strings.Join(quoted, ".")
}

// inSchema writes the table's name in another schema. Parts that the model doesn't quote stay as they are: engines
// that fold case would miss them otherwise.
func (w *writer) inSchema(t *metric.Table) string {
	s := t.Source
	if s.Identifier == "" {
		return w.fail(fault.New(fault.Forbidden, "Table %q can't be read from your schema: its relation has no plain name.", t.Alias))
	}
	if s.Relation == "" || strings.ContainsAny(string(s.Relation), "\"`") || !plainPath.MatchString(string(s.Relation)) {
		return w.path(s.Database, t.Schema, s.Identifier)
	}
	parts := strings.Split(string(s.Relation), ".")
	name := w.ident(t.Schema) + "." + parts[len(parts)-1]
	if len(parts) == 3 {
		return parts[0] + "." + name
	}
	return name
}

var plainPath = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$-]*(\.[A-Za-z_][A-Za-z0-9_$-]*){0,2}$`)

// column writes a column of a table as it is stored.
func (w *writer) column(t *metric.Table, column string) string {
	if _, ok := t.Source.Columns[column]; ok {
		return w.ident(column)
	}
	for stored := range t.Source.Columns {
		if strings.EqualFold(stored, column) {
			return w.ident(stored)
		}
	}
	if w.d.upper && column == strings.ToLower(column) {
		column = strings.ToUpper(column)
	}
	return w.ident(column)
}

// rows writes a condition of the policy: the column equals one of the values. Without values no row passes.
func (w *writer) rows(t *metric.Table, f *access.RowFilter) string {
	column := w.ident(t.Alias) + "." + w.column(t, f.Column)
	numeric := columnIs(t, f.Column, numericType)
	text := columnIs(t, f.Column, textType)
	var values []string
	null := false
	for _, v := range f.Values {
		if v == nil {
			null = true
		} else if value := w.rowValue(v, numeric, text); value != "" {
			values = append(values, value)
		}
	}
	var tests []string
	if len(values) > 0 {
		list := strings.Join(values, ", ")
		if numeric {
			tests = append(tests, column+" IN ("+list+")")
		} else {
			tests = append(tests, w.d.exactly(column, list))
		}
	}
	if null {
		tests = append(tests, column+" IS NULL")
	}
	switch len(tests) {
	case 0:
		return "1 = 0"
	case 1:
		return tests[0]
	}
	return "(" + strings.Join(tests, " OR ") + ")"
}

var (
	numericType = regexp.MustCompile(`(?i)^(nullable\(|lowcardinality\()?(u?(tiny|small|medium|big|huge)?int|u?int\d+|integer|decimal|numeric|number|bignumeric|dec\b|float|double|real|byteint|short|long|(small|big)?serial)`)
	textType    = regexp.MustCompile(`(?i)^(nullable\(|lowcardinality\()?(n?var)?(char|string|text|varchar|nchar|fixedstring|bpchar|clob|uuid)`)
	numberForm  = regexp.MustCompile(`^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$`)
)

func columnIs(t *metric.Table, column string, form *regexp.Regexp) bool {
	for stored, engineType := range t.Source.Columns {
		if strings.EqualFold(stored, column) {
			return form.MatchString(engineType)
		}
	}
	return false
}

// rowValue writes one value of the policy for a column that holds numbers, text, or something unknown. A value that
// such a column can't hold is nothing: it would match no row.
func (w *writer) rowValue(v any, numeric, text bool) string {
	written, number := "", false
	switch v := v.(type) {
	case string:
		written = v
	case bool:
		if !text {
			return strconv.FormatBool(v)
		}
		written = strconv.FormatBool(v)
	case int:
		written, number = strconv.Itoa(v), true
	case int64:
		written, number = strconv.FormatInt(v, 10), true
	case float64:
		written, number = strconv.FormatFloat(v, 'f', -1, 64), true
	case interface{ String() string }: // json.Number
		written = v.String()
		number = numberForm.MatchString(written)
	default:
		return ""
	}
	switch {
	case numeric && numberForm.MatchString(written), number && !text && !numeric && !w.d.lax && numberForm.MatchString(written):
		return written
	case numeric:
		return ""
	}
	return w.literal(written)
}

package metric

import (
	"encoding/json"
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// maxLevels bounds how deep calculations build on each other: each level reads the rows of the one below.
const maxLevels = 50

// calculations resolves the table calculations: SQL over the query's own columns and over each other, or a template.
func (b *builder) calculations() error {
	for i := range b.query.TableCalculations {
		c := &b.query.TableCalculations[i]
		if slices.Contains(b.query.Dimensions, c.Name) || slices.Contains(b.query.Metrics, c.Name) || b.selects(c.Name) {
			return compileFault("Table calculation has a name that already exists in the query: %s", c.Name)
		}
		expr, err := b.calculation(c)
		if err != nil {
			return err
		}
		b.plan.Calculations = append(b.plan.Calculations, Calculation{Output: Output{ID: c.Name, Expr: expr}})
		b.plan.Fields[c.Name] = Field{Calculation: c}
	}
	return b.levels()
}

// levels puts each calculation above those that it reads.
func (b *builder) levels() error {
	list := b.plan.Calculations
	known := make([]bool, len(list))
	var path []string
	var visit func(i int) error
	visit = func(i int) error {
		if slices.Contains(path, list[i].ID) {
			return compileFault("Table calculations refer to each other in a circle: %s", strings.Join(append(path, list[i].ID), " -> "))
		}
		if known[i] {
			return nil
		}
		path = append(path, list[i].ID)
		for j := range list {
			if !readsColumn(list[i].Expr, list[j].ID) {
				continue
			}
			if err := visit(j); err != nil {
				return err
			}
			list[i].Level = max(list[i].Level, list[j].Level+1)
		}
		path, known[i] = path[:len(path)-1], true
		if list[i].Level >= maxLevels {
			return compileFault("Table calculations build on each other more than %d levels deep.", maxLevels)
		}
		return nil
	}
	for i := range list {
		if err := visit(i); err != nil {
			return err
		}
	}
	return nil
}

// readsColumn tells whether a calculation reads a column of the query.
func readsColumn(e Expr, id string) bool {
	sql, ok := e.(*SQL)
	return ok && slices.ContainsFunc(sql.Parts, func(p Part) bool { return p.Kind == ColumnName && p.Text == id })
}

// calculates tells whether a calculation of the query has the name.
func (b *builder) calculates(name string) bool {
	return slices.ContainsFunc(b.query.TableCalculations, func(c TableCalculation) bool { return c.Name == name })
}

func (b *builder) calculation(c *TableCalculation) (Expr, error) {
	if c.SQL == "" && len(c.Template) > 0 {
		return b.template(c)
	}
	return b.written("", semantic.SQL(c.SQL), "table calculation", func(ref semantic.Reference) (Part, error) {
		if ref.Table == "" && ref.Kind == semantic.ToField && b.calculates(ref.Name) {
			return Part{Kind: ColumnName, Text: ref.Name}, nil
		}
		if ref.Table == "" || ref.Kind != semantic.ToField {
			return Part{}, noField(ref)
		}
		return b.selectedColumn(ref.Table, ref.Name)
	})
}

func noField(ref semantic.Reference) error {
	return compileFault("Table calculation contains an invalid reference: %s. References must be of the format \"table.field\"", ref.Name)
}

// Apart refuses table calculations that refer to each other, for operations of servers that didn't know that yet.
// Faults: Invalid with code Compile.
func (q *Query) Apart() error {
	for _, c := range q.TableCalculations {
		references, err := semantic.References(semantic.SQL(c.SQL))
		if err != nil {
			return err
		}
		for _, ref := range references {
			if ref.Kind == semantic.ToField && ref.Table == "" {
				return noField(ref)
			}
		}
	}
	return nil
}

func (b *builder) selectedColumn(table, name string) (Part, error) {
	id := semantic.FieldID(table, name)
	if !slices.Contains(b.query.Dimensions, id) && !slices.Contains(b.query.Metrics, id) {
		return Part{}, compileFault("Table calculation contains a reference %s.%s to a field that isn't included in the query.", table, name)
	}
	return Part{Kind: ColumnName, Text: id}, nil
}

// calculationFilters turns the filters on calculations into a condition; without calculations they ask nothing.
func (b *builder) calculationFilters() error {
	if len(b.plan.Calculations) == 0 {
		return nil
	}
	condition, err := conditions(b.query.Filters.TableCalculations, func(rule *FilterRule) (Condition, error) {
		id := rule.Target.FieldID
		i := slices.IndexFunc(b.query.TableCalculations, func(c TableCalculation) bool { return c.Name == id })
		if i < 0 {
			return &Rule{Op: Ignored}, nil
		}
		return asCondition(b.options.rule(Column{id}, calculationType(&b.query.TableCalculations[i]), id, rule))
	})
	b.plan.CalcFilter = condition
	return err
}

// calculationType is the type by whose rules a calculation is filtered.
func calculationType(c *TableCalculation) semantic.Type {
	if c.Type != "" {
		return semantic.Type(c.Type)
	}
	var format struct{ Type string }
	_ = json.Unmarshal(c.Format, &format) // a format of another form says nothing about the type
	switch format.Type {
	case "percent", "currency", "number":
		return semantic.Number
	}
	return semantic.String
}

// calculationTemplate is the document of a calculation that isn't written as SQL.
type calculationTemplate struct {
	Type           string   `json:"type"`
	WindowFunction string   `json:"windowFunction"`
	FieldID        *string  `json:"fieldId"`
	PartitionBy    []string `json:"partitionBy"`
	OrderBy        []struct {
		FieldID string `json:"fieldId"`
		Order   string `json:"order"`
	} `json:"orderBy"`
	Frame *struct {
		FrameType string    `json:"frameType"`
		Start     *boundary `json:"start"`
		End       *boundary `json:"end"`
	} `json:"frame"`
}

type boundary struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
}

// window builds SQL over columns from fixed pieces.
type window struct {
	b     *builder
	parts []Part
	err   error
}

func (w *window) text(text string) *window {
	w.parts = append(w.parts, Part{Text: text})
	return w
}

func (w *window) column(id string) *window {
	if !slices.Contains(w.b.query.Dimensions, id) && !slices.Contains(w.b.query.Metrics, id) && !w.b.calculates(id) && w.err == nil {
		w.err = compileFault("Table calculation contains a reference %s to a field that isn't included in the query.", id)
	}
	w.parts = append(w.parts, Part{Kind: ColumnName, Text: id})
	return w
}

func (b *builder) template(c *TableCalculation) (Expr, error) {
	var t calculationTemplate
	if err := json.Unmarshal(c.Template, &t); err != nil {
		return nil, fault.New(fault.Invalid, "The template of table calculation %q can't be read.", c.Name)
	}
	if t.FieldID == nil && (t.Type != "window_function" || t.WindowFunction != "row_number" && t.WindowFunction != "percent_rank") {
		return nil, fault.New(fault.Invalid, "The template of table calculation %q needs a fieldId.", c.Name)
	}
	w := &window{b: b}
	switch t.Type {
	case "percent_change_from_previous":
		w.text("(").column(*t.FieldID).text(" * 1.0 / NULLIF(LAG(").column(*t.FieldID).text(")").over(&t, true).text(", 0)) - 1")
	case "percent_of_previous_value":
		w.text("(").column(*t.FieldID).text(" * 1.0 / NULLIF(LAG(").column(*t.FieldID).text(")").over(&t, true).text(", 0))")
	case "percent_of_column_total":
		w.text("(").column(*t.FieldID).text(" * 1.0 / NULLIF(SUM(").column(*t.FieldID).text(")").over(&t, false).text(", 0))")
	case "rank_in_column":
		w.text("RANK() OVER (ORDER BY ").column(*t.FieldID).text(" ASC)")
	case "running_total":
		t.Frame = nil
		w.text("SUM(").column(*t.FieldID).text(")").over(&t, true)
	case "window_function":
		w.function(&t)
	default:
		return nil, fault.New(fault.Invalid, "Table calculation %q has the unknown template %q.", c.Name, t.Type)
	}
	return &SQL{Parts: w.parts}, w.err
}

var windowFunctions = map[string]string{
	"row_number": "ROW_NUMBER()", "percent_rank": "PERCENT_RANK()",
	"sum": "SUM", "avg": "AVG", "count": "COUNT", "min": "MIN", "max": "MAX",
}

func (w *window) function(t *calculationTemplate) {
	name, ok := windowFunctions[t.WindowFunction]
	if !ok {
		w.err = fault.New(fault.Invalid, "%q is not a window function that table calculations know.", t.WindowFunction)
		return
	}
	w.text(name)
	if t.WindowFunction != "row_number" && t.WindowFunction != "percent_rank" {
		w.text("(").column(*t.FieldID).text(")")
	}
	w.over(t, len(t.OrderBy) > 0)
}

// over writes the window; ordered ones fall back on the query's own sorts.
func (w *window) over(t *calculationTemplate, ordered bool) *window {
	w.text(" OVER (")
	for i, id := range t.PartitionBy {
		w.text(separator(i, "PARTITION BY ")).column(id)
	}
	if !ordered {
		return w.text(")")
	}
	gap := ""
	if len(t.PartitionBy) > 0 {
		gap = " "
	}
	written := 0
	order := func(id string, descending bool) {
		w.text(separator(written, gap+"ORDER BY ")).column(id)
		if descending {
			w.text(" DESC")
		}
		written++
	}
	for _, o := range t.OrderBy {
		order(o.FieldID, o.Order == "desc")
	}
	if written == 0 {
		for _, s := range w.b.query.Sorts {
			if w.b.hasKey(s.FieldID) || slices.Contains(w.b.query.Metrics, s.FieldID) {
				order(s.FieldID, s.Descending)
			}
		}
	}
	if written == 0 {
		for _, id := range w.b.query.Dimensions {
			order(id, false)
		}
	}
	w.frame(t, written > 0)
	return w.text(")")
}

func separator(i int, first string) string {
	if i == 0 {
		return first
	}
	return ", "
}

// frame writes which rows around the current one count: as asked, or all up to the current one.
func (w *window) frame(t *calculationTemplate, ordered bool) {
	switch {
	case t.Type == "running_total" && ordered:
		w.text(" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW")
	case t.Type == "window_function" && t.Frame != nil:
		kind := "ROWS"
		if t.Frame.FrameType == "range" {
			kind = "RANGE"
		}
		if t.Frame.Start == nil {
			w.text(" " + kind + " " + w.bound(t.Frame.End))
			return
		}
		w.text(" " + kind + " BETWEEN " + w.bound(t.Frame.Start) + " AND " + w.bound(t.Frame.End))
	}
}

func (w *window) bound(at *boundary) string {
	if at == nil {
		return "CURRENT ROW"
	}
	offset := plainFloat(float64(max(at.Offset, 0)))
	switch at.Type {
	case "unbounded_preceding":
		return "UNBOUNDED PRECEDING"
	case "preceding":
		return offset + " PRECEDING"
	case "following":
		return offset + " FOLLOWING"
	case "unbounded_following":
		return "UNBOUNDED FOLLOWING"
	}
	return "CURRENT ROW"
}

package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// expr writes an expression.
func (w *writer) expr(e metric.Expr) string {
	switch e := e.(type) {
	case *metric.SQL:
		return w.sql(e)
	case *metric.DimensionExpr:
		return w.dimension(e)
	case *metric.Aggregate:
		return w.aggregate(e)
	case metric.Column:
		return w.ident(e.ID)
	case *metric.Shifted:
		return w.shifted(e)
	case *metric.WidthBin:
		return w.widthBin(e)
	case *metric.CountBin:
		return w.countBin(e)
	case *metric.RangeBin:
		return w.rangeBin(e)
	}
	return w.fail(fault.New(fault.Internal, "An expression of an unknown kind can't be written."))
}

func (w *writer) sql(e *metric.SQL) string {
	if len(e.Parts) == 1 && e.Parts[0].Kind == metric.Verbatim {
		return e.Parts[0].Text
	}
	var text strings.Builder
	for i := range e.Parts {
		switch p := &e.Parts[i]; p.Kind {
		case metric.Verbatim:
			text.WriteString(p.Text)
		case metric.TableName, metric.ColumnName:
			text.WriteString(w.ident(p.Text))
		case metric.Quoted:
			text.WriteString(w.literal(p.Text))
		case metric.Inner:
			text.WriteString("(" + w.expr(p.Expr) + ")")
		case metric.ValueList:
			for i, value := range p.Values {
				text.WriteString(separator(i, "") + w.listed(value))
			}
		}
	}
	return text.String()
}

// listed writes a value where an author wants a list. A number below zero could make a comment of a minus before it.
func (w *writer) listed(v metric.Literal) string {
	switch {
	case v.Kind == metric.NullLiteral:
		return "NULL"
	case v.Kind != metric.NumberLiteral:
		return w.literal(v.Text)
	case strings.HasPrefix(v.Text, "-"):
		return "(" + v.Text + ")"
	}
	return v.Text
}

func (w *writer) dimension(e *metric.DimensionExpr) string {
	x := w.sql(e.SQL)
	local := false
	if e.BaseType == semantic.Timestamp {
		x = w.d.timestamp(x)
		if zone := w.plan.GrainZone; zone != "" && e.Interval != "" && e.Interval != "RAW" {
			x, local = w.inZone(x, zone), true
		}
	}
	if e.Shift != (metric.Shift{}) {
		x = w.d.shift(x, e.Shift, e.BaseType, local)
	}
	text, err := w.d.Interval(e.Interval, x, e.BaseType, w.plan.WeekStart)
	if err != nil {
		return w.fail(err)
	}
	return text
}

func (w *writer) shifted(e *metric.Shifted) string {
	local := w.plan.GrainZone != "" && e.Type == semantic.Timestamp
	text, err := w.d.Interval(e.Interval, w.d.shift(w.expr(e.Of), e.By, e.Type, local), e.Type, w.plan.WeekStart)
	if err != nil {
		return w.fail(err)
	}
	return text
}

// inZone writes what clocks of a zone show at an instant.
func (w *writer) inZone(x, zone string) string {
	if w.d.inZone == nil {
		return w.fail(fault.Coded(fault.Invalid, "Compile", "Time can't be cut to intervals of a time zone on this warehouse (%s).", w.d.Name))
	}
	return w.d.inZone(x, w.literal(zone))
}

func (w *writer) aggregate(e *metric.Aggregate) string {
	if len(e.Distinct) > 0 {
		return w.fail(fault.Coded(fault.Invalid, "Compile", "What takes one value of each distinct key is no plain aggregate."))
	}
	return w.aggregation(e, w.aggregated(e))
}

// aggregated writes what an aggregate takes of a row: nothing where its filters don't hold.
func (w *writer) aggregated(e *metric.Aggregate) string {
	x := w.expr(e.Of)
	if len(e.Filters) == 0 {
		return x
	}
	rules := make([]string, len(e.Filters))
	for i, c := range e.Filters {
		rules[i] = w.operand(c)
	}
	return "CASE WHEN (" + strings.Join(rules, " AND ") + ") THEN (" + x + ") ELSE NULL END"
}

// aggregation writes the aggregate of x.
func (w *writer) aggregation(e *metric.Aggregate, x string) string {
	switch e.Type {
	case semantic.Average, semantic.AverageDistinct:
		return w.d.average(x)
	case semantic.Count:
		return "COUNT(" + x + ")"
	case semantic.CountDistinct:
		return "COUNT(DISTINCT " + x + ")"
	case semantic.Sum, semantic.SumDistinct:
		return "SUM(" + x + ")"
	case semantic.Min:
		return "MIN(" + x + ")"
	case semantic.Max:
		return "MAX(" + x + ")"
	case semantic.Median:
		return w.percentile(x, 50)
	case semantic.Percentile:
		return w.percentile(x, e.Percentile)
	}
	return w.fail(fault.Coded(fault.Invalid, "Compile", "Metrics can't be of type %q.", e.Type))
}

func (w *writer) percentile(x string, p float64) string {
	if w.d.percentile == nil {
		return w.fail(fault.Coded(fault.Invalid, "Compile", "This warehouse (%s) has no percentiles or medians.", w.d.Name))
	}
	return w.d.percentile(x, p)
}

// operand writes a rule that stands beside others.
func (w *writer) operand(c metric.Condition) string {
	if r, ok := c.(*metric.Rule); ok {
		text := w.rule(r)
		if len(r.Values) > 1 && (r.Op == metric.Starts || r.Op == metric.Ends) {
			return "(" + text + ")"
		}
		return text
	}
	return w.condition(c)
}

// condition writes a group, or a rule in parentheses.
func (w *writer) condition(c metric.Condition) string {
	switch c := c.(type) {
	case *metric.Rule:
		return "(\n  " + w.rule(c) + "\n)"
	case *metric.Group:
		word := " AND "
		if c.Or {
			word = " OR "
		}
		items := make([]string, len(c.Items))
		for i, item := range c.Items {
			items[i] = w.condition(item)
		}
		return "(" + strings.Join(items, word) + ")"
	}
	return w.fail(fault.New(fault.Internal, "A condition of an unknown kind can't be written."))
}

// rule writes one rule, without parentheses around it.
func (w *writer) rule(r *metric.Rule) string {
	switch r.Op {
	case metric.Always:
		return "true"
	case metric.Ignored:
		return "1=1"
	}
	bare := w.expr(r.Of)
	x := "(" + bare + ")"
	switch r.Op {
	case metric.IsNull:
		return x + " IS NULL"
	case metric.NotNull:
		return x + " IS NOT NULL"
	case metric.In:
		return w.folded(r, x) + " IN (" + w.values(r) + ")"
	case metric.NotIn:
		return "(" + w.folded(r, x) + " NOT IN (" + w.values(r) + ") OR " + x + " IS NULL)"
	case metric.NotEqual:
		return "(" + x + " != " + w.value(r.Values[0]) + " OR " + x + " IS NULL)"
	case metric.Between, metric.NotBetween:
		return w.between(r, x)
	case metric.Contains, metric.NotContains, metric.Starts, metric.Ends, metric.NotStarts, metric.NotEnds:
		return w.like(r, bare)
	}
	return x + comparisons[r.Op] + w.value(r.Values[0])
}

var comparisons = map[metric.Op]string{
	metric.Equal: " = ", metric.Greater: " > ", metric.GreaterEq: " >= ", metric.Less: " < ", metric.LessEq: " <= ",
}

// value writes a literal to compare with: numbers in parentheses, times as the engine wants them.
func (w *writer) value(v metric.Literal) string {
	switch v.Kind {
	case metric.NumberLiteral:
		return "(" + v.Text + ")"
	case metric.BooleanLiteral:
		return v.Text
	case metric.DateLiteral, metric.TimestampLiteral:
		return w.d.moment(w.d.Literal(v.Text))
	case metric.UnreadableLiteral:
		return "(" + w.unreadable(v) + ")"
	}
	return w.literal(v.Text)
}

// unreadable quotes a value that isn't of its field's type, where the engine will refuse it.
func (w *writer) unreadable(v metric.Literal) string {
	if w.d.lax {
		return w.fail(refusal("%q is not a valid value.", v.Text))
	}
	return w.literal(v.Text)
}

func (w *writer) folded(r *metric.Rule, x string) string {
	if r.IgnoreCase && r.Values[0].Kind == metric.TextLiteral {
		return "LOWER" + x
	}
	return x
}

func (w *writer) values(r *metric.Rule) string {
	texts := make([]string, len(r.Values))
	for i, v := range r.Values {
		switch {
		case v.Kind == metric.UnreadableLiteral:
			texts[i] = w.unreadable(v)
		case v.Kind != metric.TextLiteral:
			texts[i] = v.Text
		case r.IgnoreCase:
			texts[i] = "LOWER(" + w.literal(v.Text) + ")"
		default:
			texts[i] = w.literal(v.Text)
		}
	}
	return strings.Join(texts, ",")
}

func (w *writer) between(r *metric.Rule, x string) string {
	less := " <= "
	if r.HalfOpen {
		less = " < "
	}
	text := "(" + x + " >= " + w.value(r.Values[0]) + " AND " + x + less + w.value(r.Values[1]) + ")"
	switch {
	case r.Op == metric.Between:
		return text
	case r.Bare:
		return "NOT " + text
	}
	return "(NOT " + text + ")"
}

func (w *writer) like(r *metric.Rule, x string) string {
	before, after, word := "%", "%", " LIKE "
	fold, not := true, false
	switch r.Op {
	case metric.Starts, metric.NotStarts:
		before, fold, not = "", r.IgnoreCase, r.Op == metric.NotStarts
	case metric.Ends, metric.NotEnds:
		after, fold, not = "", r.IgnoreCase, r.Op == metric.NotEnds
	case metric.NotContains:
		not = true
	}
	if not {
		word = " NOT LIKE "
	}
	tests := make([]string, len(r.Values))
	for i, v := range r.Values {
		w.literal(v.Text) // refuses what no engine can hold
		pattern, escape := w.d.pattern(before, v.Text, after)
		if fold {
			tests[i] = "LOWER(" + x + ")" + word + "LOWER(" + pattern + ")" + escape
		} else {
			tests[i] = "(" + x + ")" + word + pattern + escape
		}
	}
	switch {
	case not:
		return strings.Join(tests, "\n  AND\n  ")
	case r.Op == metric.Contains && len(tests) > 1:
		return "(" + strings.Join(tests, "\n  OR\n  ") + ")"
	}
	return strings.Join(tests, "\n  OR\n  ")
}

// widthBin writes a bin of fixed width: its label runs to one less than the next bin's start.
func (w *writer) widthBin(e *metric.WidthBin) string {
	divisor := e.Width
	whole := !strings.Contains(divisor, ".")
	if whole {
		divisor += ".0" // whole numbers would be cut towards zero, also below it
	}
	floor := "FLOOR(" + w.expr(e.Of) + " / " + divisor + ")"
	from := floor + " * " + e.Width
	if e.Order {
		return from
	}
	return w.d.concat([]string{w.d.text(from, whole), "' - '", w.d.text("("+floor+" + 1) * "+e.Width+" - 1", whole)})
}

// extent writes the common table with the least and greatest value.
func (w *writer) extent(b *metric.BinTable) string {
	x := w.expr(b.Of)
	return common(w.ident(b.Name), selectList("SELECT", []string{
		"FLOOR(MIN(" + x + ")) AS min_id",
		"CEIL(MAX(" + x + ")) AS max_id",
		"FLOOR((MAX(" + x + ") - MIN(" + x + ")) / " + strconv.Itoa(b.Count) + ") AS bin_width",
	})+"\nFROM "+w.table(&b.From))
}

func (w *writer) countBin(e *metric.CountBin) string {
	cte := w.ident(e.CTE)
	edge := func(i int) string { return cte + ".min_id + " + cte + ".bin_width * " + strconv.Itoa(i) }
	label := func(from, to string) string {
		return w.d.concat([]string{w.d.text(from, true), "' - '", w.d.text(to, true)})
	}
	if e.Count == 1 {
		return label(cte+".min_id", cte+".max_id")
	}
	x := w.expr(e.Of)
	cases := binCases{order: e.Order}
	cases.null(x, e.Count)
	for i := range e.Count - 1 {
		cases.add(x+" >= "+edge(i)+" AND "+x+" < "+edge(i+1), label(edge(i), edge(i+1)))
	}
	return cases.end(label(edge(e.Count-1), cte+".max_id"))
}

func (w *writer) rangeBin(e *metric.RangeBin) string {
	x := w.expr(e.Of)
	cases := binCases{order: e.Order}
	cases.null(x, len(e.Ranges))
	last := ""
	for _, r := range e.Ranges {
		switch {
		case r.From == "":
			cases.add(x+" < "+r.To, w.d.concat([]string{"'<'", w.d.text(r.To, false)}))
		case r.To == "":
			last = w.d.concat([]string{"'≥'", w.d.text(r.From, false)})
		default:
			cases.add(x+" >= "+r.From+" AND "+x+" < "+r.To, w.d.concat([]string{w.d.text(r.From, false), "'-'", w.d.text(r.To, false)}))
		}
	}
	return cases.end(last)
}

// binCases writes the CASE of a bin: of its labels, or of their positions.
type binCases struct {
	order bool
	text  strings.Builder
	next  int
}

func (c *binCases) null(x string, position int) {
	value := "NULL"
	if c.order {
		value = strconv.Itoa(position)
	}
	c.text.WriteString("CASE\n    WHEN " + x + " IS NULL THEN " + value)
}

func (c *binCases) add(when, label string) {
	c.text.WriteString("\n    WHEN " + when + " THEN " + c.value(label))
	c.next++
}

func (c *binCases) value(label string) string {
	if c.order {
		return strconv.Itoa(c.next)
	}
	return label
}

// end closes the CASE; an empty label means that nothing else has a bin.
func (c *binCases) end(label string) string {
	if label != "" {
		c.text.WriteString("\n    ELSE " + c.value(label))
	}
	return c.text.String() + "\n  END"
}

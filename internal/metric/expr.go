package metric

import "inlay/internal/semantic"

// Expr is an expression of a plan. Package sqlgen writes it in a dialect.
type Expr interface {
	// tables calls add with the alias of every table that the expression reads.
	tables(add func(alias string))
}

// SQL is text that somebody wrote, with its references resolved.
type SQL struct {
	Parts       []Part
	Substituted bool // values of the viewer were put in
}

// PartKind says how a part of SQL is written.
type PartKind uint8

// Kinds of part.
const (
	Verbatim   PartKind = iota // Text as it is
	TableName                  // Text is an alias: written as an identifier
	ColumnName                 // Text is the id of a selected column: written as an identifier
	Quoted                     // Text is a value: written as a string literal
	Inner                      // Expr, in parentheses
	ValueList                  // Values, separated by commas
)

// Part is a piece of SQL.
type Part struct {
	Kind   PartKind
	Text   string
	Expr   Expr
	Values []Literal
}

// DimensionExpr is a dimension: its SQL, cut to an interval of time when Interval is set.
type DimensionExpr struct {
	Table    string // whose dimension it is: its SQL may name columns without the table
	SQL      *SQL
	Type     semantic.Type // of the dimension
	BaseType semantic.Type // of what Interval cuts
	Interval string
	Shift    Shift // of the time before it is cut
}

// Shifted is a time moved by the calendar and then cut to an interval.
type Shifted struct {
	Of       Expr
	By       Shift
	Interval string
	Type     semantic.Type // of what Interval cuts
}

// Aggregate is an aggregate over the rows for which all filters hold.
type Aggregate struct {
	Type       semantic.MetricType
	Of         Expr
	Filters    []Condition
	Percentile float64
	Distinct   []*DimensionExpr // of types that take one value of each distinct key: the keys
}

// Column is a selected column of the inner query, by id.
type Column struct{ ID string }

// WidthBin is the label, or the sort key, of a bin of fixed width.
type WidthBin struct {
	Of    Expr
	Width string
	Order bool
}

// CountBin is the label, or the sort key, of one of Count bins between the least and the greatest value, which the
// common table CTE gives.
type CountBin struct {
	Of    Expr
	Count int
	CTE   string
	Order bool
}

// RangeBin is the label, or the sort key, of a bin with given edges.
type RangeBin struct {
	Of     Expr
	Ranges []Edges
	Order  bool
}

// Edges are those of one bin; an empty one is open.
type Edges struct{ From, To string }

func (e *SQL) tables(add func(string)) {
	for i := range e.Parts {
		switch p := &e.Parts[i]; p.Kind {
		case TableName:
			add(p.Text)
		case Inner:
			p.Expr.tables(add)
		}
	}
}

func (e *DimensionExpr) tables(add func(string)) {
	add(e.Table)
	e.SQL.tables(add)
}

func (e *Aggregate) tables(add func(string)) {
	e.Of.tables(add)
	for _, c := range e.Filters {
		c.tables(add)
	}
	for _, key := range e.Distinct {
		key.tables(add)
	}
}

func (Column) tables(func(string))          {}
func (e *Shifted) tables(add func(string))  { e.Of.tables(add) }
func (e *WidthBin) tables(add func(string)) { e.Of.tables(add) }
func (e *CountBin) tables(add func(string)) { e.Of.tables(add) }
func (e *RangeBin) tables(add func(string)) { e.Of.tables(add) }

// Condition is true, false or unknown of a row.
type Condition interface {
	tables(add func(alias string))
}

// Group joins conditions by AND, or by OR.
type Group struct {
	Or    bool
	Items []Condition
}

func (g *Group) tables(add func(string)) {
	for _, item := range g.Items {
		item.tables(add)
	}
}

// Op is what a rule asks.
type Op uint8

// What rules ask.
const (
	Always      Op = iota // nothing was asked: true
	Ignored               // the rule is switched off: 1=1
	In                    // one of Values
	NotIn                 // none of Values, or null
	IsNull                //
	NotNull               //
	Equal                 // Values[0]
	NotEqual              // not Values[0], or null
	Greater               //
	GreaterEq             //
	Less                  //
	LessEq                //
	Between               // Values[0] to Values[1], the latter excluded when HalfOpen
	NotBetween            // written as "(NOT (…))", or "NOT (…)" when Bare
	Contains              // the text, ignoring case
	NotContains           //
	Starts                //
	Ends                  //
	NotStarts             //
	NotEnds               //
)

// Rule is one condition on an expression.
type Rule struct {
	Of         Expr
	Op         Op
	Values     []Literal
	HalfOpen   bool
	Bare       bool
	IgnoreCase bool
}

func (r *Rule) tables(add func(string)) {
	if r.Of != nil {
		r.Of.tables(add)
	}
}

// LiteralKind is the kind of a literal.
type LiteralKind uint8

// Kinds of literal.
const (
	TextLiteral LiteralKind = iota
	NumberLiteral
	BooleanLiteral
	DateLiteral      // 2006-01-02
	TimestampLiteral // 2006-01-02 15:04:05
	NullLiteral
	UnreadableLiteral // no value of its field's type: quoted, so that the engine refuses it
)

// Literal is a value that was checked: numbers and times stand as valid text.
type Literal struct {
	Kind LiteralKind
	Text string
}

package metric

import (
	"fmt"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// written resolves SQL that came with a query. Whoever may write SQL for the project writes any expression; everyone
// else is held to the grammar of expressions.
func (r *resolver) written(table string, sql semantic.SQL, place string, field lookup) (*SQL, error) {
	if r.options.TrustSQL {
		if err := balanced(place, string(sql)); err != nil {
			return nil, err
		}
		return r.sql(table, sql, place, field)
	}
	if d := r.copied(table, sql); d != nil {
		expr, err := r.dimension(d)
		if err != nil {
			return nil, err
		}
		return expr.SQL, nil
	}
	return r.expression(table, sql, field)
}

// copied finds a dimension of the table that is written just like the text: clients make custom metrics by copying
// the SQL of the dimension that they are based on.
func (r *resolver) copied(table string, sql semantic.SQL) *semantic.Dimension {
	t := r.explore.Tables[table]
	if t == nil {
		return nil
	}
	var found *semantic.Dimension
	for _, d := range t.Dimensions {
		if d.SQL == sql && d.TimeInterval == "" && (found == nil || d.Name < found.Name) {
			found = d
		}
	}
	return found
}

// Limits of one expression.
const (
	maxExpressionLength = 10000
	maxExpressionDepth  = 100
)

func expressionFault(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "Compile", "The SQL can't be used: %s. Expressions are made of fields, literals, operators and functions.", fmt.Sprintf(format, args...))
}

// expression parses text of somebody who may not write SQL for the project. What it accepts reads nothing but fields
// that the explore offers: it is made of references, literals, operators, CASE, CAST, windows and functions of a list.
func (r *resolver) expression(table string, sql semantic.SQL, field lookup) (*SQL, error) {
	if len(sql) > maxExpressionLength {
		return nil, expressionFault("it is longer than %d characters", maxExpressionLength)
	}
	tokens, err := lex(sql)
	if err != nil {
		return nil, err
	}
	p := &parser{resolver: r, table: table, field: field, tokens: tokens}
	p.expr()
	if p.err == nil && p.peek().kind != endToken {
		p.fail("%s isn't expected where it stands", p.peek().describe())
	}
	if p.err != nil {
		return nil, p.err
	}
	p.flush()
	return &SQL{Parts: p.parts}, nil
}

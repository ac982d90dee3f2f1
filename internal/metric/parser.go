package metric

import (
	"fmt"
	"strings"

	"inlay/internal/semantic"
)

// parser reads tokens and writes the same expression again, with a space between any two tokens that isn't at a
// bracket or before a comma.
type parser struct {
	*resolver
	table  string
	field  lookup
	tokens []token
	at     int
	level  int
	text   strings.Builder
	parts  []Part
	last   string // token written last
	call   bool   // the last one names a function, whose bracket must follow at once
	err    error
}

func (t token) describe() string {
	switch t.kind {
	case endToken:
		return "the end"
	case textToken:
		return "text"
	case referenceToken:
		return t.ref.Text
	}
	return fmt.Sprintf("%q", t.text)
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = expressionFault(format, args...)
	}
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *parser) is(text string) bool {
	t := p.peek()
	return (t.kind == wordToken || t.kind == symbolToken) && t.text == text
}

// take writes the next token when it is one of the texts.
func (p *parser) take(texts ...string) bool {
	for _, text := range texts {
		if p.err == nil && p.is(text) {
			p.at++
			p.write(text)
			return true
		}
	}
	return false
}

func (p *parser) expect(text string) {
	if !p.take(text) {
		p.fail("%s is expected instead of %s", text, p.peek().describe())
	}
}

func (p *parser) write(text string) {
	p.space(text)
	p.text.WriteString(text)
	p.last = text
}

func (p *parser) space(next string) {
	if p.last != "" && p.last != "(" && next != ")" && next != "," && (next != "(" || !p.call) {
		p.text.WriteByte(' ')
	}
	p.call = false
}

// flush ends the verbatim part, so that a part of another kind can follow.
func (p *parser) flush() {
	if p.text.Len() > 0 {
		p.parts = append(p.parts, Part{Text: p.text.String()})
		p.text.Reset()
	}
}

func (p *parser) part(part Part) {
	p.space("")
	p.flush()
	p.parts = append(p.parts, part)
	p.last = "part"
}

// expr reads a whole expression, from the weakest operator down.
func (p *parser) expr() {
	if p.level++; p.level > maxExpressionDepth {
		p.fail("it is nested too deep")
	}
	if p.err == nil {
		p.and()
	}
	for p.take("OR") {
		p.and()
	}
	p.level--
}

func (p *parser) and() {
	p.not()
	for p.take("AND") {
		p.not()
	}
}

func (p *parser) not() {
	for p.take("NOT") {
	}
	p.comparison()
}

func (p *parser) comparison() {
	p.sum()
	for p.err == nil {
		switch {
		case p.take("=", "<>", "!=", "<=", ">=", "<", ">"):
			p.sum()
		case p.take("IS"):
			p.take("NOT")
			if !p.take("NULL", "TRUE", "FALSE") {
				p.expect("DISTINCT")
				p.expect("FROM")
				p.sum()
			}
		case p.take("NOT"):
			if !p.membership() {
				p.fail("IN, LIKE or BETWEEN is expected after NOT")
			}
		case !p.membership():
			return
		}
	}
}

func (p *parser) membership() bool {
	switch {
	case p.take("IN"):
		p.expect("(")
		p.list()
		p.expect(")")
	case p.take("LIKE", "ILIKE"):
		p.sum()
	case p.take("BETWEEN"):
		p.sum()
		p.expect("AND")
		p.sum()
	default:
		return false
	}
	return true
}

func (p *parser) list() {
	p.expr()
	for p.take(",") {
		p.expr()
	}
}

func (p *parser) sum() {
	p.product()
	for p.take("+", "-", "||") {
		p.product()
	}
}

func (p *parser) product() {
	p.signed()
	for p.take("*", "/", "%") {
		p.signed()
	}
}

func (p *parser) signed() {
	for p.take("+", "-") {
	}
	p.primary()
	for p.take("::") {
		p.typeName()
	}
}

func (p *parser) primary() {
	if p.err != nil {
		return
	}
	t := p.peek()
	switch {
	case t.kind == numberToken:
		p.at++
		p.write(t.text)
	case t.kind == textToken:
		p.at++
		p.part(Part{Kind: Quoted, Text: t.text})
	case t.kind == referenceToken:
		p.at++
		p.reference(t.ref)
	case p.take("("):
		p.expr()
		p.expect(")")
	case t.kind == wordToken:
		p.word(t.text)
	default:
		p.fail("%s isn't expected where it stands", t.describe())
	}
}

// reference reads a field. A column of the table counts as the dimension that is just this column; columns that no
// dimension offers can't be read.
func (p *parser) reference(ref semantic.Reference) {
	switch ref.Kind {
	case semantic.ToField:
		part, err := p.field(ref)
		if err != nil && p.err == nil {
			p.err = err
		}
		p.part(part)
	case semantic.ToTable:
		p.column()
	case semantic.ToParameter:
		values, err := p.parameter(ref.Name)
		if err != nil && p.err == nil {
			p.err = err
		}
		p.part(Part{Kind: ValueList, Values: values})
	default:
		p.fail("%s isn't a field", ref.Text)
	}
}

func (p *parser) column() {
	dot := p.is(".")
	p.at++
	name := p.peek()
	p.at++
	t := p.explore.Tables[p.table]
	if !dot || name.kind != wordToken || t == nil {
		p.fail("${TABLE} must be followed by a column")
		return
	}
	var found *semantic.Dimension
	for _, d := range t.Dimensions {
		column := plainColumn.FindStringSubmatch(string(d.SQL))
		if column != nil && strings.EqualFold(column[2], name.text) && d.TimeInterval == "" && (found == nil || d.Name < found.Name) {
			found = d
		}
	}
	if found == nil {
		p.fail("no dimension of %q offers the column %q", p.table, strings.ToLower(name.text))
		return
	}
	expr, err := p.dimension(found)
	if err != nil {
		p.err = err
		return
	}
	p.part(Part{Kind: Inner, Expr: expr})
}

func (p *parser) word(word string) {
	switch word {
	case "NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIMESTAMP":
		p.take(word)
	case "CASE":
		p.caseOf()
	case "CAST":
		p.take("CAST")
		p.call = true
		p.expect("(")
		p.expr()
		p.expect("AS")
		p.typeName()
		p.expect(")")
	case "EXTRACT":
		p.take("EXTRACT")
		p.call = true
		p.expect("(")
		if !p.take(dateParts...) {
			p.fail("%s isn't a part of a date", p.peek().describe())
		}
		p.expect("FROM")
		p.expr()
		p.expect(")")
	case "DATE", "TIMESTAMP", "INTERVAL":
		p.typedLiteral(word)
	default:
		p.function(word)
	}
}

var dateParts = []string{"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOW", "DOY", "DAYOFWEEK", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND", "EPOCH"}

func (p *parser) typedLiteral(word string) {
	if p.at+1 < len(p.tokens) && p.tokens[p.at+1].kind == symbolToken {
		p.function(word)
		return
	}
	p.take(word)
	if t := p.peek(); t.kind == textToken || word == "INTERVAL" && t.kind == numberToken {
		p.primary()
	} else {
		p.fail("a literal is expected after %s", word)
	}
	if word == "INTERVAL" {
		p.take(dateParts...)
	}
}

func (p *parser) caseOf() {
	p.take("CASE")
	if !p.is("WHEN") {
		p.expr()
	}
	if !p.is("WHEN") {
		p.expect("WHEN")
	}
	for p.take("WHEN") {
		p.expr()
		p.expect("THEN")
		p.expr()
	}
	if p.take("ELSE") {
		p.expr()
	}
	p.expect("END")
}

// typeName reads the type of a cast.
func (p *parser) typeName() {
	t := p.peek()
	if t.kind != wordToken || !castTypes[t.text] {
		p.fail("%s isn't a type to cast to", t.describe())
		return
	}
	p.take(t.text)
	switch {
	case t.text == "DOUBLE":
		p.take("PRECISION")
	case p.take("("):
		p.size()
		for p.take(",") {
			p.size()
		}
		p.expect(")")
	}
}

func (p *parser) size() {
	t := p.peek()
	if t.kind != numberToken || len(t.text) > 4 || strings.Trim(t.text, "0123456789") != "" {
		p.fail("the size of a type must be a small whole number")
		return
	}
	p.at++
	p.write(t.text)
}

// function reads a function of the list, with an aggregate's extras and a window.
func (p *parser) function(name string) {
	if !functions[name] {
		p.fail("%q isn't a function or word that can be used", name)
		return
	}
	p.at++
	p.write(name)
	p.call = true
	if !p.take("(") {
		p.fail("( is expected after %s", name)
		return
	}
	switch {
	case p.take(")"):
		p.window()
		return
	case name == "COUNT" && p.take("*"):
	default:
		p.take("DISTINCT")
		p.list()
		p.ordered()
	}
	p.expect(")")
	p.window()
}

func (p *parser) ordered() {
	if !p.take("ORDER") {
		return
	}
	p.expect("BY")
	for {
		p.expr()
		p.take("ASC", "DESC")
		if p.take("NULLS") && !p.take("FIRST", "LAST") {
			p.fail("FIRST or LAST is expected after NULLS")
		}
		if !p.take(",") {
			return
		}
	}
}

func (p *parser) window() {
	if p.take("WITHIN") {
		p.expect("GROUP")
		p.expect("(")
		p.ordered()
		p.expect(")")
	}
	if p.take("FILTER") {
		p.expect("(")
		p.expect("WHERE")
		p.expr()
		p.expect(")")
	}
	if !p.take("OVER") {
		return
	}
	p.expect("(")
	if p.take("PARTITION") {
		p.expect("BY")
		p.list()
	}
	p.ordered()
	if p.take("ROWS", "RANGE") {
		if p.take("BETWEEN") {
			p.bound()
			p.expect("AND")
		}
		p.bound()
	}
	p.expect(")")
}

func (p *parser) bound() {
	switch {
	case p.take("UNBOUNDED"):
	case p.take("CURRENT"):
		p.expect("ROW")
		return
	default:
		p.size()
	}
	if !p.take("PRECEDING", "FOLLOWING") {
		p.fail("PRECEDING or FOLLOWING is expected")
	}
}

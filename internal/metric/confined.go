package metric

import (
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// Confined is a statement of somebody who may read no rows but theirs. Every name that they wrote is another one now,
// by ConfinedPrefix; the common tables, which hold the rows that they may read, bear such names too. So whatever they
// meant, nothing else of the warehouse can be named. Words that stay as they are come from short lists.
type Confined struct {
	Tables []ConfinedTable
	Text   *SQL
}

// ConfinedTable is a table under the name that the statement gives it, with the columns that it may read.
type ConfinedTable struct {
	Name    string
	Table   Table
	Columns []string
}

// ConfinedPrefix begins the names of a confined statement; those of warehouses don't begin so.
const ConfinedPrefix = "tenant:"

// Limits of a confined statement. Names that engines would cut could become equal.
const (
	maxConfinedLength = 50000
	maxConfinedName   = 50
)

func confinedFault(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "WarehouseQuery", format, args...)
}

// Confine reads a SELECT. find gives the table of a name, or nil when there is none. Faults: Invalid for text that it
// doesn't understand, and those of find.
func Confine(text UserSQL, find func(name string) (*ConfinedTable, error)) (*Confined, error) {
	if len(text) > maxConfinedLength {
		return nil, confinedFault("The statement is longer than %d characters", maxConfinedLength)
	}
	tokens, err := lex(semantic.SQL(strings.TrimRight(string(text), "; \t\r\n")))
	if err != nil {
		return nil, confinedFault("The statement can't be used: it must be a SELECT without comments, made of names, literals, operators and functions")
	}
	c := &confiner{tokens: tokens, find: find, frames: []frame{{}}, made: &Confined{Text: &SQL{}}}
	if first := c.token(0); first.kind != wordToken || first.text != "SELECT" && first.text != "WITH" {
		return nil, confinedFault("The statement must begin with SELECT or WITH")
	}
	for c.at = range tokens {
		if err := c.step(); err != nil {
			return nil, err
		}
	}
	if len(c.frames) != 1 {
		return nil, confinedFault("The statement's brackets don't match")
	}
	return c.made, nil
}

// confiner writes tokens anew, one after the other, and knows where a table can stand.
type confiner struct {
	tokens []token
	at     int
	find   func(string) (*ConfinedTable, error)
	frames []frame // of open brackets; the first is the statement
	made   *Confined
	skip   int // tokens that were read ahead
}

// frame is what stands between two brackets.
type frame struct {
	from     bool // after FROM: a table follows a comma
	tables   bool // the bracket itself opened where a table can stand
	casts    bool // of CAST
	extracts bool // of EXTRACT, whose FROM begins no clause
}

func (c *confiner) token(i int) token {
	if i < 0 || i >= len(c.tokens) {
		return token{}
	}
	return c.tokens[i]
}

func (c *confiner) is(i int, texts ...string) bool {
	t := c.token(i)
	return (t.kind == wordToken || t.kind == symbolToken) && slices.Contains(texts, t.text)
}

func (c *confiner) top() *frame { return &c.frames[len(c.frames)-1] }

// tablePlace tells whether a table can stand at the token.
func (c *confiner) tablePlace() bool {
	before := c.at - 1
	in := c.top()
	return c.is(before, "JOIN", "LATERAL") || c.is(before, "FROM") && !in.extracts || in.from && c.is(before, ",") || in.tables && c.is(before, "(")
}

func (c *confiner) write(text string) {
	c.made.Text.Parts = append(c.made.Text.Parts, Part{Text: text + " "})
}

func (c *confiner) step() error {
	if c.skip > 0 {
		c.skip--
		return nil
	}
	switch t := c.token(c.at); t.kind {
	case numberToken, textToken:
		if c.tablePlace() {
			return confinedFault("A literal can't stand where a table is expected")
		}
		if t.kind == numberToken {
			c.write(t.text)
			return nil
		}
		c.made.Text.Parts = append(c.made.Text.Parts, Part{Kind: Quoted, Text: t.text}, Part{Text: " "})
		return nil
	case symbolToken:
		return c.symbol(t.text)
	case nameToken:
		return c.name(t.text)
	case wordToken:
		return c.word(t.text)
	}
	return confinedFault("References can't be used in a statement")
}

func (c *confiner) symbol(text string) error {
	switch text {
	case "(":
		c.frames = append(c.frames, frame{from: c.tablePlace(), tables: c.tablePlace(), casts: c.is(c.at-1, "CAST"), extracts: c.is(c.at-1, "EXTRACT")})
	case ")":
		if len(c.frames) == 1 {
			return confinedFault("The statement's brackets don't match")
		}
		c.frames = c.frames[:len(c.frames)-1]
	}
	c.write(text)
	return nil
}

// Words that stay as they are: those that no engine takes for the name of a table where it isn't quoted, and those
// that mean something only beside certain others.
var (
	reservedWords = set(`SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET WITH AS ON USING JOIN LEFT RIGHT FULL INNER OUTER CROSS
		LATERAL UNION INTERSECT EXCEPT ALL DISTINCT AND OR NOT IN IS NULL TRUE FALSE LIKE ILIKE CASE WHEN THEN ELSE END ASC DESC
		CAST CURRENT_DATE CURRENT_TIMESTAMP WINDOW`)
	wordsAfter = map[string][]string{
		"BY": {"GROUP", "ORDER", "PARTITION"}, "FIRST": {"NULLS"}, "LAST": {"NULLS"}, "ROW": {"CURRENT"}, "ZONE": {"TIME"}, "TIME": {"AT"},
	}
	wordsBefore = map[string][]string{
		"PARTITION": {"BY"}, "NULLS": {"FIRST", "LAST"}, "CURRENT": {"ROW"}, "UNBOUNDED": {"PRECEDING", "FOLLOWING"},
		"PRECEDING": {"AND", ")"}, "FOLLOWING": {"AND", ")"}, "ROWS": {"BETWEEN", "UNBOUNDED", "CURRENT"},
		"RANGE": {"BETWEEN", "UNBOUNDED", "CURRENT"}, "OVER": {"("}, "FILTER": {"("}, "EXISTS": {"("}, "WITHIN": {"GROUP"}, "AT": {"TIME"},
	}
	typedLiterals = set(`DATE TIMESTAMP INTERVAL`)
	tableWords    = set(`SELECT WITH LATERAL`)
)

func (c *confiner) word(word string) error {
	next, kept := c.at+1, false
	switch {
	case c.is(c.at-1, ".") || c.is(next, "."):
	case c.isType(word), c.top().extracts && c.is(c.at-1, "(") && slices.Contains(dateParts, word):
		kept = true
	case typedLiterals[word] && c.token(next).kind == textToken, word == "BETWEEN", reservedWords[word] && !(c.is(next, "(") && functions[word]):
		kept = true
	case wordsAfter[word] != nil && c.is(c.at-1, wordsAfter[word]...), wordsBefore[word] != nil && c.is(next, wordsBefore[word]...):
		kept = true
	case c.is(next, "("):
		return c.call(word)
	}
	if !kept {
		return c.name(strings.ToLower(word))
	}
	if c.tablePlace() && !tableWords[word] {
		return confinedFault("%q can't stand where a table is expected", word)
	}
	c.clause(word)
	c.write(word)
	return nil
}

// clause notes which clause begins.
func (c *confiner) clause(word string) {
	switch word {
	case "FROM":
		c.top().from = !c.top().extracts
	case "GROUP":
		c.top().from = c.top().from && c.is(c.at-1, "WITHIN")
	case "SELECT", "WHERE", "HAVING", "ORDER", "LIMIT", "OFFSET", "WINDOW", "UNION", "INTERSECT", "EXCEPT":
		c.top().from = false
	}
}

// isType tells whether a word is a type of a cast.
func (c *confiner) isType(word string) bool {
	if !castTypes[word] && word != "PRECISION" {
		return false
	}
	return c.is(c.at-1, "::") || c.is(c.at-1, "AS") && c.top().casts || word == "PRECISION" && c.is(c.at-1, "DOUBLE")
}

// call writes a function of the list. Other words before a bracket are names where one can be defined: WITH x (a, b),
// FROM t AS x (a, b), JOIN t USING (a).
func (c *confiner) call(word string) error {
	if functions[word] || word == "EXTRACT" {
		c.write(word)
		return nil
	}
	if c.is(c.at-1, "WITH", "AS") {
		return c.name(strings.ToLower(word))
	}
	return confinedFault("The function %s can't be used here", strings.ToLower(word))
}

// name writes a name as its confined one, and adds the table that it names where a table stands.
func (c *confiner) name(name string) error {
	if len(name) == 0 || len(name) > maxConfinedName {
		return confinedFault("The name %q is empty or too long", name)
	}
	if c.tablePlace() {
		known, err := c.table(name)
		if err != nil {
			return err
		}
		if known != "" {
			name = known
		}
	}
	c.made.Text.Parts = append(c.made.Text.Parts, Part{Kind: ColumnName, Text: ConfinedPrefix + name}, Part{Text: " "})
	return nil
}

// table finds what stands as a table: one of the project's, also behind its schema, or a common table of the statement.
func (c *confiner) table(name string) (string, error) {
	last := c.token(c.at + 2)
	if c.is(c.at+1, ".") && (last.kind == wordToken || last.kind == nameToken) {
		found, err := c.find(plainName(last))
		if err != nil {
			return "", err
		}
		if found == nil || !strings.EqualFold(found.Table.Source.Schema, name) {
			return "", confinedFault("There is no table %s.%s that you may read", name, plainName(last))
		}
		c.skip = 2
		return c.add(found), nil
	}
	found, err := c.find(name)
	if err != nil || found == nil && c.defines(name) {
		return "", err
	}
	if found == nil {
		return "", confinedFault("There is no table %s that you may read", name)
	}
	return c.add(found), nil
}

func (c *confiner) add(found *ConfinedTable) string {
	if !slices.ContainsFunc(c.made.Tables, func(t ConfinedTable) bool { return t.Name == found.Name }) {
		c.made.Tables = append(c.made.Tables, *found)
	}
	return found.Name
}

// defines tells whether the statement has a common table of that name. Where it is out of reach, the engine finds
// nothing.
func (c *confiner) defines(name string) bool {
	for i, t := range c.tokens {
		if (t.kind == wordToken || t.kind == nameToken) && plainName(t) == name && c.is(i-1, "WITH", ",") && c.is(i+1, "AS", "(") {
			return true
		}
	}
	return false
}

// plainName is a name as engines fold it: in lower case, unless it was quoted.
func plainName(t token) string {
	if t.kind == nameToken {
		return t.text
	}
	return strings.ToLower(t.text)
}

// Readable is the base table of an explore as the policy lets it be read, with the columns that dimensions are.
// Faults: Forbidden when it may not be read.
func Readable(e *semantic.Explore, p Policy, o Options) (*ConfinedTable, error) {
	b := newBuilder(e, &Query{}, p, &o)
	table, err := b.table(e.BaseTable)
	if err != nil {
		return nil, err
	}
	if filter := table.Source.SQLFilter; filter != "" {
		if table.Filter, err = b.sql(e.BaseTable, filter, "sql_filter", b.dimensionLookup(e.BaseTable)); err != nil {
			return nil, err
		}
		if read := tablesOf(table.Filter); len(read) > 1 || len(read) == 1 && read[0] != e.BaseTable {
			return nil, fault.New(fault.Forbidden, "Table %q can't be read by SQL, because its sql_filter reads other tables.", e.BaseTable)
		}
	}
	made := &ConfinedTable{Name: e.Name, Table: table}
	for _, d := range table.Source.Dimensions {
		if column := plainColumn.FindStringSubmatch(string(d.SQL)); column != nil && !slices.Contains(made.Columns, column[2]) {
			made.Columns = append(made.Columns, column[2])
		}
	}
	slices.Sort(made.Columns)
	return made, nil
}

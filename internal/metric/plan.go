package metric

import (
	"inlay/internal/access"
	"inlay/internal/semantic"
)

// Plan is a query that was checked and whose numbers are right: what to read, group, merge, filter and sort.
type Plan struct {
	Bins         []BinTable // extents of bins, before everything else
	Blocks       []Block    // one, or several whose results are merged by their keys
	Derived      []Output   // columns made from those of the blocks; with several blocks only
	Previous     []Previous // columns of earlier periods, added to those of the blocks
	Absent       []string   // columns of earlier periods that hold nothing
	Output       []string   // ids of the inner query's columns, in order: keys, then values
	Filter       Condition  // on columns of the inner query
	Calculations []Calculation
	CalcFilter   Condition // on the calculations too
	Sorts        []Order
	Limit        *int
	Fold         *Fold // a pivot of all that; nil is none
	Wrapped      bool  // the inner query stands in a common table, though nothing else asks for it

	Fields     map[string]Field // selected fields by id
	Columns    []string         // ids of the result's columns, in order; nil when only the engine knows them
	Tables     []string         // aliases of every table read
	Warnings   []string
	Parameters Parameters // that the SQL refers to, with their values
	WeekStart  *int
	GrainZone  string // IANA time zone in which instants are cut to intervals; may be empty
}

// Output is a named column.
type Output struct {
	ID   string
	Expr Expr
}

// Calculation is a column made of the others, and of calculations of lower levels; the first level is 0.
type Calculation struct {
	Output
	Level int
}

// Block is one grouped SELECT over joined tables.
type Block struct {
	Name    string // of its common table; empty when the block is the whole inner query
	From    Table
	Joins   []Join
	Cross   []string // common tables of bins
	Where   []Condition
	SQL     []*SQL // more conditions, written by authors
	Keys    []Output
	Values  []Output
	Rowwise bool    // each row is a group of its own
	Unique  *Unique // when its rows are repeated by joins
	Once    *Once   // when its values count once for each distinct key
}

// Once makes a block take one value, the greatest, of each distinct key before it aggregates: first the block's rows are
// grouped by its own keys and the distinct ones, whatever joins repeat; then by its own keys.
type Once struct {
	Name string // of the common table of distinct keys
	Keys []*DimensionExpr
}

// Unique makes a block count each row of a table once: first the distinct keys are read, with the block's tables and
// conditions; then values are taken from the table, joined again by its key.
type Unique struct {
	Name  string // of the common table of keys
	Table Table
	Key   []string // columns
	Joins []Join   // what else the values read; one row of each at most meets a row of Table
}

// Table is a relation under an alias, with the rows that may be read.
type Table struct {
	Alias      string
	Source     *semantic.Table
	Conditions []access.RowFilter
	Filter     *SQL // of the model, for joined tables
	Schema     string
}

// Join adds a table.
type Join struct {
	Table Table
	Type  semantic.JoinType
	On    *SQL
}

// BinTable finds the extent of an expression over a whole table.
type BinTable struct {
	Name  string
	Of    Expr
	Count int
	From  Table
}

// Order sorts by a column of the result.
type Order struct {
	ID         string
	Descending bool
	NullsFirst *bool
	Names      []string // sort by the position in this list, not by the text
}

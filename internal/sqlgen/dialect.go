// Package sqlgen writes the SQL of plans: one base and one small file for each engine. It is the only place where text
// becomes SQL, and it doesn't know how SQL is run.
package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// Dialect is how an engine writes SQL. Functions get and give SQL of the dialect.
type Dialect struct {
	Name string

	identQuote     string // opens and closes identifiers
	identBackslash bool   // a backslash escapes inside identifiers, instead of doubling the quote
	textBackslash  bool   // a backslash escapes inside text
	quoteByEscape  bool   // a quote inside text is \' and not ''
	textNewlines   bool   // text must hold \n for a line's end
	likeBackslash  bool   // LIKE has no ESCAPE clause: a backslash escapes
	upper          bool   // names that nobody quoted are stored in upper case
	mixesSubplans  bool   // takes similar sub-selects of one statement for equal, unless they select different literals
	refusesLess    bool   // refuses a negative limit by itself
	lax            bool   // compares numbers and dates with any text
	noFullJoin     bool
	selectsNothing bool // SELECT may be without columns
	sortsAliases   bool // ORDER BY takes names of columns, but no expressions of them, beside GROUP BY

	suffix string // ends every statement

	text       func(x string, whole bool) string // of a number, which is known to be whole
	concat     func(parts []string) string
	average    func(x string) string
	any        func(x string) string            // one of the values of an aggregate
	percentile func(x string, p float64) string // empty: the engine has none
	timestamp  func(x string) string            // of a timestamp dimension, before anything is made of it
	trunc      func(interval, x string, base semantic.Type, weekStart *int) string
	shift      func(x string, by metric.Shift, base semantic.Type, local bool) string // local: times of a zone, without it
	inZone     func(x, zone string) string                                            // what clocks of a zone show at an instant; empty: not known how
	part       func(part, x string) string
	name       func(of, x string, base semantic.Type) string // of DAY_OF_WEEK, MONTH, QUARTER
	moment     func(quoted string) string                    // a date or timestamp from its text
	same       func(a, b string) string                      // equal, or both null
	exactly    func(column, list string) string              // equal to one of a list of texts, byte by byte
	nullsFirst func(x string, descending, first bool) string // one or two sort keys
}

// For finds a dialect by name: duckdb, postgres, redshift, snowflake, bigquery, databricks, trino, clickhouse, mysql.
func For(name string) (*Dialect, error) {
	if d, ok := dialects[name]; ok {
		return d, nil
	}
	return nil, fault.New(fault.Invalid, "There is no SQL dialect %q.", name)
}

// Names lists the dialects.
func Names() []string {
	return []string{"duckdb", "postgres", "redshift", "snowflake", "bigquery", "databricks", "trino", "clickhouse", "mysql"}
}

var dialects = map[string]*Dialect{
	"duckdb": duckdb(), "postgres": postgres(), "redshift": redshift(), "snowflake": snowflake(), "bigquery": bigquery(),
	"databricks": databricks(), "trino": trino(), "clickhouse": clickhouse(), "mysql": mysql(),
}

// base is what most engines share.
func base(name string) *Dialect {
	return &Dialect{
		Name:       name,
		identQuote: `"`,
		text:       func(x string, _ bool) string { return x },
		concat:     func(parts []string) string { return "CONCAT(" + strings.Join(parts, ", ") + ")" },
		average:    func(x string) string { return "AVG(" + x + ")" },
		any:        func(x string) string { return "ANY_VALUE(" + x + ")" },
		percentile: func(x string, p float64) string {
			return "PERCENTILE_CONT(" + share(p) + ") WITHIN GROUP (ORDER BY " + x + ")"
		},
		timestamp: func(x string) string { return x },
		trunc: func(interval, x string, _ semantic.Type, _ *int) string {
			return "DATE_TRUNC('" + interval + "', " + x + ")"
		},
		shift: func(x string, by metric.Shift, _ semantic.Type, _ bool) string {
			if by.Months != 0 {
				return "DATEADD(MONTH, " + strconv.Itoa(by.Months) + ", " + x + ")"
			}
			return "DATEADD(DAY, " + strconv.Itoa(by.Days) + ", " + x + ")"
		},
		part:    func(part, x string) string { return "DATE_PART('" + part + "', " + x + ")" },
		moment:  func(quoted string) string { return "(" + quoted + ")" },
		same:    func(a, b string) string { return a + " IS NOT DISTINCT FROM " + b },
		exactly: func(column, list string) string { return column + " IN (" + list + ")" },
		nullsFirst: func(x string, descending, first bool) string {
			if descending {
				x += " DESC"
			}
			if first {
				return x + " NULLS FIRST"
			}
			return x + " NULLS LAST"
		},
	}
}

// share writes a percentile as a part of one.
func share(p float64) string { return strconv.FormatFloat(p/100, 'f', -1, 64) }

// Ident quotes a name.
func (d *Dialect) Ident(name string) string {
	if d.identBackslash {
		name = strings.ReplaceAll(name, `\`, `\\`)
		name = strings.ReplaceAll(name, d.identQuote, `\`+d.identQuote)
	} else {
		name = strings.ReplaceAll(name, d.identQuote, d.identQuote+d.identQuote)
	}
	return d.identQuote + name + d.identQuote
}

// Literal quotes text.
func (d *Dialect) Literal(text string) string {
	if d.textBackslash {
		text = strings.ReplaceAll(text, `\`, `\\`)
	}
	if d.quoteByEscape {
		text = strings.ReplaceAll(text, `'`, `\'`)
	} else {
		text = strings.ReplaceAll(text, `'`, `''`)
	}
	if d.textNewlines {
		text = strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(text)
	}
	return "'" + text + "'"
}

// pattern writes a LIKE pattern that matches text with anything before, after or around it.
func (d *Dialect) pattern(before, text, after string) (pattern, escape string) {
	if !strings.ContainsAny(text, `%_\`) {
		return d.Literal(before + text + after), ""
	}
	if d.likeBackslash {
		text = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
		return d.Literal(before + text + after), ""
	}
	text = strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`).Replace(text)
	return d.Literal(before + text + after), " ESCAPE '!'"
}

// parts names the part of each interval that is a number.
var parts = map[string]string{
	"DAY_OF_WEEK_INDEX": "DOW", "DAY_OF_MONTH_NUM": "DAY", "DAY_OF_YEAR_NUM": "DOY", "WEEK_NUM": "WEEK",
	"MONTH_NUM": "MONTH", "QUARTER_NUM": "QUARTER", "YEAR_NUM": "YEAR", "HOUR_OF_DAY_NUM": "HOUR", "MINUTE_OF_HOUR_NUM": "MINUTE",
}

// Interval cuts an expression to an interval of time: RAW, DAY, MONTH_NUM, DAY_OF_WEEK_NAME, …
func (d *Dialect) Interval(interval, x string, base semantic.Type, weekStart *int) (string, error) {
	switch interval {
	case "", "RAW":
		return x, nil
	case "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR":
		return d.trunc(interval, x, base, weekStart), nil
	}
	if part, ok := parts[interval]; ok {
		return d.part(part, x), nil
	}
	if of, ok := strings.CutSuffix(interval, "_NAME"); ok && (of == "DAY_OF_WEEK" || of == "MONTH" || of == "QUARTER") {
		return d.name(of, x, base), nil
	}
	return "", fault.Coded(fault.Invalid, "Compile", "There is no time interval %q.", interval)
}

// pick chooses by what a name is wanted of.
func pick(of, day, month, quarter string) string {
	switch of {
	case "DAY_OF_WEEK":
		return day
	case "MONTH":
		return month
	}
	return quarter
}

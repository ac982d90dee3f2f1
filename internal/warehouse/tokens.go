package warehouse

import (
	"slices"
	"strings"
)

// TokenKind is what a token is.
type TokenKind uint8

// Kinds of token.
const (
	Word TokenKind = iota
	Quoted
	Symbol
)

// Token is a word, a quoted name or a symbol of SQL; texts, numbers and comments are left out.
type Token struct {
	Kind  TokenKind
	Text  string
	Start int // in bytes
}

// lexis is what engines read differently. Wherever the splitter and an engine disagree on what is quoted, something can be
// hidden from whoever looks at the tokens.
type lexis struct {
	texts   string   // quotes of texts, besides the single one
	escapes string   // quotes inside of which a backslash escapes
	lines   []string // what starts a comment to the end of the line, besides two dashes
	blank   bool     // two dashes start one only before a blank
	dollars bool     // $$…$$ is a text
	tags    bool     // so is $tag$…$tag$
	escape  bool     // a backslash escapes in e'…'
	raw     bool     // and doesn't in r'…'
	triple  bool     // texts stand in three quotes, too
	unicode bool     // U&"…" is a name whose letters are written as numbers
}

func lexisOf(dialect string) lexis {
	switch dialect {
	case "postgres":
		return lexis{dollars: true, tags: true, escape: true, unicode: true}
	case "duckdb":
		return lexis{dollars: true, tags: true, escape: true}
	case "redshift":
		return lexis{dollars: true, tags: true, escapes: "'"}
	case "snowflake":
		return lexis{dollars: true, escapes: "'", lines: []string{"//"}}
	case "bigquery":
		return lexis{texts: `"`, escapes: "'\"`", lines: []string{"#"}, triple: true}
	case "databricks":
		return lexis{texts: `"`, escapes: `'"`, raw: true}
	case "clickhouse":
		return lexis{dollars: true, tags: true, escapes: "'\"`", lines: []string{"#"}}
	case "mysql":
		return lexis{texts: `"`, escapes: `'"`, lines: []string{"#"}, blank: true}
	}
	return lexis{}
}

// Tokens splits SQL as its dialect does, as far as quotes and comments go. What can't be split for sure ends in a
// semicolon, which no reader takes: comments inside of comments, which engines end differently, comments that MySQL runs,
// and names that are written as numbers.
func Tokens(dialect, sql string) []Token {
	var out []Token
	l := lexisOf(dialect)
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case l.comment(sql[i:]):
			i = until(sql, i, "\n")
		case strings.HasPrefix(sql[i:], "/*"):
			end := until(sql, i+2, "*/")
			if inside := sql[i+2 : end]; strings.Contains(inside, "/*") || dialect == "mysql" && (strings.HasPrefix(inside, "!") || strings.HasPrefix(inside, "M")) {
				return append(out, Token{Symbol, ";", i})
			}
			i = end
		case l.triple && (strings.HasPrefix(sql[i:], `'''`) || strings.HasPrefix(sql[i:], `"""`)):
			i = tripleEnd(sql, i)
		case c == '\'' || strings.IndexByte(l.texts, c) >= 0:
			i = quoteEnd(sql, i, l.escapesAt(sql, i))
		case c == '"' || c == '`':
			if l.unicode && i > 0 && sql[i-1] == '&' {
				return append(out, Token{Symbol, ";", i})
			}
			end := quoteEnd(sql, i, strings.IndexByte(l.escapes, c) >= 0)
			out = append(out, Token{Quoted, strings.Trim(sql[i:end], string(c)), i})
			i = end
		case l.dollar(sql[i:]) != "":
			tag := l.dollar(sql[i:])
			i = until(sql, i+len(tag), tag)
		case isWord(c):
			end := i
			for end < len(sql) && (isWord(sql[end]) || sql[end] == '$') {
				end++
			}
			out = append(out, Token{Word, sql[i:end], i})
			i = end
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v':
			i++
		default:
			if c != '@' || (dialect == "mysql") {
				out = append(out, Token{Symbol, sql[i : i+1], i})
			}
			i++
		}
	}
	return out
}

// comment tells whether a comment to the end of the line starts here.
func (l lexis) comment(sql string) bool {
	if strings.HasPrefix(sql, "--") {
		return !l.blank || len(sql) == 2 || sql[2] <= ' '
	}
	return slices.ContainsFunc(l.lines, func(start string) bool { return strings.HasPrefix(sql, start) })
}

// escapesAt tells whether a backslash escapes inside the text whose quote stands at i; a letter before it may decide.
func (l lexis) escapesAt(sql string, i int) bool {
	always := strings.IndexByte(l.escapes, sql[i]) >= 0
	if i == 0 || i > 1 && (isWord(sql[i-2]) || sql[i-2] == '$') { // no letter by itself
		return always
	}
	switch sql[i-1] | 0x20 {
	case 'e':
		return always || l.escape
	case 'r':
		return always && !l.raw
	}
	return always
}

// dollar is the opening of a dollar-quoted text: $$ or $tag$.
func (l lexis) dollar(sql string) string {
	switch {
	case !l.dollars || sql[0] != '$':
		return ""
	case l.tags:
		return dollarTag(sql)
	case strings.HasPrefix(sql, "$$"):
		return "$$"
	}
	return ""
}

// tripleEnd gives the index after a text in three quotes that starts at i.
func tripleEnd(sql string, i int) int {
	quotes := sql[i : i+3]
	for i += 3; i < len(sql); i++ {
		switch {
		case sql[i] == '\\':
			i++
		case strings.HasPrefix(sql[i:], quotes):
			return i + 3
		}
	}
	return len(sql)
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

// until gives the index after the next end, or the end of the text.
func until(sql string, from int, end string) int {
	if from > len(sql) {
		return len(sql)
	}
	if at := strings.Index(sql[from:], end); at >= 0 {
		return from + at + len(end)
	}
	return len(sql)
}

// quoteEnd gives the index after a quoted text that starts at i; doubled quotes belong to it.
func quoteEnd(sql string, i int, backslash bool) int {
	quote := sql[i]
	for i++; i < len(sql); i++ {
		switch {
		case backslash && sql[i] == '\\':
			i++
		case sql[i] == quote && i+1 < len(sql) && sql[i+1] == quote:
			i++
		case sql[i] == quote:
			return i + 1
		}
	}
	return len(sql)
}

// dollarTag is $$ or $tag$ at the start of the text.
func dollarTag(sql string) string {
	for i := 1; i < len(sql); i++ {
		if sql[i] == '$' {
			return sql[:i+1]
		}
		if !isWord(sql[i]) || (i == 1 && sql[i] >= '0' && sql[i] <= '9') {
			return ""
		}
	}
	return ""
}

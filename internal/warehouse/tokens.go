package warehouse

import "strings"

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

// Tokens splits SQL as its dialect does, as far as quotes and comments go.
func Tokens(dialect, sql string) []Token {
	var out []Token
	backslash := dialect == "mysql" || dialect == "bigquery" || dialect == "databricks" || dialect == "clickhouse" || dialect == "snowflake"
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case strings.HasPrefix(sql[i:], "--"), c == '#' && (dialect == "mysql" || dialect == "bigquery"):
			i = until(sql, i, "\n")
		case strings.HasPrefix(sql[i:], "/*"):
			if dialect == "mysql" && i+2 < len(sql) && (sql[i+2] == '!' || sql[i+2] == 'M') { // runs what stands in it
				return append(out, Token{Symbol, ";", i})
			}
			i = until(sql, i+2, "*/")
		case c == '\'':
			escapes := backslash || (i > 0 && (sql[i-1] == 'e' || sql[i-1] == 'E'))
			i = quoteEnd(sql, i, escapes)
		case c == '"' && (dialect == "mysql" || dialect == "bigquery" || dialect == "databricks"):
			i = quoteEnd(sql, i, true)
		case c == '"' || c == '`':
			end := quoteEnd(sql, i, false)
			out = append(out, Token{Quoted, strings.Trim(sql[i:end], string(c)), i})
			i = end
		case c == '$' && dollarTag(sql[i:]) != "" && (dialect == "postgres" || dialect == "redshift" || dialect == "duckdb" || dialect == "snowflake"):
			tag := dollarTag(sql[i:])
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

// dollarTag is the opening of a dollar-quoted text: $$ or $tag$.
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

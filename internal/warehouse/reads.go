package warehouse

import (
	"slices"
	"strings"
)

// Reads refuses a statement that doesn't begin like one that only reads. It is the second lock of drivers whose engine
// can't tell before it runs: the first is a read-only transaction or user.
func Reads(sql string) error {
	word := firstWord(sql)
	switch strings.ToUpper(word) {
	case "SELECT", "WITH", "VALUES", "TABLE", "": // an empty statement is the engine's to refuse
		return nil
	}
	return Rejected(nil, "Only a SELECT can be run here, not "+word, 1, 1)
}

// firstWord skips blanks, comments and opening parentheses.
func firstWord(sql string) string {
	for {
		sql = strings.TrimLeft(sql, " \t\r\n\f\v(;")
		switch {
		case strings.HasPrefix(sql, "--"), strings.HasPrefix(sql, "#"):
			_, sql, _ = strings.Cut(sql, "\n")
		case strings.HasPrefix(sql, "/*"):
			sql = afterComment(sql)
		default:
			end := strings.IndexFunc(sql, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_') })
			if end < 0 {
				end = len(sql)
			}
			if end == 0 && sql != "" {
				return sql[:1]
			}
			return sql[:end]
		}
	}
}

// afterComment skips a block comment, in which others may be nested.
func afterComment(sql string) string {
	depth := 0
	for i := 0; i+1 < len(sql); i++ {
		switch sql[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return sql[i+1:]
			}
		}
	}
	return ""
}

// ReadsOnce refuses what Reads refuses, several statements, and a WITH that ends in a write. It is for engines that have
// no read-only transactions.
func ReadsOnce(dialect, sql string) error {
	if err := Reads(sql); err != nil {
		return err
	}
	depth, ended := 0, false
	for _, t := range Tokens(dialect, sql) {
		if ended {
			return Rejected(nil, "Only one statement can be run at a time", 0, 0)
		}
		switch {
		case t.Kind == Symbol && t.Text == "(":
			depth++
		case t.Kind == Symbol && t.Text == ")":
			depth--
		case t.Kind == Symbol && t.Text == ";":
			ended = true
		case t.Kind == Word && depth == 0 && slices.Contains(writing, strings.ToUpper(t.Text)):
			return Rejected(nil, "Only a SELECT can be run here, not "+t.Text, 0, 0)
		}
	}
	return nil
}

// writing are words that no SELECT holds outside of parentheses and quotes.
var writing = []string{"INSERT", "MERGE", "DELETE", "INTO"}

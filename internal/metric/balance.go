package metric

import (
	"strings"

	"inlay/internal/fault"
)

// balanced tells whether text is one expression as far as brackets, quotes and statements go, so that it can't leave
// the place it is put into. Both ways of escaping quotes are tried, since engines differ.
func balanced(place, text string) error {
	for _, backslash := range []bool{false, true} {
		if problem := unbalanced(text, backslash); problem != "" {
			return fault.Coded(fault.Invalid, "WarehouseQuery", "The SQL of the %s isn't one expression: %s.", place, problem)
		}
	}
	return nil
}

func unbalanced(text string, backslash bool) string {
	if strings.TrimSpace(text) == "" {
		return "it is empty"
	}
	var open []byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case 0:
			return "it holds a NUL"
		case '\'', '"', '`':
			end := quoteEnd(text, i, backslash)
			if end < 0 {
				return "a quote isn't closed"
			}
			i = end
		case '(', '[', '{':
			open = append(open, c)
		case ')', ']', '}':
			if len(open) == 0 || open[len(open)-1] != opening[c] {
				return "a bracket is closed that isn't open"
			}
			open = open[:len(open)-1]
		case ';':
			return "it holds a semicolon"
		case '#':
			return "it holds a number sign"
		case '$':
			if strings.HasPrefix(text[i:], "$$") {
				return "it holds dollar quotes"
			}
		case '-', '/':
			if strings.HasPrefix(text[i:], "--") || strings.HasPrefix(text[i:], "/*") || strings.HasPrefix(text[i:], "//") {
				return "it holds a comment"
			}
		}
	}
	if len(open) > 0 {
		return "a bracket isn't closed"
	}
	return ""
}

var opening = map[byte]byte{')': '(', ']': '[', '}': '{'}

// quoteEnd is the position of the quote that ends the one at start; -1 when there is none.
func quoteEnd(text string, start int, backslash bool) int {
	quote := text[start]
	for i := start + 1; i < len(text); i++ {
		switch {
		case backslash && text[i] == '\\':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i
		}
	}
	return -1
}

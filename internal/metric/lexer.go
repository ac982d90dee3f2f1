package metric

import (
	"strings"

	"inlay/internal/semantic"
)

// tokenKind is what a token of an expression is.
type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	numberToken
	textToken      // text is the value
	referenceToken // ${…}
	symbolToken
	nameToken // quoted; text is the name
)

type token struct {
	kind tokenKind
	text string // words in upper case
	ref  semantic.Reference
}

// symbols in the order of trying: longer ones first.
var symbols = []string{"<>", "!=", "<=", ">=", "||", "::", "(", ")", ",", "+", "-", "*", "/", "%", "=", "<", ">", "."}

// lex cuts an expression into tokens. Anything it doesn't know, comments and semicolons among it, is refused.
func lex(sql semantic.SQL) ([]token, error) {
	references, err := semantic.References(sql)
	if err != nil {
		return nil, err
	}
	text := string(sql)
	var tokens []token
	for at := 0; at < len(text); {
		c := text[at]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			at++
		case len(references) > 0 && references[0].Start == at:
			tokens = append(tokens, token{kind: referenceToken, ref: references[0]})
			at, references = references[0].End, references[1:]
		case c == '\'':
			end := quoteEnd(text, at, false)
			if end < 0 {
				return nil, expressionFault("a quote isn't closed")
			}
			tokens = append(tokens, token{kind: textToken, text: strings.ReplaceAll(text[at+1:end], "''", "'")})
			at = end + 1
		case c == '"':
			end := quoteEnd(text, at, false)
			if end < 0 {
				return nil, expressionFault("a quote isn't closed")
			}
			tokens = append(tokens, token{kind: nameToken, text: strings.ReplaceAll(text[at+1:end], `""`, `"`)})
			at = end + 1
		case isDigit(c) || c == '.' && at+1 < len(text) && isDigit(text[at+1]):
			end := numberEnd(text, at)
			tokens = append(tokens, token{kind: numberToken, text: text[at:end]})
			at = end
		case isLetter(c):
			end := at
			for end < len(text) && (isLetter(text[end]) || isDigit(text[end])) {
				end++
			}
			tokens = append(tokens, token{kind: wordToken, text: strings.ToUpper(text[at:end])})
			at = end
		default:
			symbol := symbolAt(text[at:])
			if symbol == "" {
				return nil, expressionFault("it can't hold %q", text[at:at+1])
			}
			tokens = append(tokens, token{kind: symbolToken, text: symbol})
			at += len(symbol)
		}
		for len(references) > 0 && references[0].Start < at {
			references = references[1:] // it stood inside a quoted text
		}
	}
	return tokens, nil
}

func symbolAt(text string) string {
	if strings.HasPrefix(text, "--") || strings.HasPrefix(text, "/*") {
		return ""
	}
	for _, symbol := range symbols {
		if strings.HasPrefix(text, symbol) {
			return symbol
		}
	}
	return ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// numberEnd finds where digits with at most one point and an exponent end.
func numberEnd(text string, at int) int {
	run := func() {
		for at < len(text) && isDigit(text[at]) {
			at++
		}
	}
	run()
	if at < len(text) && text[at] == '.' {
		at++
		run()
	}
	if at+1 < len(text) && (text[at] == 'e' || text[at] == 'E') {
		start := at
		at++
		if text[at] == '+' || text[at] == '-' {
			at++
		}
		if at >= len(text) || !isDigit(text[at]) {
			return start
		}
		run()
	}
	return at
}

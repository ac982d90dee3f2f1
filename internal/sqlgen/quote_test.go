package sqlgen

import (
	"strings"
	"testing"
)

// unquote reads a quoted text as an engine does; ok is false when it doesn't end just at the end.
func unquote(text, quote string, backslash, doubled bool) (string, bool) {
	if !strings.HasPrefix(text, quote) {
		return "", false
	}
	var out strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case backslash && c == '\\':
			if i++; i >= len(text) {
				return "", false
			}
			switch text[i] {
			case 'n':
				out.WriteByte('\n')
			case 'r':
				out.WriteByte('\r')
			default:
				out.WriteByte(text[i])
			}
		case string(c) == quote && doubled && i+1 < len(text) && string(text[i+1]) == quote:
			out.WriteByte(c)
			i++
		case string(c) == quote:
			return out.String(), i == len(text)-1
		default:
			out.WriteByte(c)
		}
	}
	return "", false
}

// FuzzQuoting holds every dialect to this: what is quoted reads back as it was, and nothing gets out. (H22, H34)
func FuzzQuoting(f *testing.F) {
	for _, seed := range []string{"", "'", `\`, `\'`, `'\`, `\\'`, "''", "`", "\"", "$$", "--", "/*", "a\nb\r", "x'); DROP TABLE y; --", "☃", "%_!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range Names() {
			d, err := For(name)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := unquote(d.Literal(text), "'", d.textBackslash, !d.quoteByEscape); !ok || got != text {
				t.Errorf("%s literal of %q: %s", name, text, d.Literal(text))
			}
			if got, ok := unquote(d.Ident(text), d.identQuote, d.identBackslash, !d.identBackslash); !ok || got != text {
				t.Errorf("%s name of %q: %s", name, text, d.Ident(text))
			}
		}
	})
}

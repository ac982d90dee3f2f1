package sqltest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"inlay/internal/sqlgen"
)

// HostileTexts are what values and names may hold that tries to get out of its quotes.
func HostileTexts() []string {
	return []string{"'", `\`, `\'`, `'\`, `\\'`, "''", "`", "``", "\\`", `"`, `""`, `\"`, "$$", "$x$", "--", "/* */", "#", "a\nb\r\tc", "x'); DROP TABLE y; --",
		"☃ naïve", "%_!", "{{x}}", "${x}", "$1", "?", ":a", "@x", "[x]", "]", "E'\\n'", "q'[x]'", "0x", "\u2028"}
}

// Quoting sends texts through an engine as values and as names. (H22, H34)
func Quoting(t *testing.T, e Engine) {
	for _, text := range HostileTexts() {
		Quoted(t, e, text)
	}
}

// Quoted sends one text through an engine: value and name must come back as they are.
func Quoted(t *testing.T, e Engine, text string) {
	d, err := sqlgen.For(e.Dialect)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := e.DB.Query("SELECT " + d.Literal(text) + " AS " + d.Ident(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil || columns[0] != text {
		t.Errorf("name %q came back as %q (%v)", text, columns, err)
	}
	var value string
	for rows.Next() {
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil || value != text {
		t.Errorf("value %q came back as %q (%v)", text, value, err)
	}
}

// FuzzQuoted sends any text through an engine that holds names of so many bytes.
func FuzzQuoted(f *testing.F, e Engine, longest int) {
	for _, text := range HostileTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text != "" && len(text) <= longest && utf8.ValidString(text) && !strings.ContainsRune(text, 0) { // the writer refuses the others
			Quoted(t, e, text)
		}
	})
}

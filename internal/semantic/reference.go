package semantic

import (
	"fmt"
	"regexp"
	"strings"

	"inlay/internal/fault"
)

// Kind says what a reference stands for.
type Kind uint8

// Kinds of reference.
const (
	ToTable     Kind = iota // ${TABLE}: the table that the SQL belongs to
	ToField                 // ${name}, ${table.name}: a dimension or a metric, depending on where it stands
	ToAttribute             // ${ld.attr.name}: the viewer's values of an attribute
	ToEmail                 // ${ld.user.email}: the viewer's verified address
	ToParameter             // ${ld.parameters.name}
)

// Reference is one ${…} in SQL.
type Reference struct {
	Kind  Kind
	Table string // of ToField, as written; empty: the table that the SQL belongs to
	Name  string // of a field, attribute or parameter; may hold dots for parameters only
	Text  string // as written, with ${ and }
	Start int    // byte offsets in the SQL
	End   int
}

// References finds the references in SQL, in order. A ${…} that names nothing a model could hold (another
// character inside, an unknown ld. variable) is left alone as text. The fault is Invalid, code "Compile".
func References(sql SQL) ([]Reference, error) {
	var found []Reference
	text := string(sql)
	for at := 0; ; {
		open := strings.Index(text[at:], "${")
		if open < 0 {
			return found, nil
		}
		start := at + open
		at = start + 2
		length := strings.IndexFunc(text[at:], func(r rune) bool { return !partOfReference(r) })
		if length <= 0 || text[at+length] != '}' {
			continue
		}
		r := Reference{Text: text[start : at+length+1], Start: start, End: at + length + 1}
		known, err := r.name(text[at : at+length])
		if err != nil {
			return nil, err
		}
		if known {
			if r.holdsValues() && quotedAt(text, r.Start) {
				return nil, compileFault("%s stands inside quotes or a comment. Write it without: values bring their own quotes", r.Text)
			}
			found = append(found, r)
		}
		at = r.End
	}
}

// Substitute replaces every reference in SQL by what replace gives for it.
func Substitute(sql SQL, replace func(Reference) (string, error)) (string, error) {
	references, err := References(sql)
	if err != nil || len(references) == 0 {
		return string(sql), err
	}
	var out strings.Builder
	done := 0
	for _, r := range references {
		text, err := replace(r)
		if err != nil {
			return "", err
		}
		out.WriteString(string(sql[done:r.Start]))
		out.WriteString(text)
		done = r.End
	}
	out.WriteString(string(sql[done:]))
	return out.String(), nil
}

func partOfReference(r rune) bool {
	return r == '_' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// name sets what the reference stands for; false leaves it as text.
func (r *Reference) name(inside string) (bool, error) {
	if rest, ok := strings.CutPrefix(inside, "ld."); ok {
		return r.variable(rest), nil
	}
	if rest, ok := strings.CutPrefix(inside, "lightdash."); ok {
		return r.variable(rest), nil
	}
	if inside == "TABLE" {
		return true, nil
	}
	r.Kind = ToField
	table, name, err := splitReference(inside)
	r.Table, r.Name = table, name
	return true, err
}

func (r *Reference) variable(path string) bool {
	group, name, _ := strings.Cut(path, ".")
	switch group {
	case "attribute", "attributes", "attr":
		r.Kind, r.Name = ToAttribute, name
		return name != "" && !strings.Contains(name, ".")
	case "user":
		r.Kind = ToEmail
		return name == "email"
	case "parameters":
		r.Kind, r.Name = ToParameter, name
		return name != ""
	}
	return false
}

// holdsValues tells whether values of whoever asks are put in the reference's place.
func (r *Reference) holdsValues() bool {
	return r.Kind == ToAttribute || r.Kind == ToEmail || r.Kind == ToParameter
}

// quotedAt tells whether a place in SQL lies inside quotes or a comment, as any engine reads them: a value that is put
// there would end them.
func quotedAt(text string, at int) bool {
	return strings.ContainsAny(text[:at], "'\"`-/#$") && (opensAt(text, at, false) || opensAt(text, at, true))
}

// opensAt reads SQL up to a place and tells whether what it opened is still open there. In some engines a backslash
// escapes inside quotes.
func opensAt(text string, at int, backslash bool) bool {
	for i := 0; i < at; {
		end := ""
		switch {
		case strings.ContainsRune("'\"`", rune(text[i])):
			end = text[i : i+1]
		case strings.HasPrefix(text[i:], "--") || text[i] == '#' && !strings.ContainsRune("->#", rune(text[i+1])):
			end = "\n"
		case strings.HasPrefix(text[i:], "/*"):
			end = "*/"
		case dollarQuote.MatchString(text[i:]):
			end = dollarQuote.FindString(text[i:])
		default:
			i++
			continue
		}
		i = closes(text, i+len(end), end, backslash && len(end) == 1 && end != "\n")
		if i > at {
			return true
		}
	}
	return false
}

var dollarQuote = regexp.MustCompile(`^\$[A-Za-z0-9_]*\$`)

// closes is the place behind the next end.
func closes(text string, i int, end string, backslash bool) int {
	for ; i < len(text); i++ {
		switch {
		case backslash && text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], end):
			return i + len(end)
		}
	}
	return len(text) + 1
}

// splitReference cuts "name" or "table.name"; the table is empty for the first form.
func splitReference(text string) (table, name string, err error) {
	switch strings.Count(text, ".") {
	case 0:
		return "", text, nil
	case 1:
		table, name, _ = strings.Cut(text, ".")
		return table, name, nil
	}
	return "", "", compileFault("Model field reference: %q is not a valid field reference: write ${field} or ${table.field}", text)
}

func compileFault(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "Compile", "%s", fmt.Sprintf(format, args...))
}

func parseFault(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "Parse", "%s", fmt.Sprintf(format, args...))
}

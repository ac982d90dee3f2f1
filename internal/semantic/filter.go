package semantic

import (
	"regexp"
	"strconv"
	"strings"
)

// Operators of the model's own filter grammar; they are those of a query's filters.
const (
	isNull         = "isNull"
	notNull        = "notNull"
	equals         = "equals"
	notEquals      = "notEquals"
	include        = "include"
	doesNotInclude = "doesNotInclude"
	startsWith     = "startsWith"
	endsWith       = "endsWith"
)

var (
	comparison = regexp.MustCompile(`^(>=|<=|>|<)\s*(\d+(?:\.\d+)?)$`)
	relative   = regexp.MustCompile(
		`^(inThePast|inTheNext)\s+(\d+)\s+(milliseconds|seconds|minutes|hours|days|weeks|months|years)$`)
)

var comparisons = map[string]string{
	">": "greaterThan", ">=": "greaterThanOrEqual", "<": "lessThan", "<=": "lessThanOrEqual",
}

// ParseFilter reads a rule of the grammar for metric filters and required filters: the value that stands under a
// field. It may be nil, a bool, a number, a string such as ">= 5", "!x", "%x%" or "inThePast 14 months", or a list of
// them. What has no form of its own is a value to equal. The faults are Invalid, code "Parse".
func ParseFilter(rule any) (Filter, error) {
	switch rule := rule.(type) {
	case nil:
		return Filter{Operator: isNull, Values: []any{1}}, nil
	case []any:
		return Filter{Operator: equals, Values: rule}, nil
	case string:
		return parseTextFilter(rule)
	case map[string]any:
		return Filter{}, parseFault("a filter must be a value or a list of values, not a mapping")
	}
	return Filter{Operator: equals, Values: []any{rule}}, nil
}

func parseTextFilter(rule string) (Filter, error) {
	switch strings.ToLower(rule) {
	case "":
		return Filter{Operator: equals, Values: []any{}}, nil
	case "!":
		return Filter{}, parseFault("filter %q says not, but not what", rule)
	case "null":
		return Filter{Operator: isNull, Values: []any{1}}, nil
	case "!null":
		return Filter{Operator: notNull, Values: []any{1}}, nil
	case "empty", "!empty":
		return Filter{}, parseFault("Invalid filter operator type blank")
	}
	if m := comparison.FindStringSubmatch(rule); m != nil {
		n, err := strconv.ParseFloat(m[2], 64)
		return Filter{Operator: comparisons[m[1]], Values: []any{n}}, err
	}
	if m := relative.FindStringSubmatch(rule); m != nil {
		n, err := strconv.ParseFloat(m[2], 64)
		return Filter{Operator: m[1], Values: []any{n}, Unit: m[3]}, err
	}
	return parseTerm(rule), nil
}

// parseTerm reads x, !x, %x%, x% and %x; a not before the last two has no meaning and is dropped.
func parseTerm(rule string) Filter {
	term, not := strings.CutPrefix(rule, "!")
	open := strings.HasPrefix(term, "%")
	shut := strings.HasSuffix(term, "%") && !escaped(term, len(term)-1)
	f := Filter{Operator: equals}
	switch {
	case open && shut && len(term) > 2:
		f.Operator, term = include, term[1:len(term)-1]
		if not {
			f.Operator = doesNotInclude
		}
	case shut && len(term) > 1 && !open:
		f.Operator, term = startsWith, term[:len(term)-1]
	case open && len(term) > 1 && !shut:
		f.Operator, term = endsWith, term[1:]
	case not:
		f.Operator = notEquals
	}
	if quoted := strings.Trim(term, `"`); len(term) >= 2 && len(quoted) == len(term)-2 {
		term = quoted
	}
	f.Values = []any{unescape(term)}
	return f
}

// escaped tells whether an odd number of escapes stands before the place.
func escaped(term string, at int) bool {
	n := 0
	for n < at && strings.ContainsRune(`^\`, rune(term[at-1-n])) {
		n++
	}
	return n%2 == 1
}

// unescape drops ^ and \ before the characters that mean something to the grammar.
func unescape(term string) string {
	var out strings.Builder
	for i := 0; i < len(term); i++ {
		if (term[i] == '^' || term[i] == '\\') && i+1 < len(term) && strings.ContainsRune(`%,_"^\!`, rune(term[i+1])) {
			i++
		}
		out.WriteByte(term[i])
	}
	return out.String()
}

package semantic

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recordings is the folder of the conformance pack; the test is skipped where it isn't.
func recordings(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("INLAY_SHARED")
	if dir == "" {
		here, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; here != filepath.Dir(here); here = filepath.Dir(here) {
			if _, err := os.Stat(filepath.Join(here, "shared", "conformance")); err == nil {
				dir = filepath.Join(here, "shared")
				break
			}
		}
	}
	if dir == "" {
		t.Skip("the conformance pack isn't here: set INLAY_SHARED")
	}
	return filepath.Join(dir, "conformance")
}

func readJSON(t testing.TB, into any, path ...string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %s", filepath.Join(path...), err)
	}
}

func TestFriendlyNamesAreTheRecordedOnes(t *testing.T) {
	var vectors struct{ FriendlyName [][2]string }
	readJSON(t, &vectors, recordings(t), "vectors.json")
	for _, pair := range vectors.FriendlyName {
		if got := Friendly(pair[0]); got != pair[1] {
			t.Errorf("%q becomes %q, not %q", pair[0], got, pair[1])
		}
	}
}

func TestFiltersAreReadAsRecorded(t *testing.T) {
	var vectors struct {
		YAMLFilter []struct {
			In  any
			Out struct {
				Operator, Error string
				Values          []any
				Settings        struct{ UnitOfTime string }
			}
		}
	}
	readJSON(t, &vectors, recordings(t), "vectors.json")
	for _, v := range vectors.YAMLFilter {
		got, err := ParseFilter(v.In)
		if v.Out.Error != "" {
			if err == nil || err.Error() != v.Out.Error {
				t.Errorf("%v: fault %v, not %q", v.In, err, v.Out.Error)
			}
			continue
		}
		if err != nil || got.Operator != v.Out.Operator || got.Unit != v.Out.Settings.UnitOfTime || asJSON(got.Values) != asJSON(v.Out.Values) {
			t.Errorf("%v: read as %+v (%v), not %+v", v.In, got, err, v.Out)
		}
	}
}

// Every form of the filter grammar that the recordings leave out.
func TestFormsOfTheFilterGrammar(t *testing.T) {
	for rule, want := range map[string]string{
		"!x":                      `notEquals ["x"]`,
		"%x%":                     `include ["x"]`,
		"!%x%":                    `doesNotInclude ["x"]`,
		"%x":                      `endsWith ["x"]`,
		"!%x":                     `endsWith ["x"]`,
		"<= 5":                    `lessThanOrEqual [5]`,
		">=5":                     `greaterThanOrEqual [5]`,
		"inThePast 14 months":     `inThePast [14] months`,
		"inTheNext 3 weeks":       `inTheNext [3] weeks`,
		"inThePast 2 quarters":    `equals ["inThePast 2 quarters"]`,
		"inthepast 2 days":        `equals ["inthepast 2 days"]`,
		"a, b":                    `equals ["a, b"]`,
		"true":                    `equals ["true"]`,
		"5":                       `equals ["5"]`,
		`x^%`:                     `equals ["x%"]`,
		`x^^%`:                    `startsWith ["x^"]`,
		`x\%`:                     `equals ["x%"]`,
		`^!x`:                     `equals ["!x"]`,
		`!"quoted"`:               `notEquals ["quoted"]`,
		"%":                       `equals ["%"]`,
		"50% of all":              `equals ["50% of all"]`,
		"nullable":                `equals ["nullable"]`,
		"5 > 4":                   `equals ["5 \u003e 4"]`,
		"inThePast 2 days, maybe": `equals ["inThePast 2 days, maybe"]`,
	} {
		f, err := ParseFilter(rule)
		got := strings.TrimSpace(f.Operator + " " + asJSON(f.Values) + " " + f.Unit)
		if err != nil || got != want {
			t.Errorf("%q is %s (%v), not %s", rule, got, err, want)
		}
	}
	for _, rule := range []any{"!", "empty", map[string]any{"a": 1}} {
		if f, err := ParseFilter(rule); err == nil {
			t.Errorf("%v is %+v", rule, f)
		}
	}
	if f, err := ParseFilter([]any{"a", 1.0, nil}); err != nil || f.Operator != equals || asJSON(f.Values) != `["a",1,null]` {
		t.Errorf("%+v, %v", f, err)
	}
}

func asJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

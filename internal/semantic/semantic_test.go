package semantic

import (
	"encoding/json"
	"os"
	"path/filepath"
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

func asJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

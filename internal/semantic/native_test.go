package semantic

import (
	stdflag "flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

var update = stdflag.Bool("update", false, "write what the faults of testdata are told as")

// known is a catalogue for the cases that need one.
var known = Catalog{{Schema: "main", Name: "known"}: {"id": "INTEGER", "account_id": "VARCHAR"}}

// Each folder of testdata/faults holds models and, in want.txt, the problems they make and the explores that are left.
func TestFaultsOfNativeModels(t *testing.T) {
	folders, err := filepath.Glob("testdata/faults/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no cases", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			model, err := LoadYAML(os.DirFS(folder), known, Options{Dialect: "duckdb"})
			if err != nil {
				t.Fatal(err)
			}
			got, want := told(model), filepath.Join(folder, "want.txt")
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(text) {
				t.Errorf("told:\n%s\nwanted:\n%s", got, text)
			}
		})
	}
}

// told writes problems and what is left, a line each.
func told(m *Model) string {
	var out strings.Builder
	for _, p := range m.Problems {
		fmt.Fprintf(&out, "%s:%d [%s/%s] %s: %s\n", p.File, p.Line, p.Model, p.Field, p.Type, p.Message)
	}
	for _, e := range m.Explores {
		if len(e.Errors) == 0 {
			fmt.Fprintf(&out, "explore %s\n", e.Name)
		}
	}
	return out.String()
}

func loadText(t testing.TB, text string) *Model {
	t.Helper()
	m, err := LoadYAML(fstest.MapFS{"m.yml": {Data: []byte(text)}}, nil, Options{Dialect: "duckdb"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestH122_yaml_that_grows_without_end_is_refused(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%[1]d [%s]\n", i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10))
	}
	cases := map[string]string{
		"aliases of aliases":     bomb.String(),
		"brackets":               strings.Repeat("[", 200_000),
		"closed brackets":        strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"mappings in mappings":   strings.Repeat("{a: ", 100_000),
		"dashes":                 strings.Repeat("- ", 100_000) + "x",
		"question marks":         strings.Repeat("? ", 100_000) + "x",
		"indented levels":        levels(2000),
		"more than a file holds": "a: " + strings.Repeat("x", maxFileBytes),
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			before := allocated()
			m := loadText(t, text)
			if grew := allocated() - before; grew > mostAllocated {
				t.Errorf("reading %d bytes took %d MB of memory", len(text), grew>>20)
			}
			if len(m.Problems) == 0 || len(m.Explores) > 0 {
				t.Errorf("problems %v, explores %v", m.Problems, m.Explores)
			}
		})
	}
}

// mostAllocated is far above what the files here need, and far below what they would grow to.
const mostAllocated = 256 << 20

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

func levels(n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return out.String()
}

package sqltest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

// Case is a golden case: a query, and what else the plan depends on.
type Case struct {
	Query   metric.Query `json:"query"`
	Options struct {
		Granularity string                   `json:"granularity,omitempty"`
		WeekStart   *int                     `json:"weekStart,omitempty"`
		Zone        string                   `json:"zone,omitempty"`
		GrainZone   string                   `json:"grainZone,omitempty"`
		Schema      string                   `json:"schema,omitempty"`
		Attributes  map[string][]string      `json:"attributes,omitempty"`
		Policy      map[string][]Restriction `json:"policy,omitempty"`
		Pivot       *metric.Pivot            `json:"pivot,omitempty"`
	} `json:"options"`
}

// Restriction is a row filter of a case.
type Restriction struct {
	Column string `json:"column"`
	Values []any  `json:"values"`
}

// Goldens calls use for every folder with a query.json.
func Goldens(t *testing.T, root string, use func(t *testing.T, dir string, document []byte)) {
	documents, err := filepath.Glob(filepath.Join(root, "*", "query.json"))
	if err != nil || len(documents) == 0 {
		t.Fatalf("no cases in %s: %v", root, err)
	}
	for _, path := range documents {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) { use(t, dir, []byte(read(t, path))) })
	}
}

// CompileCase makes the SQL of a case.
func CompileCase(explores map[string]*semantic.Explore, document []byte, dialect string) (string, error) {
	var c Case
	if err := json.Unmarshal(document, &c); err != nil {
		return "", err
	}
	explore := explores[c.Query.ExploreName]
	if explore == nil {
		return "", fmt.Errorf("no explore %q", c.Query.ExploreName)
	}
	options := metric.Options{
		Now: Day, Granularity: c.Options.Granularity, GrainZone: c.Options.GrainZone, Schema: c.Options.Schema, Attributes: c.Options.Attributes,
		Calendar: metric.Calendar{WeekStart: c.Options.WeekStart}, Pivot: c.Options.Pivot,
	}
	if c.Options.Zone != "" {
		zone, err := time.LoadLocation(c.Options.Zone)
		if err != nil {
			return "", err
		}
		options.Calendar.Zone = zone
	}
	policy := Open(explore)
	for alias, restrictions := range c.Options.Policy {
		var conditions []access.RowFilter
		for _, r := range restrictions {
			conditions = append(conditions, access.RowFilter{Column: r.Column, Values: r.Values})
		}
		policy.Tables[alias] = metric.FilteredTable("test", conditions...)
	}
	plan, err := metric.Build(explore, c.Query, policy, options)
	if err != nil {
		return "", err
	}
	return sqlgen.Generate(dialect, plan)
}

// RunGoldens executes the golden SQL of an engine's dialect over the model's tables. The rows of a case with a check.sql
// must be those of that query, which somebody wrote by hand.
func RunGoldens(t *testing.T, root string, e Engine) {
	if e.Checks == nil {
		e.Checks = &e
	} else {
		fill(t, *e.Checks, filepath.Join(root, "model"))
	}
	e.Fresh(t, "goldens")
	execute(t, e, read(t, filepath.Join(root, "model", "tables.sql")))
	Goldens(t, root, func(t *testing.T, dir string, _ []byte) {
		text, err := os.ReadFile(filepath.Join(dir, e.Dialect+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		if reason, ok := needsMore[filepath.Base(dir)]; ok {
			t.Skip(reason)
		}
		if reason, ok := e.Differs[filepath.Base(dir)]; ok {
			t.Skip(reason)
		}
		if refusal, ok := strings.CutPrefix(string(text), "-- refused: "); ok {
			t.Skip(refusal)
		}
		got, err := Rows(e.DB, string(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if check, err := os.ReadFile(filepath.Join(dir, "check.sql")); err == nil {
			e.compare(t, got, string(check), string(text))
		}
	})
}

// needsMore names the cases that can't run on the model's tables.
var needsMore = map[string]string{
	"schema_of_a_tenant":                "the tenant's schema isn't there",
	"schema_of_a_tenant_with_joins":     "the tenant's schema isn't there",
	"limit_below_zero":                  "the engine refuses it",
	"filter_values_that_are_unreadable": "the engine refuses them",
}

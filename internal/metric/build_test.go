package metric

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/semantic"
)

func joinedExplore() *semantic.Explore {
	e := expressionExplore()
	orders := e.Tables["orders"]
	orders.Dimensions["at"] = &semantic.Dimension{Table: "orders", Name: "at", Type: semantic.Timestamp, SQL: "${TABLE}.at", IsIntervalBase: true}
	orders.Dimensions["customer"] = &semantic.Dimension{Table: "orders", Name: "customer", Type: semantic.Number, SQL: "${TABLE}.customer"}
	orders.Dimensions["loop"] = &semantic.Dimension{Table: "orders", Name: "loop", Type: semantic.Number, SQL: "${loop2}"}
	orders.Dimensions["loop2"] = &semantic.Dimension{Table: "orders", Name: "loop2", Type: semantic.Number, SQL: "${loop}"}
	orders.Metrics["ratio"] = &semantic.Metric{Table: "orders", Name: "ratio", Type: semantic.MetricNumber, SQL: "${ratio2}"}
	orders.Metrics["ratio2"] = &semantic.Metric{Table: "orders", Name: "ratio2", Type: semantic.MetricNumber, SQL: "${ratio}"}
	e.Tables["users"] = &semantic.Table{Name: "users", Relation: "users", Dimensions: map[string]*semantic.Dimension{
		"id": {Table: "users", Name: "id", Type: semantic.Number, SQL: "${TABLE}.id"},
	}}
	e.Joins = []semantic.Join{{Table: "users", Type: semantic.Left, On: "${orders.customer} = ${users.id}"}}
	return e
}

func build(document string, policy Policy, o Options) (*Plan, error) {
	var q Query
	if err := json.Unmarshal([]byte(document), &q); err != nil {
		return nil, err
	}
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 11, 23, 8, 10, 17, 0, time.UTC)
	}
	return Build(joinedExplore(), q, policy, o)
}

var everything = AllOpen([]string{"orders", "users"}, "test")

func TestMistakesAreFaultsThatNameTheField(t *testing.T) {
	for _, c := range []struct {
		name, document, code, message string
		kind                          fault.Kind
	}{
		{"unknown dimension", `{"dimensions":["orders_nope"]}`, "FieldReference", "Tried to reference dimension with unknown field id: orders_nope", fault.Invalid},
		{"unknown metric", `{"metrics":["orders_id"]}`, "FieldReference", "Tried to reference metric with unknown field id: orders_id", fault.Invalid},
		{"unknown filter", `{"filters":{"dimensions":{"and":[{"target":{"fieldId":"x_y"},"operator":"isNull"}]}}}`, "FieldReference", "unknown field id: x_y", fault.Invalid},
		{"unknown operator", `{"filters":{"dimensions":{"and":[{"target":{"fieldId":"orders_id"},"operator":"; DROP"}]}}}`, "Compile", `filter operator "; DROP" on "orders_id" field of type "number"`, fault.Invalid},
		{"unknown unit", `{"filters":{"dimensions":{"and":[{"target":{"fieldId":"orders_at"},"operator":"inThePast","values":[1],"settings":{"unitOfTime":"days'"}}]}}}`, "Compile", "isn't a unit of time|is not a unit of time", fault.Invalid},
		{"number of units as text", `{"filters":{"dimensions":{"and":[{"target":{"fieldId":"orders_at"},"operator":"inThePast","values":["1; x"]}]}}}`, "Compile", "is not a number of days", fault.Invalid},
		{"references in a circle", `{"dimensions":["orders_loop"]}`, "Compile", "circle", fault.Invalid},
		{"metrics in a circle", `{"metrics":["orders_ratio"]}`, "Compile", "circle", fault.Invalid},
		{"sort by what isn't selected", `{"dimensions":["orders_id"],"sorts":[{"fieldId":"orders_amount"}]}`, "WarehouseQuery", `sorts by "orders_amount"`, fault.Invalid},
		{"sort that breaks out", `{"dimensions":["orders_id"],"sorts":[{"fieldId":"x\" DESC --"}]}`, "WarehouseQuery", "sorts by", fault.Invalid},
		{"limit", `{"dimensions":["orders_id"],"limit":5001}`, "Parameter", "Query limit can not exceed 5000", fault.Invalid},
		{"calculation named like a field", `{"dimensions":["orders_id"],"tableCalculations":[{"name":"orders_id","sql":"1"}]}`, "Compile", "Table calculation has a name that already exists in the query: orders_id", fault.Invalid},
		{"calculation of a calculation", `{"dimensions":["orders_id"],"tableCalculations":[{"name":"a","sql":"${b} + 1"}]}`, "Compile", `invalid reference: b. References must be of the format "table.field"`, fault.Invalid},
		{"calculation of what isn't selected", `{"dimensions":["orders_id"],"tableCalculations":[{"name":"a","sql":"${orders.amount}"}]}`, "Compile", "Table calculation contains a reference orders.amount to a field that isn't included in the query.", fault.Invalid},
		{"custom metric on a strange table", `{"additionalMetrics":[{"table":"x","name":"a","type":"sum","sql":"1"}]}`, "Compile", `references a table "x"`, fault.Invalid},
		{"custom metric on a dimension that is gone", `{"metrics":["orders_a"],"additionalMetrics":[{"table":"orders","name":"a","type":"sum","sql":"${TABLE}.amount","baseDimensionName":"secret"}]}`, "FieldReference", "orders_secret", fault.Invalid},
		{"too many fields", `{"tableCalculations":[` + strings.Repeat(`{},`, 100000) + `{}]}`, "Parameter", "at most 2000", fault.Invalid},
		{"bin of nothing", `{"dimensions":["b"],"customDimensions":[{"id":"b","type":"bin","dimensionId":"orders_x","binType":"fixed_width","binWidth":1}]}`, "FieldReference", "orders_x", fault.Invalid},
		{"bin without width", `{"dimensions":["b"],"customDimensions":[{"id":"b","type":"bin","dimensionId":"orders_id","binType":"fixed_width","binWidth":0}]}`, "Compile", "greater than 0", fault.Invalid},
		{"too many bins", `{"dimensions":["b"],"customDimensions":[{"id":"b","type":"bin","dimensionId":"orders_id","binType":"fixed_number","binNumber":1000000000}]}`, "Compile", "between 1 and", fault.Invalid},
		{"sub-select in a custom dimension", `{"dimensions":["b"],"customDimensions":[{"id":"b","type":"sql","table":"orders","sql":"(SELECT secret FROM users)"}]}`, "Compile", `"SELECT" isn't a function`, fault.Invalid},
	} {
		_, err := build(c.document, everything, Options{MaxLimit: 5000})
		f := fault.As(err)
		found := err != nil && f.Kind == c.kind && f.Code == c.code
		contained := false
		for _, want := range strings.Split(c.message, "|") {
			contained = contained || strings.Contains(f.Message, want)
		}
		if !found || !contained {
			t.Errorf("%s: got %v (%s)", c.name, err, f.Code)
		}
	}
}

func TestATableWithoutADecisionIsNotRead(t *testing.T) {
	for name, policy := range map[string]Policy{
		"nothing decided":     {},
		"base only":           {Tables: map[string]Decision{"orders": OpenTable("test")}},
		"refused":             {Tables: map[string]Decision{"orders": OpenTable("test"), "users": RefusedTable("no rule covers it")}},
		"filtered by nothing": {Tables: map[string]Decision{"orders": OpenTable("test"), "users": {Verdict: Filtered}}},
	} {
		for _, document := range []string{
			`{"dimensions":["users_id"]}`,
			`{"dimensions":["orders_id"],"filters":{"dimensions":{"and":[{"target":{"fieldId":"users_id"},"operator":"isNull"}]}}}`,
			`{"dimensions":["b"],"customDimensions":[{"id":"b","type":"bin","dimensionId":"users_id","binType":"fixed_number","binNumber":2}]}`,
			`{"dimensions":["b"],"customDimensions":[{"id":"b","type":"sql","table":"orders","sql":"${users.id}"}]}`,
			`{"metrics":["orders_a"],"additionalMetrics":[{"table":"orders","name":"a","type":"sum","sql":"${users.id}"}]}`,
			`{"metrics":["orders_a"],"additionalMetrics":[{"table":"orders","name":"a","type":"sum","sql":"1","filters":[{"target":{"fieldRef":"users.id"},"operator":"isNull"}]}]}`,
		} {
			if _, err := build(document, policy, Options{}); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %s: %v", name, document, err)
			}
		}
	}
}

func TestValuesOfTheViewerThatAreMissingClose(t *testing.T) {
	for _, c := range []struct {
		filter  semantic.SQL
		options Options
		want    string
	}{
		{"${TABLE}.team IN (${ld.attr.team})", Options{}, `Missing user attribute "team" on sql_filter: ""orders".team IN (${ld.attr.team})"`},
		{"x = ${lightdash.attributes.team}", Options{Known: map[string]bool{"team": true}, Attributes: map[string][]string{"team": {}}}, `Invalid or missing user attribute "team" on sql_filter`},
		{"x = ${ld.user.email}", Options{Email: "a@b.c"}, `Missing user attribute "email" on sql_filter`},
	} {
		e := joinedExplore()
		e.Tables["orders"].SQLFilter = c.filter
		_, err := Build(e, Query{Dimensions: []string{"orders_id"}}, everything, c.options)
		if !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.filter, err)
		}
	}
}

func TestATenantsSchemaNeverReadsAFixedQuery(t *testing.T) {
	e := joinedExplore()
	e.Tables["orders"].From = "SELECT * FROM everybody.orders"
	_, err := Build(e, Query{Dimensions: []string{"orders_id"}}, everything, Options{Schema: "mine"})
	if !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestFiltersAreReadInEveryFormThatClientsSend(t *testing.T) {
	for document, rules := range map[string]int{
		`{}`: 0, `{"and":[]}`: 0, `{"id":"x","or":[{}]}`: 0, `{"and":[{"or":[]}, {"target":{"fieldId":"a","tableName":"t"},"operator":"isNull","extra":1,"settings":null,"values":null}]}`: 1,
		`{"target":{"fieldId":"a"},"operator":"equals","values":[9007199254740993]}`: 1,
	} {
		var g FilterGroup
		if err := json.Unmarshal([]byte(document), &g); err != nil || len(g.Rules()) != rules {
			t.Errorf("%s: %v %+v", document, err, g)
		}
	}
	var g FilterGroup
	if err := json.Unmarshal([]byte(`{"target":{"fieldId":"a"},"operator":"equals","values":[9007199254740993]}`), &g); err != nil || g.Rule.Values[0] != int64(9007199254740993) {
		t.Errorf("%v %v", err, g.Rule)
	}
}

func TestFiltersThatAreTooDeepOrTooManyAreRefused(t *testing.T) { // H13
	rule := `{"target":{"fieldId":"a"},"operator":"isNull"}`
	for name, document := range map[string]string{
		"deep":   strings.Repeat(`{"and":[`, 4900) + rule + strings.Repeat(`]}`, 4900),
		"many":   `{"and":[` + strings.Repeat(rule+",", 100000) + rule + `]}`,
		"values": `{"target":{"fieldId":"a"},"operator":"equals","values":[` + strings.Repeat("1,", 100000) + `1]}`,
		"list":   `[]`, "text": `{"and":["x"]}`,
	} {
		var g FilterGroup
		if err := json.Unmarshal([]byte(document), &g); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUndeclaredJoinsWarn(t *testing.T) {
	e := joinedExplore()
	e.Tables["orders"].PrimaryKey = nil
	plan, err := Build(e, Query{Dimensions: []string{"users_id"}, Metrics: []string{"orders_revenue"}}, everything, Options{})
	if err != nil || len(plan.Warnings) != 1 || !strings.Contains(plan.Warnings[0], `join "users"`) {
		t.Errorf("%v %+v", err, plan)
	}
}

func TestExportsAreBoundedByCells(t *testing.T) {
	all, some := -1, 7
	for _, c := range []struct {
		limit *int
		want  int
	}{{&all, 50}, {&some, 7}} {
		plan, err := build(`{"dimensions":["orders_id","orders_amount"],"limit":9999}`, everything, Options{CSVLimit: c.limit, CellLimit: 100, MaxLimit: 10})
		if err != nil || *plan.Limit != c.want {
			t.Errorf("%v %+v", err, plan)
		}
	}
	if _, err := build(`{}`, everything, Options{CSVLimit: &all}); fault.As(err).Code != "Parameter" {
		t.Error(err)
	}
}

func TestPoliciesWithConditionsReachEveryTable(t *testing.T) {
	policy := Policy{Tables: map[string]Decision{
		"orders": FilteredTable("test", access.RowFilter{Column: "account", Values: []any{1}}),
		"users":  FilteredTable("test", access.RowFilter{Column: "account", Values: []any{1}}),
	}}
	plan, err := build(`{"dimensions":["users_id"],"metrics":["orders_revenue"]}`, policy, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range plan.Blocks {
		if len(block.From.Conditions) == 0 {
			t.Errorf("%s is read without conditions", block.From.Alias)
		}
		for _, join := range block.Joins {
			if len(join.Table.Conditions) == 0 {
				t.Errorf("%s is read without conditions", join.Table.Alias)
			}
		}
	}
}

func TestReferencesThatDoubleAtEachStepEnd(t *testing.T) { // H132
	e := joinedExplore()
	orders := e.Tables["orders"]
	name := func(i int) string { return "m" + strings.Repeat("x", i) }
	for i := range 60 {
		orders.Metrics[name(i+1)] = &semantic.Metric{Table: "orders", Name: name(i + 1), Type: semantic.MetricNumber,
			SQL: semantic.SQL("${" + name(i) + "} + ${" + name(i) + "}")}
	}
	orders.Metrics[name(0)] = &semantic.Metric{Table: "orders", Name: name(0), Type: semantic.Sum, SQL: "1"}
	_, err := Build(e, Query{Metrics: []string{"orders_" + name(60)}}, everything, Options{})
	if fault.As(err).Code != "Compile" {
		t.Error(err)
	}
}

func TestTheCalendarKnowsZonesAndShortDays(t *testing.T) {
	monday, saturday := 0, 5
	for _, c := range []struct {
		now, zone, unit string
		weekStart       *int
		from, to        string
	}{
		{"2026-03-08T12:00:00Z", "America/New_York", "days", nil, "2026-03-08 05:00:00", "2026-03-09 03:59:59"}, // 23 hours
		{"2026-11-01T12:00:00Z", "America/New_York", "days", nil, "2026-11-01 04:00:00", "2026-11-02 04:59:59"}, // 25 hours
		{"2026-11-23T08:10:17Z", "Asia/Kolkata", "hours", nil, "2026-11-23 07:30:00", "2026-11-23 08:29:59"},
		{"2026-11-23T08:10:17Z", "UTC", "weeks", nil, "2026-11-22 00:00:00", "2026-11-28 23:59:59"},
		{"2026-11-23T08:10:17Z", "UTC", "weeks", &monday, "2026-11-23 00:00:00", "2026-11-29 23:59:59"},
		{"2026-11-23T08:10:17Z", "UTC", "weeks", &saturday, "2026-11-21 00:00:00", "2026-11-27 23:59:59"},
		{"2024-02-29T08:10:17Z", "UTC", "quarters", nil, "2024-01-01 00:00:00", "2024-03-31 23:59:59"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Now: now, Calendar: Calendar{Zone: zone, WeekStart: c.weekStart}}
		from, to, err := o.current(c.unit)
		if err != nil || timeLiteral(semantic.Timestamp, from).Text != c.from || timeLiteral(semantic.Timestamp, to).Text != c.to {
			t.Errorf("%+v: %s %s %v", c, from.UTC(), to.UTC(), err)
		}
	}
	for from, to := range map[string]string{"2024-03-31": "2024-02-29", "2026-12-31": "2026-11-30", "2026-01-15": "2025-12-15"} {
		at, err := time.Parse(time.DateOnly, from)
		if err != nil {
			t.Fatal(err)
		}
		if got := addUnits(at, "months", -1).Format(time.DateOnly); got != to {
			t.Errorf("a month before %s: %s", from, got)
		}
	}
}

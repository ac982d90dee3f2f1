package query_test

import (
	"fmt"
	"strings"
	"testing"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
)

// TestH32_whether_an_expression_fails_tells_nothing_of_other_rows: an expression that only others' rows would make fail
// must not fail, whatever an engine computes first.
func TestH32_whether_an_expression_fails_tells_nothing_of_other_rows(t *testing.T) {
	accounts := []any{"a", nil}
	for i := range 300 { // the longer a list is, the later an engine wants to look through it
		accounts = append(accounts, fmt.Sprint("a", i))
	}
	for name, door := range map[string]*query.Service{
		"duckdb": tenantDoor(t), "postgres": tenantDoorOver(t, tablesOnPostgreSQL(t, tenantTables), query.Options{}),
	} {
		for _, sql := range []metric.UserSQL{
			"CAST(CASE WHEN ${orders.account} = 'b' THEN 'x' ELSE '1' END AS INTEGER)", "CAST(CASE WHEN ${customers.name} = 'q-one' THEN 'x' ELSE '1' END AS INTEGER)",
			"CAST(CASE WHEN ${orders.account} = 'quo''te' THEN 'x' ELSE '1' END AS INTEGER)", "1 / (3 - ${orders.order_id})", "1 / (3 - ${customers.customer_id})",
		} {
			for _, operator := range []string{"equals", "notNull"} {
				dimension := metric.CustomDimension{ID: "x", Name: "x", Table: "orders", Type: "sql", SQL: sql, DimensionType: "number"}
				rule := metric.FilterRule{Target: metric.FilterTarget{FieldID: "x"}, Operator: operator, Values: []any{1}}
				for _, q := range []metric.Query{
					{Dimensions: []string{"orders_order_id"}, Filters: metric.Filters{Dimensions: &metric.FilterGroup{Rule: &rule}}},
					{Dimensions: []string{"x"}, Metrics: []string{"orders_revenue"}},
					{Metrics: []string{"orders_m"}, AdditionalMetrics: []metric.AdditionalMetric{{Table: "orders", Name: "m", Type: "sum", SQL: sql}}},
				} {
					q.Limit, q.CustomDimensions = 100, []metric.CustomDimension{dimension}
					who := tenant("a")
					who.Context["account"] = accounts
					if got, err := rowsFor(t, door, who, query.Request{Explore: "orders", Query: q}); err != nil {
						t.Errorf("%s, %s %s: %s %v", name, sql, operator, got, err)
					}
				}
			}
		}
	}
}

func TestH32_a_guest_is_not_told_the_value_that_failed(t *testing.T) {
	door := tenantDoor(t)
	q := metric.Query{Dimensions: []string{"x"}, Limit: 10,
		CustomDimensions: []metric.CustomDimension{{ID: "x", Name: "x", Table: "orders", Type: "sql", SQL: "CAST(${customers.name} AS INTEGER)", DimensionType: "number"}}}
	if got, err := rowsFor(t, door, tenant("a"), query.Request{Explore: "orders", Query: q}); err == nil || strings.Contains(fault.As(err).Message, "-one") {
		t.Errorf("a tenant is told %s %v", got, err)
	}
	if _, err := rowsFor(t, door, admin, query.Request{Explore: "orders", Query: q}); err == nil || !strings.Contains(err.Error(), "-one") {
		t.Errorf("an admin must be told what failed: %v", err)
	}
}

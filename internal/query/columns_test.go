package query_test

import (
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
)

// hiddenModel keeps amounts for bosses, two steps of fields that are made of them, and demands a filter.
const hiddenModel = `type: model
name: orders
sql_from: main.orders
primary_key: [order_id]
row_filter: {account: account}
required_filters: [{order_id: "> 1"}]
joins:
  - {join: customers, sql_on: "${orders.customer_id} = ${customers.customer_id}", relationship: many-to-one}
  - {join: customers, alias: payer, sql_on: "${orders.customer_id} = ${payer.customer_id}", relationship: many-to-one}
dimensions:
  - {name: order_id, type: number}
  - {name: account, type: string, hidden: true}
  - {name: customer_id, type: number}
  - {name: amount, type: number, required_attributes: {boss: "yes"}}
  - {name: doubled, type: number, sql: "${amount} * 2"}
  - {name: quadrupled, type: number, sql: "${doubled} * 2"}
metrics:
  order_count: {type: count, sql: "${TABLE}.order_id"}
  revenue: {type: sum, sql: "${amount}"}
  twice: {type: sum, sql: "${doubled}"}
  each: {type: number, sql: "${revenue} / ${order_count}"}
  large: {type: count, sql: "${TABLE}.order_id", filters: [{amount: "> 15"}]}
---
type: model
name: customers
sql_from: main.customers
primary_key: [customer_id]
row_filter: {account: account}
dimensions:
  - {name: customer_id, type: number}
  - {name: name, type: string}
`

func hiddenDoor(t *testing.T) *query.Service {
	return doorOver(t, tablesOnDuckDB(t, tenantTables), hiddenModel, query.Options{})
}

func ask(t *testing.T, door *query.Service, who access.Principal, q metric.Query) (string, error) {
	t.Helper()
	q.Limit = 100
	return rowsFor(t, door, who, query.Request{Explore: "orders", Query: q})
}

func where(rules ...metric.FilterRule) metric.Filters {
	group := &metric.FilterGroup{And: []metric.FilterGroup{}}
	for i := range rules {
		group.And = append(group.And, metric.FilterGroup{Rule: &rules[i]})
	}
	return metric.Filters{Dimensions: group}
}

func rule(field, operator string, values ...any) metric.FilterRule {
	return metric.FilterRule{Target: metric.FilterTarget{FieldID: field}, Operator: operator, Values: values}
}

func TestH55_a_filter_on_one_alias_confines_every_alias(t *testing.T) {
	door := hiddenDoor(t)
	for _, alias := range []string{"customers", "payer"} {
		got, err := ask(t, door, tenant("a"), metric.Query{Dimensions: []string{alias + "_name", "orders_order_id"}, Filters: where(rule("orders_order_id", "greaterThan", 0))})
		if err != nil || strings.Contains(got, "b-one") || strings.Contains(got, "q-one") || !strings.Contains(got, "a-one") {
			t.Errorf("%s: %s %v", alias, got, err)
		}
	}
}

func TestH56_H57_H61_what_is_made_of_a_hidden_field_is_hidden(t *testing.T) {
	door := hiddenDoor(t)
	boss := tenant("a")
	boss.Attributes = map[string][]string{"boss": {"yes"}}
	extra := func(sql metric.UserSQL) metric.Query {
		return metric.Query{Metrics: []string{"orders_x"}, AdditionalMetrics: []metric.AdditionalMetric{{Table: "orders", Name: "x", Type: "max", SQL: sql}}}
	}
	filter := func(field string) metric.Query {
		return metric.Query{Dimensions: []string{"orders_order_id"}, Filters: where(rule(field, "greaterThan", 15))}
	}
	byFilter := extra("${TABLE}.order_id")
	byFilter.AdditionalMetrics[0].Filters = []metric.MetricFilter{{ID: "1", Target: metric.MetricFilterTarget{FieldRef: "orders.amount"}, Operator: "greaterThan", Values: []any{15}}}
	bins := metric.Query{Dimensions: []string{"b"}, CustomDimensions: []metric.CustomDimension{{ID: "b", Name: "b", Table: "orders", Type: "bin", DimensionID: "orders_amount", BinType: "fixed_width", BinWidth: pointer(10.0)}}}
	own := metric.Query{Dimensions: []string{"d"}, CustomDimensions: []metric.CustomDimension{{ID: "d", Name: "d", Table: "orders", Type: "sql", SQL: "${orders.quadrupled} + 1", DimensionType: "number"}}}
	for name, q := range map[string]metric.Query{
		"H56 the field": {Dimensions: []string{"orders_amount"}}, "H56 one step": {Dimensions: []string{"orders_doubled"}}, "H56 two steps": {Dimensions: []string{"orders_quadrupled"}},
		"H56 a metric": {Metrics: []string{"orders_revenue"}}, "H56 a metric of a step": {Metrics: []string{"orders_twice"}}, "H56 a metric of a metric": {Metrics: []string{"orders_each"}},
		"H56 a metric's filter": {Metrics: []string{"orders_large"}}, "H57 a custom metric": extra("${amount}"), "H57 of a step": extra("${quadrupled}"), "H57 by its column": extra("${TABLE}.amount"),
		"H57 by a filter": byFilter, "H57 bins": bins, "H57 a custom dimension": own, "H61 a filter": filter("orders_amount"), "H61 a filter on a step": filter("orders_quadrupled"),
		"H61 a sort":             {Dimensions: []string{"orders_order_id"}, Sorts: []metric.Sort{{FieldID: "orders_amount"}}},
		"H61 a filter on metric": {Dimensions: []string{"orders_order_id"}, Filters: metric.Filters{Metrics: &metric.FilterGroup{Rule: pointer(rule("orders_revenue", "greaterThan", 15))}}},
		"H61 a calculation":      {Dimensions: []string{"orders_order_id"}, TableCalculations: []metric.TableCalculation{{Name: "c", DisplayName: "c", SQL: "${orders.amount}"}}},
	} {
		if got, err := ask(t, door, tenant("a"), q); err == nil {
			t.Errorf("%s is shown: %s", name, got)
		}
		if _, err := ask(t, door, boss, q); err != nil && name != "H61 a sort" && name != "H61 a calculation" && name != "H57 by its column" {
			t.Errorf("%s is kept from whoever may see it: %v", name, err)
		}
	}
}

func pointer[T any](v T) *T { return &v }

func TestH56_a_hidden_field_of_a_manifest_hides_what_is_made_of_it(t *testing.T) {
	model, err := semantic.LoadManifest([]byte(`{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "adapter_type": "postgres"}, "metrics": {}, "docs": {}, "nodes": {"model.p.orders": {
		"resource_type": "model", "unique_id": "model.p.orders", "name": "orders", "schema": "main", "database": "postgres", "relation_name": "main.orders", "config": {"materialized": "table"}, "meta": {}, "tags": [],
		"columns": {"amount": {"name": "amount", "data_type": "integer", "meta": {"dimension": {"type": "number", "required_attributes": {"boss": "yes"}},
			"additional_dimensions": {"doubled": {"type": "number", "sql": "${amount} * 2"}}, "metrics": {"revenue": {"type": "sum"}, "twice": {"type": "number", "sql": "${revenue} * 2"}}}},
		"order_id": {"name": "order_id", "data_type": "integer", "meta": {"metrics": {"large": {"type": "count", "filters": [{"amount": "> 15"}]}}}}}}}}`), nil, semantic.Options{})
	if err != nil || len(model.Explores) != 1 || len(model.Explores[0].Errors) > 0 {
		t.Fatal(err, model)
	}
	seen, err := semantic.Visible(model.Explores[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	table := seen.Tables["orders"]
	if len(table.Dimensions) != 1 || table.Dimensions["order_id"] == nil || len(table.Metrics) != 0 {
		t.Errorf("without the attribute there are %v and %v", table.Dimensions, table.Metrics)
	}
}

func TestH58_no_filter_of_a_viewer_widens_their_rows(t *testing.T) {
	door := tenantDoor(t)
	for _, operator := range []string{"isNull", "notNull", "notEquals", "equals", "doesNotInclude", "startsWith"} {
		for _, field := range []string{"orders_account", "customers_name", "orders_order_id"} {
			r, always := rule(field, operator, "b"), rule("orders_order_id", "notNull")
			for name, group := range map[string]*metric.FilterGroup{
				"or": {Or: []metric.FilterGroup{{Rule: &r}, {Rule: &always}}}, "alone": {Rule: &r}, "or in and": {And: []metric.FilterGroup{{Or: []metric.FilterGroup{{Rule: &r}, {Rule: &always}}}}},
			} {
				got, err := ask(t, door, tenant("a"), metric.Query{Dimensions: []string{"orders_order_id", "customers_name"}, Filters: metric.Filters{Dimensions: group}})
				if strings.Contains(got, "b-one") || strings.Contains(got, "q-one") || strings.Contains(got, `"raw":3`) || strings.Contains(got, `"raw":4`) || strings.Contains(got, `"raw":5`) {
					t.Errorf("%s %s by %s: %s %v", field, operator, name, got, err)
				}
			}
		}
	}
}

func TestH59_a_required_filter_is_not_removed(t *testing.T) {
	door := hiddenDoor(t)
	disabled := rule("orders_order_id", "greaterThan", 0)
	disabled.Disabled = true
	for name, filters := range map[string]metric.Filters{"none": {}, "another": where(rule("customers_name", "notNull")), "disabled": where(disabled), "an empty group": {Dimensions: &metric.FilterGroup{And: []metric.FilterGroup{}}}} {
		got, err := ask(t, door, tenant("a"), metric.Query{Metrics: []string{"orders_order_count"}, Filters: filters})
		if err != nil || !strings.Contains(got, `"raw":1,`) { // of two orders, the one whose id is greater
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
}

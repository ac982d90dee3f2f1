package semantic

import (
	"fmt"
	"testing"
	"testing/fstest"
)

const shop = `
type: model
name: orders
label: All orders
sql_from: shop.orders
primary_key: [id]
row_filter: {account: account_id}
sets: {short: {fields: [id, at]}}
order_fields_by: index
joins: [{join: buyers, sql_on: "${orders.buyer} = ${buyers.id}", relationship: many-to-one}]
explores:
  big_orders:
    label: Big ones
    sql_filter: ${amount} > 100
    required_filters: [{at: inThePast 3 days}, {buyer: "!x", required: false}]
    required_attributes: {boss: "yes"}
    additional_dimensions: {half: {type: number, sql: "${amount} / 2"}, later: {type: date, time_intervals: [WEEK]}}
    joins:
      - {join: orders, alias: earlier, fields: [short*, order_count], sql_on: "${earlier.buyer} = ${orders.buyer}", type: inner, always: true}
dimensions:
  - {name: id, type: number}
  - {name: buyer, type: number}
  - {name: at, type: timestamp, time_intervals: [day, "MONTH"], groups: [when], case_sensitive: false}
  - {name: plain_at, type: timestamp, time_intervals: false}
  - {name: amount, type: number, metrics: {revenue: {type: sum, format: usd, round: 2}}}
metrics:
  order_count: {type: count, sql: "${TABLE}.id", filters: [{at_DAY: "!null"}]}
---
- type: model
  name: buyers
  sql_from: buyers
  hidden: true
  shared: true
  dimensions: [{name: id, type: number}, &name {name: name, type: string, hidden: true}]
- type: model
  name: aliased
  sql_from: '"My Db".s.t'
  dimensions: [{<<: *name, label: Called}]
`

func TestANativeModelMayHaveSeveralExplores(t *testing.T) {
	m := loadText(t, shop)
	if got := names(m); len(m.Problems) > 0 || got != "orders big_orders aliased" {
		t.Fatal(got, m.Problems)
	}
	big, orders := find(t, m, "big_orders"), find(t, m, "orders")
	base := big.Tables["orders"]
	if big.BaseTable != "orders" || base.SQLFilter != "${amount} > 100" || orders.Tables["orders"].SQLFilter != "" {
		t.Errorf("%+v", base)
	}
	if got := fmt.Sprint(base.RequiredFilters[0].Required, base.RequiredFilters[1].Required, base.RequiredAttributes); got != "true false map[boss:[yes]]" {
		t.Error(got)
	}
	if base.Dimensions["half"] == nil || base.Dimensions["later_week"] == nil || orders.Tables["orders"].Dimensions["half"] != nil {
		t.Error(sortedKeys(base.Dimensions))
	}
	earlier := big.Tables["earlier"]
	if got := fmt.Sprint(sortedKeys(earlier.Dimensions), sortedKeys(earlier.Metrics), earlier.Dimensions["buyer"].Hidden); got != "[at at_day at_month buyer id] [order_count] true" {
		t.Error(got)
	}
	if j := big.Joins[0]; j.Type != Inner || !*j.Always || earlier.OriginalName != "orders" || earlier.Dimensions["id"].Table != "earlier" {
		t.Errorf("%+v", j)
	}
}

func TestWhatANativeModelSaysArrives(t *testing.T) {
	m := loadText(t, shop)
	orders := find(t, m, "orders").Tables["orders"]
	got := fmt.Sprint(orders.Label, orders.PrimaryKey, orders.RowFilters, orders.OrderFieldsBy, orders.Relation, orders.Schema, orders.Identifier)
	if got != "All orders[id] [{account account_id}]INDEXshop.ordersshoporders" {
		t.Error(got)
	}
	day := orders.Dimensions["at_day"]
	if got := fmt.Sprint(day.Label, day.Groups, day.Type, day.TimeInterval, day.IntervalBase, day.SQL, day.CaseInsensitive, day.Index); got != "At day[when At]dateDAYat${TABLE}.attrue 2" {
		t.Error(got)
	}
	if orders.Dimensions["plain_at"].IsIntervalBase || orders.Dimensions["plain_at_day"] != nil || orders.Dimensions["at_year"] != nil {
		t.Error(sortedKeys(orders.Dimensions))
	}
	if buyers := find(t, m, "orders").Tables["buyers"]; !buyers.Shared || len(buyers.RowFilters) > 0 {
		t.Errorf("%+v", buyers)
	}
	aliased := find(t, m, "aliased").Tables["aliased"]
	if d := aliased.Dimensions["name"]; aliased.Database != "My Db" || d.Label != "Called" || !d.Hidden {
		t.Errorf("%+v %+v", aliased, d)
	}
}

func TestRelationsAreListedOnceForTheCatalogue(t *testing.T) {
	s, err := ParseYAML(fstest.MapFS{"a/m.yaml": {Data: []byte(shop)}, ".git/x.yml": {Data: []byte("[")}, "readme.md": {Data: []byte("[")}},
		Options{Database: "db", Schema: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.Relations()); got != "[{db shop orders} {db main buyers} {My Db s t}]" {
		t.Error(got)
	}
}

func TestSharedTablesAreTheSameInEveryExplore(t *testing.T) {
	m := loadText(t, shop+"---\n{type: model, name: lines, sql_from: l, joins: [{join: buyers, sql_on: '1=1'}], dimensions: [{name: id}]}\n")
	if find(t, m, "orders").Tables["buyers"] != find(t, m, "lines").Tables["buyers"] {
		t.Error("a table that refers to itself alone is copied")
	}
}

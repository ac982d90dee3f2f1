package query_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/query"
)

// saleTables hold what doesn't add up: buyers who buy in several months and channels, several items an order, nulls.
const saleTables = `CREATE TABLE sales (sale_id INTEGER, buyer VARCHAR(10), channel VARCHAR(20), sold_on DATE, amount DECIMAL(12,2), account VARCHAR(10));
INSERT INTO sales VALUES (1,'ann','web','2024-01-05',10.5,'a'),(2,'ann','shop','2024-02-06',20,'a'),(3,'bob','web','2024-02-07',7,'a'),
(4,'bob',NULL,'2024-04-01',1.25,'a'),(5,'eve','web','2024-01-31',NULL,'b'),(6,'eve','quo''te','2024-01-30',99,'b'),(7,'ann','web','2024-01-06',3,'a');
CREATE TABLE items (item_id INTEGER, sale_id INTEGER, product VARCHAR(10));
INSERT INTO items VALUES (1,1,'pen'),(2,1,'ink'),(3,2,'pen'),(4,3,'ink'),(5,3,'ink'),(6,6,'pen');`

const saleModel = `type: model
name: sales
sql_from: main.sales
primary_key: [sale_id]
joins:
  - {join: items, sql_on: "${sales.sale_id} = ${items.sale_id}", relationship: one-to-many}
dimensions:
  - {name: sale_id, type: number}
  - {name: buyer, type: string}
  - {name: channel, type: string}
  - {name: account, type: string}
  - {name: sold_on, type: date, time_intervals: [MONTH, MONTH_NAME]}
metrics:
  revenue: {type: sum, sql: "${TABLE}.amount", format: usd}
  buyers: {type: count_distinct, sql: "${TABLE}.buyer"}
  average_sale: {type: average, sql: "${TABLE}.amount"}
---
type: model
name: items
sql_from: main.items
primary_key: [item_id]
dimensions:
  - {name: item_id, type: number}
  - {name: sale_id, type: number}
  - {name: product, type: string}
metrics:
  item_count: {type: count, sql: "${TABLE}.item_id"}
`

// pivotCase is one of testdata/pivots.json: the pivot of a query, or the totals of one, with an independent query for
// the same rows, or what its refusal says.
type pivotCase struct {
	Name    string
	Query   metric.Query
	Pivot   *metric.Pivot
	Total   query.TotalKind // of the query, in its place
	Within  []string
	Columns []string // their names
	Check   string
	Refused string
}

func TestPivotsAndTotals(t *testing.T) {
	holdsPivots(t, doorOver(t, tablesOnDuckDB(t, saleTables), saleModel, query.Options{}))
}

func TestPivotsAndTotalsOnPostgreSQL(t *testing.T) {
	holdsPivots(t, doorOver(t, tablesOnPostgreSQL(t, saleTables), saleModel, query.Options{}))
}

func holdsPivots(t *testing.T, door *query.Service) {
	data, err := os.ReadFile("testdata/pivots.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []pivotCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			r := query.Request{Project: "p", Explore: "sales", Query: c.Query, Pivot: c.Pivot}
			if c.Total != "" {
				if r, err = r.Total(c.Total, c.Within); refuses(t, err, c.Refused) {
					return
				}
			}
			result, err := door.Run(t.Context(), admin, r)
			if refuses(t, err, c.Refused) {
				return
			}
			if !slices.Equal(result.Columns, c.Columns) {
				t.Errorf("columns\n%v\nwant\n%v", result.Columns, c.Columns)
			}
			got := rawLines(t, result)
			check, err := door.RunSQL(t.Context(), admin, query.Statement{Project: "p", SQL: c.Check, Limit: -1, Purpose: query.SQLRunner})
			if err != nil {
				t.Fatal(err)
			}
			want := rawLines(t, check)
			if c.Total != "" { // in no order
				got, want = inOrder(got), inOrder(want)
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s\nby\n%s", got, want, result.SQL)
			}
		})
	}
}

func inOrder(lines string) string {
	return strings.Join(slices.Sorted(strings.SplitAfterSeq(lines, "\n")), "")
}

// refuses tells that a case ends with an error, which must say what is expected.
func refuses(t *testing.T, err error, says string) bool {
	t.Helper()
	if (err != nil) != (says != "") || err != nil && !strings.Contains(fault.As(err).Message, says) {
		t.Fatalf("got %v, want a refusal with %q", err, says)
	}
	return err != nil
}

// rawLines are the raw values of a result, and closes it.
func rawLines(t *testing.T, r *query.Result) string {
	t.Helper()
	defer r.Rows.Close()
	var out bytes.Buffer
	err := frame.Each(t.Context(), r.Rows, func(b *frame.Batch) error {
		for i := range b.Rows {
			for n := range b.Columns {
				out.Write(append(frame.AppendRaw(nil, &b.Columns[n], i, true), ' '))
			}
			out.WriteByte('\n')
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestH21_names_of_a_pivot_break_out_of_nothing(t *testing.T) {
	door := doorOver(t, tablesOnDuckDB(t, saleTables), saleModel, query.Options{})
	hostile := []string{`channel" FROM sales; DROP TABLE sales --`, "channel`", `c") AS x, (SELECT 1`, "channel\x00", "", strings.Repeat("x", 5000), `"`, `\"`}
	for _, name := range hostile {
		for place, p := range map[string]*metric.Pivot{
			"index":     {Index: []string{name}, Values: []metric.PivotValue{{Column: "amount", Aggregation: "sum"}}},
			"group":     {Index: []string{"buyer"}, Groups: []string{name}, Values: []metric.PivotValue{{Column: "amount", Aggregation: "sum"}}},
			"value":     {Index: []string{"buyer"}, Values: []metric.PivotValue{{Column: name, Aggregation: "sum"}}},
			"function":  {Index: []string{"buyer"}, Values: []metric.PivotValue{{Column: "amount", Aggregation: name}}},
			"sort":      {Index: []string{"buyer"}, Values: []metric.PivotValue{{Column: "amount", Aggregation: "sum"}}, Sorts: []metric.Sort{{FieldID: name}}},
			"sort only": {Index: []string{"buyer"}, Values: []metric.PivotValue{{Column: "amount", Aggregation: "sum"}}, Hidden: []metric.PivotValue{{Column: name, Aggregation: "max"}}, Sorts: []metric.Sort{{FieldID: name}}},
		} {
			if _, err := door.RunSQL(t.Context(), admin, query.Statement{Project: "p", SQL: "SELECT * FROM main.sales", Purpose: query.SQLRunner, Pivot: p}); err == nil || fault.Is(err, fault.Internal) {
				t.Errorf("%s %q in SQL: %v", place, name, err)
			}
			r := query.Request{Project: "p", Explore: "sales", Pivot: p, Query: metric.Query{Dimensions: []string{"sales_buyer"}, Metrics: []string{"sales_revenue"}, Limit: 5}}
			if _, err := door.Run(t.Context(), admin, r); err == nil || fault.Is(err, fault.Internal) {
				t.Errorf("%s %q over fields: %v", place, name, err)
			}
		}
	}
	text := "SELECT 1 AS a, 2 AS b) SELECT * FROM (SELECT 1"
	p := &metric.Pivot{Index: []string{"a"}, Values: []metric.PivotValue{{Column: "b", Aggregation: "sum"}}}
	if _, err := door.RunSQL(t.Context(), admin, query.Statement{Project: "p", SQL: text, Purpose: query.SQLRunner, Pivot: p}); !fault.Is(err, fault.Invalid) {
		t.Errorf("text that closes the bracket it stands in: %v", err)
	}
}

func TestH132_too_many_pivot_columns_are_cut_or_refused(t *testing.T) {
	door := doorOver(t, tablesOnDuckDB(t, saleTables), saleModel, query.Options{})
	ask := func(columns int) (*query.Result, error) {
		text := "SELECT range AS n, 1 AS one FROM range(" + strconv.Itoa(columns) + ")"
		p := &metric.Pivot{Groups: []string{"n"}, Values: []metric.PivotValue{{Column: "one", Aggregation: "sum"}}}
		return door.RunSQL(t.Context(), admin, query.Statement{Project: "p", SQL: text, Purpose: query.SQLRunner, Pivot: p})
	}
	cut, err := ask(1000)
	if err != nil || len(cut.Columns) != 60 || cut.Pivot.Total != 1000 {
		t.Errorf("a thousand: %v %v", cut, err)
	}
	if _, err := ask(100000); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "100000 columns") {
		t.Errorf("a hundred thousand: %v", err)
	}
	many := &metric.Pivot{Groups: []string{"sales_channel"}}
	for range 1000 {
		many.Values = append(many.Values, metric.PivotValue{Column: "sales_revenue", Aggregation: "any"})
	}
	r := query.Request{Project: "p", Explore: "sales", Pivot: many, Query: metric.Query{Dimensions: []string{"sales_channel"}, Metrics: []string{"sales_revenue"}, Limit: 5}}
	if _, err := door.Run(t.Context(), admin, r); !fault.Is(err, fault.Invalid) {
		t.Errorf("a thousand values: %v", err)
	}
}

func TestH41_totals_and_pivots_are_of_ones_own_rows(t *testing.T) {
	door := tenantDoor(t)
	r := query.Request{Project: "p", Explore: "orders", Query: metric.Query{Dimensions: []string{"customers_name"}, Metrics: []string{"orders_revenue"}, Limit: 10}}
	pivoted := r
	pivoted.Pivot = &metric.Pivot{Groups: []string{"customers_name"}, Values: []metric.PivotValue{{Column: "orders_revenue", Aggregation: "any"}}}
	for account, want := range map[string]string{"a": "30 \n", "b": "100 \n", "quo'te": "1000 \n"} {
		total, err := r.Total(query.GrandTotal, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time from the cache
			result, err := door.Run(t.Context(), tenant(account), total)
			if err != nil {
				t.Fatal(err)
			}
			if got := rawLines(t, result); got != want {
				t.Errorf("total of %s: %s", account, got)
			}
			result, err = door.Run(t.Context(), tenant(account), pivoted)
			if err != nil {
				t.Fatal(err)
			}
			for _, column := range result.Columns {
				if !strings.HasPrefix(column, "orders_revenue_any_"+account[:1]+"-") {
					t.Errorf("%s is shown the column %s", account, column)
				}
			}
		}
	}
	unfit := access.Principal{Kind: access.Tenant, Organization: "org", Project: "p", Tenant: "none"}
	if _, err := door.Run(t.Context(), unfit, pivoted); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without a value: %v", err)
	}
}

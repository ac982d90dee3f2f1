package testkit_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
)

// besides are the operations on what is kept beside charts, by parts of their names.
var besides = map[string][]string{
	"H48_comments_notifications_and_links":           {"comment", "notification", "share"},
	"H49_code_history_and_compiled_queries":          {"code", "history", "compile", "version"},
	"H50_validation_lineage_and_metadata":            {"validat", "lineage", "catalog", "metadata", "analytics"},
	"H51_promoted_duplicated_moved_and_shown_before": {"promote", "duplicate", "move", "preview"},
}

// TestH48_to_H51_what_is_kept_beside_charts_tells_nothing asks for everything beside charts as every principal of two
// tenants. Nobody is told of others, and no guest what a colleague wrote beside a chart of a merchant.
//
// That it would see a defect: let access.s foreignTo speak of MemberProfile only.
func TestH48_to_H51_what_is_kept_beside_charts_tells_nothing(t *testing.T) {
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	board := w.must(w.admin(), "GET", w.fill("/api/v1/dashboards/{board}"), "")
	tile, _ := at(board.body, "results.tiles").([]any)[0].(map[string]any)["uuid"].(string)
	third := w.facts.Tenants[2].Key
	w.must(w.admin(), "POST", w.fill("/api/v1/comments/dashboards/{board}/")+tile, text(map[string]any{"text": third, "textHtml": third, "mentions": []any{}}))
	for _, tenant := range w.facts.Tenants[:2] {
		for _, who := range principals {
			as := who.enter(w, tenant)
			for name, parts := range besides {
				rows := w.named(parts)
				if len(rows) < 3 {
					t.Fatalf("only %d operations are named like %v", len(rows), parts)
				}
				for _, r := range rows {
					a := w.ask(as, r.Method, r.path, r.body)
					colleagues := who.colleague && r.ID == "getComments" // they read each other's
					if found := owners.others(tenant.Key, a); broken(a) || len(found) > 0 && !colleagues {
						t.Errorf("%s: %s tells %s of %v: %.200s", name, r, who.name, found, a)
					}
				}
			}
		}
	}
}

// named gives the rows whose ids hold one of the parts.
func (w *world) named(parts []string) []row {
	return slices.DeleteFunc(w.rows(), func(r row) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(strings.ToLower(r.ID), part) })
	})
}

// TestH60_filters_that_come_with_a_request_only_narrow counts a tenant's orders on a dashboard under filters that ask for
// another's: none when they must hold too, and the tenant's own, not one more, when any may hold.
//
// That it would see a defect: in query's prepare, replace each table's decision by metric.OpenTable("").
func TestH60_filters_that_come_with_a_request_only_narrow(t *testing.T) {
	w := open(t)
	own, other := w.facts.Tenants[0], w.facts.Tenants[1]
	orders := number(t, w.facts.Warehouse, "SELECT count(*) FROM orders WHERE merchant_id = ?", own.Key)
	if orders == 0 {
		t.Fatal("the tenant has no orders")
	}
	for _, who := range principals {
		if !slices.Contains(who.asks, "tile") {
			continue
		}
		as := who.enter(w, own)
		for field, value := range map[string]string{"orders_merchant_id": other.Key, "merchants_merchant_id": other.Key, "merchants_name": other.Name} {
			for operator, both := range map[string]int64{"equals": 0, "isNull": 0, "include": 0, "notEquals": orders, "notNull": orders, "doesNotInclude": orders} {
				asked := rule(field, operator, value)
				asked["target"].(map[string]any)["tableName"], _, _ = strings.Cut(field, "_")
				for path, c := range map[string]struct {
					body map[string]any
					want int64
				}{
					"/api/v1/saved/{chart Orders}/chart-and-results": {map[string]any{"dashboardUuid": w.facts.Dashboards[0].UUID, "dashboardSorts": []any{},
						"dashboardFilters": map[string]any{"dimensions": []any{asked}, "metrics": []any{}, "tableCalculations": []any{}}}, both},
					"/api/v1/projects/{project}/explores/orders/runQuery": {with(map[string]any{"dimensions": []any{}, "metrics": []any{"orders_order_count"},
						"filters": map[string]any{"dimensions": map[string]any{"id": "0", "or": []any{asked, rule(field, "notNull")}}}}), orders},
				} {
					if strings.HasSuffix(path, "runQuery") && !slices.Contains(who.asks, "explore") {
						continue
					}
					if a := w.ask(as, "POST", w.fill(path), text(c.body)); counted(a) != c.want {
						t.Errorf("%s, %s %s: %d orders, not %d: %.300s", who.name, field, operator, counted(a), c.want, a)
					}
				}
			}
		}
	}
}

// counted is the number of orders in the answer of a tile, -1 when there is none.
func counted(a answer) int64 {
	rows, _ := at(a.body, "results.rows").([]any)
	if len(rows) != 1 {
		return -1
	}
	count, ok := at([]byte(text(rows[0])), "orders_order_count.value.raw").(float64)
	if !ok {
		return -1
	}
	return int64(count)
}

// number asks the warehouse itself for one number.
func number(t *testing.T, warehouse, statement string, arguments ...any) (n int64) {
	t.Helper()
	db, err := sql.Open("duckdb", warehouse+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	if err := db.QueryRow(statement, arguments...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

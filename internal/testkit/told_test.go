package testkit_test

import (
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

func TestH60_filters_that_come_with_a_request_only_narrow(t *testing.T) {
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	other := w.facts.Tenants[1].Key
	for _, who := range principals {
		as := who.enter(w, w.facts.Tenants[0])
		for _, field := range []string{"orders_merchant_id", "merchants_merchant_id", "merchants_name"} {
			for _, operator := range []string{"equals", "notEquals", "isNull", "notNull", "include", "doesNotInclude"} {
				r := rule(field, operator, other)
				for name, filters := range map[string]any{
					"and": map[string]any{"dimensions": []any{r}, "metrics": []any{}, "tableCalculations": []any{}},
					"or":  map[string]any{"dimensions": map[string]any{"id": "0", "or": []any{r, rule(field, "notNull")}}},
				} {
					a := w.ask(as, "POST", w.fill("/api/v1/saved/{chart Best-selling products}/chart-and-results"),
						text(map[string]any{"dashboardUuid": w.facts.Dashboards[0].UUID, "dashboardFilters": filters, "dashboardSorts": []any{}}))
					if broken(a) || len(owners.others(w.facts.Tenants[0].Key, answer{code: a.code, body: rowsOnly(a)})) > 0 {
						t.Errorf("%s, %s %s by %s: %.300s", who.name, field, operator, name, a)
					}
				}
			}
		}
	}
}

// rowsOnly leaves out the query, which repeats what was asked for.
func rowsOnly(a answer) []byte { return []byte(text(at(a.body, "results.rows"))) }

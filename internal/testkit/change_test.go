package testkit_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// inBackground starts a query in the background and gives where its rows are, or the refusal.
func (w *world) inBackground(as credential, kind string, body any) (string, answer) {
	started := w.ask(as, "POST", w.fill("/api/v2/projects/{project}/query/"+kind), text(body))
	id, _ := at(started.body, "results.queryUuid").(string)
	return w.fill("/api/v2/projects/{project}/query/") + id, started
}

// settled waits until a query in the background is no longer on its way.
func (w *world) settled(as credential, path string) answer {
	for range 500 {
		a := w.ask(as, "GET", path, "")
		if status := at(a.body, "results.status"); status != "pending" && status != "queued" && status != "executing" {
			return a
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatal(path, "doesn't end")
	return answer{}
}

func TestH28_limits_of_queries_in_the_background_are_whole_numbers_in_range(t *testing.T) {
	w := open(t)
	for _, limit := range []any{-1, -9e18, json.Number("1e308"), json.Number("9223372036854775808"), 1.5, "1; DELETE FROM orders", true, []any{1}} {
		for kind, body := range map[string]map[string]any{
			"metric-query": {"query": with(map[string]any{"limit": limit})}, "sql": {"sql": "SELECT 1", "limit": limit},
			"chart": {"chartUuid": w.charts["Revenue"], "limit": limit},
		} {
			if _, a := w.inBackground(w.admin(), kind, body); a.code != 400 && a.code != 422 || !strings.Contains(string(a.body), "limit") {
				t.Errorf("%s with the limit %v: %s", kind, limit, a)
			}
		}
	}
}

// TestH45_H63_rows_in_the_background_follow_the_policy: whoever sees more asks first, and a tenant that is registered
// anew, for other rows, is told those by its old token, and nothing of what it had asked before.
//
// That it would see a defect: leave the filters out of schedule's asker, or out of query's fingerprint.
func TestH45_H63_rows_in_the_background_follow_the_policy(t *testing.T) {
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	body := map[string]any{"query": with(nil)}
	wider, _ := w.inBackground(w.admin(), "metric-query", body)
	w.settled(w.admin(), wider)

	own, other := w.facts.Tenants[0], w.facts.Tenants[1]
	may := map[string]bool{"createChart": true}
	own.Key += "-moves"
	as := w.upsolve(own, may)
	before, started := w.inBackground(as, "metric-query", body)
	rows := w.settled(as, before)
	if found := owners.others("m-0001", rows); rows.code != 200 || at(rows.body, "results.totalResults") == nil || len(found) > 0 {
		t.Errorf("%s: %s tells of %v", started, rows, found)
	}
	if a := w.ask(as, "GET", wider, ""); a.code != 404 {
		t.Errorf("the admin's rows: %s", a)
	}
	own.Prefilters = other.Prefilters
	w.upsolve(own, may)
	if a := w.ask(as, "GET", before, ""); a.code != 404 {
		t.Errorf("rows of the policy before: %s", a)
	}
	after, _ := w.inBackground(as, "metric-query", body)
	rows = w.settled(as, after)
	if found := owners.others(other.Key, rows); rows.code != 200 || at(rows.body, "results.totalResults") == nil || len(found) > 0 {
		t.Errorf("after the change: %s tells of %v", rows, found)
	}
	now := w.must(as, "POST", w.fill("/api/v1/projects/{project}/explores/orders/runQuery"), query+"}")
	if found := owners.others(other.Key, now); len(found) > 0 {
		t.Errorf("a query after the change tells of %v", found)
	}
}

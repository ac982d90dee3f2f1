package testkit_test

import (
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"inlay/internal/demo"
)

// hostileIDs are names that try to get out of the quotes of every dialect.
var hostileIDs = []string{
	`orders_revenue" DESC --`, "orders_revenue` DESC --", "orders_revenue] DESC --", `orders_revenue"; DELETE FROM orders; --`, `(SELECT name FROM merchants)`,
	`orders_revenue" UNION SELECT name, name, 1 FROM main.merchants --`, `\" OR 1=1 --`, "orders_revenue\x00", "", strings.Repeat("x", 10_000), "1", "*", "${orders.merchant_id}",
}

// attackers are principals of one tenant who may ask for more than what is saved, and one who may not.
func attackers(w *world, t demo.TenantFacts) map[string]credential {
	editor := t
	editor.Key += "-editors" // another tenant with the same rows
	return map[string]credential{
		"editor": w.upsolve(editor, map[string]bool{"createChart": true, "editCharts": true, "drillDown": true}),
		"cube":   securityContext(w, t),
	}
}

// attack sends bodies as each attacker for each purpose that takes a query. Nothing may break, and no answer, refusal or
// not, may name what is another tenant's.
func attack(t *testing.T, bodies ...map[string]any) {
	t.Helper()
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	for _, tenant := range w.facts.Tenants[:2] {
		all := attackers(w, tenant)
		w.must(all["editor"], "POST", w.fill("/api/v1/projects/{project}/explores/orders/runQuery"), query+"}") // they get that far
		for name, as := range all {
			for _, path := range []string{"runQuery", "runUnderlyingDataQuery", "compileQuery", "downloadCsv"} {
				for _, body := range bodies {
					a := w.ask(as, "POST", w.fill("/api/v1/projects/{project}/explores/orders/"+path), text(body))
					if broken(a) {
						t.Errorf("%s, %s of %s: %s", path, name, text(body), a)
					}
					if found := owners.others(tenant.Key, a); len(found) > 0 {
						t.Errorf("%s tells %s of %v by %s", path, name, found, text(body))
					}
				}
			}
		}
	}
}

// with is the query with some members changed; a nil value leaves the member out.
func with(changes map[string]any) map[string]any {
	var body map[string]any
	if err := json.Unmarshal([]byte(query+"}"), &body); err != nil {
		panic(err)
	}
	for name, value := range changes {
		body[name] = value
		if value == nil {
			delete(body, name)
		}
	}
	return body
}

func rule(field, operator string, values ...any) map[string]any {
	return map[string]any{"id": "1", "target": map[string]any{"fieldId": field}, "operator": operator, "values": values}
}

func filtered(rules ...any) map[string]any {
	return with(map[string]any{"filters": map[string]any{"dimensions": map[string]any{"id": "0", "and": rules}}})
}

func TestH20_sort_id_breakout(t *testing.T) {
	var bodies []map[string]any
	for _, id := range hostileIDs {
		bodies = append(bodies, with(map[string]any{"sorts": []any{map[string]any{"fieldId": id, "descending": true}}}))
	}
	attack(t, bodies...)
}

func TestH23_operators_units_and_numbers_as_anything(t *testing.T) {
	var bodies []map[string]any
	for _, wrong := range []any{"equals OR 1=1", "'; --", 1, nil, true, []any{"equals"}, map[string]any{"$ne": 1}} {
		r := rule("orders_channel", "equals", "web")
		r["operator"] = wrong
		unit := rule("orders_ordered_at", "inThePast", 1)
		unit["settings"] = map[string]any{"unitOfTime": wrong, "completed": wrong}
		field := rule("orders_channel", "equals", "web")
		field["target"] = map[string]any{"fieldId": wrong}
		bodies = append(bodies, filtered(r), filtered(unit), filtered(field), filtered(rule("orders_days_to_deliver", "equals", wrong)),
			filtered(rule("orders_ordered_at", "inThePast", wrong)), filtered(rule("orders_is_gift", "equals", wrong)), filtered(wrong))
	}
	for _, text := range []string{"1) OR (1=1", "0x1", "1e999", "NaN", "1; DELETE FROM orders", "(SELECT 1)", "1 --", "１"} {
		bodies = append(bodies, filtered(rule("orders_days_to_deliver", "greaterThan", text)), filtered(rule("orders_days_to_deliver", "inBetween", text, text)))
	}
	attack(t, bodies...)
}

func TestH24_attribute_and_email_values_break_out_of_nothing(t *testing.T) {
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	board := w.fill("/api/v1/saved/{chart Best-selling products}/chart-and-results")
	for _, value := range []any{"m-0001' OR '1'='1", `m-0001\' OR 1=1 --`, "m-0001') OR ('1'='1", "%", "_-____", "M-0001", "m-0001 ", " m-0001", "m-0001\x00", map[string]any{"$ne": ""},
		[]any{map[string]any{"a": 1}}, []any{}, "", "null", true, 0, "$$", "${ld.attr.merchant_id}", `["m-0001","m-0002"]`} {
		for name, session := range map[string]map[string]any{
			"context":    {"externalId": "x", "securityContext": map[string]any{"merchant_id": value}},
			"attributes": {"externalId": "x", "userAttributes": []any{map[string]any{"name": "merchant_id", "value": value}}},
			"external":   {"externalId": value, "securityContext": map[string]any{"merchant_id": "nobody"}},
		} {
			session["deploymentId"] = w.facts.Deployment
			made := w.ask(credential{"Authorization": "Api-Key " + w.facts.Fronts.Cube.APIKey}, "POST", "/api/v1/embed/generate-session", text(session))
			id, _ := at(made.body, "sessionId").(string)
			if broken(made) {
				t.Errorf("%s %v: %s", name, value, made)
			}
			if id == "" {
				continue
			}
			token, _ := at(w.must(nil, "POST", "/api/v1/embed/session/token", text(map[string]any{"sessionId": id})).body, "token").(string)
			a := w.ask(credential{"Authorization": "Embed-Token " + token}, "POST", board, w.fill(`{"dashboardUuid":"{board}","dashboardFilters":{},"dashboardSorts":[]}`))
			if found := owners.others("", a); broken(a) || len(found) > 0 {
				t.Errorf("%s %v is told of %v: %.300s", name, value, found, a)
			}
		}
	}
	for _, user := range []string{"a' OR '1'='1", `a"@example.com`, "a@example.com\x00", "<script>"} {
		a := w.ask(nil, "POST", "/callosum/v1/tspublic/v1/session/auth/token", "secret_key="+w.facts.Fronts.ThoughtSpot.SecretKey+"&access_level=FULL&autocreate=true&username="+url.QueryEscape(user))
		if broken(a) {
			t.Errorf("%q: %s", user, a)
		}
	}
}

func TestH25_templates_in_values_are_text(t *testing.T) {
	var bodies []map[string]any
	for _, value := range []string{"${merchants.name}", "${TABLE}.name", "${ld.attr.merchant_id}", "${lightdash.user.email}", "{{ users.name }}", "{% if 1 %}x{% endif %}", "${ld.parameters.x}",
		"${${merchants.name}}", "$1", "?", ":1", "${ld.attr.${ld.attr.x}}"} {
		bodies = append(bodies, filtered(rule("orders_channel", "equals", value)), filtered(rule("products_name", "include", value)),
			with(map[string]any{"parameters": map[string]any{"x": value}}), with(map[string]any{"dimensions": []any{value}}))
	}
	attack(t, bodies...)
	w := open(t)
	editor := attackers(w, w.facts.Tenants[0])["editor"]
	for _, value := range []string{"${merchants.name}", "${TABLE}.name", "{{ merchants.name }}"} { // each is every name, once it is read as a template
		for operator, found := range map[string]bool{"equals": false, "include": false, "notEquals": true} {
			a := w.must(editor, "POST", w.fill("/api/v1/projects/{project}/explores/orders/runQuery"), text(filtered(rule("merchants_name", operator, value))))
			if rows, ok := at(a.body, "results.rows").([]any); !ok || (len(rows) > 0) != found {
				t.Errorf("names that %s %s: %d rows", operator, value, len(rows))
			}
		}
	}
}

func TestH26_names_labels_and_edges_break_out_of_nothing(t *testing.T) {
	var bodies []map[string]any
	for _, id := range hostileIDs {
		bin := func(more map[string]any) map[string]any {
			d := map[string]any{"id": id, "name": id, "table": "orders", "type": "bin", "dimensionId": "orders_days_to_deliver", "binType": "fixed_number", "binNumber": 2}
			for name, value := range more {
				d[name] = value
			}
			return with(map[string]any{"dimensions": []any{"merchants_name", id}, "customDimensions": []any{d}})
		}
		bodies = append(bodies,
			with(map[string]any{"metrics": []any{"orders_" + id}, "additionalMetrics": []any{map[string]any{"table": "orders", "name": id, "label": id, "type": "count", "sql": "${TABLE}.order_id"}}}),
			with(map[string]any{"metrics": []any{"orders_x"}, "additionalMetrics": []any{map[string]any{"table": id, "name": "x", "type": id, "sql": id}}}),
			with(map[string]any{"tableCalculations": []any{map[string]any{"name": id, "displayName": id, "sql": "1"}}}),
			bin(nil), bin(map[string]any{"table": id}), bin(map[string]any{"dimensionId": id}), bin(map[string]any{"binType": id}), bin(map[string]any{"binNumber": id}),
			bin(map[string]any{"binType": "fixed_width", "binWidth": id}), bin(map[string]any{"binType": "custom_range", "customRange": []any{map[string]any{"from": id, "to": 1}}}))
	}
	attack(t, bodies...)
}

func TestH27_zones_and_intervals_are_names_of_a_list(t *testing.T) {
	var bodies []map[string]any
	for _, name := range []any{"UTC'; DELETE FROM orders; --", "../../etc/passwd", "/etc/localtime", "Local", "Europe/Nowhere", "UTC\x00", strings.Repeat("A", 10_000), 1, nil, []any{}, "$(id)"} {
		bodies = append(bodies, with(map[string]any{"timezone": name}), with(map[string]any{"granularity": name}),
			with(map[string]any{"dimensions": []any{"orders_ordered_at_" + text(name)}}))
	}
	attack(t, bodies...)
	w := open(t)
	for _, interval := range []string{"DAY'); --", "day", "century", "", "RAW", "../x"} {
		a := w.ask(w.admin(), "POST", w.fill("/api/v1/saved/{chart Revenue by month}/chart-and-results"), text(map[string]any{
			"dashboardUuid": w.facts.Dashboards[0].UUID, "dashboardFilters": map[string]any{}, "dashboardSorts": []any{}, "granularity": interval}))
		if broken(a) {
			t.Errorf("granularity %q: %s", interval, a)
		}
	}
}

func TestH28_limits_are_whole_numbers_in_range(t *testing.T) {
	var bodies []map[string]any
	for _, limit := range []any{"1; DELETE FROM orders", "500", "", -1, -9e18, json.Number("1e308"), 1.5, nil, true, []any{1}, map[string]any{"a": 1}, json.Number("9223372036854775808"), "1 OFFSET 1", 1 << 40} {
		bodies = append(bodies, with(map[string]any{"limit": limit}), with(map[string]any{"offset": limit}), with(map[string]any{"csvLimit": limit, "onlyRaw": true}))
	}
	attack(t, bodies...)
}

// TestH32_errors_of_the_warehouse_tell_a_guest_nothing stands beside those of the same number in query, which see what is
// said of a tenant's own rows.
func TestH32_errors_of_the_warehouse_tell_a_guest_nothing(t *testing.T) {
	var bodies []map[string]any
	for _, sql := range []string{"CAST(${products.name} AS INTEGER)", "CAST(${merchants.name} AS DATE)", "1 / (CASE WHEN ${merchants.name} LIKE '%a%' THEN 0 ELSE 1 END)",
		"CAST(CAST(${merchants.name} AS VARCHAR) AS INTEGER) + 1", "EXTRACT(YEAR FROM CAST(${products.name} AS TIMESTAMP))"} {
		d := map[string]any{"id": "x", "name": "x", "table": "orders", "type": "sql", "sql": sql, "dimensionType": "number"}
		bodies = append(bodies,
			with(map[string]any{"dimensions": []any{"x"}, "customDimensions": []any{d}}),
			with(map[string]any{"customDimensions": []any{d}, "filters": map[string]any{"dimensions": map[string]any{"id": "0", "and": []any{rule("x", "greaterThan", 0)}}}}),
			with(map[string]any{"metrics": []any{"orders_x"}, "additionalMetrics": []any{map[string]any{"table": "orders", "name": "x", "type": "max", "sql": sql}}}),
			with(map[string]any{"tableCalculations": []any{map[string]any{"name": "c", "displayName": "c", "sql": "CAST(${merchants.name} AS INTEGER)"}}}))
	}
	for _, field := range []string{"merchants_name", "products_name"} {
		bodies = append(bodies, filtered(rule(field, "greaterThan", 1)), filtered(rule(field, "inThePast", 1)))
	}
	attack(t, bodies...)
}

func TestH53_nobody_sets_their_own_attributes(t *testing.T) {
	w := open(t)
	own, other := w.facts.Tenants[0], w.facts.Tenants[1]
	owners := ownersOf(t, w.facts.Warehouse)
	attributes, _ := at(w.must(w.admin(), "GET", "/api/v1/org/attributes", "").body, "results").([]any)
	if len(attributes) == 0 {
		t.Fatal("the demo has no attributes")
	}
	id, _ := attributes[0].(map[string]any)["uuid"].(string)
	for _, who := range principals {
		as := who.enter(w, own)
		change := text(map[string]any{"name": "merchant_id", "users": []any{}, "groups": []any{}, "attributeDefault": other.Key})
		for _, c := range [][3]string{{"PUT", "/api/v1/org/attributes/" + id, change}, {"POST", "/api/v1/org/attributes", change}, {"DELETE", "/api/v1/org/attributes/" + id, ""}} {
			if a := w.ask(as, c[0], c[1], c[2]); a.code < 400 || a.code >= 500 {
				t.Errorf("%s: %s %s gives %.200s", who.name, c[0], c[1], a)
			}
		}
		for _, c := range [][3]string{
			{"PATCH", "/api/v1/user/me", text(map[string]any{"attributes": map[string]any{"merchant_id": []any{other.Key}}, "userAttributes": map[string]any{"merchant_id": other.Key}})},
			{"POST", "/cubejs-api/v1/load", text(map[string]any{"query": map[string]any{"measures": []any{"orders.revenue"}, "dimensions": []any{"merchants.name"}}, "securityContext": map[string]any{"merchant_id": other.Key}})},
			{"POST", w.fill("/api/v1/saved/{chart Best-selling products}/results"), text(map[string]any{"userAttributes": map[string]any{"merchant_id": other.Key}, "prefilters": map[string]any{"merchant_id": other.Key}})},
		} {
			if a := w.ask(as, c[0], c[1], c[2]); broken(a) || len(owners.others(own.Key, a)) > 0 {
				t.Errorf("%s: %s %s gives %.300s", who.name, c[0], c[1], a)
			}
		}
	}
}

// TestH46_there_are_no_pre_aggregates is a guard: results are kept by the finished plan with its policy, and no table is
// summed up beforehand. Whoever builds such tables names them so, and brings the tests of H46 with them: a pre-aggregate
// without the policy's column must not be used.
func TestH46_there_are_no_pre_aggregates(t *testing.T) {
	named := regexp.MustCompile(`(?i)pre[_ -]?aggregat(e|ion)s?["(. ]|\brollups?\b|materialized view`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if found := named.Find(text); found != nil {
			t.Errorf("%s speaks of %q", path, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

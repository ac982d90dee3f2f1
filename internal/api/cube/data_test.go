package cube_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/api/cube"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

// models are one explore of orders with their buyers, and one of buyers alone.
type models struct{}

func (models) Explores(context.Context, access.Principal, string, bool) ([]*semantic.Explore, error) {
	orders := &semantic.Table{Name: "orders", Label: "Orders", PrimaryKey: []string{"id"},
		Dimensions: map[string]*semantic.Dimension{
			"id":      {Table: "orders", Name: "id", Label: "Id", Type: semantic.Number, Column: "id"},
			"gift":    {Table: "orders", Name: "gift", Label: "Gift", Type: semantic.Boolean},
			"channel": {Table: "orders", Name: "channel", Label: "Channel", Type: semantic.String},
			"secret":  {Table: "orders", Name: "secret", Type: semantic.String, Hidden: true},
			"at":      {Table: "orders", Name: "at", Label: "At", Type: semantic.Timestamp, IsIntervalBase: true},
			"at_year": {Table: "orders", Name: "at_year", Type: semantic.Timestamp, TimeInterval: "YEAR", IntervalBase: "at"},
		},
		Metrics: map[string]*semantic.Metric{
			"count":   {Table: "orders", Name: "count", Label: "Count", Type: semantic.Count, Filters: []semantic.Filter{{Field: "channel", Operator: "equals", Values: []any{"web"}}}},
			"revenue": {Table: "orders", Name: "revenue", Label: "Revenue", Type: semantic.Sum},
		}}
	buyers := &semantic.Table{Name: "buyers", Label: "Buyers", Metrics: map[string]*semantic.Metric{}, Dimensions: map[string]*semantic.Dimension{
		"name": {Table: "buyers", Name: "name", Label: "Name", Type: semantic.String},
	}}
	return []*semantic.Explore{
		{Name: "buyers", BaseTable: "buyers", Tables: map[string]*semantic.Table{"buyers": buyers}},
		{Name: "orders", BaseTable: "orders", Tables: map[string]*semantic.Table{"orders": orders, "buyers": buyers}},
		{Name: "broken", BaseTable: "broken", Errors: []semantic.Problem{{Message: "no"}}},
	}, nil
}

// door notes what it is asked and answers with three rows of every field.
type door struct {
	query.Door
	who   access.Principal
	asked query.Request
}

func (d *door) Run(_ context.Context, who access.Principal, r query.Request) (*query.Result, error) {
	d.who, d.asked = who, r
	columns := append(append([]string{}, r.Query.Dimensions...), r.Query.Metrics...)
	batch := &frame.Batch{Rows: 3}
	for _, id := range columns {
		switch id {
		case "orders_count":
			batch.Columns = append(batch.Columns, frame.Column{Kind: frame.Int, Ints: []int64{64, 3, 1}})
		case "orders_revenue":
			batch.Columns = append(batch.Columns, frame.Column{Kind: frame.Float, Floats: []float64{1.5, 2, 0}, Nulls: []bool{false, false, true}})
		case "orders_at_year":
			batch.Columns = append(batch.Columns, frame.Column{Kind: frame.Timestamp, Ints: []int64{0, 1_000_000, 1_500_000}})
		default:
			batch.Columns = append(batch.Columns, frame.Column{Kind: frame.String, Strings: []string{"web", "a\"pp", "</script>"}})
		}
	}
	return &query.Result{Query: r.Query, Columns: columns, Rows: &rows{batch}}, nil
}

type rows struct{ batch *frame.Batch }

func (r *rows) Fields() []frame.Field { return nil }
func (r *rows) Close() error          { return nil }
func (r *rows) Next(context.Context) (*frame.Batch, error) {
	if r.batch == nil {
		return nil, io.EOF
	}
	next := r.batch
	r.batch = nil
	return next, nil
}

// client sends queries with a session's token.
type client struct {
	t       *testing.T
	handler http.Handler
	door    *door
	token   string
}

func newClient(t *testing.T) *client {
	w := tenancytest.New(t)
	d := &door{}
	router := &api.Router{}
	router.Mount(cube.DataFront(w.Service, slog.New(slog.DiscardHandler)), cube.DataOperations(w.Service, d, models{}, w.Clock.Now, nil))
	deployment, err := w.DeploymentOf(t.Context(), tenancytest.Project)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
	session, err := w.GenerateSession(t.Context(), key, tenancy.SessionRequest{Deployment: deployment, ExternalID: "u", Context: tenancy.Values{"account_id": "a-1"}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := w.RedeemSession(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	who, err := w.ResolveEmbed(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	token, err = w.DataToken(t.Context(), who, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, router, d, token}
}

func (c *client) get(method, query, kind string) (int, map[string]json.RawMessage) {
	c.t.Helper()
	r := httptest.NewRequest("GET", "/cubejs-api/v1/"+method+"?queryType="+kind+"&query="+url.QueryEscape(query), nil)
	r.Header.Set("Authorization", c.token)
	answer := httptest.NewRecorder()
	c.handler.ServeHTTP(answer, r)
	var body map[string]json.RawMessage
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		c.t.Fatalf("%s: %s", query, answer.Body)
	}
	return answer.Code, body
}

func TestRowsComeInThreeFormats(t *testing.T) {
	c := newClient(t)
	for format, want := range map[string]string{
		"default": `[{"orders.channel":"web","orders.at.year":"1970-01-01T00:00:00.000","orders.at":"1970-01-01T00:00:00.000","orders.count":"64","orders.revenue":"1.5"},` +
			`{"orders.channel":"a\"pp","orders.at.year":"1970-01-01T00:00:01.000","orders.at":"1970-01-01T00:00:01.000","orders.count":"3","orders.revenue":"2"},` +
			`{"orders.channel":"</script>","orders.at.year":"1970-01-01T00:00:01.500","orders.at":"1970-01-01T00:00:01.500","orders.count":"1","orders.revenue":null}]`,
		"compact": `{"members":["orders.channel","orders.at.year","orders.at","orders.count","orders.revenue"],"dataset":[` +
			`["web","1970-01-01T00:00:00.000","1970-01-01T00:00:00.000","64","1.5"],["a\"pp","1970-01-01T00:00:01.000","1970-01-01T00:00:01.000","3","2"],` +
			`["</script>","1970-01-01T00:00:01.500","1970-01-01T00:00:01.500","1",null]]}`,
		"columnar": `{"members":["orders.channel","orders.at.year","orders.at","orders.count","orders.revenue"],"columns":[["web","a\"pp","</script>"],` +
			`["1970-01-01T00:00:00.000","1970-01-01T00:00:01.000","1970-01-01T00:00:01.500"],["1970-01-01T00:00:00.000","1970-01-01T00:00:01.000","1970-01-01T00:00:01.500"],` +
			`["64","3","1"],["1.5","2",null]]}`,
	} {
		code, body := c.get("load", `{"measures":["orders.count","orders.revenue"],"dimensions":["orders.channel"],"timeDimensions":`+
			`[{"dimension":"orders.at","granularity":"year"}],"responseFormat":"`+format+`"}`, "")
		if code != http.StatusOK || !same(string(body["data"]), want) {
			t.Errorf("%s: %d %s", format, code, body["data"])
		}
	}
	if c.door.who.Context["account_id"] != "a-1" || c.door.who.Project != tenancytest.Project {
		t.Errorf("asked as %+v", c.door.who)
	}
}

// same compares JSON as values, in the order of lists.
func same(a, b string) bool {
	var left, right any
	if json.Unmarshal([]byte(a), &left) != nil || json.Unmarshal([]byte(b), &right) != nil {
		return false
	}
	x, errX := json.Marshal(left)
	y, errY := json.Marshal(right)
	return errX == nil && errY == nil && string(x) == string(y)
}

func TestFiltersBecomeRules(t *testing.T) {
	c := newClient(t)
	rule := func(field, operator, values string) string {
		if values != "" {
			values = `,"values":` + values
		}
		return `{"id":"cube","target":{"fieldId":"` + field + `"},"operator":"` + operator + `"` + values + `}`
	}
	channel := func(operator, values string) string { return rule("orders_channel", operator, values) }
	at := func(operator, value string) string { return rule("orders_at", operator, `["`+value+`Z"]`) }
	or, and := `{"id":"","or":[`, `{"id":"","and":[`
	for filter, want := range map[string]string{
		`"member":"orders.channel","operator":"equals","values":["web"]`:                     channel("equals", `["web"]`),
		`"member":"orders.channel","operator":"equals","values":[null]`:                      channel("isNull", ""),
		`"member":"orders.channel","operator":"equals","values":["web",null]`:                or + channel("isNull", "") + "," + channel("equals", `["web"]`) + "]}",
		`"member":"orders.channel","operator":"notEquals","values":["web"]`:                  or + channel("notEquals", `["web"]`) + "," + channel("isNull", "") + "]}",
		`"member":"orders.channel","operator":"notEquals","values":["web",null]`:             and + channel("notEquals", `["web"]`) + "," + channel("notNull", "") + "]}",
		`"member":"orders.channel","operator":"set"`:                                         channel("notNull", ""),
		`"member":"orders.channel","operator":"notStartsWith","values":["a","b"]`:            or + channel("doesNotStartWith", `["a","b"]`) + "," + channel("isNull", "") + "]}",
		`"member":"orders.count","operator":"measureFilter"`:                                 and + channel("equals", `["web"]`) + "]}",
		`"member":"orders.at","operator":"in","values":["2026-01-01","2026-02-01"]`:          or + at("equals", "2026-01-01T00:00:00") + "," + at("equals", "2026-02-01T00:00:00") + "]}",
		`"member":"orders.channel","operator":"contains","values":["a","b"]`:                 channel("include", `["a","b"]`),
		`"member":"orders.id","operator":"gt","values":[5]`:                                  rule("orders_id", "greaterThan", `["5"]`),
		`"member":"orders.at","operator":"inDateRange","values":["2026-01-01","2026-01-31"]`: and + at("greaterThanOrEqual", "2026-01-01T00:00:00") + "," + at("lessThan", "2026-02-01T00:00:00") + "]}",
		`"member":"orders.at","operator":"afterDate","values":["2026-01-01"]`:                at("greaterThanOrEqual", "2026-01-02T00:00:00"),
		`"member":"orders.at","operator":"beforeDate","values":["2026-01-01"]`:               at("lessThan", "2026-01-01T00:00:00"),
	} {
		code, body := c.get("load", `{"measures":["orders.count"],"filters":[{`+filter+`}]}`, "")
		if code != http.StatusOK {
			t.Errorf("%s: %d %s", filter, code, body["error"])
			continue
		}
		got, err := json.Marshal(c.door.asked.Query.Filters.Dimensions.And[0])
		if err != nil || string(got) != want {
			t.Errorf("%s:\n got %s\nwant %s", filter, got, want)
		}
	}
	if code, _ := c.get("load", `{"measures":["orders.count"],"filters":[{"member":"orders.count","operator":"gt","values":["5"]}]}`, ""); code != 200 || c.door.asked.Query.Filters.Metrics == nil {
		t.Error("a filter on a measure is no filter on measures")
	}
}

func TestAQueryFindsTheExploreThatHasItsTables(t *testing.T) {
	c := newClient(t)
	for text, want := range map[string]string{
		`{"dimensions":["buyers.name"]}`:                                "buyers",
		`{"measures":["orders.count"],"dimensions":["buyers.name"]}`:    "orders",
		`{"dimensions":["buyers.name","orders.channel"],"order":[]}`:    "orders",
		`{"measures":["orders.count"],"limit":7,"offset":3,"order":[]}`: "orders",
	} {
		if code, body := c.get("load", text, ""); code != http.StatusOK || c.door.asked.Explore != want {
			t.Errorf("%s: %d %s %s", text, code, c.door.asked.Explore, body["error"])
		}
	}
	c.get("load", `{"measures":["orders.count"],"dimensions":["orders.channel"],"limit":7,"offset":3}`, "")
	if c.door.asked.Query.Limit != 10 || len(c.door.asked.Query.Sorts) != 1 || c.door.asked.Query.Sorts[0] != (metric.Sort{FieldID: "orders_count", Descending: true}) {
		t.Errorf("asked %+v", c.door.asked)
	}
}

func TestQueriesThatCannotBeAnsweredSayWhy(t *testing.T) {
	c := newClient(t)
	for text, want := range map[string]string{
		`{"measures":["orders.nope"]}`:                            `'nope' not found for path 'orders.nope'`,
		`{"measures":["nope.count"]}`:                             `Cube 'nope' not found for path 'nope.count'`,
		`{"measures":["broken.count"]}`:                           `Cube 'broken' not found for path 'broken.count'`,
		`{"dimensions":["orders.secret"]}`:                        `'secret' not found for path 'orders.secret'`,
		`{"measures":["orders.channel"]}`:                         `'orders.channel' is a dimension, not a measure`,
		`{"dimensions":["orders.at.fortnight"]}`:                  `Granularity "fortnight" does not exist in dimension orders.at`,
		`{"measures":["orders.count"],"segments":["orders.big"]}`: `'big' not found for path 'orders.big'`,
		`nonsense`: `Unable to decode query param as JSON, error: it isn't JSON`,
		``:         `Query param is required`,
		`[{"measures":["orders.count"]},{"measures":["orders.revenue"]}]`:                                                                    `Data blending query without granularity is not supported`,
		`{"measures":["orders.count"],"timeDimensions":[{"dimension":"orders.at","granularity":"year","compareDateRange":["2025","2026"]}]}`: `Can't parse date: '2025'`,
	} {
		code, body := c.get("load", text, "")
		var message string
		if err := json.Unmarshal(body["error"], &message); err != nil || code != http.StatusBadRequest || message != want {
			t.Errorf("%s: %d %s", text, code, body["error"])
		}
	}
}

func TestSeveralQueriesAnswerWithWhatClientsPivotBy(t *testing.T) {
	c := newClient(t)
	year := `"timeDimensions":[{"dimension":"orders.at","granularity":"year"`
	ranges := `,"compareDateRange":[["2025-01-01","2025-12-31"],["2026-01-01","2026-12-31"]]}]`
	if code, _ := c.get("load", `{"measures":["orders.count"],`+year+ranges+`}`, ""); code != http.StatusBadRequest {
		t.Error("a comparison needs a client that says so")
	}
	code, body := c.get("load", `{"measures":["orders.count"],`+year+ranges+`}`, "multi")
	var results []struct {
		Data []map[string]any `json:"data"`
	}
	if err := json.Unmarshal(body["results"], &results); err != nil || code != http.StatusOK || len(results) != 2 ||
		results[1].Data[0]["compareDateRange"] != "2026-01-01T00:00:00.000 - 2026-12-31T23:59:59.999" {
		t.Errorf("%d %s", code, body["results"])
	}
	_, body = c.get("load", `[{"measures":["orders.count"],`+year+`}]},{"measures":["orders.revenue"],`+year+`}]}]`, "multi")
	if string(body["queryType"]) != `"blendingQuery"` {
		t.Errorf("%s", body["queryType"])
	}
	if err := json.Unmarshal(body["results"], &results); err != nil || results[0].Data[0]["time.year"] != "1970-01-01T00:00:00.000" {
		t.Errorf("%s", body["results"])
	}
}

func TestTheSchemeBeforeATokenDoesNotMatter(t *testing.T) {
	c := newClient(t)
	for _, header := range []string{c.token, "Bearer " + c.token, "Foo " + c.token} {
		r := httptest.NewRequest("POST", "/cubejs-api/v1/meta", nil)
		r.Header.Set("Authorization", header)
		answer := httptest.NewRecorder()
		c.handler.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	}
	for header, want := range map[string]string{"": `{"error":"Authorization header isn't set"}`, "Bearer x": `{"error":"Invalid token"}`} {
		r := httptest.NewRequest("GET", "/cubejs-api/v1/meta", nil)
		r.Header.Set("Authorization", header)
		answer := httptest.NewRecorder()
		c.handler.ServeHTTP(answer, r)
		if answer.Code != http.StatusForbidden || answer.Body.String() != want {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	}
}

func TestQueriesBecomeMetricQueries(t *testing.T) {
	c := newClient(t)
	for text, want := range map[string]string{
		`{"dimensions":["orders.at.hour"],"timezone":"Europe/Berlin"}`:                           `[orders_at_hour] [] [{orders_at_hour false <nil>}]Europe/Berlin`,
		`{"dimensions":["orders.at.week"]}`:                                                      `[orders_at_week] [] [{orders_at_week false <nil>}]`,
		`{"measures":["orders.count"],"dimensions":["orders.channel"],"ungrouped":true}`:         `[orders_channel orders_id] [orders_count] []`,
		`{"measures":["orders.count"],"order":{"orders.revenue":"asc"}}`:                         `[] [orders_count] []`,
		`{"measures":["orders.count"],"dimensions":["orders.channel"],"order":[]}`:               `[orders_channel] [orders_count] []`,
		`{"measures":["orders.count","orders.revenue"],"dimensions":["orders.channel"]}`:         `[orders_channel] [orders_count orders_revenue] [{orders_count true <nil>}]`,
		`{"dimensions":["orders.channel"],"order":[["orders.channel","desc"]],"timezone":"UTC"}`: `[orders_channel] [] [{orders_channel true <nil>}]`,
		`{"dimensions":["orders.channel"],"timeDimensions":[{"dimension":"orders.at"}]}`:         `[orders_channel] [] [{orders_channel false <nil>}]`,
	} {
		code, body := c.get("load", text, "")
		q := c.door.asked.Query
		if got := fmt.Sprint(q.Dimensions, q.Metrics, q.Sorts) + c.door.asked.Zone; code != http.StatusOK || got != want {
			t.Errorf("%s: %d %s\n got %q\nwant %q", text, code, body["error"], got, want)
		}
	}
	if code, body := c.get("load", `{"dimensions":["buyers.name"],"ungrouped":true}`, ""); code != http.StatusBadRequest {
		t.Errorf("rows of a table without a key: %d %s", code, body)
	}
}

func TestWhatIsNotBuiltSaysSo(t *testing.T) {
	c := newClient(t)
	for target, want := range map[string]int{
		"POST /cubejs-api/v1/cubesql": 501, "POST /cubejs-api/v1/convert-query": 501, "POST /cubejs-api/graphql": 501,
		"POST /cubejs-api/v1/pre-aggregations/jobs": 403, "DELETE /cubejs-api/v1/running-query/x": 200, "GET /livez": 200, "GET /readyz": 200,
		"POST /cubejs-api/v1/load": 500, // no JSON
	} {
		method, path, _ := strings.Cut(target, " ")
		r := httptest.NewRequest(method, path, strings.NewReader("no JSON"))
		r.Header.Set("Authorization", c.token)
		answer := httptest.NewRecorder()
		c.handler.ServeHTTP(answer, r)
		if answer.Code != want {
			t.Errorf("%s: %d %s", target, answer.Code, answer.Body)
		}
	}
}

package cube

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestPhrasesNameWholeUnitsAroundNow(t *testing.T) {
	now := time.Date(2026, 11, 23, 7, 51, 37, 0, time.UTC) // a Monday
	for phrase, want := range map[string]string{
		"today":                         "2026-11-23T00:00:00.000 2026-11-23T23:59:59.999",
		"Yesterday":                     "2026-11-22T00:00:00.000 2026-11-22T23:59:59.999",
		"tomorrow":                      "2026-11-24T00:00:00.000 2026-11-24T23:59:59.999",
		"last 7 days":                   "2026-11-16T00:00:00.000 2026-11-22T23:59:59.999",
		"next 2 days":                   "2026-11-24T00:00:00.000 2026-11-25T23:59:59.999",
		"this week":                     "2026-11-23T00:00:00.000 2026-11-29T23:59:59.999",
		"last week":                     "2026-11-16T00:00:00.000 2026-11-22T23:59:59.999",
		"this month":                    "2026-11-01T00:00:00.000 2026-11-30T23:59:59.999",
		"last month":                    "2026-10-01T00:00:00.000 2026-10-31T23:59:59.999",
		"last quarter":                  "2026-07-01T00:00:00.000 2026-09-30T23:59:59.999",
		"this year":                     "2026-01-01T00:00:00.000 2026-12-31T23:59:59.999",
		"last 2 hours":                  "2026-11-23T05:00:00.000 2026-11-23T06:59:59.999",
		"from 2026-01-01 to 2026-01-31": "2026-01-01T00:00:00.000 2026-01-31T23:59:59.999",
		"2026-02-28":                    "2026-02-28T00:00:00.000 2026-02-28T23:59:59.999",
	} {
		found, err := phraseSpan(phrase, time.UTC, now)
		if got := strings.Join(found.texts(), " "); err != nil || got != want {
			t.Errorf("%s: %s %v", phrase, got, err)
		}
	}
	if _, err := phraseSpan("blurgh", time.UTC, now); err == nil || err.Error() != "Can't parse date: 'blurgh'" {
		t.Error(err)
	}
}

func TestADayIsADayOfTheQuerysZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	found, err := phraseSpan("today", berlin, time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC))
	if err != nil || found.texts()[0] != "2026-07-02T00:00:00.000" {
		t.Error(found, err)
	}
	if at := instant(found.from, berlin); !at.Equal(time.Date(2026, 7, 1, 22, 0, 0, 0, time.UTC)) {
		t.Error(at)
	}
}

func TestQueriesAreReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		`{"measures":["a.b"],"foo":1}`:                                                       `Invalid query format: "foo" is not allowed`,
		`{"measures":["a.b"],"limit":"10"}`:                                                  `Invalid query format: "limit" must be a number`,
		`{"measures":["a.b"],"limit":60000}`:                                                 `Error: The query limit has been exceeded.`,
		`{"measures":["a.b"],"limit":-1}`:                                                    `Invalid query format: "limit" must be greater than or equal to 0`,
		`{"measures":["a.b;drop"]}`:                                                          `Invalid query format: "a.b;drop" doesn't name a member as cube.member`,
		`{"measures":["a.b"],"timezone":"Mars/Base"}`:                                        `Invalid query format: "timezone" must be a valid IANA time zone, got "Mars/Base"`,
		`{"measures":["a.b"],"order":[["a.b","up"]]}`:                                        `Invalid query format: "order" does not match any of the allowed types`,
		`{"measures":["a.b"],"filters":[{"member":"a.b","operator":"like","values":["x"]}]}`: `Invalid query format: "filters[0]" does not match any of the allowed types`,
		`{"measures":["a.b"],"filters":[{"member":"a.b","operator":"equals","values":[]}]}`:  `Values required for filter: {"member":"a.b","operator":"equals"}`,
		`{"timeDimensions":[{"dimension":"a.b"}]}`:                                           `Query should contain either measures, dimensions or timeDimensions with granularities in order to be valid`,
		`{"measures":["a.b"` + strings.Repeat(`,"a.b"`, 300) + `]}`:                          `Invalid query format: a query has at most 200 members`,
		`{"measures":["a.b"],"filters":[{"or":[{}` + strings.Repeat(`,{}`, 2000) + `]}]}`:    `Invalid query format: a query has at most 1000 filters with 20000 values`,
		`{}`: `Query should contain either measures, dimensions or timeDimensions with granularities in order to be valid`,
		`{"measures":["a.b"],"filters":` + strings.Repeat(`[{"or":`, 200) + `[]` + strings.Repeat(`}]`, 200) + `}`: `Invalid query format: "filters[0]" is nested too deeply`,
	} {
		if _, err := readQuery(json.RawMessage(text), time.Now()); err == nil || err.Error() != want {
			t.Errorf("%.80s: %v", text, err)
		}
	}
}

func TestAQueryHasANormalForm(t *testing.T) {
	q, err := readQuery(json.RawMessage(`{"measures":["o.n"],"dimensions":["o.channel","o.at.year"],
		"order":{"o.n":"desc","o.channel":"asc"},"filters":[{"dimension":"o.channel","operator":"equals","values":["web",1,null]}]}`), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"measures":["o.n"],"dimensions":["o.channel"],"segments":[],"timeDimensions":[{"dimension":"o.at","granularity":"year"}],` +
		`"filters":[{"member":"o.channel","operator":"equals","values":["web","1",null]}],"order":[{"id":"o.n","desc":true},` +
		`{"id":"o.channel","desc":false}],"limit":10000,"rowLimit":10000,"timezone":"UTC","cacheMode":"stale-if-slow"}`
	if string(text) != want {
		t.Errorf("%s", text)
	}
}

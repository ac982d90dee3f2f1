package cube

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"inlay/internal/fault"
)

// Limits of one query.
const (
	defaultLimit = 10_000
	maxRows      = 50_000
	maxMembers   = 200
	maxFilters   = 1000   // nested ones included
	maxValues    = 20_000 // of all filters
)

var memberName = regexp.MustCompile(`^[a-zA-Z0-9_]+\.[a-zA-Z0-9_]+$`)

// dataQuery is a query in its normal form, which is also how it is answered.
type dataQuery struct {
	Measures       []string        `json:"measures"`
	Dimensions     []string        `json:"dimensions"`
	Segments       []string        `json:"segments"`
	TimeDimensions []timeDimension `json:"timeDimensions"`
	Filters        []dataFilter    `json:"filters"`
	Order          []dataOrder     `json:"order,omitempty"`
	Limit          int             `json:"limit"`
	RowLimit       int             `json:"rowLimit"`
	Offset         int             `json:"offset,omitempty"`
	Total          bool            `json:"total,omitempty"`
	Ungrouped      bool            `json:"ungrouped,omitempty"`
	Timezone       string          `json:"timezone"`
	ResponseFormat string          `json:"responseFormat,omitempty"`
	CacheMode      string          `json:"cacheMode"`
	QueryType      string          `json:"queryType,omitempty"`

	ordered bool // an order was given, even an empty one
	zone    *time.Location
}

type timeDimension struct {
	Dimension   string     `json:"dimension"`
	Granularity string     `json:"granularity,omitempty"`
	DateRange   []string   `json:"dateRange,omitempty"`
	Compare     [][]string `json:"compareDateRange,omitempty"`

	span *span
}

type dataOrder struct {
	ID   string `json:"id"`
	Desc bool   `json:"desc"`
}

// readQuery reads one query strictly: an unknown key is an error.
func readQuery(text json.RawMessage, now time.Time) (dataQuery, error) {
	var raw struct {
		Measures       []string        `json:"measures"`
		Dimensions     []string        `json:"dimensions"`
		Segments       []string        `json:"segments"`
		TimeDimensions []rawTime       `json:"timeDimensions"`
		Filters        []rawFilter     `json:"filters"`
		Order          json.RawMessage `json:"order"`
		Limit          *int            `json:"limit"`
		Offset         int             `json:"offset"`
		Total          bool            `json:"total"`
		Ungrouped      bool            `json:"ungrouped"`
		Timezone       string          `json:"timezone"`
		ResponseFormat string          `json:"responseFormat"`
		Cache          string          `json:"cache"`
		CacheMode      string          `json:"cacheMode"`
		JoinHints      json.RawMessage `json:"joinHints"`
		Renew          bool            `json:"renewQuery"` // the documentation's older word for must-revalidate
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(&raw); err != nil {
		return dataQuery{}, invalid("Invalid query format: %s", explain(err))
	}
	q := dataQuery{
		Measures: full(raw.Measures), Dimensions: []string{}, Segments: full(raw.Segments), TimeDimensions: []timeDimension{},
		Filters: []dataFilter{}, Offset: raw.Offset, Total: raw.Total, Ungrouped: raw.Ungrouped, Timezone: raw.Timezone, CacheMode: "stale-if-slow",
		ResponseFormat: raw.ResponseFormat, Limit: defaultLimit,
	}
	if raw.Renew {
		q.CacheMode = "must-revalidate"
	}
	for _, mode := range []string{raw.Cache, raw.CacheMode} {
		if mode != "" {
			q.CacheMode = mode
		}
	}
	if err := q.bounds(raw.Limit); err != nil {
		return q, err
	}
	if err := q.members(raw.Dimensions, raw.TimeDimensions, now); err != nil {
		return q, err
	}
	if rules, values := weigh(raw.Filters); rules > maxFilters || values > maxValues {
		return q, invalid("Invalid query format: a query has at most %d filters with %d values", maxFilters, maxValues)
	}
	var err error
	if q.Filters, err = readFilters(raw.Filters, "filters", q.zone, now); err != nil {
		return q, err
	}
	return q, q.order(raw.Order)
}

// explain says what Go's reader of JSON found in the words of the API.
func explain(err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "json: unknown field "); ok {
		return name + " is not allowed"
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind := map[string]string{"int": "a number", "bool": "a boolean", "string": "a string"}[wrong.Type.String()]
		if kind == "" {
			kind = "an array"
		}
		return `"` + wrong.Field + `" must be ` + kind
	}
	return "it isn't JSON"
}

func full(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (q *dataQuery) bounds(limit *int) error {
	if limit != nil {
		q.Limit = *limit
	}
	q.RowLimit = q.Limit
	if q.Timezone == "" {
		q.Timezone = "UTC"
	}
	zone, err := time.LoadLocation(q.Timezone)
	switch {
	case err != nil || q.Timezone == "Local":
		return invalid(`Invalid query format: "timezone" must be a valid IANA time zone, got %q`, q.Timezone)
	case q.Limit < 0:
		return invalid(`Invalid query format: "limit" must be greater than or equal to 0`)
	case q.Offset < 0:
		return invalid(`Invalid query format: "offset" must be greater than or equal to 0`)
	case q.Limit > maxRows || q.Offset > maxRows:
		return fault.Coded(fault.Invalid, failure, "Error: The query limit has been exceeded.")
	case !slices.Contains([]string{"", "default", "compact", "columnar"}, q.ResponseFormat):
		return invalid(`Invalid query format: "responseFormat" must be one of [default, compact, columnar]`)
	case !slices.Contains([]string{"stale-if-slow", "stale-while-revalidate", "must-revalidate", "no-cache"}, q.CacheMode):
		return invalid(`Invalid query format: "cacheMode" must be one of [stale-if-slow, stale-while-revalidate, must-revalidate, no-cache]`)
	}
	q.zone = zone
	return nil
}

type rawTime struct {
	Dimension   string            `json:"dimension"`
	Granularity *string           `json:"granularity"`
	DateRange   json.RawMessage   `json:"dateRange"`
	Compare     []json.RawMessage `json:"compareDateRange"`
}

// members checks the names, and moves dimensions of three parts to the time dimensions that they mean.
func (q *dataQuery) members(dimensions []string, times []rawTime, now time.Time) error {
	for _, name := range dimensions {
		if head, granularity, ok := cutLast(name); ok && strings.Contains(head, ".") {
			q.TimeDimensions = append(q.TimeDimensions, timeDimension{Dimension: head, Granularity: granularity})
			continue
		}
		q.Dimensions = append(q.Dimensions, name)
	}
	for _, raw := range times {
		t, err := raw.read(q.zone, now)
		if err != nil {
			return err
		}
		q.TimeDimensions = append(q.TimeDimensions, t)
	}
	if len(q.Measures)+len(q.Dimensions)+len(q.TimeDimensions)+len(q.Segments) > maxMembers {
		return invalid("Invalid query format: a query has at most %d members", maxMembers)
	}
	grouped := len(q.Measures) + len(q.Dimensions)
	for _, t := range q.TimeDimensions {
		if t.Granularity != "" {
			grouped++
		}
	}
	for _, names := range [][]string{q.Measures, q.Dimensions, q.Segments} {
		for _, name := range names {
			if !memberName.MatchString(name) {
				return invalid("Invalid query format: %q doesn't name a member as cube.member", name)
			}
		}
	}
	if grouped == 0 {
		return invalid("Query should contain either measures, dimensions or timeDimensions with granularities in order to be valid")
	}
	return nil
}

func cutLast(name string) (head, tail string, ok bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

func (raw rawTime) read(zone *time.Location, now time.Time) (timeDimension, error) {
	t := timeDimension{Dimension: raw.Dimension}
	if !memberName.MatchString(raw.Dimension) {
		return t, invalid("Invalid query format: %q doesn't name a member as cube.member", raw.Dimension)
	}
	if raw.Granularity != nil {
		t.Granularity = *raw.Granularity
	}
	if len(raw.DateRange) > 0 && string(raw.DateRange) != "null" {
		if len(raw.Compare) > 0 {
			return t, invalid(`Invalid query format: "dateRange" and "compareDateRange" can't both be given`)
		}
		found, err := readSpan(raw.DateRange, zone, now)
		if err != nil {
			return t, err
		}
		t.span, t.DateRange = &found, found.texts()
	}
	for _, text := range raw.Compare {
		found, err := readSpan(text, zone, now)
		if err != nil {
			return t, err
		}
		t.Compare = append(t.Compare, found.texts())
	}
	return t, nil
}

// order reads {"cube.m": "asc"}, whose keys have an order, or [["cube.m", "desc"]].
func (q *dataQuery) order(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	q.ordered = true
	pairs, err := orderPairs(raw)
	if err != nil {
		return err
	}
	for _, pair := range pairs {
		if pair[1] != "asc" && pair[1] != "desc" || !memberName.MatchString(pair[0]) {
			return invalid(`Invalid query format: "order" does not match any of the allowed types`)
		}
		q.Order = append(q.Order, dataOrder{pair[0], pair[1] == "desc"})
	}
	return nil
}

// sorted is the order of the rows: as given, else by the first time dimension, else by the first measure from the top,
// else by the first dimension.
func (q *dataQuery) sorted() []dataOrder {
	if q.ordered || q.Ungrouped {
		return q.Order
	}
	for _, t := range q.TimeDimensions {
		if t.Granularity != "" {
			return []dataOrder{{ID: t.Dimension}}
		}
	}
	switch {
	case len(q.Measures) > 0 && len(q.Dimensions) > 0:
		return []dataOrder{{q.Measures[0], true}}
	case len(q.Dimensions) > 0:
		return []dataOrder{{ID: q.Dimensions[0]}}
	}
	return nil
}

func orderPairs(raw json.RawMessage) ([][2]string, error) {
	wrong := invalid(`Invalid query format: "order" does not match any of the allowed types`)
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		var list [][]string
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, wrong
		}
		var pairs [][2]string
		for _, pair := range list {
			if len(pair) != 2 {
				return nil, wrong
			}
			pairs = append(pairs, [2]string{pair[0], pair[1]})
		}
		return pairs, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, wrong
	}
	var pairs [][2]string
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, wrong
		}
		direction, err := decoder.Token()
		text, ok := direction.(string)
		if err != nil || !ok {
			return nil, wrong
		}
		pairs = append(pairs, [2]string{name.(string), text}) // keys of an object are strings
	}
	return pairs, nil
}

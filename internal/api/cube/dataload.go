package cube

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"inlay/internal/access"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// Kinds of request.
const (
	regular  = "regularQuery"
	compare  = "compareDateRangeQuery"
	blending = "blendingQuery"
)

type loaded struct {
	Query      dataQuery       `json:"query"`
	Refreshed  time.Time       `json:"lastRefreshTime"`
	Annotation annotation      `json:"annotation"`
	DataSource string          `json:"dataSource"`
	External   bool            `json:"external"`
	Slow       bool            `json:"slowQuery"`
	Total      *int            `json:"total"`
	Data       json.RawMessage `json:"data"`
}

type loadedMany struct {
	QueryType string    `json:"queryType"`
	Results   []loaded  `json:"results"`
	Pivot     dataQuery `json:"pivotQuery"`
	Slow      bool      `json:"slowQuery"`
}

// expanded is a request with its queries: a list is blended, and a comparison is one query a range.
type expanded struct {
	kind    string
	queries []dataQuery
	labels  []string // of compared ranges
	pivot   dataQuery
}

func (d data) load(ctx context.Context, who access.Principal, in requestIn) (any, error) {
	a, err := readAsked(in.Request)
	if err != nil {
		return nil, err
	}
	e, err := d.expand(a)
	if err != nil {
		return nil, err
	}
	if e.kind != regular && !a.multi {
		return nil, invalid("'%s' query type is not supported by the client.Please update the client.", e.kind)
	}
	return d.waits.load(ctx, who, a, continueWait, func(ctx context.Context) (any, error) { return d.loadAll(ctx, who, a, e, in.Request) })
}

func (d data) loadAll(ctx context.Context, who access.Principal, a asked, e expanded, r *http.Request) (any, error) {
	c, err := d.catalog(ctx, who)
	if err != nil {
		return nil, err
	}
	out := loadedMany{QueryType: e.kind, Results: []loaded{}, Pivot: e.pivot}
	for i, q := range e.queries {
		one, err := d.loadOne(ctx, c, who, q, e, i, r)
		if err != nil {
			return nil, err
		}
		out.Results = append(out.Results, one)
	}
	if !a.multi {
		return out.Results[0], nil
	}
	return out, nil
}

// expand reads the queries of a request.
func (d data) expand(a asked) (expanded, error) {
	e := expanded{kind: regular}
	for _, text := range a.queries {
		q, err := readQuery(text, d.now())
		if err != nil {
			return e, err
		}
		e.queries = append(e.queries, q)
	}
	if a.list && len(e.queries) > 1 {
		return e.blend()
	}
	q := e.queries[0]
	e.pivot = q
	at := slices.IndexFunc(q.TimeDimensions, func(t timeDimension) bool { return t.Compare != nil })
	if at >= 0 {
		if err := e.compare(q, at); err != nil {
			return e, err
		}
	}
	e.pivot.QueryType = e.kind
	return e, nil
}

func (e *expanded) compare(q dataQuery, at int) error {
	if len(q.TimeDimensions[at].Compare) > 10 {
		return invalid("Invalid query format: \"compareDateRange\" has more than 10 ranges")
	}
	e.kind, e.queries = compare, nil
	for _, ends := range q.TimeDimensions[at].Compare {
		one := q
		one.TimeDimensions = slices.Clone(q.TimeDimensions)
		found, err := between(ends[0], ends[1])
		if err != nil {
			return err
		}
		t := &one.TimeDimensions[at]
		t.Compare, t.DateRange, t.span = nil, ends, &found
		e.queries, e.labels = append(e.queries, one), append(e.labels, ends[0]+" - "+ends[1])
	}
	e.pivot = e.queries[0]
	e.pivot.Dimensions = append([]string{"compareDateRange"}, q.Dimensions...)
	return nil
}

// blend shows several queries by one grain of time.
func (e expanded) blend() (expanded, error) {
	e.kind = blending
	grain := ""
	e.pivot = e.queries[0]
	e.pivot.Measures, e.pivot.Dimensions = []string{}, []string{}
	for _, q := range e.queries {
		if len(q.TimeDimensions) == 0 || q.TimeDimensions[0].Granularity == "" {
			return e, invalid("Data blending query without granularity is not supported")
		}
		if grain != "" && grain != q.TimeDimensions[0].Granularity {
			return e, invalid("Data blending query without common granularity is not supported")
		}
		grain = q.TimeDimensions[0].Granularity
		e.pivot.Measures = union(e.pivot.Measures, q.Measures)
		e.pivot.Dimensions = union(e.pivot.Dimensions, q.Dimensions)
	}
	e.pivot.TimeDimensions = []timeDimension{{Dimension: "time", Granularity: grain}}
	e.pivot.QueryType = blending
	return e, nil
}

func union(a, b []string) []string {
	for _, item := range b {
		if !slices.Contains(a, item) {
			a = append(a, item)
		}
	}
	return a
}

func (d data) loadOne(ctx context.Context, c catalog, who access.Principal, q dataQuery, e expanded, i int, r *http.Request) (loaded, error) {
	p, err := d.plan(c, who, q)
	if err != nil {
		return loaded{}, err
	}
	p.request.RequestID = r.Header.Get("X-Request-Id")
	q.QueryType = e.kind
	out := loaded{Query: q, Annotation: annotate(p), DataSource: "default", Refreshed: d.now().UTC().Truncate(time.Millisecond)}
	if q.Limit == 0 {
		out.Data = json.RawMessage("[]")
		return out, nil
	}
	result, err := d.door.Run(ctx, who, p.request)
	if err != nil {
		return out, err
	}
	if result.Cache.Hit {
		out.Refreshed = result.Cache.AsOf.UTC().Truncate(time.Millisecond)
	}
	extra := [2]string{}
	switch e.kind {
	case compare:
		extra = [2]string{"compareDateRange", e.labels[i]}
	case blending:
		t := q.TimeDimensions[0]
		id := p.column(t.Dimension + "." + t.Granularity)
		p.names[id] = append(p.names[id], "time."+t.Granularity, "time")
	}
	if out.Data, err = writeData(ctx, result, p, extra); err != nil {
		return out, err
	}
	if q.Total {
		total, err := d.count(ctx, who, p.request)
		if err != nil {
			return out, err
		}
		out.Total = &total
	}
	return out, nil
}

// count runs a query without its limit and counts the rows as they stream by.
func (d data) count(ctx context.Context, who access.Principal, r query.Request) (int, error) {
	r.MaxLimit, r.Query.Limit, r.Query.Sorts, r.Purpose = math.MaxInt32, math.MaxInt32, nil, query.Total
	result, err := d.door.Run(ctx, who, r)
	if err != nil {
		return 0, err
	}
	defer result.Rows.Close()
	total := 0
	for {
		batch, err := result.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return 0, err
		}
		total += batch.Rows
	}
}

// cell is one named column of the rows that are written.
type cell struct {
	name   string
	column int
}

// writeData writes the rows in the asked format, without those before the offset, and closes them. What one answer
// holds is bounded by the greatest limit.
func writeData(ctx context.Context, result *query.Result, p dataPlan, extra [2]string) (json.RawMessage, error) {
	defer result.Rows.Close()
	var cells []cell
	for i, id := range result.Columns {
		for _, name := range p.names[id] {
			cells = append(cells, cell{name, i})
		}
	}
	w := newDataWriter(p.query.ResponseFormat, cells, extra)
	skip := p.query.Offset
	for {
		batch, err := result.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return w.end(), nil
		}
		if err != nil {
			return nil, err
		}
		for row := range batch.Rows {
			if skip > 0 {
				skip--
				continue
			}
			w.row(batch, row)
		}
	}
}

// appendCell writes a value as clients expect it from most drivers: numbers as texts, times without a zone.
func appendCell(dst []byte, c *frame.Column, row int) []byte {
	if c.Null(row) {
		return append(dst, "null"...)
	}
	switch c.Kind {
	case frame.Int:
		return append(strconv.AppendInt(append(dst, '"'), c.Ints[row], 10), '"')
	case frame.Float:
		value := frame.AppendRaw(nil, c, row, false)
		if string(value) == "null" {
			return append(dst, value...)
		}
		return append(append(append(dst, '"'), value...), '"')
	case frame.Date:
		return appendTime(dst, time.Unix(c.Ints[row]*86400, 0))
	case frame.Timestamp:
		return appendTime(dst, time.UnixMicro(c.Ints[row]))
	}
	return frame.AppendRaw(dst, c, row, false)
}

func appendTime(dst []byte, at time.Time) []byte {
	return append(at.UTC().AppendFormat(append(dst, '"'), wallForm), '"')
}

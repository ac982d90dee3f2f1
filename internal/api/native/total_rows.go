package native

import (
	"context"
	"encoding/json"
	"strings"

	"inlay/internal/access"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/query"
)

type totalIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Query   metric.Query `json:"metricQuery"`
		Explore string       `json:"explore"`
	} `body:"body"`
}

func (h queryRows) total(ctx context.Context, who access.Principal, in totalIn) (map[string]json.RawMessage, error) {
	if err := h.mayTotal(ctx, who, in.Project, in.Body.Query); err != nil {
		return nil, err
	}
	return totals(ctx, h.door, who, query.Request{Project: in.Project, Explore: in.Body.Explore, Query: in.Body.Query})
}

func (h queryRows) mayTotal(ctx context.Context, who access.Principal, project string, q metric.Query) error {
	if err := h.may(ctx, who, project, access.Manage, access.Explore); err != nil {
		return err
	}
	return h.needs(ctx, who, project, q)
}

// totals runs a query without its dimensions and gives the raw values of its one row. Filters by metrics hold for the
// total itself, as recorded.
func totals(ctx context.Context, door query.Door, who access.Principal, r query.Request) (map[string]json.RawMessage, error) {
	found := map[string]json.RawMessage{}
	if len(r.Query.Metrics) == 0 {
		_, err := door.Explore(ctx, who, r.Project, r.Explore)
		return found, err
	}
	result, err := door.Run(ctx, who, r.Whole())
	if err != nil {
		return nil, err
	}
	row, err := query.FirstRaw(ctx, result)
	for id, value := range row {
		found[id] = value
	}
	return found, err
}

type subtotalsIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Query   metric.Query `json:"metricQuery"`
		Explore string       `json:"explore"`
		Order   []string     `json:"columnOrder"`
		Pivoted []string     `json:"pivotDimensions,omitempty"`
		Zoom    *dateZoom    `json:"dateZoom,omitempty"`
	} `body:"body"`
}

// subtotals gives, for each group of dimensions that a table has subtotals of, rows of raw values; groups are named by
// their dimensions with a colon between.
func (h queryRows) subtotals(ctx context.Context, who access.Principal, in subtotalsIn) (map[string][]json.RawMessage, error) {
	b := in.Body
	zoom, err := b.Zoom.granularity()
	if err != nil {
		return nil, err
	}
	if err := h.mayTotal(ctx, who, in.Project, b.Query); err != nil {
		return nil, err
	}
	r := query.Request{Project: in.Project, Explore: b.Explore, Query: b.Query, Granularity: zoom, Pivot: &metric.Pivot{Groups: b.Pivoted}}
	found := map[string][]json.RawMessage{}
	for _, within := range query.Subtotals(b.Query.Dimensions, b.Order, b.Pivoted) {
		total, err := r.Total(query.ColumnSubtotal, within)
		if err != nil {
			return nil, err
		}
		if found[strings.Join(within, ":")], err = h.rawRows(ctx, who, total); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// rawRows runs a request and gives its rows, which are few, as objects of raw values.
func (h queryRows) rawRows(ctx context.Context, who access.Principal, r query.Request) ([]json.RawMessage, error) {
	result, err := h.door.Run(ctx, who, r)
	if err != nil {
		return nil, err
	}
	defer result.Rows.Close()
	rows := []json.RawMessage{}
	views := result.Views()
	err = frame.Each(ctx, result.Rows, func(batch *frame.Batch) error {
		for i := range batch.Rows {
			rows = append(rows, frame.AppendObject(nil, views, batch, i))
		}
		return nil
	})
	return rows, err
}

package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

type asyncUnderlyingIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		Source  string         `json:"underlyingDataSourceQueryUuid"`
		Item    string         `json:"underlyingDataItemId,omitempty"`
		Filters metric.Filters `json:"filters"`
		Zoom    *dateZoom      `json:"dateZoom,omitempty"`
		Limit   *int           `json:"limit,omitempty"`
		Sorts   []metric.Sort  `json:"sorts,omitempty"`
	} `body:"body"`
}

// overFields refuses what can't be asked again over fields.
func overFields(q schedule.Query) error {
	if q.Ask.SQL != "" {
		return fault.Coded(fault.Invalid, "Parameter", "The query is SQL; this needs a query over the fields of an explore")
	}
	return nil
}

// underlying shows the rows behind a value of an earlier query of the same asker.
func (h asyncRows) underlying(ctx context.Context, who access.Principal, in asyncUnderlyingIn) (startedQuery, error) {
	b := in.Body
	zoom, err := b.Zoom.granularity()
	if err != nil {
		return startedQuery{}, err
	}
	if err := h.may(ctx, who, in.Project, access.View, access.UnderlyingData); err != nil {
		return startedQuery{}, err
	}
	source, err := h.own(ctx, who, asyncIn{in.Project, b.Source})
	if err != nil {
		return startedQuery{}, err
	}
	if err := overFields(source); err != nil {
		return startedQuery{}, err
	}
	asked := source.Ask.Request
	explore, err := h.door.Explore(ctx, who, in.Project, asked.Explore)
	if err != nil {
		return startedQuery{}, err
	}
	q := metric.Query{ExploreName: asked.Explore, Dimensions: query.Behind(explore, asked.Query, b.Item), Metrics: []string{}, Filters: b.Filters,
		Sorts: orEmpty(b.Sorts), Limit: defaultPage, TableCalculations: []metric.TableCalculation{}, Timezone: asked.Query.Timezone}
	if b.Limit != nil {
		q.Limit = *b.Limit
	}
	return h.start(ctx, who, query.Request{Project: in.Project, Explore: asked.Explore, Query: q, Purpose: query.Underlying,
		Granularity: zoom}, b.asyncCommon)
}

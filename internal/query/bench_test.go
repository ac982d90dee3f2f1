package query_test

import (
	"context"
	"encoding/json"
	"io"
	"testing"

	"inlay/internal/metric"
	"inlay/internal/query"
)

func benchmarkQuery(b *testing.B) metric.Query {
	var q metric.Query
	err := json.Unmarshal([]byte(`{"exploreName":"orders","dimensions":["orders_status","orders_order_date_month","customers_first_name"],
"metrics":["orders_unique_order_count","orders_total_order_amount"],"filters":{},"sorts":[{"fieldId":"orders_total_order_amount","descending":true}],
"limit":500,"tableCalculations":[]}`), &q)
	if err != nil {
		b.Fatal(err)
	}
	return q
}

func BenchmarkCachedAnswer(b *testing.B) {
	service := door(onDuckDB(b))
	request := query.Request{Project: "jaffle", Explore: "orders", Purpose: query.Explore, Query: benchmarkQuery(b)}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			result, err := service.Run(context.Background(), admin, request)
			if err == nil {
				err = query.WriteRows(context.Background(), io.Discard, result)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkExport(b *testing.B) {
	service := door(onDuckDB(b))
	limit := 20000
	request := query.Request{Project: "ext", Explore: "big_events", Purpose: query.Export, CSVLimit: &limit, Query: metric.Query{
		ExploreName: "big_events", Dimensions: []string{"big_events_id", "big_events_event_type", "big_events_amount"}, Limit: 500}}
	for b.Loop() {
		result, err := service.Run(context.Background(), admin, request)
		if err == nil {
			err = query.WriteRows(context.Background(), io.Discard, result)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

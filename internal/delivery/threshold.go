package delivery

import (
	"context"
	"errors"
	"io"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// meets tells whether a delivery is to be sent: it has no thresholds, or one of them is met for its owner.
func (s *Service) meets(ctx context.Context, owner access.Principal, d content.Delivery) (bool, error) {
	all, err := d.Details.Conditions()
	if err != nil || len(all) == 0 {
		return err == nil, err
	}
	rows, err := s.Content.ChartRows(ctx, owner, content.Run{Chart: d.Chart, Purpose: query.Export})
	if err != nil {
		return false, err
	}
	defer rows.Result.Rows.Close()
	first, err := firstNumbers(ctx, rows.Result, all)
	if err != nil {
		return false, err
	}
	for _, t := range all {
		if met(t, first[t.Field]) {
			return true, nil
		}
	}
	return false, nil
}

// met decides on the field's values in the first rows; of numbers that aren't there nothing is met.
func met(t content.Threshold, values []float64) bool {
	if len(values) < 1 {
		return false
	}
	switch t.Operator {
	case "greaterThan":
		return values[0] > t.Value
	case "lessThan":
		return values[0] < t.Value
	}
	if len(values) < 2 || values[1] == 0 {
		return false
	}
	change := (values[0] - values[1]) / values[1] * 100
	if t.Operator == "decreasedBy" {
		change = -change
	}
	return change > t.Value
}

// firstNumbers reads the thresholds' fields in the first two rows, as far as they hold numbers. Faults: Invalid for a
// field that the chart doesn't have.
func firstNumbers(ctx context.Context, r *query.Result, all []content.Threshold) (map[string][]float64, error) {
	columns := map[string]int{}
	for i, id := range r.Columns {
		columns[id] = i
	}
	for _, t := range all {
		if _, ok := columns[t.Field]; !ok {
			return nil, fault.New(fault.Invalid, "The threshold's field %s isn't one of the chart's", t.Field)
		}
	}
	values := map[string][]float64{}
	for read := 0; read < 2; {
		batch, err := r.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		for row := 0; row < batch.Rows && read < 2; row++ {
			for _, t := range all {
				if n, ok := number(&batch.Columns[columns[t.Field]], row); ok && len(values[t.Field]) == read {
					values[t.Field] = append(values[t.Field], n)
				}
			}
			read++
		}
	}
	return values, nil
}

func number(c *frame.Column, row int) (float64, bool) {
	switch {
	case c.Null(row):
		return 0, false
	case c.Kind == frame.Int:
		return float64(c.Ints[row]), true
	case c.Kind == frame.Float:
		return c.Floats[row], true
	}
	return 0, false
}

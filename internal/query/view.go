package query

import (
	"encoding/json"

	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// Views say how the columns of a result are shown, in their order.
func (r *Result) Views() []frame.View {
	views := make([]frame.View, len(r.Columns))
	for i, id := range r.Columns {
		views[i] = ViewOf(r.Fields[id])
		views[i].ID = id
	}
	return views
}

// ViewOf says how a field's values are shown. The zero field, of columns that weren't selected, shows them plainly.
func ViewOf(f metric.Field) frame.View {
	switch {
	case f.Dimension != nil:
		return dimensionView(f.Dimension)
	case f.Metric != nil:
		return metricView(f)
	case f.Calculation != nil:
		return calculationView(f.Calculation)
	case f.Custom != nil && f.Custom.Type == "sql":
		return frame.View{Label: f.Custom.Name, Format: frame.Format{Style: styleOf(f.Custom.DimensionType, frame.Plain)}}
	case f.Custom != nil:
		return frame.View{Label: f.Custom.Name}
	}
	return frame.View{}
}

// styleOf is the style of a type; numbers get the one given.
func styleOf(name string, number frame.Style) frame.Style {
	switch name {
	case "string":
		return frame.Text
	case "boolean":
		return frame.YesNo
	case "date":
		return frame.Day
	case "timestamp":
		return frame.Moment
	}
	return number
}

func dimensionView(d *semantic.Dimension) frame.View {
	style := styleOf(string(d.Type), frame.Number)
	view := frame.View{Label: d.Label, Seconds: d.Type == semantic.Date || d.Type == semantic.Timestamp}
	view.Format = frame.Named(d.Format, d.Round, d.Compact)
	if style != frame.Number {
		view.Format = frame.Format{Style: style, Pattern: view.Format.Pattern}
	}
	switch d.TimeInterval {
	case "", "RAW", "DAY", "WEEK":
	default: // the pattern is that of the whole time
		view.Format.Pattern = ""
	}
	view.Format.Interval = d.TimeInterval
	return view
}

func metricView(f metric.Field) frame.View {
	m := f.Metric
	view := frame.View{Label: m.Label, Seconds: m.Type == semantic.MetricDate || m.Type == semantic.MetricTimestamp}
	if f.Additional != nil {
		if custom, ok := customFormat(f.Additional.FormatOptions); ok {
			view.Format = custom
			return view
		}
	}
	view.Format = frame.Named(m.Format, m.Round, m.Compact)
	if style := styleOf(string(m.Type), frame.Number); style != frame.Number {
		view.Format = frame.Format{Style: style, Pattern: view.Format.Pattern}
	}
	return view
}

func calculationView(c *metric.TableCalculation) frame.View {
	view := frame.View{Label: c.DisplayName}
	if style := styleOf(c.Type, frame.Plain); style != frame.Plain {
		view.Format.Style = style
		return view
	}
	if custom, ok := customFormat(c.Format); ok {
		view.Format = custom
	}
	return view
}

// customFormat reads a format that came with a query. One that can't be read shows values plainly.
func customFormat(raw json.RawMessage) (frame.Format, bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return frame.Format{}, false
	}
	var f struct {
		Type         string `json:"type"`
		Round        *int   `json:"round"`
		Separator    string `json:"separator"`
		Currency     string `json:"currency"`
		Compact      string `json:"compact"`
		Prefix       string `json:"prefix"`
		Suffix       string `json:"suffix"`
		TimeInterval string `json:"timeInterval"`
		Custom       string `json:"custom"`
	}
	if json.Unmarshal(raw, &f) != nil || f.Type == "" {
		return frame.Format{}, false
	}
	if f.Type == "custom" {
		return frame.Format{Style: frame.Number, Pattern: f.Custom}, true
	}
	return frame.Format{Style: frame.StyleNamed(f.Type), Round: f.Round, Separator: f.Separator, Currency: f.Currency,
		Compact: f.Compact, Prefix: f.Prefix, Suffix: f.Suffix, Interval: f.TimeInterval}, true
}

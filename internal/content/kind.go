package content

import "encoding/json"

// chartConfig is what of a chart's configuration decides its kind.
type chartConfig struct {
	Type   string `json:"type"`
	Config struct {
		Layout struct {
			FlipAxes bool `json:"flipAxes"`
		} `json:"layout"`
		ECharts struct {
			Series []struct {
				Type string           `json:"type"`
				Area *json.RawMessage `json:"areaStyle"`
			} `json:"series"`
		} `json:"eChartsConfig"`
	} `json:"config"`
}

// kindOf gives the type of a chart's configuration and its kind, which is the word that icons go by.
func kindOf(config json.RawMessage) (chartType, kind string) {
	var c chartConfig
	if err := json.Unmarshal(config, &c); err != nil && c.Type == "" {
		return "table", "table"
	}
	switch c.Type {
	case "cartesian":
		return c.Type, c.cartesian()
	case "":
		return "table", "table"
	}
	return c.Type, c.Type // big_number, table, pie, funnel, custom
}

func (c chartConfig) cartesian() string {
	kind := ""
	for _, series := range c.Config.ECharts.Series {
		word := series.Type
		if series.Area != nil {
			word = "area"
		}
		if kind != "" && kind != word {
			return "mixed"
		}
		kind = word
	}
	switch {
	case kind != "" && kind != "bar":
		return kind
	case c.Config.Layout.FlipAxes:
		return "horizontal_bar"
	}
	return "vertical_bar"
}

package metric

import (
	"math"
	"strconv"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// additionalMetrics makes metrics of those that came with the query.
func (b *builder) additionalMetrics() error {
	list := b.query.AdditionalMetrics
	if len(list) == 0 {
		return nil
	}
	b.additional = make(map[string]*semantic.Metric, len(list))
	b.sources = make(map[string]*AdditionalMetric, len(list))
	for i := range list {
		a := &list[i]
		if b.explore.Tables[a.Table] == nil {
			return compileFault("Custom metric \"%s\" references a table \"%s\" that isn't part of explore \"%s\"", a.Name, a.Table, b.explore.Name)
		}
		b.sources[semantic.FieldID(a.Table, a.Name)] = a
		if a.Compares() {
			continue
		}
		m, err := b.fromAdditional(a)
		if err != nil {
			return err
		}
		b.additional[semantic.FieldID(a.Table, a.Name)] = m
	}
	for id, a := range b.sources { // once the metrics that they compare are there
		if !a.Compares() {
			continue
		}
		m, err := b.comparedMetric(a)
		if err != nil {
			return err
		}
		b.additional[id] = m
	}
	return nil
}

func (b *builder) fromAdditional(a *AdditionalMetric) (*semantic.Metric, error) {
	t := semantic.MetricType(a.Type)
	if !knownMetricType(t) {
		return nil, fault.New(fault.Invalid, "Custom metric %q has the unknown type %q.", a.Name, a.Type)
	}
	if p := a.Percentile; p != nil && (math.IsNaN(*p) || *p < 0 || *p > 100) {
		return nil, fault.New(fault.Invalid, "The percentile of custom metric %q must be between 0 and 100.", a.Name)
	}
	m := &semantic.Metric{
		Table: a.Table, TableLabel: b.explore.Tables[a.Table].Label, Name: a.Name, Label: a.Label, Description: a.Description,
		Type: t, SQL: semantic.SQL(a.SQL), Round: a.Round, Compact: a.Compact, Format: a.Format, Percentile: a.Percentile,
		Hidden: a.Hidden != nil && *a.Hidden, DistinctKeys: a.DistinctKeys,
	}
	if a.BaseDimensionName != "" {
		m.DimensionReference = semantic.FieldID(a.Table, a.BaseDimensionName)
	}
	for _, f := range a.Filters {
		if f.Disabled {
			continue
		}
		filter := semantic.Filter{ID: f.ID, Field: f.Target.FieldRef, Operator: f.Operator, Values: f.Values}
		if f.Settings != nil {
			filter.Unit, filter.Completed = f.Settings.UnitOfTime, f.Settings.Completed
		}
		m.Filters = append(m.Filters, filter)
	}
	if b.user == nil {
		b.user = map[*semantic.Metric]bool{}
	}
	b.user[m] = true
	return m, nil
}

func knownMetricType(t semantic.MetricType) bool {
	switch t {
	case semantic.Percentile, semantic.Average, semantic.Count, semantic.CountDistinct, semantic.Sum, semantic.Min, semantic.Max, semantic.Median,
		semantic.SumDistinct, semantic.AverageDistinct:
		return true
	}
	return !t.Aggregates()
}

// customDimensions indexes the dimensions that came with the query.
func (b *builder) customDimensions() error {
	b.custom = make(map[string]*CustomDimension, len(b.query.CustomDimensions))
	for i := range b.query.CustomDimensions {
		c := &b.query.CustomDimensions[i]
		if c.Type != "bin" && c.Type != "sql" {
			return fault.New(fault.Invalid, "Custom dimension %q must be of type bin or sql, not %q.", c.ID, c.Type)
		}
		b.custom[c.ID] = c
	}
	return nil
}

func (b *builder) customKey(c *CustomDimension) error {
	if c.Type == "sql" {
		sql, err := b.customSQL(c)
		if err != nil {
			return err
		}
		b.key(c.ID, &SQL{Parts: []Part{{Kind: Inner, Expr: sql}}}, Field{Custom: c})
		return nil
	}
	d, err := b.dimensionByID(c.DimensionID)
	if err != nil {
		return err
	}
	of, err := b.dimension(d)
	if err != nil {
		return err
	}
	bin, err := b.bin(c, d, of)
	if err != nil {
		return err
	}
	b.key(c.ID, bin(false), Field{Custom: c})
	if !b.sorted(c.ID) || c.BinType == "fixed_number" && *c.BinNumber == 1 {
		return nil
	}
	if b.orderIDs == nil {
		b.orderIDs = map[string]string{}
	}
	b.orderIDs[c.ID] = c.ID + "_order"
	b.keyList = append(b.keyList, Output{ID: c.ID + "_order", Expr: bin(true)})
	return nil
}

func (b *builder) customSQL(c *CustomDimension) (*SQL, error) {
	if b.explore.Tables[c.Table] == nil {
		return nil, compileFault("Custom dimension \"%s\" references a table \"%s\" that isn't part of explore \"%s\"", c.Name, c.Table, b.explore.Name)
	}
	return b.written(c.Table, semantic.SQL(c.SQL), "custom dimension", b.dimensionLookup(c.Table))
}

// maxBins bounds the cases of one bin expression.
const maxBins = 1000

// bin gives what makes the label (false) and the sort key (true) of a bin.
func (b *builder) bin(c *CustomDimension, d *semantic.Dimension, of Expr) (func(order bool) Expr, error) {
	switch c.BinType {
	case "fixed_width":
		if c.BinWidth == nil || !(*c.BinWidth > 0) || math.IsInf(*c.BinWidth, 0) {
			return nil, compileFault("Bin width of custom dimension \"%s\" must be greater than 0", c.Name)
		}
		width := plainFloat(*c.BinWidth)
		return func(order bool) Expr { return &WidthBin{Of: of, Width: width, Order: order} }, nil
	case "fixed_number":
		if c.BinNumber == nil || *c.BinNumber < 1 || *c.BinNumber > maxBins {
			return nil, compileFault("Bin number of custom dimension \"%s\" must be between 1 and %d", c.Name, maxBins)
		}
		if err := b.extent(c, d, of); err != nil {
			return nil, err
		}
		cte := c.ID + "_cte"
		return func(order bool) Expr { return &CountBin{Of: of, Count: *c.BinNumber, CTE: cte, Order: order} }, nil
	case "custom_range":
		if len(c.CustomRange) == 0 || len(c.CustomRange) > maxBins {
			return nil, compileFault("Custom dimension \"%s\" needs between 1 and %d ranges", c.Name, maxBins)
		}
		ranges := make([]Edges, len(c.CustomRange))
		for i, r := range c.CustomRange {
			ranges[i] = Edges{From: binEdge(r.From), To: binEdge(r.To)}
		}
		return func(order bool) Expr { return &RangeBin{Of: of, Ranges: ranges, Order: order} }, nil
	}
	return nil, compileFault("Custom dimension \"%s\" has the unknown bin type \"%s\"", c.Name, c.BinType)
}

// extent adds the common table that finds the least and greatest value of a whole table.
func (b *builder) extent(c *CustomDimension, d *semantic.Dimension, of Expr) error {
	if read := tablesOf(of); len(read) > 1 || len(read) == 1 && read[0] != d.Table {
		return compileFault("Custom dimension \"%s\" can't have a fixed number of bins, because its dimension reads other tables: %s", c.Name, strings.Join(read, ", "))
	}
	table, err := b.table(d.Table)
	if err != nil {
		return err
	}
	b.cross = append(b.cross, c.ID+"_cte")
	b.plan.Bins = append(b.plan.Bins, BinTable{Name: c.ID + "_cte", Of: of, Count: *c.BinNumber, From: table})
	return nil
}

func binEdge(v *float64) string {
	if v == nil {
		return ""
	}
	return plainFloat(*v)
}

func plainFloat(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

package metric

import "inlay/internal/semantic"

// Field is a selected column of a query: exactly one pointer is set.
type Field struct {
	Dimension   *semantic.Dimension
	Metric      *semantic.Metric
	Calculation *TableCalculation
	Custom      *CustomDimension
	Additional  *AdditionalMetric // with Metric set too: the metric it was compiled to
}

package native

import (
	"encoding/json"

	"inlay/internal/content"
	"inlay/internal/metric"
	"inlay/internal/project"
)

// authorWire is somebody's name beside a thing they changed.
type authorWire struct {
	UserUUID  string `json:"userUuid"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

func personToWire(p *content.Person) *authorWire {
	if p == nil {
		return nil
	}
	return &authorWire{p.User, p.First, p.Last}
}

type pinWire struct {
	PinnedListUUID  *string `json:"pinnedListUuid"`
	PinnedListOrder *int64  `json:"pinnedListOrder"`
}

func pinToWire(p content.Pin) pinWire {
	return pinWire{maybe(p.List), p.Order}
}

// maybe is null for an empty text.
func maybe(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// orEmpty is for lists that are written as [] when there is nothing in them.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// fullQuery is a metric query as charts show it: with all of its lists, even empty ones, and its zone, even null.
type fullQuery struct {
	metric.Query
	AdditionalMetrics []metric.AdditionalMetric `json:"additionalMetrics"`
	CustomDimensions  []metric.CustomDimension  `json:"customDimensions"`
	Timezone          *string                   `json:"timezone"`
}

func queryToWire(q metric.Query) fullQuery {
	q.Dimensions, q.Metrics, q.Sorts = orEmpty(q.Dimensions), orEmpty(q.Metrics), orEmpty(q.Sorts)
	q.TableCalculations = orEmpty(q.TableCalculations)
	return fullQuery{q, orEmpty(q.AdditionalMetrics), orEmpty(q.CustomDimensions), q.Timezone}
}

// filtersWire are a dashboard's filters; rules travel untouched.
type filtersWire struct {
	Metrics           []json.RawMessage `json:"metrics"`
	Dimensions        []json.RawMessage `json:"dimensions"`
	TableCalculations []json.RawMessage `json:"tableCalculations"`
}

func filtersToWire(f content.DashboardFilters) filtersWire {
	return filtersWire{orEmpty(f.Metrics), orEmpty(f.Dimensions), orEmpty(f.Calculations)}
}

func (f *filtersWire) filters() content.DashboardFilters {
	if f == nil {
		return content.DashboardFilters{}
	}
	return content.DashboardFilters{Dimensions: f.Dimensions, Metrics: f.Metrics, Calculations: f.TableCalculations}
}

// problemsToWire tells what a validation found in a chart or dashboard.
func problemsToWire(found []project.ValidationSummary) []hitProblem {
	problems := make([]hitProblem, 0, len(found))
	for _, problem := range found {
		problems = append(problems, hitProblem{problem.ID, problem.Error, moment(problem.Created)})
	}
	return problems
}

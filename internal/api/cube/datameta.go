package cube

import (
	"context"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/semantic"
)

type annotation struct {
	Measures       map[string]memberNote `json:"measures"`
	Dimensions     map[string]memberNote `json:"dimensions"`
	Segments       map[string]memberNote `json:"segments"`
	TimeDimensions map[string]memberNote `json:"timeDimensions"`
}

// memberNote describes a selected member.
type memberNote struct {
	Title        string     `json:"title"`
	ShortTitle   string     `json:"shortTitle"`
	Description  string     `json:"description,omitempty"`
	Type         string     `json:"type,omitempty"`
	Format       string     `json:"format,omitempty"`
	Currency     string     `json:"currency,omitempty"`
	Granularity  *grainNote `json:"granularity,omitempty"`
	DrillMembers *[]string  `json:"drillMembers,omitempty"`
	DrillGroups  *drills    `json:"drillMembersGrouped,omitempty"`
}

type grainNote struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Interval string `json:"interval"`
}

type drills struct {
	Measures   []string `json:"measures"`
	Dimensions []string `json:"dimensions"`
}

func annotate(p dataPlan) annotation {
	a := annotation{map[string]memberNote{}, map[string]memberNote{}, map[string]memberNote{}, map[string]memberNote{}}
	for _, m := range p.shown {
		note := m.note()
		switch {
		case m.measure != nil:
			a.Measures[m.path] = note
		case m.granularity == "":
			a.Dimensions[m.path] = note
		default:
			a.TimeDimensions[m.path] = note
			note.Granularity = &grainNote{m.granularity, m.granularity, "1 " + m.granularity}
			a.TimeDimensions[m.path+"."+m.granularity] = note
		}
	}
	for _, m := range p.within {
		note := m.note()
		note.Type, note.Format, note.Currency = "", "", ""
		a.Segments[m.path] = note
	}
	return a
}

func (m member) note() memberNote {
	if d := m.dimension; d != nil {
		note := memberNote{Title: m.table.Label + " " + d.Label, ShortTitle: d.Label, Description: d.Description, Type: dimensionKind(d.Type)}
		note.Format, note.Currency = wireFormat(d.Format)
		return note
	}
	note := memberNote{Title: m.table.Label + " " + m.measure.Label, ShortTitle: m.measure.Label, Description: m.measure.Description, Type: measureKind(m.measure.Type)}
	note.Format, note.Currency = wireFormat(m.measure.Format)
	groups := drills{[]string{}, []string{}}
	for _, name := range m.measure.ShowUnderlyingValues {
		if m.table.Metrics[name] != nil {
			groups.Measures = append(groups.Measures, m.table.Name+"."+name)
		} else if m.table.Dimensions[name] != nil {
			groups.Dimensions = append(groups.Dimensions, m.table.Name+"."+name)
		}
	}
	all := append(append([]string{}, groups.Measures...), groups.Dimensions...)
	note.DrillMembers, note.DrillGroups = &all, &groups
	return note
}

// wireFormat gives a format by the API's names; what it has no name for is left out.
func wireFormat(format string) (name, currency string) {
	switch format {
	case "percent", "id":
		return format, ""
	case "usd", "gbp", "eur":
		return "currency", strings.ToUpper(format)
	}
	return "", ""
}

func dimensionKind(t semantic.Type) string {
	switch t {
	case semantic.Timestamp, semantic.Date:
		return "time"
	case semantic.Number, semantic.Boolean:
		return string(t)
	}
	return "string"
}

func measureKind(t semantic.MetricType) string {
	return dimensionKind(measureType(t))
}

// aggregates are the API's names of the ways to aggregate; the others have the type's own name.
var aggregates = map[semantic.MetricType]string{
	semantic.CountDistinct: "countDistinct", semantic.Average: "avg", semantic.Median: "number", semantic.Percentile: "number",
	semantic.SumDistinct: "number", semantic.AverageDistinct: "number",
	semantic.MetricDate: "time", semantic.MetricTimestamp: "time",
}

type metaOut struct {
	Cubes []cubeOut `json:"cubes"`
}

type cubeOut struct {
	Name          string         `json:"name"`
	Type          string         `json:"type"`
	Title         string         `json:"title"`
	Description   string         `json:"description,omitempty"`
	Visible       bool           `json:"isVisible"`
	Public        bool           `json:"public"`
	Component     int            `json:"connectedComponent"`
	Measures      []measureOut   `json:"measures"`
	Dimensions    []dimensionOut `json:"dimensions"`
	Segments      []segmentOut   `json:"segments"`
	Hierarchies   []any          `json:"hierarchies"`
	Folders       []any          `json:"folders"`
	NestedFolders []any          `json:"nestedFolders"`
}

type measureOut struct {
	memberNote
	Name            string `json:"name"`
	AggType         string `json:"aggType"`
	Cumulative      bool   `json:"cumulative"`
	CumulativeTotal bool   `json:"cumulativeTotal"`
	Visible         bool   `json:"isVisible"`
	Public          bool   `json:"public"`
}

// segmentOut is a boolean dimension as a condition.
type segmentOut struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	ShortTitle  string `json:"shortTitle"`
	Description string `json:"description,omitempty"`
	Visible     bool   `json:"isVisible"`
	Public      bool   `json:"public"`
}

type dimensionOut struct {
	memberNote
	Name       string `json:"name"`
	Suggest    bool   `json:"suggestFilterValues"`
	Visible    bool   `json:"isVisible"`
	Public     bool   `json:"public"`
	PrimaryKey bool   `json:"primaryKey"`
}

// meta lists the cubes that somebody may query, with their visible members.
func (d data) meta(ctx context.Context, who access.Principal, in requestIn) (metaOut, error) {
	c, err := d.catalog(ctx, who)
	out := metaOut{Cubes: []cubeOut{}}
	if in.Request.URL.Query().Get("onlyViews") == "true" {
		return out, err
	}
	components := c.components()
	for _, name := range c.cubes() {
		out.Cubes = append(out.Cubes, describe(c.cube(name), components[name]))
	}
	return out, err
}

func describe(t *semantic.Table, component int) cubeOut {
	out := cubeOut{
		Name: t.Name, Type: "cube", Title: t.Label, Description: t.Description, Visible: true, Public: true, Component: component,
		Measures: []measureOut{}, Dimensions: []dimensionOut{}, Segments: []segmentOut{}, Hierarchies: []any{}, Folders: []any{}, NestedFolders: []any{},
	}
	for _, m := range t.Metrics {
		if m.Hidden {
			continue
		}
		aggregate := aggregates[m.Type]
		if aggregate == "" {
			aggregate = string(m.Type)
		}
		note := member{table: t, measure: m}.note()
		out.Measures = append(out.Measures, measureOut{memberNote: note, Name: t.Name + "." + m.Name, AggType: aggregate, Visible: true, Public: true})
	}
	for _, d := range t.Dimensions {
		if !listed(d) {
			continue
		}
		out.Dimensions = append(out.Dimensions, dimensionOut{
			memberNote: member{table: t, dimension: d}.note(), Name: t.Name + "." + d.Name, Suggest: true, Visible: true, Public: true,
			PrimaryKey: slices.Contains(t.PrimaryKey, d.Column) && d.Column != "",
		})
	}
	for _, d := range out.Dimensions {
		if d.Type == string(semantic.Boolean) {
			out.Segments = append(out.Segments, segmentOut{d.Name, d.Title, d.ShortTitle, d.Description, true, true})
		}
	}
	slices.SortFunc(out.Segments, func(a, b segmentOut) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(out.Measures, func(a, b measureOut) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(out.Dimensions, func(a, b dimensionOut) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// components numbers the groups of cubes that can be joined.
func (c catalog) components() map[string]int {
	of := map[string]int{}
	next := 0
	for _, e := range c.explores {
		next++
		number := next
		for alias := range e.Tables {
			if known, ok := of[alias]; ok {
				for other, n := range of {
					if n == number {
						of[other] = known
					}
				}
				number = known
			}
			of[alias] = number
		}
	}
	return of
}

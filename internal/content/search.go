package content

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/project"
)

// mostHits is how many hits of one kind a search gives.
const mostHits = 10

// found is a row that a search looks at.
type found struct {
	UUID        string    `bun:"uuid"`
	Space       string    `bun:"space_uuid"`
	Name        string    `bun:"name"`
	Description *string   `bun:"description"`
	Kind        *string   `bun:"chart_kind"`
	Slug        string    `bun:"slug"`
	CreatedBy   *string   `bun:"created_by"`
	CreatedAt   time.Time `bun:"created_at"`
}

// Find searches the content that the principal may see.
func (f forProjects) Find(ctx context.Context, who access.Principal, id string, q project.Search) (project.Found, error) {
	var out project.Found
	seen, err := f.visible(ctx, who, id)
	if err != nil || len(seen) == 0 {
		return out, err
	}
	broken, err := f.broken(ctx, seen)
	if err != nil {
		return out, err
	}
	stems := stemsOf(q.Text)
	if q.Type == "" || q.Type == project.SearchSpaces {
		out.Spaces = hits(spacesFound(seen), stems, q)
	}
	for _, of := range []struct {
		kind, table, chartKind string
		subject                access.Subject
		into                   *[]project.Hit
	}{
		{project.SearchDashboards, "dashboards", "CAST(NULL AS TEXT)", access.Dashboard, &out.Dashboards},
		{project.SearchCharts, "charts", "chart_kind", access.SavedChart, &out.Charts},
		{project.SearchSQLCharts, "sql_charts", "chart_kind", access.SavedChart, &out.SQLCharts},
	} {
		in := keys(showing(who, seen, of.subject))
		if q.Type != "" && q.Type != of.kind || len(in) == 0 {
			continue
		}
		rows := []found{}
		find := f.db.NewSelect().TableExpr(of.table).
			ColumnExpr("uuid, space_uuid, name, description, slug, created_by, created_at").ColumnExpr(of.chartKind+" AS chart_kind").
			Where("space_uuid IN (?)", bun.List(in)).Order("created_at", "uuid")
		if err := having(find, stems).Scan(ctx, &rows); err != nil {
			return out, err
		}
		if of.kind != project.SearchSQLCharts {
			for i := range rows {
				rows[i].Slug = "" // only charts over SQL are addressed by it
			}
		}
		*of.into = hits(rows, stems, q)
		for i, hit := range *of.into {
			(*of.into)[i].Errors = broken[hit.UUID]
		}
	}
	return out, nil
}

// having narrows a select to rows that have one of the stems somewhere, which hits looks at more closely: most rows
// needn't leave the database. Databases differ in how they fold other letters than ASCII, so those aren't left to them.
func having(q *bun.SelectQuery, stems []string) *bun.SelectQuery {
	for _, stem := range stems {
		if strings.IndexFunc(stem, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
			return q
		}
	}
	if len(stems) == 0 {
		return q
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, stem := range stems { // letters and digits
			q = q.WhereOr("LOWER(name) LIKE ?", "%"+stem+"%").WhereOr("LOWER(description) LIKE ?", "%"+stem+"%")
		}
		return q
	})
}

func spacesFound(seen map[string]Space) []found {
	rows := []found{}
	for _, id := range keys(seen) {
		rows = append(rows, found{UUID: id, Name: seen[id].Name, CreatedBy: seen[id].createdBy, CreatedAt: seen[id].createdAt})
	}
	return rows
}

// hits keeps what matches, best first.
func hits(rows []found, stems []string, q project.Search) []project.Hit {
	list := []project.Hit{}
	for _, row := range rows {
		r := rank(stems, row.Name, text(row.Description))
		if r == 0 || q.CreatedBy != "" && text(row.CreatedBy) != q.CreatedBy ||
			!q.From.IsZero() && row.CreatedAt.Before(q.From) || !q.To.IsZero() && row.CreatedAt.After(q.To) {
			continue
		}
		list = append(list, project.Hit{UUID: row.UUID, Name: row.Name, Description: text(row.Description), Space: row.Space,
			ChartType: text(row.Kind), Slug: row.Slug, Rank: r})
	}
	slices.SortStableFunc(list, func(a, b project.Hit) int { return cmp.Compare(b.Rank, a.Rank) })
	return list[:min(len(list), mostHits)]
}

// rank says how well a name and description match: a word of the name weighs 1, one of the description 0.4, and the
// sum is bent to stay below 1. These are the weights that clients know from the reference.
func rank(stems []string, name, description string) float64 {
	score := float64(count(stems, name)) + 0.4*float64(count(stems, description))
	if score == 0 {
		return 0
	}
	return math.Round(score/(1+score)*1e6) / 1e6
}

func count(stems []string, text string) int {
	n := 0
	for _, word := range stemsOf(text) {
		if slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(word, stem) }) {
			n++
		}
	}
	return n
}

// stemsOf gives the words of a text without their English endings.
func stemsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		for _, ending := range []string{"ing", "ed", "es", "s", "e"} {
			if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) > 3 {
				words[i] = stem
				break
			}
		}
	}
	return words
}

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
	organization, err := f.projects.OrganizationOf(ctx, id)
	if err != nil {
		return out, err
	}
	broken, err := f.projects.FindingsOf(ctx, id)
	if err != nil {
		return out, err
	}
	stems := stemsOf(q.Text)
	described := []string{"name", "description"}
	for _, of := range []struct {
		kind, table, space string
		texts              []string // columns that are searched
		others             []string
		subject            access.Subject
		into               *[]project.Hit
	}{
		{project.SearchSpaces, "spaces", "t.uuid", []string{"name"}, nil, access.Space, &out.Spaces},
		{project.SearchDashboards, "dashboards", "t.space_uuid", described, []string{"space_uuid"}, access.Dashboard, &out.Dashboards},
		{project.SearchCharts, "charts", "t.space_uuid", described, []string{"space_uuid", "chart_kind"}, access.SavedChart, &out.Charts},
		{project.SearchSQLCharts, "sql_charts", "t.space_uuid", described, []string{"space_uuid", "chart_kind", "slug"}, access.SavedChart,
			&out.SQLCharts}, // which alone are addressed by their slugs
	} {
		if q.Type != "" && q.Type != of.kind {
			continue
		}
		seen, err := f.sight(ctx, who, of.subject, Project{id, organization})
		if err != nil {
			return out, err
		}
		rows := []found{}
		find := f.db.NewSelect().TableExpr("? AS t", bun.Ident(of.table)).Column("uuid", "created_by", "created_at").
			Column(of.texts...).Column(of.others...).Order("created_at", "uuid")
		if err := f.having(seen.of(find, of.space), of.texts, stems).Scan(ctx, &rows); err != nil {
			return out, err
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
func (f forProjects) having(q *bun.SelectQuery, columns, stems []string) *bun.SelectQuery {
	for _, stem := range stems {
		if strings.IndexFunc(stem, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
			return q
		}
	}
	like := "? LIKE ?" // which SQLite matches in either case
	if f.db.Postgres() {
		like = "? ILIKE ?"
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q.Where("1 = 0")             // nothing has no stem
		for _, stem := range stems { // letters and digits
			for _, column := range columns {
				q.WhereOr(like, bun.Ident(column), "%"+stem+"%")
			}
		}
		return q
	})
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

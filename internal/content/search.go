package content

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode"

	"inlay/internal/access"
	"inlay/internal/project"
)

// mostHits is how many hits of one kind a search gives.
const mostHits = 10

// Find searches the content that the principal may see.
func (f forProjects) Find(ctx context.Context, who access.Principal, id string, q project.Search) (project.Found, error) {
	var out project.Found
	held, err := f.shelf(ctx, who, id)
	if err != nil {
		return out, err
	}
	seen, stems := f.sight(who, id, held), stemsOf(q.Text)
	for _, of := range []struct {
		kind, table string
		subject     access.Subject
		into        *[]project.Hit
	}{
		{project.SearchSpaces, "spaces", access.Space, &out.Spaces},
		{project.SearchDashboards, "dashboards", access.Dashboard, &out.Dashboards},
		{project.SearchCharts, "charts", access.SavedChart, &out.Charts},
		{project.SearchSQLCharts, "sql_charts", access.SavedChart, &out.SQLCharts},
	} {
		if q.Type != "" && q.Type != of.kind {
			continue
		}
		hidden, err := seen.hides(ctx, of.subject)
		if err != nil {
			return out, err
		}
		*of.into = hits(held.having(of.table, stems), stems, q, func(e *entry) bool { return !hidden[held.room(e.Space)] })
		for i, hit := range *of.into {
			(*of.into)[i].Errors = held.broken[hit.UUID]
		}
	}
	return out, nil
}

// match is an entry with its rank.
type match struct {
	*entry
	rank float64
}

// hits keeps what matches, best first and then oldest first.
func hits(entries []*entry, stems []string, q project.Search, shows func(*entry) bool) []project.Hit {
	matches := []match{}
	for _, e := range entries {
		if !shows(e) {
			continue
		}
		r := e.words.rank(stems)
		if r == 0 || q.CreatedBy != "" && text(e.CreatedBy) != q.CreatedBy ||
			!q.From.IsZero() && e.CreatedAt.Before(q.From) || !q.To.IsZero() && e.CreatedAt.After(q.To) {
			continue
		}
		matches = append(matches, match{e, r})
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.UUID, b.UUID))
	})
	list := []project.Hit{}
	for _, m := range matches[:min(len(matches), mostHits)] {
		list = append(list, m.hit(m.rank))
	}
	return list
}

// hit is what a search tells of an entry. SQL charts alone are addressed by their slugs.
func (e *entry) hit(rank float64) project.Hit {
	hit := project.Hit{UUID: e.UUID, Name: e.Name, Description: text(e.Description), ChartType: text(e.Kind), Rank: rank}
	if e.Table != "spaces" {
		hit.Space = e.Space
	}
	if e.Table == "sql_charts" {
		hit.Slug = e.Slug
	}
	return hit
}

// words are the stems of a name and a description.
type words struct{ name, description []string }

func wordsOf(name, description string) words { return words{stemsOf(name), stemsOf(description)} }

// rank says how well a name and description match: a word of the name weighs 1, one of the description 0.4, and the
// sum is bent to stay below 1. These are the weights that clients know from the reference.
func (w words) rank(stems []string) float64 {
	score := float64(count(stems, w.name)) + 0.4*float64(count(stems, w.description))
	if score == 0 {
		return 0
	}
	return math.Round(score/(1+score)*1e6) / 1e6
}

func count(stems, words []string) int {
	n := 0
	for _, word := range words {
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

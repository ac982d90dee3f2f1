package project

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"inlay/internal/access"
	"inlay/internal/semantic"
)

// Search is what somebody looks for in a project.
type Search struct {
	Text      string
	Type      string // a kind of result; empty is all
	From, To  time.Time
	CreatedBy string
}

// Found is the content that matches, best first.
type Found struct {
	Spaces, Dashboards, Charts, SQLCharts []Hit
}

// Hit is one thing of the content that matches.
type Hit struct {
	UUID, Name, Description string
	Space                   string // of charts and dashboards
	ChartType               string // the kind of a chart
	Slug                    string // of charts written in SQL
	Rank                    float64
	Errors                  []ValidationSummary
}

// ValidationSummary is what a search tells of a validation's finding.
type ValidationSummary struct {
	ID      int64
	Error   string
	Created time.Time
}

// TableHit is a table that matches.
type TableHit struct {
	Explore *semantic.Explore
	Table   *semantic.Table
	Count   int
}

// FieldHit is a field that matches: one of Dimension and Metric is set.
type FieldHit struct {
	Explore *semantic.Explore
	Table   *semantic.Table
	Item    Item
	Count   int
}

// PageHit is a page of the product that matches.
type PageHit struct{ ID, Name, Address string }

// Results are all that a search finds.
type Results struct {
	Found
	Tables []TableHit
	Fields []FieldHit
	Pages  []PageHit
}

// Kinds of result that a search can be narrowed to.
const (
	SearchTables     = "table"
	SearchFields     = "field"
	SearchPages      = "page"
	SearchDashboards = "dashboard"
	SearchCharts     = "saved_chart"
	SearchSQLCharts  = "sql_chart"
	SearchSpaces     = "space"
)

// most is how many hits of one kind a search gives.
const most = 10

// Search finds content, tables, fields and pages. Faults: Forbidden.
func (s *Service) Search(ctx context.Context, who access.Principal, id string, q Search) (Results, error) {
	p, err := s.Get(ctx, who, id)
	if err != nil {
		return Results{}, err
	}
	var r Results
	if s.ports.Content != nil {
		if r.Found, err = s.ports.Content.Find(ctx, who, p.UUID, q); err != nil {
			return Results{}, err
		}
	}
	dated := !q.From.IsZero() || !q.To.IsZero() || q.CreatedBy != "" // models have neither dates nor authors
	if !dated && access.Can(who, access.Manage, p.thing(access.Explore)) {
		if err := s.searchModel(ctx, who, p, q, &r); err != nil {
			return Results{}, err
		}
	}
	if !dated && (q.Type == "" || q.Type == SearchPages) && access.Can(who, access.View, p.thing(access.Analytics)) {
		r.Pages = pages(p, q.Text)
	}
	return r, nil
}

func (s *Service) searchModel(ctx context.Context, who access.Principal, p Project, q Search, r *Results) error {
	words := matcher(q.Text)
	if words == nil {
		return nil
	}
	explores, err := s.exploresOf(ctx, who, p, true)
	if err != nil {
		return err
	}
	for _, e := range explores {
		if len(e.Errors) > 0 {
			continue
		}
		for _, t := range shownTables(e) {
			if n := count(words, t.Name, t.Label, t.Description); n > 0 {
				r.Tables = append(r.Tables, TableHit{e, t, n})
			}
			r.Fields = append(r.Fields, searchFields(words, e, t)...)
		}
	}
	r.Tables = best(r.Tables, q.Type == "" || q.Type == SearchTables, func(h TableHit) int { return h.Count })
	r.Fields = best(r.Fields, q.Type == "" || q.Type == SearchFields, func(h FieldHit) int { return h.Count })
	return nil
}

func searchFields(words *regexp.Regexp, e *semantic.Explore, t *semantic.Table) []FieldHit {
	hits := []FieldHit{}
	for _, d := range inOrder(t.Dimensions) {
		n := count(words, d.Name, d.Label, d.Description)
		if n > 0 && !d.Hidden {
			hits = append(hits, FieldHit{e, t, Item{Dimension: d, Table: t}, n})
		}
	}
	for _, m := range inOrder(t.Metrics) {
		n := count(words, m.Name, m.Label, m.Description)
		if n > 0 && !m.Hidden {
			hits = append(hits, FieldHit{e, t, Item{Metric: m, Table: t}, n})
		}
	}
	return hits
}

func best[H any](hits []H, wanted bool, rank func(H) int) []H {
	if !wanted {
		return nil
	}
	slices.SortStableFunc(hits, func(a, b H) int { return cmp.Compare(rank(b), rank(a)) })
	return hits[:min(len(hits), most)]
}

// matcher finds any of the words in any case; nil when there is no word.
func matcher(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	if len(words) == 0 {
		return nil
	}
	return regexp.MustCompile("(?i)" + strings.Join(words, "|"))
}

// count tells in how many different spellings the words occur, which is what the reference ranks models by.
func count(words *regexp.Regexp, texts ...string) int {
	seen := map[string]bool{}
	for _, text := range texts {
		for _, found := range words.FindAllString(text, -1) {
			seen[found] = true
		}
	}
	return len(seen)
}

func pages(p Project, text string) []PageHit {
	name := "User activity"
	words := matcher(text)
	if words == nil || !words.MatchString(name) {
		return nil
	}
	return []PageHit{{ID: "user-activity", Name: name, Address: "/projects/" + p.UUID + "/user-activity"}}
}

// CatalogQuery narrows a search of the catalogue.
type CatalogQuery struct {
	Text       string
	Tables     bool // wanted kinds
	Dimensions bool
	Metrics    bool
	Tags       []string // uuids; items must have all of them
}

// SearchCatalog finds tables and fields by words of their labels and descriptions, best first; an empty text finds
// everything.
func (s *Service) SearchCatalog(ctx context.Context, who access.Principal, id string, q CatalogQuery) ([]Item, error) {
	items, err := s.index(ctx, who, id)
	if err != nil {
		return nil, err
	}
	stems := stems(q.Text)
	found, ranks := []Item{}, map[string]int{}
	for _, item := range items {
		rank := rank(stems, item)
		if q.wants(item) && rank > 0 {
			found, ranks[item.ID] = append(found, item), rank
		}
	}
	slices.SortStableFunc(found, func(a, b Item) int { return cmp.Compare(ranks[b.ID], ranks[a.ID]) })
	return found, nil
}

func (q CatalogQuery) wants(item Item) bool {
	switch {
	case item.Explore != nil && !q.Tables, item.Dimension != nil && !q.Dimensions, item.Metric != nil && !q.Metrics:
		return false
	}
	for _, wanted := range q.Tags {
		if !slices.ContainsFunc(item.Tags, func(t Tag) bool { return t.UUID == wanted }) {
			return false
		}
	}
	return true
}

// rank weighs words in the label above words in the description, and whole labels above both; 0 is no match.
func rank(stems []string, item Item) int {
	if len(stems) == 0 {
		return 1
	}
	total := 0
	label := words(item.label())
	for _, stem := range stems {
		here := 0
		for _, w := range label {
			if strings.HasPrefix(w, stem) {
				here += 4
			}
		}
		for _, w := range words(item.words())[len(label):] {
			if strings.HasPrefix(w, stem) {
				here++
			}
		}
		if here == 0 {
			return 0
		}
		total += here
	}
	if len(label) == len(stems) && total >= 4*len(stems) {
		total += 100
	}
	return total
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127)
	})
}

// stems cuts the plural from words, so that either number finds the other.
func stems(text string) []string {
	found := words(text)
	for i, w := range found {
		if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			found[i] = strings.TrimSuffix(strings.TrimSuffix(w, "s"), "e")
		}
	}
	return found
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

type dashboard struct {
	named
	Tiles []struct {
		Properties struct {
			Content string `json:"content"`
		} `json:"properties"`
	} `json:"tiles"`
}

// verify holds the server to the workers' ledgers, and settles what was in doubt by what is there: everything, or what
// was written to since the last time.
func (s *server) verify(ctx context.Context, books []*ledger, everything bool) error {
	for _, l := range books {
		due := func(id string) bool { return everything || l.touched[id] }
		for id, marks := range l.live {
			if !due(id) {
				continue
			}
			found, status, err := s.mark(ctx, id)
			switch {
			case status == http.StatusNotFound && l.doubtful[id]:
				delete(l.live, id)
			case err != nil:
				return fmt.Errorf("an acknowledged dashboard: %w", err)
			case !slices.Contains(marks, found):
				return fmt.Errorf("dashboard %s holds %q, none of %q", id, found, marks)
			default:
				l.live[id] = []string{found}
			}
			delete(l.doubtful, id)
		}
		for _, id := range l.gone {
			if !due(id) {
				continue
			}
			if _, status, err := s.mark(ctx, id); status != http.StatusNotFound {
				return fmt.Errorf("a deleted dashboard is back: %d %w", status, err)
			}
		}
		for id, name := range l.promoted {
			if !due(id) {
				continue
			}
			var chart named
			if _, err := s.call(ctx, "GET", "/api/v1/saved/"+id, nil, &chart); err != nil || chart.Name != name {
				return fmt.Errorf("promoted chart %s is %q, not %q: %w", id, chart.Name, name, err)
			}
		}
		clear(l.touched)
	}
	if !everything {
		return nil
	}
	return s.verifyWhole(ctx, books)
}

// verifyWhole opens everything that is listed, whoever wrote it and whether or not that was acknowledged.
func (s *server) verifyWhole(ctx context.Context, books []*ledger) error {
	var boards, charts []named
	if _, err := s.call(ctx, "GET", "/api/v1/projects/"+s.facts.Project+"/dashboards", nil, &boards); err != nil {
		return err
	}
	for _, board := range boards {
		if _, _, err := s.mark(ctx, board.UUID); err != nil {
			return err
		}
	}
	if err := s.verifyUploads(ctx, books); err != nil {
		return err
	}
	if _, err := s.call(ctx, "GET", "/api/v1/projects/"+s.facts.Project+"/charts", nil, &charts); err != nil {
		return err
	}
	for _, chart := range charts {
		if _, err := s.call(ctx, "GET", "/api/v1/saved/"+chart.UUID, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// verifyUploads finds what was uploaded by its slug, which only content as code tells.
func (s *server) verifyUploads(ctx context.Context, books []*ledger) error {
	names := map[string]string{}
	for total := 1; len(names) < total; {
		var page struct {
			Dashboards []named `json:"dashboards"`
			Total      int     `json:"total"`
		}
		path := fmt.Sprintf("/api/v1/projects/%s/code/dashboards?offset=%d", s.facts.Project, len(names))
		if _, err := s.call(ctx, "GET", path, nil, &page); err != nil {
			return err
		}
		if total = page.Total; len(page.Dashboards) == 0 {
			break
		}
		for _, board := range page.Dashboards {
			names[board.Slug] = board.Name
		}
	}
	for _, l := range books {
		for slug, name := range l.uploaded {
			if names[slug] != name {
				return fmt.Errorf("the uploaded dashboard %s is %q, not %q", slug, names[slug], name)
			}
		}
	}
	return nil
}

// mark is what the tiles of a dashboard of ours carry, all of them the same. The demo's own carry none.
func (s *server) mark(ctx context.Context, id string) (string, int, error) {
	var d dashboard
	status, err := s.call(ctx, "GET", "/api/v1/dashboards/"+id, nil, &d)
	if err != nil || slices.ContainsFunc(s.facts.Dashboards, func(own named) bool { return own.UUID == id }) {
		return "", status, err
	}
	if len(d.Tiles) != 2 || d.Tiles[0].Properties.Content != d.Tiles[1].Properties.Content {
		return "", status, fmt.Errorf("dashboard %s is half-written: %+v", id, d.Tiles)
	}
	return d.Tiles[0].Properties.Content, status, nil
}

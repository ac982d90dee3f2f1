package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
)

// ledger is what one worker knows of its own writes. Nobody else writes to its things.
type ledger struct {
	counts
	worker, next int
	random       *rand.Rand
	live         map[string][]string // dashboards by uuid: the marks that they may carry, the acknowledged one first
	doubtful     map[string]bool     // dashboards whose deletion was cut off
	gone         []string            // dashboards that were deleted
	promoted     map[string]string   // names of charts by their uuid in the upstream project
	uploaded     map[string]string   // names of dashboards by the slug under which they were uploaded
	touched      map[string]bool     // uuids of what was written to since the server was last held to this
}

type counts struct{ created, changed, promoted, uploaded, deleted, doubtful int }

func (c *counts) add(o counts) {
	c.created, c.changed, c.promoted = c.created+o.created, c.changed+o.changed, c.promoted+o.promoted
	c.uploaded, c.deleted, c.doubtful = c.uploaded+o.uploaded, c.deleted+o.deleted, c.doubtful+o.doubtful
}

func newLedger(worker int) *ledger {
	return &ledger{worker: worker, random: rand.New(rand.NewPCG(1, uint64(worker))), live: map[string][]string{},
		doubtful: map[string]bool{}, promoted: map[string]string{}, uploaded: map[string]string{}, touched: map[string]bool{}}
}

// mark is a text that no other write carries.
func (l *ledger) mark() string {
	l.next++
	return fmt.Sprintf("worker %d write %d.", l.worker, l.next)
}

// errCut tells that the server was killed before it answered.
var errCut = errors.New("cut off")

// call sends a request and decodes the results. It gives the status; an error other than errCut is a refusal.
func (s *server) call(ctx context.Context, method, path string, body, out any) (int, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "ApiKey "+s.facts.Fronts.Native.Token)
	r.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(r)
	if err != nil {
		return 0, errCut
	}
	data, err := io.ReadAll(response.Body)
	_ = response.Body.Close() // it was only read
	switch {
	case response.StatusCode >= 300:
		return response.StatusCode, fmt.Errorf("%s %s: %d %.300s", method, path, response.StatusCode, data)
	case err != nil:
		return 0, errCut
	case out == nil:
		return response.StatusCode, nil
	}
	return response.StatusCode, json.Unmarshal(data, &struct {
		Results any `json:"results"`
	}{out})
}

func (s *server) preview(ctx context.Context) (string, error) {
	var id string
	_, err := s.call(ctx, "POST", "/api/v1/projects/"+s.facts.Project+"/createPreview", map[string]any{"name": "Preview", "copyContent": true}, &id)
	return id, err
}

// tiles carry one mark twice: a dashboard of which only one tile was written would show it.
func tiles(mark string) []any {
	tile := func(y int) any {
		return map[string]any{"type": "markdown", "x": 0, "y": y, "w": 10, "h": 3, "properties": map[string]any{"title": "", "content": mark}}
	}
	return []any{tile(0), tile(3)}
}

// act does one write at random and notes what came of it. Its error ends the worker's round.
func (s *server) act(ctx context.Context, l *ledger, preview string) error {
	mine := slices.Sorted(maps.Keys(l.live))
	choice := l.random.IntN(10)
	switch {
	case choice < 3 || len(mine) == 0:
		return s.create(ctx, l)
	case choice < 6:
		return s.change(ctx, l, mine[l.random.IntN(len(mine))])
	case choice < 7:
		return s.promote(ctx, l, preview)
	case choice < 8:
		return s.upload(ctx, l)
	}
	return s.remove(ctx, l, mine[l.random.IntN(len(mine))])
}

type named struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

func (s *server) create(ctx context.Context, l *ledger) error {
	mark := l.mark()
	var made named
	_, err := s.call(ctx, "POST", "/api/v1/projects/"+s.facts.Project+"/dashboards", map[string]any{"name": mark, "tiles": tiles(mark), "tabs": []any{}}, &made)
	if err != nil {
		return l.cut(err)
	}
	l.created++
	l.live[made.UUID], l.touched[made.UUID] = []string{mark}, true
	return nil
}

func (s *server) change(ctx context.Context, l *ledger, id string) error {
	mark := l.mark()
	l.touched[id] = true
	body := map[string]any{"tiles": tiles(mark), "tabs": []any{}, "filters": map[string]any{"dimensions": []any{}, "metrics": []any{}, "tableCalculations": []any{}}}
	if _, err := s.call(ctx, "PATCH", "/api/v1/dashboards/"+id, body, nil); err != nil {
		l.live[id] = append(l.live[id], mark)
		return l.cut(err)
	}
	l.changed++
	l.live[id] = []string{mark}
	return nil
}

func (s *server) promote(ctx context.Context, l *ledger, preview string) error {
	mark := l.mark()
	chart := map[string]any{"name": mark, "tableName": "orders", "chartConfig": map[string]any{"type": "table"}, "tableConfig": map[string]any{"columnOrder": []string{}},
		"metricQuery": map[string]any{"exploreName": "orders", "dimensions": []string{"orders_status"}, "metrics": []string{}, "filters": map[string]any{},
			"sorts": []any{}, "limit": 10, "tableCalculations": []any{}}}
	var made, upstream named
	if _, err := s.call(ctx, "POST", "/api/v1/projects/"+preview+"/saved", chart, &made); err != nil {
		return l.cut(err)
	}
	if _, err := s.call(ctx, "POST", "/api/v1/saved/"+made.UUID+"/promote", nil, &upstream); err != nil {
		return l.cut(err)
	}
	l.counts.promoted++
	l.promoted[upstream.UUID], l.touched[upstream.UUID] = mark, true
	return nil
}

// upload puts a dashboard as code, and again under the same slug with another name.
func (s *server) upload(ctx context.Context, l *ledger) error {
	slug := fmt.Sprintf("worker-%d-%d", l.worker, l.random.IntN(20))
	mark := l.mark()
	body := map[string]any{"contentType": "dashboard", "version": 1, "slug": slug, "name": mark, "spaceSlug": s.space, "tiles": tiles(mark), "tabs": []any{},
		"filters": map[string]any{"dimensions": []any{}, "metrics": []any{}, "tableCalculations": []any{}}}
	if _, err := s.call(ctx, "POST", "/api/v1/projects/"+s.facts.Project+"/code/dashboards/"+slug, body, nil); err != nil {
		delete(l.uploaded, slug) // either name may be there
		return l.cut(err)
	}
	l.counts.uploaded++
	l.uploaded[slug] = mark
	return nil
}

func (s *server) remove(ctx context.Context, l *ledger, id string) error {
	l.touched[id] = true
	if _, err := s.call(ctx, "DELETE", "/api/v1/dashboards/"+id, nil, nil); err != nil {
		l.doubtful[id] = true
		return l.cut(err)
	}
	l.deleted++
	delete(l.live, id)
	l.gone = append(l.gone, id)
	return nil
}

// cut counts a write that wasn't answered; a refusal is a failure of the test, told at once.
func (l *ledger) cut(err error) error {
	if !errors.Is(err, errCut) {
		panic(err)
	}
	l.counts.doubtful++
	return err
}

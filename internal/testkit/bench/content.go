package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Numbers of the seeded project.
const (
	manySpaces     = 1_000
	manyCharts     = 10_000
	manyDashboards = 1_000
)

// library names what was seeded.
type library struct{ Spaces, Charts, Dashboards []string }

// content measures reads of a project with many charts.
func (b *bench) content(ctx context.Context) error {
	const name = "content"
	if err := b.prepare(ctx, name, 20_000); err != nil {
		return err
	}
	s, err := b.start(ctx, name)
	if err != nil {
		return err
	}
	defer s.stop()
	l, err := b.library(ctx, s, name)
	if err != nil {
		return err
	}
	b.section(fmt.Sprintf("content: %d charts, %d dashboards, %d spaces", manyCharts, manyDashboards, manySpaces))
	b.note("resident memory, idle", "%.0f MB", s.memory())
	for _, read := range []struct {
		name  string
		limit time.Duration
		path  func(n int) string
	}{
		{"dashboard", 500 * time.Microsecond, func(n int) string { return "/api/v1/dashboards/" + l.Dashboards[n%manyDashboards] }},
		{"chart", 500 * time.Microsecond, func(n int) string { return "/api/v1/saved/" + l.Charts[n%manyCharts] }},
		{"explore", 500 * time.Microsecond, func(int) string { return s.project() + "/explores/orders" }},
		{"page of content", 3 * time.Millisecond, func(n int) string {
			return fmt.Sprintf("/api/v2/content?projectUuids=%s&pageSize=25&page=%d", s.facts.Project, 1+n%400)
		}},
		{"search", 3 * time.Millisecond, func(n int) string {
			return s.project() + "/search/" + strconv.Itoa(n%manyCharts)
		}},
	} {
		for _, connections := range []int{1, 8} {
			open, hangUp, err := s.lines(connections)
			if err != nil {
				return err
			}
			took, rate, err := load(connections, b.span, func(n int) error { return open[n%connections].get(read.path(n)) })
			hangUp()
			if err != nil {
				return err
			}
			b.within(fmt.Sprintf("%s, %d connections: p50", read.name, connections), median(took), read.limit, "(p99 %s, %.0f/s)", quantile(took, 0.99), rate)
		}
	}
	b.note("resident memory after that", "%.0f MB", s.memory())
	return nil
}

// library makes the content once.
func (b *bench) library(ctx context.Context, s *running, name string) (*library, error) {
	path := filepath.Join(b.folder(name), "library.json")
	l := &library{}
	if text, err := os.ReadFile(path); err == nil {
		return l, json.Unmarshal(text, l)
	}
	for _, step := range []func(context.Context, *running) error{l.makeSpaces, l.makeCharts, l.makeDashboards} {
		if err := step(ctx, s); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return l, os.WriteFile(path, text, 0o600)
}

func (l *library) makeSpaces(ctx context.Context, s *running) (err error) {
	l.Spaces, err = s.make(ctx, manySpaces, "/spaces", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Space %d", n), "isPrivate": n%10 == 0}
	})
	return err
}

func (l *library) makeCharts(ctx context.Context, s *running) error {
	var charts []struct{ UUID string }
	if err := s.native(ctx, "GET", s.project()+"/charts", "", &charts); err != nil {
		return err
	}
	templates := make([]map[string]any, len(charts))
	for i, c := range charts {
		if err := s.native(ctx, "GET", "/api/v1/saved/"+c.UUID, "", &templates[i]); err != nil {
			return err
		}
	}
	var err error
	l.Charts, err = s.make(ctx, manyCharts, "/saved", func(n int) map[string]any {
		body := picked(templates[n%len(templates)], "tableName", "metricQuery", "chartConfig", "tableConfig", "pivotConfig")
		body["name"], body["spaceUuid"] = fmt.Sprintf("Chart %d", n), l.Spaces[n%manySpaces]
		return body
	})
	return err
}

func (l *library) makeDashboards(ctx context.Context, s *running) error {
	var template map[string]any
	if err := s.native(ctx, "GET", "/api/v1/dashboards/"+s.facts.Dashboards[0].UUID, "", &template); err != nil {
		return err
	}
	for _, tile := range template["tiles"].([]any) {
		delete(tile.(map[string]any), "tabUuid") // null, which isn't taken back
	}
	var err error
	l.Dashboards, err = s.make(ctx, manyDashboards, "/dashboards", func(n int) map[string]any {
		body := picked(template, "tiles", "tabs", "filters")
		body["name"], body["spaceUuid"] = fmt.Sprintf("Dashboard %d", n), l.Spaces[n%manySpaces]
		return body
	})
	return err
}

func picked(from map[string]any, names ...string) map[string]any {
	out := maps.Clone(from)
	maps.DeleteFunc(out, func(name string, value any) bool {
		for _, each := range names {
			if name == each {
				return value == nil
			}
		}
		return true
	})
	return out
}

// make creates a number of things in the demo's project, and gives their uuids.
func (s *running) make(ctx context.Context, count int, path string, body func(n int) map[string]any) ([]string, error) {
	ids := make([]string, count)
	return ids, all(4, count, func(n int) error {
		text, err := json.Marshal(body(n))
		if err != nil {
			return err
		}
		var made struct{ UUID string }
		err = s.native(ctx, "POST", s.project()+path, string(text), &made)
		ids[n] = made.UUID
		return err
	})
}

package schedule

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// counting is a door whose every query gives the numbers from 0; it waits until it is let go, when it is to.
type counting struct {
	query.Door
	rows int
	wait bool
	err  error
}

func (c counting) Run(ctx context.Context, _ access.Principal, _ query.Request) (*query.Result, error) {
	if c.wait {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	table := &frame.Table{Fields: []frame.Field{{Name: "n", Kind: frame.Int}}}
	for first := 0; first < c.rows; first += 2048 { // as engines give them
		batch := &frame.Batch{Columns: []frame.Column{frame.NewColumn(frame.Int, 2048)}}
		for n := first; n < min(first+2048, c.rows); n++ {
			batch.Columns[0].Ints = append(batch.Columns[0].Ints, int64(n))
			batch.Rows++
		}
		table.Batches = append(table.Batches, batch)
	}
	return &query.Result{Columns: []string{"n"}, Rows: table.Reader()}, c.err
}

func askFor(t *testing.T, s *Service, door query.Door, who access.Principal) string {
	t.Helper()
	id, err := s.StartQuery(t.Context(), who, door, Ask{Request: query.Request{Project: "project"}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// settledQuery waits until a query leaves the states in which it runs.
func settledQuery(t *testing.T, s *Service, who access.Principal, id string) Query {
	t.Helper()
	for range 500 {
		q, err := s.Query(t.Context(), who, "project", id)
		if err != nil {
			t.Fatal(err)
		}
		if q.Status != QueryPending && q.Status != QueryExecuting {
			return q
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the query doesn't end")
	return Query{}
}

func TestRowsOfABackgroundQueryAreReadByPage(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock) {
		q := settledQuery(t, s, ann, askFor(t, s, counting{rows: 7}, ann))
		if q.Status != QueryReady || q.Rows != 7 || len(q.Columns) != 1 || q.Columns[0] != (ResultColumn{"n", "number"}) {
			t.Fatalf("%+v", q)
		}
		for _, c := range []struct {
			first, size int
			want        string
		}{{0, 3, "0 1 2"}, {3, 3, "3 4 5"}, {6, 3, "6"}, {9, 3, ""}} {
			rows, err := s.Page(t.Context(), q, c.first, c.size)
			got := []string{}
			for _, row := range rows {
				number, _ := strings.CutPrefix(string(row), `{"n":{"value":{"raw":`)
				got = append(got, number[:1])
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%d rows from %d: %s, %v; want %s", c.size, c.first, rows, err, c.want)
			}
		}
		var lines bytes.Buffer
		if err := s.WriteRaw(t.Context(), q, &lines); err != nil || !strings.HasPrefix(lines.String(), "{\"n\":0}\n{\"n\":1}\n") {
			t.Errorf("%q %v", lines.String(), err)
		}
	})
}

func TestABackgroundQueryTellsHowItEnded(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock) {
		failed := settledQuery(t, s, ann, askFor(t, s, counting{err: fault.New(fault.Invalid, "No such column")}, ann))
		if failed.Status != QueryFailed || failed.Error != "No such column" {
			t.Errorf("%+v", failed)
		}
		id := askFor(t, s, counting{wait: true}, ann)
		if err := s.CancelQuery(t.Context(), ann, "project", id); err != nil {
			t.Fatal(err)
		}
		s.running.Wait()
		if q := settledQuery(t, s, ann, id); q.Status != QueryCancelled {
			t.Errorf("after it was cancelled and its run ended: %+v", q)
		}
	})
}

func TestH03_a_background_query_is_its_askers_alone(t *testing.T) {
	each(t, func(t *testing.T, s *Service, c *clock) {
		confined := access.Principal{Kind: access.Tenant, Organization: "org", Tenant: "acme", Filters: []access.RowFilter{{Column: "a", Values: []any{"1"}}}}
		id := askFor(t, s, counting{rows: 1}, confined)
		settledQuery(t, s, confined, id)
		otherRows, otherOrganization, otherScope := confined, confined, confined
		otherRows.Filters = []access.RowFilter{{Column: "a", Values: []any{"2"}}}
		otherOrganization.Organization = "other"
		otherScope.Scope = &access.Scope{Dashboards: []string{"d"}}
		for _, who := range []access.Principal{{}, ann, otherRows, otherOrganization, otherScope} {
			if _, err := s.Query(t.Context(), who, "project", id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v is told %v", who, err)
			}
			if err := s.CancelQuery(t.Context(), who, "project", id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v cancels: %v", who, err)
			}
			if list, total, err := s.Queries(t.Context(), who, "project", 1, 10); err != nil || total != 0 || len(list) != 0 {
				t.Errorf("%+v lists %v %v", who, list, err)
			}
		}
		if _, err := s.Query(t.Context(), confined, "another", id); !fault.Is(err, fault.NotFound) {
			t.Errorf("through another project: %v", err)
		}
		c.pass(2 * time.Hour)
		if _, err := s.Query(t.Context(), confined, "project", id); !fault.Is(err, fault.NotFound) {
			t.Errorf("after its time: %v", err)
		}
	})
}

func TestKeptQueriesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Service, c *clock) {
		for n := range queriesOf + 20 {
			c.pass(time.Millisecond)
			if id := askFor(t, s, counting{rows: 1}, ann); n%100 == 0 {
				settledQuery(t, s, ann, id)
			}
		}
		if _, total, err := s.Queries(t.Context(), ann, "project", 1, 10); err != nil || total != queriesOf {
			t.Errorf("%d are kept, %v", total, err)
		}
		q := settledQuery(t, s, ann, askFor(t, s, counting{rows: 8 << 20}, ann))
		if q.Status != QueryFailed || !strings.Contains(q.Error, strconv.Itoa(queryBytes>>20)+" MB") {
			t.Errorf("a result that is too large: %+v", q)
		}
	})
}

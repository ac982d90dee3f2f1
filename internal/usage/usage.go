// Package usage counts who ran how many queries on which day, and tells servers what tenants took of their quotas on
// each other. It knows neither the queries' text nor their rows, and
// forgets days after a year.
package usage

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/store"
)

// keep is how long a day is remembered.
const keep = 366 * 24 * time.Hour

// pause is how long counts are gathered before they are written.
const pause = time.Second

// dayKey names a count; it is kept for accounts alone, as embedded viewers have none.
type dayKey struct{ project, user, day string }

// Counts gathers counts in memory and writes them beside the queries. Close it.
type Counts struct {
	db    *store.DB
	first func(ctx context.Context, organization string) error
	now   func() time.Time
	log   *slog.Logger

	mu      sync.Mutex
	pending map[dayKey]int
	known   map[string]bool // organizations that are known to have run a query
	fresh   []string        // organizations that became known and whose first query isn't told yet
	writing sync.Mutex      // of what was pending: whoever reads waits for it

	wake   chan struct{}
	ending chan struct{}
	ended  chan struct{}
}

// Open starts counting. first is told of an organization's first query since the start.
func Open(db *store.DB, first func(ctx context.Context, organization string) error, now func() time.Time, log *slog.Logger) *Counts {
	c := &Counts{db: db, first: first, now: now, log: log, pending: map[dayKey]int{}, known: map[string]bool{},
		wake: make(chan struct{}, 1), ending: make(chan struct{}), ended: make(chan struct{})}
	go c.write()
	return c
}

// Close writes what is pending. Call it when no more queries run.
func (c *Counts) Close() {
	close(c.ending)
	<-c.ended
}

// Record counts a query that was answered. It only takes note: queries don't wait for it.
func (c *Counts) Record(e query.Event) {
	if e.Err != nil || e.Purpose == query.Values || e.Purpose == query.Total {
		return // helpers of other queries
	}
	c.mu.Lock()
	if !c.known[e.Who.Organization] {
		c.known[e.Who.Organization] = true
		c.fresh = append(c.fresh, e.Who.Organization)
	}
	if e.Who.User != "" && !e.Who.Embedded() {
		c.pending[dayKey{e.Project, e.Who.User, c.now().UTC().Format(time.DateOnly)}]++
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (c *Counts) write() {
	defer close(c.ended)
	for {
		select {
		case <-c.wake:
		case <-c.ending:
			c.flushOrLog()
			return
		}
		c.flushOrLog()
		select {
		case <-time.After(pause):
		case <-c.ending:
		}
	}
}

func (c *Counts) flushOrLog() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := c.flush(ctx); err != nil {
		c.log.ErrorContext(ctx, "the use of projects could not be counted", "error", err)
	}
}

type dayRow struct {
	bun.BaseModel `bun:"table:query_days,alias:counted"`
	Project       string `bun:"project_uuid,pk"`
	User          string `bun:"user_uuid,pk"`
	Day           string `bun:"day,pk"`
	Queries       int    `bun:"queries"`
}

// flush writes what is pending. What can't be written is lost: these are numbers for orientation.
func (c *Counts) flush(ctx context.Context) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	pending, fresh := c.pending, c.fresh
	c.pending, c.fresh = map[dayKey]int{}, nil
	c.mu.Unlock()
	for _, organization := range fresh {
		if err := c.first(ctx, organization); err != nil {
			return err
		}
	}
	if len(pending) == 0 {
		return nil
	}
	rows := make([]dayRow, 0, len(pending))
	for key, n := range pending {
		rows = append(rows, dayRow{Project: key.project, User: key.user, Day: key.day, Queries: n})
	}
	_, err := c.db.NewInsert().Model(&rows).On("CONFLICT (project_uuid, user_uuid, day) DO UPDATE").
		Set("queries = counted.queries + EXCLUDED.queries").Exec(ctx)
	return err
}

// Use is how much a project was queried.
type Use struct {
	ByUser map[string]int // in the last week
	Weeks  []Week         // in order; weeks without a query are left out
}

// Week is one week of queries; it starts on Monday.
type Week struct {
	Start          time.Time
	Users, Queries int
}

// Use sums up the queries of a project since a time, with all that were recorded before.
func (c *Counts) Use(ctx context.Context, project string, since time.Time) (Use, error) {
	if err := c.flush(ctx); err != nil {
		return Use{}, fault.Wrap(fault.Internal, err, "The use of the project could not be counted")
	}
	var rows []dayRow
	err := c.db.NewSelect().Model(&rows).Where("project_uuid = ?", project).Where("day >= ?", since.UTC().Format(time.DateOnly)).
		Order("day", "user_uuid").Scan(ctx)
	if err != nil {
		return Use{}, fault.Wrap(fault.Internal, err, "The use of the project could not be read")
	}
	return sum(rows, c.now().UTC().AddDate(0, 0, -6).Format(time.DateOnly))
}

// sum adds up rows in the order of their days; recent is the first day of the last week.
func sum(rows []dayRow, recent string) (Use, error) {
	use := Use{ByUser: map[string]int{}}
	users := map[string]bool{} // of the week that is being added up
	for _, row := range rows {
		day, err := time.Parse(time.DateOnly, row.Day)
		if err != nil {
			return Use{}, fault.Wrap(fault.Internal, err, "The use of the project could not be read")
		}
		start := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		if n := len(use.Weeks); n == 0 || !use.Weeks[n-1].Start.Equal(start) {
			use.Weeks = append(use.Weeks, Week{Start: start})
			clear(users)
		}
		week := &use.Weeks[len(use.Weeks)-1]
		users[row.User] = true
		week.Users, week.Queries = len(users), week.Queries+row.Queries
		if row.Day >= recent {
			use.ByUser[row.User] += row.Queries
		}
	}
	return use, nil
}

// Sweep forgets old days.
func (c *Counts) Sweep(ctx context.Context) error {
	_, err := c.db.NewDelete().Model((*dayRow)(nil)).Where("day < ?", c.now().UTC().Add(-keep).Format(time.DateOnly)).Exec(ctx)
	return err
}

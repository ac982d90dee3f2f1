package usage

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/store"
)

// How servers share what tenants took. Their clocks may differ by less than late.
const (
	shareEvery = time.Second
	late       = 30 * time.Second
	gone       = 10 * time.Second // after which a silent server's queries run no more
	atOnce     = 500              // rows of a statement
)

// Meters count what tenants take on this server. The door for data implements it.
type Meters interface {
	Taken() []query.Taken
	TakenElsewhere(map[string]query.Taken)
}

type useRow struct {
	bun.BaseModel `bun:"table:tenant_use"`
	Server        string `bun:",pk"`
	Tenant        string `bun:",pk"`
	Day           int64  `bun:",pk"`
	Minute        int64
	Requests      int
	Running       int
	Rows          int64 `bun:"rows_read"`
	Bytes         int64 `bun:"bytes_read"`
	At            time.Time
}

type serverTenant struct{ server, tenant string }

// Quotas tell the servers of one metadata database what tenants took on each, so that a quota holds for all together.
type Quotas struct {
	db     *store.DB
	meters Meters
	now    func() time.Time
	log    *slog.Logger

	server string                 // this one's name, new with each start: what an earlier one counted still counts
	told   map[string]query.Taken // what the others know of this one
	others map[serverTenant]useRow
	read   time.Time // until when the others' rows were read
}

// ShareQuotas prepares sharing; Work does it.
func ShareQuotas(db *store.DB, meters Meters, now func() time.Time, log *slog.Logger) *Quotas {
	return &Quotas{db: db, meters: meters, now: now, log: log, server: uuid.NewString(), told: map[string]query.Taken{},
		others: map[serverTenant]useRow{}, read: now().Add(-24 * time.Hour)}
}

// Work shares until ctx ends. While the metadata is away, each server counts for itself.
func (q *Quotas) Work(ctx context.Context) {
	turn := time.NewTicker(shareEvery)
	defer turn.Stop()
	for {
		select {
		case <-turn.C:
		case <-ctx.Done():
			return
		}
		if err := q.share(ctx); err != nil && ctx.Err() == nil {
			q.log.ErrorContext(ctx, "quotas aren't shared between servers now", "error", err)
		}
	}
}

// share is one turn. Servers on which no tenant has a quota ask the database nothing.
func (q *Quotas) share(ctx context.Context) error {
	taken := q.meters.Taken()
	if len(taken) == 0 {
		return nil
	}
	now := q.now().UTC().Truncate(time.Microsecond)
	if err := q.tell(ctx, taken, now); err != nil {
		return err
	}
	if err := q.hear(ctx, now); err != nil {
		return err
	}
	q.meters.TakenElsewhere(q.sums(now))
	return nil
}

func (q *Quotas) tell(ctx context.Context, taken []query.Taken, now time.Time) error {
	var rows []useRow
	for _, t := range taken {
		if t != q.told[t.Tenant] || t.Running > 0 {
			rows = append(rows, useRow{Server: q.server, Tenant: t.Tenant, Day: t.Day, Minute: t.Minute, Requests: t.Requests, Running: t.Running,
				Rows: t.Rows, Bytes: t.Bytes, At: now})
		}
	}
	for len(rows) > 0 {
		some := rows[:min(atOnce, len(rows))]
		rows = rows[len(some):]
		insert := q.db.NewInsert().Model(&some).On("CONFLICT (server, tenant, day) DO UPDATE")
		for _, column := range []string{"minute", "requests", "running", "rows_read", "bytes_read", "at"} {
			insert = insert.Set(column + " = EXCLUDED." + column)
		}
		if _, err := insert.Exec(ctx); err != nil {
			return err
		}
	}
	clear(q.told)
	for _, t := range taken {
		q.told[t.Tenant] = t
	}
	return nil
}

// hear reads what other servers wrote since the last time; the first time, all of today's.
func (q *Quotas) hear(ctx context.Context, now time.Time) error {
	var rows []useRow
	err := q.db.NewSelect().Model(&rows).Where("at > ?", q.read.Add(-late)).Where("day = ?", day(now)).Where("server <> ?", q.server).Scan(ctx)
	if err != nil {
		return err
	}
	q.read = now
	for _, row := range rows {
		q.others[serverTenant{row.Server, row.Tenant}] = row
	}
	for of, row := range q.others {
		if row.Day != day(now) {
			delete(q.others, of)
		}
	}
	return nil
}

func (q *Quotas) sums(now time.Time) map[string]query.Taken {
	sums := map[string]query.Taken{}
	minute := now.Unix() / 60
	for _, row := range q.others {
		sum := sums[row.Tenant]
		sum.Tenant, sum.Day, sum.Minute = row.Tenant, row.Day, minute
		sum.Rows, sum.Bytes = sum.Rows+row.Rows, sum.Bytes+row.Bytes
		if row.Minute == minute {
			sum.Requests += row.Requests
		}
		if now.Sub(row.At) < gone {
			sum.Running += row.Running
		}
		sums[row.Tenant] = sum
	}
	return sums
}

// Sweep forgets the days before yesterday.
func (q *Quotas) Sweep(ctx context.Context) error {
	_, err := q.db.NewDelete().Model((*useRow)(nil)).Where("day < ?", day(q.now())-1).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "What tenants took long ago could not be forgotten")
	}
	return nil
}

func day(at time.Time) int64 { return at.Unix() / 86400 }

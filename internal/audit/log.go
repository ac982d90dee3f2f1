package audit

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// waiting is how many events may wait to be written; who records one more waits too.
const waiting = 4096

// Log is the audit log in the metadata. Events are written beside the requests that cause them: some are recorded
// inside of a transaction, which a write of our own would wait for forever.
type Log struct {
	db     *store.DB
	log    *slog.Logger
	now    func() time.Time
	queue  chan Event
	flush  chan chan struct{}
	ending chan struct{} // closed when no more will be recorded
	ended  chan struct{} // closed when all is written
	once   sync.Once
}

type row struct {
	bun.BaseModel  `bun:"table:audit_events"`
	ID             string `bun:",pk"`
	At             time.Time
	OrganizationID string
	Who            string
	Credential     string
	Act            string
	Target         string
	Refused        bool
}

// Open starts a log; Close ends it.
func Open(db *store.DB, log *slog.Logger, now func() time.Time) *Log {
	l := &Log{db: db, log: log, now: now, queue: make(chan Event, waiting), flush: make(chan chan struct{}),
		ending: make(chan struct{}), ended: make(chan struct{})}
	go l.write()
	return l
}

// Record keeps an event. It doesn't fail: what can't be stored is in the operator's log.
func (l *Log) Record(ctx context.Context, e Event) {
	id, err := uuid.NewV7()
	if err != nil {
		l.log.ErrorContext(ctx, "an audit event has no id", "error", err)
		return
	}
	e.ID = id.String()
	if e.At.IsZero() {
		e.At = l.now()
	}
	e.At, e.Target = e.At.UTC().Truncate(time.Microsecond), clean(e.Target)
	select {
	case l.queue <- e:
	case <-l.ended:
	}
}

// clean bounds a text that may be the caller's, and leaves out what databases can't keep.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\x00", "")
	if len(text) > 500 {
		text = text[:500]
	}
	return strings.ToValidUTF8(text, "")
}

func (l *Log) write() {
	defer close(l.ended)
	for {
		select {
		case e := <-l.queue:
			l.store(e)
		case done := <-l.flush:
			l.storeWaiting()
			close(done)
		case <-l.ending:
			l.storeWaiting()
			return
		}
	}
}

func (l *Log) storeWaiting() {
	for range len(l.queue) {
		l.store(<-l.queue)
	}
}

func (l *Log) store(e Event) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r := row{ID: e.ID, At: e.At, OrganizationID: e.Organization, Who: e.Who, Credential: e.Credential, Act: e.Act, Target: e.Target, Refused: e.Refused}
	if _, err := l.db.NewInsert().Model(&r).Exec(ctx); err != nil {
		l.log.ErrorContext(ctx, "an audit event could not be stored; it is in this log alone", "error", err, "id", e.ID,
			"organization", e.Organization, "who", e.Who, "act", e.Act, "target", e.Target, "refused", e.Refused)
	}
}

// Close writes what waits. What is recorded afterwards is lost.
func (l *Log) Close() {
	l.once.Do(func() { close(l.ending) })
	<-l.ended
}

// Search says which events of an organization are wanted, newest first.
type Search struct {
	From, Until time.Time // zero is open; Until is excluded
	Act         string    // the act, or with a star at its end how it begins
	Who         string
	Refused     bool   // only what was refused
	Before      string // id of the last event of the page before
	Limit       int64
}

// Events lists events of the principal's organization, with everything that this process recorded before. Faults:
// Forbidden for everybody but administrators in person.
func (l *Log) Events(ctx context.Context, who access.Principal, s Search) ([]Event, error) {
	if err := l.may(who); err != nil {
		l.Record(ctx, By(who, "audit.read", "", true))
		return nil, err
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	var rows []row
	if err := s.narrow(l.db.NewSelect().Model(&rows).Where("organization_id = ?", who.Organization)).Scan(ctx); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The audit log could not be read")
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		events[i] = Event{r.ID, r.At.UTC(), r.OrganizationID, r.Who, r.Credential, r.Act, r.Target, r.Refused}
	}
	return events, nil
}

func (l *Log) may(who access.Principal) error {
	if who.Embedded() || !access.Can(who, access.Manage, access.Thing{Subject: access.Organization, Organization: who.Organization}) {
		return fault.New(fault.Forbidden, "Only administrators of the organization may read the audit log")
	}
	return nil
}

// settle waits until what was recorded is stored.
func (l *Log) settle(ctx context.Context) error {
	done := make(chan struct{})
	select {
	case l.flush <- done:
	case <-l.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	<-done
	return nil
}

func (s Search) narrow(q *bun.SelectQuery) *bun.SelectQuery {
	if !s.From.IsZero() {
		q = q.Where("at >= ?", s.From.UTC())
	}
	if !s.Until.IsZero() {
		q = q.Where("at < ?", s.Until.UTC())
	}
	if head, open := strings.CutSuffix(s.Act, "*"); open {
		q = q.Where("substr(act, 1, ?) = ?", len([]rune(head)), head)
	} else if s.Act != "" {
		q = q.Where("act = ?", s.Act)
	}
	if s.Who != "" {
		q = q.Where("who = ?", s.Who)
	}
	if s.Refused {
		q = q.Where("refused")
	}
	if s.Before != "" {
		q = q.Where("id < ?", s.Before)
	}
	return q.OrderExpr("id DESC").Limit(s.Limit)
}

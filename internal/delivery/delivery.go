// Package delivery sends charts and dashboards to people: when they are due, with whose rights their rows are read, in
// what files, and what became of it. It knows deliveries, which content keeps, and nothing of HTTP, mail or chat.
package delivery

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/schedule"
	"inlay/internal/store"
)

// Channel takes messages to people. An implementation may be asked by several runs at a time.
type Channel interface {
	Send(ctx context.Context, m Message) error
}

// Message is what one target gets.
type Message struct {
	To    string // an e-mail address, or the name of a chat channel
	Title string
	Text  string // what the delivery's owner wrote; may be empty
	Link  string // where the chart or dashboard is shown; empty when the owner wants no links
	Files []File
}

// File is a file of a message. Open it once for each reading.
type File struct {
	Name, ContentType string
	Open              func(ctx context.Context) (*schedule.File, error)
}

// People is what deliveries ask about people.
type People interface {
	// PrincipalOf gives what somebody with an account may do now. Faults: NotFound; Forbidden for a deactivated account.
	PrincipalOf(ctx context.Context, organization, user string) (access.Principal, error)
	// Holder gives the account of an organization that an e-mail address belongs to; false when it belongs to none.
	Holder(ctx context.Context, organization, email string) (user string, known bool, err error)
}

// Parts are what deliveries are made with.
type Parts struct {
	Store   *store.DB
	Content *content.Service
	Tasks   *schedule.Service
	Door    query.Door
	People  People
	Mail    Channel // nil: no e-mail server is connected
	Chat    Channel // nil: no chat is connected
	SiteURL string  // the server's own address, without a slash at its end
	Now     func() time.Time
	Log     *slog.Logger
}

// Service sends deliveries.
type Service struct{ Parts }

// New makes the service.
func New(p Parts) *Service {
	if p.Now == nil {
		p.Now = time.Now
	}
	p.Log = cmp.Or(p.Log, slog.New(slog.DiscardHandler))
	return &Service{p}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// kind is the name of runs among jobs, and in logs.
const kind = "handleScheduledDelivery"

// run is what a job of a run needs.
type run struct {
	At       time.Time
	Delivery string            `json:",omitempty"` // uuid of a kept delivery
	Once     *content.Delivery `json:",omitempty"` // in its place: one that is sent without being kept
}

// Work finds deliveries that are due, and sends what is to be sent, until ctx ends. Any number of servers may do so.
func (s *Service) Work(ctx context.Context) {
	var jobs sync.WaitGroup
	defer jobs.Wait()
	jobs.Go(func() { s.Tasks.Work(ctx, s.Workers()) })
	tick := time.NewTicker(15 * time.Second)
	defer tick.Stop()
	for {
		if err := s.EnlistDue(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "due deliveries could not be found", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Workers do the jobs that EnlistDue and SendNow keep.
func (s *Service) Workers() map[string]schedule.Worker { return map[string]schedule.Worker{kind: s.do} }

// EnlistDue keeps a job for each delivery that is due. A delivery and a time make one job, whichever servers find it.
func (s *Service) EnlistDue(ctx context.Context) error {
	due, err := s.Content.DueDeliveries(ctx)
	if err != nil {
		return err
	}
	for _, d := range due {
		payload, err := json.Marshal(run{At: d.At, Delivery: d.UUID})
		if err != nil {
			return err
		}
		key := fmt.Sprintf("%s %s %s", kind, d.UUID, d.At.Format(time.RFC3339))
		_, err = s.Tasks.Enlist(ctx, schedule.Job{Kind: kind, Key: key, Organization: d.Organization, Project: d.Project, User: d.CreatedBy,
			Payload: string(payload)})
		if err == nil {
			err = s.Content.Seen(ctx, d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SendNow sends something once, without keeping it as a delivery, and gives the id of the job. Faults: NotFound,
// Forbidden.
func (s *Service) SendNow(ctx context.Context, who access.Principal, d content.Delivery) (string, error) {
	d, err := s.Content.MaySend(ctx, who, d)
	if err != nil {
		return "", err
	}
	d.UUID, d.CreatedBy = "", who.User
	for i := range d.Targets {
		d.Targets[i].UUID = uuid.NewString()
	}
	payload, err := json.Marshal(run{At: s.now(), Once: &d})
	if err != nil {
		return "", err
	}
	return s.Tasks.Enlist(ctx, schedule.Job{Kind: kind, Key: kind + " once " + uuid.NewString(), Organization: d.Organization, Project: d.Project,
		User: who.User, Payload: string(payload)})
}

// SendKept sends a kept delivery now. Faults: NotFound, Forbidden.
func (s *Service) SendKept(ctx context.Context, who access.Principal, id string) (string, error) {
	d, err := s.Content.Delivery(ctx, who, id)
	if err != nil {
		return "", err
	}
	return s.SendNow(ctx, who, *d)
}

// errNobody says that nobody answers for a delivery any more.
func errNobody() error {
	return fault.New(fault.Forbidden, "Its owner has no account any more, so nothing was sent")
}

// Package audit keeps what was done or refused to accounts, keys, tenants and shared content. It adds and reads; nothing
// here changes or removes an event. It must not know values: no secrets, no rows.
package audit

import (
	"context"
	"time"

	"inlay/internal/access"
)

// Event is one line of the audit log.
type Event struct {
	ID           string // sorts by time
	At           time.Time
	Organization string // uuid; empty when nobody known did something to nothing known
	Who          string // user or tenant uuid; empty for nobody known, or whoever runs the server
	Credential   string // id of the session, token or key they came with
	Act          string // such as "login" or "member.role"
	Target       string // what it was done to, by uuid, name or e-mail
	Refused      bool
}

// Recorder is told events. It must not fail what it is told of, and must be quick.
type Recorder interface {
	Record(ctx context.Context, e Event)
}

// By makes the event of an act of somebody.
func By(who access.Principal, act, target string, refused bool) Event {
	e := Event{Organization: who.Organization, Who: who.User, Credential: who.Credential, Act: act, Target: target, Refused: refused}
	if e.Who == "" {
		e.Who = who.Tenant
	}
	return e
}

// Nowhere is a Recorder that forgets, for parts that are used without a server.
type Nowhere struct{}

// Record forgets.
func (Nowhere) Record(context.Context, Event) {}

package identity_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

const (
	ours, theirs = "10000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002"
	ourProject   = "30000000-0000-4000-8000-000000000003"
	password     = "a_good_password1!"
	someSecret   = "a secret that is long enough to start with, at least here"
)

// projects has one project of ours and none of theirs.
type projects struct{}

func (projects) OrganizationOf(_ context.Context, project string) (string, error) {
	if project == ourProject {
		return ours, nil
	}
	return "", fault.New(fault.NotFound, "There is no such project")
}
func (projects) Has(_ context.Context, o string) (bool, error)   { return o == ours, nil }
func (projects) EraseOrganization(context.Context, string) error { return nil }

// world is a service over a fresh database with two organizations, and a clock that tests move.
type world struct {
	*identity.Service
	t     *testing.T
	db    *store.DB
	clock *clock
	mail  *mailbox
	log   *auditLog
	users map[string]identity.User
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type mailbox struct {
	mu   sync.Mutex
	sent map[string]string // by e-mail address: the last passcode or link
}

func (m *mailbox) put(email, text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[email] = text
	return nil
}
func (m *mailbox) Passcode(_ context.Context, email, passcode string) error {
	return m.put(email, passcode)
}
func (m *mailbox) Invite(_ context.Context, email, link string) error { return m.put(email, link) }
func (m *mailbox) PasswordReset(_ context.Context, email, link string) error {
	return m.put(email, link)
}

func (m *mailbox) Unsent(context.Context) ([]identity.Unsent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []identity.Unsent
	for to, text := range m.sent {
		all = append(all, identity.Unsent{To: to, Text: text})
	}
	return all, nil
}

// code is the last path segment of the link that somebody was sent.
func (m *mailbox) code(email string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sent[email][strings.LastIndex(m.sent[email], "/")+1:]
}

type auditLog struct {
	mu     sync.Mutex
	events []audit.Event
}

func (l *auditLog) Record(_ context.Context, e audit.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}

func (l *auditLog) has(act string, refused bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Act == act && e.Refused == refused {
			return true
		}
	}
	return false
}

func newWorld(t *testing.T, db *store.DB, change func(*identity.Config)) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: &clock{at: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)},
		mail: &mailbox{sent: map[string]string{}}, log: &auditLog{}, users: map[string]identity.User{}}
	w.Service = w.replica(change)
	return w
}

// replica is one more server over the same database.
func (w *world) replica(change func(*identity.Config)) *identity.Service {
	w.t.Helper()
	key, err := secret.New(someSecret)
	if err != nil {
		w.t.Fatal(err)
	}
	config := identity.Config{SiteURL: "https://inlay.example", Now: w.clock.now, Mail: w.mail, Audit: w.log, Projects: projects{}}
	if change != nil {
		change(&config)
	}
	s, err := identity.New(w.db, key, config)
	if err != nil {
		w.t.Fatal(err)
	}
	s.HashCheaply()
	return s
}

// settled adds two organizations: ours with one user a role, theirs with an admin.
func settled(t *testing.T, db *store.DB) *world {
	w := newWorld(t, db, nil)
	for id, name := range map[string]string{ours: "Ours", theirs: "Theirs"} {
		_, err := w.MakeOrganization(t.Context(), identity.NewOrganization{UUID: id, Name: name})
		w.ok(err)
	}
	for _, role := range []access.Role{"admin", "developer", "editor", "viewer", "member"} {
		w.add(string(role), ours, role)
	}
	w.add("stranger", theirs, access.Admin)
	return w
}

func (w *world) add(name, organization string, role access.Role) {
	w.t.Helper()
	u, err := w.CreateUser(w.t.Context(), identity.NewUser{Organization: organization, Role: role,
		Email: name + "@example.com", First: name, Last: "Test", Password: cheap(name)})
	w.ok(err)
	w.users[name] = u
}

// cheap gives a password only to those whose tests log in: hashing is what makes these tests slow.
func cheap(name string) string {
	if name == "viewer" || name == "admin" {
		return password
	}
	return ""
}

func (w *world) who(name string) access.Principal {
	w.t.Helper()
	who, err := w.PrincipalOf(w.t.Context(), "", w.users[name].UUID)
	w.ok(err)
	return who
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, kind fault.Kind, what string) {
	w.t.Helper()
	if !fault.Is(err, kind) {
		w.t.Errorf("%s: %v", what, err)
	}
}

// session opens a session and gives a request that carries it.
func (w *world) session(name string) (*http.Request, identity.Session) {
	w.t.Helper()
	session, err := w.OpenSession(w.t.Context(), w.users[name].UUID, identity.SessionOptions{})
	w.ok(err)
	r := httptest.NewRequest(http.MethodGet, "https://inlay.example/api/v1/user", nil)
	r.AddCookie(&http.Cookie{Name: "connect.sid", Value: session.Token})
	return r, session
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, settled(t, db)) })
}

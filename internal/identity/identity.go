// Package identity keeps organizations, users, groups, attributes, grants, keys and sessions, and resolves the
// credentials of the native API to an access.Principal. It knows nothing of content, of rows of data, or of the wire.
package identity

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/maypok86/otter/v2"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Projects is what identity asks about projects.
type Projects interface {
	// OrganizationOf gives the uuid of the organization that a project belongs to. Faults: NotFound.
	OrganizationOf(ctx context.Context, project string) (string, error)
	// Has tells whether an organization has any project.
	Has(ctx context.Context, organization string) (bool, error)
	// EraseOrganization drops what belongs to an organization that is deleted: its projects with what is in them, and
	// what embeds them.
	EraseOrganization(ctx context.Context, organization string) error
}

// Mail brings secrets to people. It is called after the request's work is committed, and only keeps what it will send.
type Mail interface {
	Passcode(ctx context.Context, email, passcode string) error
	Invite(ctx context.Context, email, link string) error
	PasswordReset(ctx context.Context, email, link string) error
	// Unsent lists what hasn't been sent, newest first.
	Unsent(ctx context.Context) ([]Unsent, error)
}

// Config is what whoever runs the server decides about accounts.
type Config struct {
	SiteURL           string        // for links in mails
	CookieName        string        // connect.sid unless set
	SecureCookies     bool          // Secure on every cookie
	SessionAge        time.Duration // of a session that isn't used; 24 h unless set
	TrustedOrigins    []string      // sites that may send unsafe requests with our cookie
	ManyOrganizations bool          // anybody may register and found an organization
	OpenRegistration  bool          // the first user registers without the set-up token
	NoPasswords       bool          // password login is off
	SignOn            []string      // login providers that are set up
	NoTokens          bool          // personal access tokens are off
	FixedPasscode     string        // for development: every passcode is this one
	Address           func(*http.Request) string
	Now               func() time.Time
	Mail              Mail // nil: there is no mail server
	Audit             audit.Recorder
	Ended             Ended // nobody unless set
	Projects          Projects
	Log               *slog.Logger
}

// Ended is told of users who are deleted or locked out; level is "user".
type Ended func(ctx context.Context, organization, level, id string)

// Service is the directory of people and their credentials.
type Service struct {
	db     *store.DB
	secret secret.Secret
	config Config

	held     *otter.Cache[string, held]          // principals by credential; see resolve.go
	standing *otter.Cache[standingKey, standing] // of principals in projects; see directory.go
	revision *store.Statement                    // of an organization
	hashing  chan struct{}                       // bounds the memory that password hashing takes
	cost     hashCost
	failures *limiter // wrong passwords by account and address
	guesses  *limiter // wrong passwords by account, from wherever
	sprays   *limiter // wrong passwords by address, whatever the account
	letters  *limiter // mails that anybody can make us send, by recipient
	asking   *limiter // requests for such mails, by address
	origins  *http.CrossOriginProtection

	later sync.WaitGroup // work that an answer must not wait for; see RequestReset
}

// New makes the service over an open, migrated database. Faults: Invalid for an origin that isn't one.
func New(db *store.DB, key secret.Secret, c Config) (*Service, error) {
	if c.CookieName == "" {
		c.CookieName = "connect.sid"
	}
	if c.SessionAge == 0 {
		c.SessionAge = 24 * time.Hour
	}
	if c.Address == nil {
		c.Address = remoteAddress
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Audit == nil {
		c.Audit = audit.Nowhere{}
	}
	if c.Ended == nil {
		c.Ended = func(context.Context, string, string, string) {}
	}
	s := &Service{
		db: db, secret: key, config: c,
		held:     otter.Must(&otter.Options[string, held]{MaximumSize: 10_000}),
		standing: otter.Must(&otter.Options[standingKey, standing]{MaximumSize: 10_000}),
		revision: db.Prepared("SELECT revision FROM identity_revisions WHERE organization_id = ?"),
		hashing:  make(chan struct{}, max(2, runtime.GOMAXPROCS(0))),
		cost:     hashCost{memory: 19 * 1024, passes: 2},
		failures: newLimiter(c.Now, 10, 30*time.Second),
		guesses:  newLimiter(c.Now, 100, time.Minute),
		sprays:   newLimiter(c.Now, 100, 10*time.Second),
		letters:  newLimiter(c.Now, 5, 3*time.Minute),
		asking:   newLimiter(c.Now, 30, 10*time.Second),
		origins:  http.NewCrossOriginProtection(),
	}
	for _, origin := range c.TrustedOrigins {
		if err := s.origins.AddTrustedOrigin(origin); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The trusted origin %q isn't an origin", origin)
		}
	}
	return s, nil
}

// Close waits for what is still being done in the background.
func (s *Service) Close() { s.later.Wait() }

// UseProjects sets the port to projects where they can only be made after the service.
func (s *Service) UseProjects(p Projects) { s.config.Projects = p }

// now is the time as databases keep it: UTC, and no finer than a microsecond.
func (s *Service) now() time.Time { return s.config.Now().UTC().Truncate(time.Microsecond) }

// touch tells every replica to load the principals of these organizations again; "" is that of users without any. It
// also makes writers of one organization wait for each other.
func touch(ctx context.Context, tx bun.IDB, organizations ...string) error {
	for _, id := range organizations {
		_, err := tx.NewRaw(`INSERT INTO identity_revisions (organization_id, revision) VALUES (?, 1)
			ON CONFLICT (organization_id) DO UPDATE SET revision = identity_revisions.revision + 1`, id).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) audit(ctx context.Context, who access.Principal, act, target string, refused bool) {
	s.config.Audit.Record(ctx, audit.By(who, act, target, refused))
}

// require refuses what the principal may not do, and says so to the audit log.
func (s *Service) require(ctx context.Context, who access.Principal, action access.Action, thing access.Thing) error {
	if access.Can(who, action, thing) {
		return nil
	}
	s.audit(ctx, who, string(action)+" "+string(thing.Subject), thing.UUID, true)
	return forbidden()
}

func forbidden() error {
	return fault.New(fault.Forbidden, "You don't have access to this resource or action")
}

func newID() string { return uuid.NewString() }

// valid tells whether a text is a uuid as we write them.
func valid(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}

// canonical is how an e-mail address or username is stored and looked up: in lower case, and without what databases
// can't keep.
func canonical(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\x00", "")
	return strings.ToLower(strings.TrimSpace(name))
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// missing turns "no row" into a fault for people and passes other errors on.
func missing(err error, code, format string, args ...any) error {
	if store.NotFound(err) {
		return fault.Coded(fault.NotFound, code, format, args...)
	}
	return err
}

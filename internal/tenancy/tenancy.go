// Package tenancy holds what the embedding fronts share: their keys, the tenants and users that customers' products
// register, and the tokens and sessions those products hand to browsers. It resolves any of these credentials to one
// access.Principal. It knows nothing of wire formats, of what a dashboard is, or of how row policies become SQL.
package tenancy

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Fronts that a key, tenant or token can belong to. A credential of one is never taken for another's.
const (
	Upsolve     = "upsolve"
	Cube        = "cube"
	ThoughtSpot = "thoughtspot"
)

// Projects is what tenancy needs to know of projects and connections.
type Projects interface {
	// Columns tells which columns any table of the project has; the name is compared in any case.
	Columns(ctx context.Context, project string) (known func(column string) bool, err error)
	// Overridable refuses a connection that tenants of the organization may not be given: NotFound when there is none
	// of that id, Forbidden when it isn't open to tenants.
	Overridable(ctx context.Context, organization, connection string) error
	// HasSchema refuses a schema that the project's database, or that of a connection in its place, has no table in:
	// NotFound.
	HasSchema(ctx context.Context, project, connection, schema string) error
	// ProjectName gives the name of an organization's project, or NotFound.
	ProjectName(ctx context.Context, organization, project string) (string, error)
	// ProjectsOf lists the uuids of an organization's projects.
	ProjectsOf(ctx context.Context, organization string) ([]string, error)
}

// Kinds of Location.
const (
	DashboardKind = "dashboard"
	ChartKind     = "chart"
)

// Location is where a dashboard or chart stands.
type Location struct {
	Kind, UUID, Project, Name string
	AllowEmbed                bool // a dashboard whose owner lets signed sessions in
}

// Contents finds dashboards and charts for credentials that are confined to one.
type Contents interface {
	// Locate finds what a uuid names in an organization, or NotFound.
	Locate(ctx context.Context, organization, uuid string) (Location, error)
	// PublicDashboard finds a project's dashboard by its public id (or uuid, or slug), or NotFound.
	PublicDashboard(ctx context.Context, project, publicID string) (Location, error)
	// Visible refuses a dashboard that who may not see: NotFound or Forbidden.
	Visible(ctx context.Context, who access.Principal, dashboard string) error
	// EraseTenant drops what a tenant made for itself.
	EraseTenant(ctx context.Context, tenant string) error
}

// Account is a user as the identity package knows them.
type Account struct {
	UUID, Username, Email, Name string
	Created                     time.Time
}

// NewAccount is a user to create without a password.
type NewAccount struct {
	Username, Email, Name string
	Role                  access.Role
}

// Organization is an organization with its name.
type Organization struct{ UUID, Name string }

// Directory is what tenancy needs of users, groups and organizations. All faults of kind NotFound mean that there is no
// such user, organization or membership; inactive users are not found.
type Directory interface {
	// Organizations lists all, oldest first.
	Organizations(ctx context.Context) ([]Organization, error)
	// MemberOf lists the organizations a user belongs to, oldest first.
	MemberOf(ctx context.Context, user string) ([]Organization, error)
	// Account finds a user by uuid.
	Account(ctx context.Context, user string) (Account, error)
	// FindAccount finds a user by username or e-mail address, in any case.
	FindAccount(ctx context.Context, username string) (Account, error)
	// Login checks a password; Unauthenticated when it or the user isn't right. Caller is the network address, for limits.
	Login(ctx context.Context, username, password, caller string) (Account, error)
	// CreateAccount makes a user without a password in an organization.
	CreateAccount(ctx context.Context, organization string, n NewAccount) (Account, error)
	// Join makes a user a member of one more organization.
	Join(ctx context.Context, organization, user string, role access.Role) error
	// AddToGroups makes the user a member of the named groups, and makes groups that aren't there.
	AddToGroups(ctx context.Context, organization, user string, groups []string) error
	// MissingGroups gives those of the names that aren't groups of the organization.
	MissingGroups(ctx context.Context, organization string, names []string) ([]string, error)
	// KnownAttributes gives the names of the user attributes that the organization defines.
	KnownAttributes(ctx context.Context, organization string) ([]string, error)
	// PrincipalOf gives a member's own rights in an organization as they are now.
	PrincipalOf(ctx context.Context, organization, user string) (access.Principal, error)
}

// Options are the choices of whoever runs the server.
type Options struct {
	// Embedding marks cookies for use inside other sites' frames; it needs HTTPS.
	Embedding bool
	// Origins are the sites that may call with credentials and be redirected to, such as https://app.example.com.
	Origins []string
	// CubeURL is the address under which the data API is reached, for deploymentUrl.
	CubeURL string
	// NewUserRole is the role of users made just in time; viewer unless set.
	NewUserRole access.Role
	// Address tells a caller's network address, for rate limits; that of the connection unless set.
	Address func(*http.Request) string
	// Now is the clock; time.Now unless set.
	Now   func() time.Time
	Log   *slog.Logger
	Ended Ended          // nobody unless set
	Audit audit.Recorder // of keys, tenants and revocations; none unless set
}

// Ended is told what ended before its time: level is "key" or "tenant". The policy of a tenant ends when another takes its place.
type Ended func(ctx context.Context, organization, level, id string)

// Service keeps keys, tenants, tokens and sessions.
type Service struct {
	db       *store.DB
	secret   secret.Secret
	people   Directory
	projects Projects
	contents Contents
	options  Options

	upsolveKey, embedKey, dataKey []byte // signing keys of the three kinds of JWT

	writes    *batch
	verified  *memo[any] // claims of JWTs
	resolved  *memo[access.Principal]
	keys      *memo[Key]
	failures  *limiter // wrong keys, by caller
	exchanges *limiter // trusted tokens, by user
}

// New makes the service.
func New(db *store.DB, s secret.Secret, people Directory, projects Projects, contents Contents, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Address == nil {
		o.Address = remote
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Audit == nil {
		o.Audit = audit.Nowhere{}
	}
	if o.Ended == nil {
		o.Ended = func(context.Context, string, string, string) {}
	}
	if o.NewUserRole == "" {
		o.NewUserRole = access.Viewer
	}
	return &Service{
		db: db, secret: s, people: people, projects: projects, contents: contents, options: o,
		upsolveKey: s.Key("upsolve tenant token"), embedKey: s.Key("cube embed token"), dataKey: s.Key("cube data token"),
		writes:   &batch{db: db},
		verified: newMemo[any](o.Now), resolved: newMemo[access.Principal](o.Now), keys: newMemo[Key](o.Now),
		failures: newLimiter(o.Now, 30), exchanges: newLimiter(o.Now, 600),
	}
}

func (s *Service) now() time.Time { return s.options.Now().UTC() }

func (s *Service) audit(ctx context.Context, who access.Principal, act, target string, err error) {
	s.options.Audit.Record(ctx, audit.By(who, act, target, err != nil))
}

// Origins are the sites that may call with credentials.
func (s *Service) Origins() []string { return s.options.Origins }

// CubeURL is the address under which the data API is reached.
func (s *Service) CubeURL() string { return s.options.CubeURL }

// Caller is the network address that limits count by.
func (s *Service) Caller(r *http.Request) string { return s.options.Address(r) }

func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

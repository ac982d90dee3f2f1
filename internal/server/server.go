package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/api/cube"
	"inlay/internal/api/native"
	"inlay/internal/api/thoughtspot"
	"inlay/internal/api/upsolve"
	"inlay/internal/audit"
	"inlay/internal/content"
	"inlay/internal/delivery"
	"inlay/internal/egress"
	"inlay/internal/identity"
	"inlay/internal/mail"
	"inlay/internal/oversight"
	"inlay/internal/project"
	"inlay/internal/query"
	"inlay/internal/schedule"
	"inlay/internal/secret"
	"inlay/internal/signon"
	"inlay/internal/store"
	"inlay/internal/tenancy"
	"inlay/internal/usage"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/drivers"
	"inlay/internal/web"
)

// Server is the wired product. Its parts are open to those who set it up: the demo, tests and commands.
type Server struct {
	Config    Config
	Store     *store.DB
	Identity  *identity.Service
	Projects  *project.Service
	Query     *query.Service
	Content   *content.Service
	Tenancy   *tenancy.Service
	Schedule  *schedule.Service
	Audit     *audit.Log
	Delivery  *delivery.Service
	Oversight *oversight.Service
	Mail      *mail.Outbox
	SignOn    *signon.Service
	Quotas    *usage.Quotas

	usage   *usage.Counts
	handler http.Handler
	groups  []api.Group
}

// Open opens the metadata and wires everything. Nothing listens yet.
func Open(ctx context.Context, c Config) (*Server, error) { return OpenWith(ctx, c, nil) }

// OpenWith is Open with another way to open warehouse connections; nil is the built-in drivers.
func OpenWith(ctx context.Context, c Config, opener warehouse.Opener) (*Server, error) {
	if err := (web.Config{FrameAncestors: c.FrameAncestors}).Check(); err != nil {
		return nil, err
	}
	key, err := secret.New(c.Secret)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, c.Metadata)
	if err != nil {
		return nil, err
	}
	err = db.Migrate(ctx)
	if err == nil {
		err = audit.Keep(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if opener == nil {
		if opener, err = c.warehouses(); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	s := &Server{Config: c, Store: db}
	if err := s.wire(key, opener); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// warehouses opens connections inside the operator's limits. People of several organizations are strangers to each other
// and to the operator's own network, so there nothing of it is reached that isn't listed.
func (c Config) warehouses() (warehouse.Opener, error) {
	reach, err := egress.Only(c.WarehouseHosts)
	if err != nil {
		return nil, err
	}
	if c.ManyOrganizations && len(c.WarehouseHosts) == 0 {
		reach = egress.Public()
	}
	return drivers.Options{Files: cmp.Or(c.WarehouseFolder, c.Data), Memory: c.DuckDBMemory, Dial: reach.Dial}.Open, nil
}

// Migrate brings the metadata at an address to this version's form.
func Migrate(ctx context.Context, address string) error {
	db, err := store.Open(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

func (s *Server) wire(key secret.Secret, opener warehouse.Opener) error {
	c := s.Config
	files := filepath.Join(c.Data, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return fmt.Errorf("the data folder can't be used: %w", err)
	}
	s.Audit = audit.Open(s.Store, c.Log, c.Now)
	outbox, err := mail.Open(s.Store, key, mail.Options{SMTP: c.SMTP, Now: c.Now, Log: c.Log})
	if err != nil {
		return err
	}
	s.Mail = outbox
	c.SignOn.SiteURL, c.SignOn.Now, c.SignOn.Dial = c.SiteURL, c.Now, egress.Policy{}.Dial
	if s.SignOn, err = signon.New(s.Store, key, c.SignOn); err != nil {
		return err
	}
	people, err := identity.New(s.Store, key, identity.Config{
		SiteURL: c.SiteURL, SecureCookies: c.SecureCookies, TrustedOrigins: c.Origins, ManyOrganizations: c.ManyOrganizations,
		OpenRegistration: c.OpenRegistration, NoPasswords: c.NoPasswords, SignOn: s.SignOn.Names(),
		Now: c.Now, Address: c.address(), Log: c.Log, Audit: s.Audit, Ended: s.ended, Mail: letters{outbox, c.Now},
	})
	if err != nil {
		return err
	}
	s.Identity = people
	s.Projects = project.New(s.Store, key, opener, project.Options{
		Folders: c.ModelFolders, Zone: c.Zone, SiteURL: c.SiteURL, Now: c.Now, Log: c.Log,
	})
	s.usage = usage.Open(s.Store, people.MarkQueryRan, c.Now, c.Log)
	s.Query = query.New(s.Projects, query.Options{
		MaxLimit: c.MaxLimit, CellLimit: c.CellsLimit, CacheBytes: int(c.CacheBytes), CacheFor: c.CacheAge,
		Running: c.Concurrency, Timeout: c.QueryTimeout, Quota: c.Quota, Now: c.Now,
	})
	s.Quotas = usage.ShareQuotas(s.Store, s.Query, c.Now, c.Log)
	s.Content = content.New(s.Store, contentPeople{people}, s.Projects, s.Query, flagFile(c.Flags), c.Now)
	s.Content.UseAudit(s.Audit)
	s.Query.UseScopes(s.Content)
	s.Tenancy = tenancy.New(s.Store, key, tenancyPeople{people}, s.Projects, contents{s.Content}, tenancy.Options{
		Embedding: c.EmbedCookies, Origins: c.Origins, CubeURL: c.SiteURL, Address: c.address(), Now: c.Now, Log: c.Log,
		Audit: s.Audit, Ended: s.ended,
	})
	people.UseProjects(belongings{s.Projects, s.Tenancy})
	s.Schedule = schedule.New(s.Store, schedule.Options{
		Files: files, SiteURL: c.SiteURL, Cells: c.CellsLimit, People: people, Now: c.Now, Log: c.Log,
	})
	s.Delivery = delivery.New(delivery.Parts{
		Store: s.Store, Content: s.Content, Tasks: s.Schedule, Door: s.Query, People: deliveryPeople{people},
		Mail: deliveryChannel(s.Mail), SiteURL: c.SiteURL, Now: c.Now, Log: c.Log,
	})
	s.Projects.Use(project.Ports{Content: s.Content.ForProjects(), People: projectPeople{people, s.Projects}, Tasks: s.Schedule,
		Activity: activity{s.usage}})
	s.Oversight = oversight.New(oversight.Parts{
		Store: s.Store, People: people, Tenants: s.Tenancy, Projects: s.Projects, Door: s.Query, Charts: s.Content.ForProjects(),
		Audit: s.Audit, Log: c.Log, Now: c.Now,
	})
	s.handler = people.Rolling(s.routes())
	return nil
}

// ended stops what runs for whatever ended; what keeps it was made before what stops it.
func (s *Server) ended(ctx context.Context, organization, level, id string) {
	s.Oversight.Ended(ctx, organization, level, id)
}

// address tells a client's address, for rate limits. A proxy appends to the header, so only its last entry is its own
// word; those before it are the client's.
func (c Config) address() func(*http.Request) string {
	return func(r *http.Request) string {
		if c.TrustProxy {
			hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
			if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
				return last
			}
		}
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		return host
	}
}

// principal resolves whatever credential a request to the native API carries. What a page sends on purpose wins over
// the cookies that a browser sends by itself: an embedded page must not show more to somebody who is signed in beside it.
func (s *Server) principal(r *http.Request) (access.Principal, error) {
	if r.Header.Get("Authorization") != "" {
		if who, mine, err := s.Tenancy.Resolve(r); mine {
			return who, err
		}
	}
	who, err := s.Identity.Resolve(r)
	if err != nil || who.Kind != access.Anonymous {
		return who, err
	}
	who, _, err = s.Tenancy.Resolve(r)
	return who, err
}

// Operations lists every operation by front, for the OpenAPI document and for tests that hold all rows to one rule.
func (s *Server) Operations() []api.Group { return s.groups }

// Handler serves everything.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) routes() http.Handler {
	c := s.Config
	router := &api.Router{Fallback: notPrograms(web.Handler(web.Config{FrameAncestors: c.FrameAncestors}))}
	mount := func(f *api.Front, rows []api.Operation) {
		f.Denied = s.denied
		router.Mount(f, rows)
		s.groups = append(s.groups, api.Group{Operations: rows, Around: f.Around})
	}
	mount(native.Front(s.principal, c.Log), native.Operations(s.nativeRows()...))
	mount(thoughtspot.Front(s.Tenancy, c.Log), thoughtspot.Operations(s.Tenancy))
	mount(cube.Front(s.Tenancy, c.Log), cube.Operations(s.Tenancy, contents{s.Content}))
	mount(cube.DataFront(s.Tenancy, c.Log), cube.DataOperations(s.Tenancy, s.Query, s.Projects, c.Now, s.ready))
	mount(upsolve.Front(s.Tenancy, c.Log), upsolve.Operations(s.Tenancy, contents{s.Content}, s.Query, c.Log))
	return router
}

// denied tells the audit log who tried what, and on what.
func (s *Server) denied(r *http.Request, op *api.Operation, who access.Principal) {
	s.Audit.Record(r.Context(), audit.By(who, op.ID, r.URL.Path, true))
}

// notPrograms keeps pages from programs that ask a foreign front for what it doesn't have.
func notPrograms(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range []string{"/cubejs-api/", "/v1/api/", "/callosum/", "/api/v1/embed/", "/api/v1/embed-tenants", "/api/v1/deployments"} {
			if strings.HasPrefix(r.URL.Path, prefix) {
				http.NotFound(w, r)
				return
			}
		}
		pages.ServeHTTP(w, r)
	})
}

// ready tells why the server can't answer: it asks the metadata anything.
func (s *Server) ready(ctx context.Context) error {
	_, err := s.Identity.Founded(ctx)
	return err
}

func (s *Server) nativeRows() [][]api.Operation {
	return [][]api.Operation{
		native.HealthRows(s.Identity, native.Health{
			Version: s.Config.Version, SiteURL: s.Config.SiteURL, MaxLimit: s.Config.MaxLimit, CSVCells: s.Config.CellsLimit,
			PivotColumns: 60, LocalDbt: true, HasMail: s.Mail.Sends(), NoPasswords: s.Config.NoPasswords,
			SignOn: s.SignOn.Names(), GoogleClient: s.Config.SignOn.Providers[signon.Google].ClientID,
		}),
		native.IdentityRows(s.Identity), native.MailRows(s.Identity),
		native.SignOnRows(s.Identity, s.SignOn, native.SignOn{SecureCookies: s.Config.SecureCookies, Log: s.Config.Log}),
		native.OrganizationRows(s.Identity), native.GroupRows(s.Identity),
		native.AttributeRows(s.Identity), native.TokenRows(s.Identity), native.AccessRows(s.Identity), native.RoleRows(s.Identity),
		native.ProjectRows(s.Projects), native.JobRows(s.Projects), native.ExploreRows(s.Projects, s.Query), native.ParameterRows(s.Projects),
		native.CatalogRows(s.Projects), native.SearchRows(s.Projects), native.TagRows(s.Projects), native.ValidationRows(s.Projects),
		native.VirtualViewRows(s.Projects), native.QueryRows(s.Query, s.Projects),
		native.SQLRunnerRows(s.Query, s.Projects, s.Schedule), native.ExportRows(s.Query, s.Projects, s.Schedule),
		native.ContentExportRows(s.Content, s.Query, s.Projects, s.Schedule, s.Config.DashboardExports),
		native.AsyncRows(s.Query, s.Projects, s.Content, s.Schedule),
		native.SpaceRows(s.Content), native.ChartRows(s.Content), native.ChartResultRows(s.Content, s.Query), native.DashboardRows(s.Content),
		native.CommentRows(s.Content), native.ListingRows(s.Content), native.TrashRows(s.Content), native.MoveRows(s.Content), native.PinRows(s.Content), native.PromotionRows(s.Content),
		native.SchedulerRows(s.Content, s.Delivery), native.ShareRows(s.Content, s.Config.SiteURL), native.SQLChartRows(s.Content), native.CodeRows(s.Content),
		native.EmbeddingRows(s.Tenancy), native.ConnectionRows(s.Projects), native.TenantContentRows(s.Content), native.IntegrationRows(), native.AuditRows(s.Audit), native.OversightRows(s.Oversight), native.PageRows(s.Oversight, s.principal),
	}
}

// Serve listens until ctx ends, then lets running requests finish.
func (s *Server) Serve(ctx context.Context) error {
	listener, err := net.Listen("tcp", s.Config.Listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", s.Config.Listen, err)
	}
	return s.ServeOn(ctx, listener)
}

// ServeOn is Serve on a listener that is open already.
func (s *Server) ServeOn(ctx context.Context, listener net.Listener) error {
	s.Projects.Start()
	s.Mail.Start()
	if err := s.watch(ctx); err != nil {
		return err
	}
	sweeping, stop := context.WithCancel(ctx)
	var sweeper sync.WaitGroup
	sweeper.Go(func() { s.sweep(sweeping) })
	sweeper.Go(func() { s.Oversight.Follow(sweeping) })
	sweeper.Go(func() { s.Delivery.Work(sweeping) })
	sweeper.Go(func() { s.Quotas.Work(sweeping) })
	defer sweeper.Wait()
	defer stop()
	web := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	done := make(chan error, 1)
	go func() { done <- web.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := web.Shutdown(closing)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// watch reloads models when their files change, where the operator wants that.
func (s *Server) watch(ctx context.Context) error {
	if !s.Config.Watch {
		return nil
	}
	all, err := s.Identity.Organizations(ctx)
	if err != nil {
		return err
	}
	for _, organization := range all {
		projects, err := s.Projects.ProjectsOf(ctx, organization.UUID)
		if err != nil {
			return err
		}
		for _, id := range projects {
			if err := s.Projects.Watch(ctx, id); err != nil {
				s.Config.Log.WarnContext(ctx, "a project's models aren't watched", "project", id, "error", err)
			}
		}
	}
	return nil
}

// sweep forgets, every hour, what ended: sessions, tokens, files. Nothing depends on when it runs.
func (s *Server) sweep(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		for _, forget := range []func(context.Context) error{s.Identity.Sweep, s.Mail.Sweep, s.SignOn.Sweep, s.Oversight.Sweep, s.Tenancy.Sweep, s.Schedule.Sweep, s.Content.Sweep, s.Delivery.Sweep, s.usage.Sweep, s.Quotas.Sweep} {
			if err := forget(ctx); err != nil && ctx.Err() == nil {
				s.Config.Log.ErrorContext(ctx, "what ended could not be forgotten", "error", err)
			}
		}
		select {
		case <-hourly.C:
		case <-ctx.Done():
			return
		}
	}
}

// Close ends background work and closes every connection.
func (s *Server) Close(ctx context.Context) error {
	s.Identity.Close()
	s.Mail.Close()
	s.Schedule.Close()
	s.Projects.Close()
	s.usage.Close()
	s.Audit.Close()
	return errors.Join(s.Content.Close(context.WithoutCancel(ctx)), s.Store.Close())
}

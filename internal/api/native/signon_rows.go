package native

import (
	"context"
	"log/slog"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/signon"
)

// SignOn is what the rows of single sign-on take beside the services.
type SignOn struct {
	SecureCookies bool
	Log           *slog.Logger
}

// SignOnRows are the addresses that a browser visits on its way through a login provider. They answer with redirects:
// what went wrong is told on the login page, which reads it from the flash.
func SignOnRows(people *identity.Service, providers *signon.Service, o SignOn) []api.Operation {
	s := signOns{people, providers, o}
	const tag = "My Account"
	return []api.Operation{
		{ID: "BeginLogin", Method: "GET", Path: "/api/v1/login/{provider}", Auth: api.Public, Tag: tag, Endpoint: api.Handle(s.begin)},
		{ID: "FinishLogin", Method: "GET", Path: "/api/v1/oauth/redirect/{provider}", Auth: api.Public, Tag: tag, Endpoint: api.Handle(s.finish)},
		{ID: "GetSAMLMetadata", Method: "GET", Path: "/api/v1/saml/metadata", Auth: api.Public, Tag: tag, Endpoint: api.Handle(s.metadata)},
		{ID: "AcceptSAMLResponse", Method: "POST", Path: "/api/v1/saml/acs", Auth: api.Public, Tag: tag, Endpoint: api.Handle(s.accept)},
		{ID: "GetFlash", Method: "GET", Path: "/api/v1/flash", Auth: api.Public, Tag: tag, Endpoint: api.Handle(s.flash)},
	}
}

type signOns struct {
	people    *identity.Service
	providers *signon.Service
	SignOn
}

// The browser keeps two small things on its way: by what it is known again, and what the login page should say.
const (
	browserCookie, browserPath = "inlay.signon", "/api/v1/oauth/redirect"
	flashCookie, flashPath     = "inlay.flash", "/api/v1/flash"
)

func (s signOns) cookie(name, path, value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: name, Path: path, Value: value, MaxAge: seconds, HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteLaxMode}
}

type beginLoginIn struct {
	Request  *http.Request `http:""`
	Provider string        `path:"provider"`
	Redirect *string       `query:"redirect"`
	Invite   *string       `query:"inviteCode"`
}

func (s signOns) begin(ctx context.Context, _ access.Principal, in beginLoginIn) (any, error) {
	if err := s.people.AllowSignOn(s.people.Address(in.Request)); err != nil {
		return s.failed(ctx, err)
	}
	wish := signon.Wish{}
	if in.Redirect != nil {
		wish.Redirect = *in.Redirect
	}
	if in.Invite != nil {
		wish.Invite = *in.Invite
	}
	start, err := s.providers.Begin(ctx, in.Provider, wish)
	if err != nil {
		return s.failed(ctx, err)
	}
	return to(http.StatusFound, start.Location, s.cookie(browserCookie, browserPath, start.Browser, 600)), nil
}

type finishLoginIn struct {
	Request  *http.Request `http:""`
	Provider string        `path:"provider"`
}

func (s signOns) finish(ctx context.Context, _ access.Principal, in finishLoginIn) (any, error) {
	browser, err := in.Request.Cookie(browserCookie)
	if err != nil {
		browser = &http.Cookie{}
	}
	account, wish, err := s.providers.Finish(in.Request, in.Provider, browser.Value)
	if err != nil {
		return s.failed(ctx, err)
	}
	u, err := s.people.EnterExternal(ctx, identity.External{Issuer: account.Issuer, IssuerType: account.Provider, Subject: account.Subject,
		Email: account.Email, Verified: account.Verified, First: account.First, Last: account.Last, Groups: account.Groups}, wish.Invite)
	if err != nil {
		return s.failed(ctx, err)
	}
	session, err := s.people.SwitchSession(in.Request, u.UUID, identity.SessionOptions{})
	if err != nil {
		return s.failed(ctx, err)
	}
	return api.Raw(func(w http.ResponseWriter, r *http.Request) {
		s.people.SetCookie(w, session)
		to(http.StatusFound, wish.Redirect, s.cookie(browserCookie, browserPath, "", -1))(w, r)
	}), nil
}

func (s signOns) accept(ctx context.Context, _ access.Principal, in requestIn) (any, error) {
	location, err := s.providers.Accept(in.Request)
	if err != nil {
		return s.failed(ctx, err)
	}
	return to(http.StatusSeeOther, location), nil // a GET, with which the browser sends its cookies
}

func (s signOns) metadata(context.Context, access.Principal, none) (any, error) {
	text, err := s.providers.Metadata()
	if err != nil {
		return nil, err
	}
	return api.Raw(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/samlmetadata+xml")
		_, _ = w.Write(text) // the caller is gone otherwise
	}), nil
}

// failed sends the browser to the login page with a sentence that only this server can have written.
func (s signOns) failed(ctx context.Context, err error) (any, error) {
	known := fault.As(err)
	s.Log.WarnContext(ctx, "a login at a provider failed", "error", err)
	flash, err := s.providers.SealFlash(known.Message)
	if err != nil {
		return nil, err
	}
	return to(http.StatusSeeOther, "/login", s.cookie(flashCookie, flashPath, flash, 60), s.cookie(browserCookie, browserPath, "", -1)), nil
}

// flash gives what went wrong at a login provider, once.
func (s signOns) flash(_ context.Context, _ access.Principal, in requestIn) (any, error) {
	said := map[string][]string{}
	if cookie, err := in.Request.Cookie(flashCookie); err == nil {
		if message, ok := s.providers.OpenFlash(cookie.Value); ok {
			said["error"] = []string{message}
		}
	}
	return api.With{Before: func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, s.cookie(flashCookie, flashPath, "", -1))
	}, Body: said}, nil
}

// to is a redirect that sets cookies.
func to(code int, location string, cookies ...*http.Cookie) api.Raw {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, cookie := range cookies {
			http.SetCookie(w, cookie)
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Location", location)
		w.WriteHeader(code)
	}
}

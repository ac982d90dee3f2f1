// Package thoughtspot is the front of ThoughtSpot's v1 session API: trusted authentication, sessions, Orgs and the home
// Liveboard. It knows that API's forms, statuses and quirks (see README.md); who may see what is decided below it.
package thoughtspot

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/tenancy"
)

const maxBody = 256 << 10

// prefixes are the three addresses under which the operations are served.
var prefixes = []string{"/callosum/v1/tspublic/v1", "/tspublic/v1", "/callosum/v1"}

// Front makes the front.
func Front(s *tenancy.Service, log *slog.Logger) *api.Front {
	f := front{s}
	return &api.Front{
		Name: "thoughtspot", Answer: f.answer, Refuse: f.refuse, MaxBody: maxBody, Log: log,
		Authenticate: f.authenticate,
	}
}

type front struct{ sessions *tenancy.Service }

// authenticate takes sessions and trusted tokens only: another front's token has no business here.
func (f front) authenticate(r *http.Request) (access.Principal, error) {
	who, _, err := f.sessions.Resolve(r)
	if err == nil && who.Kind == access.Tenant {
		err = fault.Coded(fault.Unauthenticated, "TokenInvalid", "The token isn't valid here")
	}
	if err == nil && who.Session && r.Header.Get("X-Requested-By") == "" && r.Method != http.MethodGet && r.Method != http.MethodHead {
		err = fault.Coded(fault.Forbidden, "RequestedBy", "A request that changes something with a cookie needs the header X-Requested-By")
	}
	return who, err
}

// Operations are the front's rows, under each of its three prefixes, with the rows that answer browsers' preflights.
func Operations(s *tenancy.Service) []api.Operation {
	f := front{s}
	var all []api.Operation
	for i, prefix := range prefixes {
		preflights := map[string]bool{}
		for _, op := range f.rows() {
			op.Path, op.Hidden, op.Tag = prefix+op.Path, i > 0, "Sessions"
			all = append(all, op)
			if !preflights[op.Path] {
				preflights[op.Path] = true
				all = append(all, api.Operation{ID: op.ID + "Preflight", Method: http.MethodOptions, Path: op.Path, Embed: true, Hidden: true, Endpoint: api.Handle(f.preflight)})
			}
		}
	}
	return all
}

func (f front) rows() []api.Operation {
	return []api.Operation{
		{ID: "login", Method: "POST", Path: "/session/login", Embed: true, Endpoint: api.Handle(f.login)},
		{ID: "authToken", Method: "POST", Path: "/session/auth/token", Embed: true, Endpoint: api.Handle(f.authToken)},
		{ID: "loginTokenByURL", Method: "GET", Path: "/session/login/token", Embed: true, Endpoint: api.Handle(f.loginToken)},
		{ID: "loginToken", Method: "POST", Path: "/session/login/token", Embed: true, Endpoint: api.Handle(f.loginToken)},
		{ID: "logout", Method: "POST", Path: "/session/logout", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.logout)},
		{ID: "sessionInfo", Method: "GET", Path: "/session/info", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.info)},
		{ID: "switchOrg", Method: "PUT", Path: "/session/orgs", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.switchOrg)},
		{ID: "sessionOrgs", Method: "GET", Path: "/session/orgs", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.orgs)},
		{ID: "userOrgs", Method: "GET", Path: "/session/orgs/users/{userid}", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.userOrgs)},
		{ID: "setHome", Method: "POST", Path: "/session/homepinboard", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.setHome)},
		{ID: "home", Method: "GET", Path: "/session/homepinboard", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.home)},
		{ID: "clearHome", Method: "DELETE", Path: "/session/homepinboard", Auth: api.SessionOrKey, Embed: true, Endpoint: api.Handle(f.clearHome)},
	}
}

type requestIn struct {
	Request *http.Request `http:""`
}

func (f front) answer(w http.ResponseWriter, r *http.Request, code int, body any, has bool) {
	f.allow(w, r)
	w.Header().Set("Cache-Control", "no-store")
	if !has {
		w.WriteHeader(code)
		return
	}
	writeJSON(w, code, body)
}

type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	TraceID string `json:"traceId"`
}

func (f front) refuse(w http.ResponseWriter, r *http.Request, _ *api.Operation, found *fault.Fault) {
	f.allow(w, r)
	status, code := statusOf(found)
	if found.Code != "" {
		code = found.Code
	}
	trace := r.Header.Get("X-Request-Id")
	if trace == "" || len(trace) > 100 {
		trace = secret.Token(12)
	}
	message := found.Message
	for path, field := range found.Fields {
		message = path + ": " + field.Message
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, status, errorBody{code, message, trace})
}

func statusOf(f *fault.Fault) (int, string) {
	switch f.Kind {
	case fault.Invalid, fault.Unprocessable:
		return http.StatusBadRequest, "InvalidParameter"
	case fault.Unauthenticated:
		return http.StatusUnauthorized, "Unauthorized"
	case fault.Forbidden:
		return http.StatusForbidden, "Forbidden"
	case fault.NotFound, fault.Gone:
		return http.StatusNotFound, "NotFound"
	case fault.Conflict:
		return http.StatusConflict, "Conflict"
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge, "TooLarge"
	case fault.TooMany:
		return http.StatusTooManyRequests, "TooManyRequests"
	case fault.Unavailable:
		if f.Code == "TrustedAuthDisabled" {
			return http.StatusInternalServerError, f.Code // as documented
		}
		return http.StatusServiceUnavailable, "Unavailable"
	}
	return http.StatusInternalServerError, "Internal"
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		code, data = http.StatusInternalServerError, []byte(`{"code":"Internal","message":"Something went wrong."}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(data) // the caller may be gone
}

// allow lets the listed origins read answers with credentials, and nobody else.
func (f front) allow(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || !slices.Contains(f.sessions.Origins(), origin) {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

// preflight answers a browser that asks before it sends.
func (f front) preflight(_ context.Context, _ access.Principal, _ requestIn) (api.Raw, error) {
	return func(w http.ResponseWriter, r *http.Request) {
		f.allow(w, r)
		if w.Header().Get("Access-Control-Allow-Origin") != "" {
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
			w.Header().Set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, X-Requested-By")
			w.Header().Set("Access-Control-Max-Age", "600")
		}
		w.WriteHeader(http.StatusNoContent)
	}, nil
}

// redirectable tells whether a browser may be sent to an address: a path of this server or an origin on the list.
// Browsers read backslashes as slashes and drop control characters, so neither may occur.
func (f front) redirectable(address string) bool {
	if strings.ContainsFunc(address, func(c rune) bool { return c <= ' ' || c == '\\' || c == 0x7f }) {
		return false
	}
	target, err := url.Parse(address)
	if err != nil || target.User != nil || target.Opaque != "" {
		return false
	}
	if target.Scheme == "" && target.Host == "" {
		return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//")
	}
	return slices.Contains(f.sessions.Origins(), target.Scheme+"://"+target.Host)
}

// Package upsolve is the front that Upsolve's customers know: tenant registration and what its callers do next. It
// knows that API's wire types, envelope and quirks (see README.md); what a tenant may see is decided below it.
package upsolve

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/tenancy"
)

// maxBody leaves room for prefilters of thousands of values.
const maxBody = 2 << 20

// Dashboard is a dashboard that a tenant may open.
type Dashboard struct{ ID, Name, TenantID, CreatedAt string }

// Dashboards lists what a principal may open; the content package answers it.
type Dashboards interface {
	Embeddable(ctx context.Context, who access.Principal) ([]Dashboard, error)
}

// Runner runs SELECTs of tenants over their own rows; the query package answers it.
type Runner interface {
	RunTenantSQL(ctx context.Context, who access.Principal, sql string) (*query.Result, error)
}

// Front makes the front. It has no CORS headers at all: keys don't belong in browsers.
func Front(s *tenancy.Service, log *slog.Logger) *api.Front {
	return &api.Front{
		Name: "upsolve", Answer: answer, Refuse: refuse, MaxBody: maxBody, Log: log,
		Authenticate: func(r *http.Request) (access.Principal, error) { return authenticate(s, r) },
	}
}

// authenticate leaves keys to the operations that take them.
func authenticate(s *tenancy.Service, r *http.Request) (access.Principal, error) {
	if bearerKey(r) != "" {
		return access.Principal{}, nil
	}
	who, _, err := s.Resolve(r)
	return who, err
}

// Operations are the front's rows.
func Operations(s *tenancy.Service, dashboards Dashboards, runner Runner, log *slog.Logger) []api.Operation {
	f := front{s, dashboards, runner, log}
	const tag = "Tenants"
	return []api.Operation{
		{ID: "registerTenant", Method: "POST", Path: "/v1/api/tenant/register-tenant", Auth: api.Public, Embed: true, Tag: tag, Endpoint: api.Handle(f.register)},
		{ID: "listWorkspaces", Method: "GET", Path: "/v1/api/dashboard/list-workspaces", Auth: api.Public, Embed: true, Tag: tag, Endpoint: api.Handle(f.workspaces)},
		{ID: "listWorkspaceDashboards", Method: "GET", Path: "/v1/api/dashboard/list-workspace-dashboards", Auth: api.Public, Embed: true, Tag: tag, Endpoint: api.Handle(f.dashboardsOf)},
		{ID: "runTenantSQL", Method: "POST", Path: "/v1/api/client-database/run-sql", Auth: api.SessionOrKey, Embed: true, Tag: tag, Endpoint: api.Handle(f.runSQL)},
		{ID: "shareChat", Method: "GET", Path: "/share/chat/{id}", Auth: api.Public, Embed: true, Hidden: true, Endpoint: api.Handle(unbuiltPage)},
		{ID: "shareApplication", Method: "GET", Path: "/share/application/{id}", Auth: api.Public, Embed: true, Hidden: true, Endpoint: api.Handle(unbuiltPage)},
	}
}

type front struct {
	tenants    *tenancy.Service
	dashboards Dashboards
	runner     Runner
	log        *slog.Logger
}

type envelope struct {
	Status string `json:"status"`
	Data   any    `json:"data"`
}

type errorEnvelope struct {
	Status string    `json:"status"`
	Error  errorBody `json:"error"`
}

type errorBody struct {
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
}

func answer(w http.ResponseWriter, _ *http.Request, code int, body any, _ bool) {
	write(w, code, envelope{"success", body})
}

func refuse(w http.ResponseWriter, _ *http.Request, _ *api.Operation, f *fault.Fault) {
	message := f.Message
	for path, field := range f.Fields {
		message = path + ": " + field.Message
	}
	write(w, api.StatusOf(f.Kind), errorEnvelope{"error", errorBody{message, f.Code}})
}

func write(w http.ResponseWriter, code int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		code, data = http.StatusInternalServerError, []byte(`{"status":"error","error":{"message":"Something went wrong."}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(data) // the caller may be gone
}

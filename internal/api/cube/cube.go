// Package cube is the front that Cube's customers and clients know: signed embedding, and the data API. It knows that
// API's wire types, error bodies and quirks (see README.md); who may see what is decided below it.
package cube

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

const maxBody = 2 << 20

// Contents is what the front needs of dashboards; the content package answers it.
type Contents interface {
	// EmbedDashboard finds a published dashboard of the principal's project by its public id. Faults: NotFound when it
	// isn't there or not theirs; Forbidden when signed embedding is off.
	EmbedDashboard(ctx context.Context, who access.Principal, publicID string) (Dashboard, error)
	// AllowEmbed lets signed sessions see a dashboard, or not.
	AllowEmbed(ctx context.Context, organization string, publicID string, on bool) error
}

// Dashboard is a published dashboard with its widgets.
type Dashboard struct {
	UUID, PublicID, Name, Description string
	Widgets                           []Widget
}

// Widget is one tile.
type Widget struct {
	ID, Type, Title, Chart string
	X, Y, Width, Height    int
	Text                   string
}

// Front makes the front of signed embedding.
func Front(s *tenancy.Service, log *slog.Logger) *api.Front {
	return &api.Front{
		Name: "cube", Answer: answer, Refuse: refuse, MaxBody: maxBody, Log: log,
		Authenticate: func(r *http.Request) (access.Principal, error) { return authenticate(s, r) },
	}
}

// authenticate takes embed sessions; keys are left to the operations that take them, and other fronts' tokens have no
// business here.
func authenticate(s *tenancy.Service, r *http.Request) (access.Principal, error) {
	if keyText(r) != "" {
		return access.Principal{}, nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "Embed-Token") {
		return access.Principal{}, nil // no cookies on this front
	}
	return s.ResolveEmbed(r.Context(), strings.TrimSpace(token))
}

// Operations are the front's rows, and those that answer browsers' preflights.
func Operations(s *tenancy.Service, contents Contents) []api.Operation {
	f := front{s, contents}
	rows := slices.Concat(f.embedRows(), f.tenantRows(), unbuiltRows())
	return append(rows, preflights(rows)...)
}

// unbuiltRows are what signed embedding has in the original and not here.
func unbuiltRows() []api.Operation {
	const board, tag = "/api/v1/embed/dashboard/{publicId}", "Embedding"
	return []api.Operation{
		{ID: "listDashboardComments", Method: "GET", Path: board + "/comments", Embed: true, Tag: tag},
		{ID: "createDashboardComment", Method: "POST", Path: board + "/comments", Embed: true, Tag: tag},
		{ID: "mentionableUsers", Method: "GET", Path: board + "/mentionable-users", Embed: true, Tag: tag},
		{ID: "workbookAccess", Method: "GET", Path: "/api/v1/deployments/{deploymentId}/workbooks/{id}/embed-access", Embed: true, Tag: tag},
		{ID: "setWorkbookAccess", Method: "PUT", Path: "/api/v1/deployments/{deploymentId}/workbooks/{id}/embed-access", Embed: true, Tag: tag},
		{ID: "tenantWorkbooks", Method: "GET", Path: "/api/v1/deployments/{deploymentId}/embed-tenants/{name}/workbooks", Embed: true, Tag: tag},
	}
}

type front struct {
	sessions *tenancy.Service
	contents Contents
}

// preflights makes an OPTIONS row for each path.
func preflights(rows []api.Operation) []api.Operation {
	seen := map[string]bool{}
	var all []api.Operation
	for _, op := range rows {
		if !seen[op.Path] {
			seen[op.Path] = true
			all = append(all, api.Operation{ID: op.ID + "Preflight", Method: http.MethodOptions, Path: op.Path, Embed: true, Hidden: true, Endpoint: api.Handle(preflight)})
		}
	}
	return all
}

type requestIn struct {
	Request *http.Request `http:""`
}

// preflight answers a browser that asks before it sends. Any origin may call: nothing here is authenticated by cookie.
func preflight(_ context.Context, _ access.Principal, in requestIn) (api.Raw, error) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
		w.Header().Add("Vary", "Access-Control-Request-Headers")
		if asked := in.Request.Header.Get("Access-Control-Request-Headers"); asked != "" {
			w.Header().Set("Access-Control-Allow-Headers", asked)
		}
		w.WriteHeader(http.StatusNoContent)
	}, nil
}

// adminKey verifies the key of a request that only administrators' backends may make. Faults: Unauthenticated, Forbidden.
func (f front) adminKey(ctx context.Context, r *http.Request) (tenancy.Key, error) {
	text := keyText(r)
	if text == "" {
		return tenancy.Key{}, fault.Coded(fault.Unauthenticated, "NoCredential", "Send Authorization: Api-Key <key>")
	}
	key, err := f.sessions.Verify(ctx, tenancy.Cube, text, f.sessions.Caller(r))
	if err != nil {
		return tenancy.Key{}, err
	}
	if key.Kind != tenancy.AdminKey {
		return tenancy.Key{}, fault.New(fault.Forbidden, "The key belongs to a person; an administrator's key is needed")
	}
	if !key.Enabled {
		return tenancy.Key{}, fault.New(fault.Forbidden, "Signed embedding is turned off")
	}
	return key, nil
}

// keyText gives the key of a request: Api-Key is the documented scheme, Bearer the one of the machine-readable document.
func keyText(r *http.Request) string {
	scheme, text, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	text = strings.TrimSpace(text)
	if ok && (strings.EqualFold(scheme, "Api-Key") || strings.EqualFold(scheme, "Bearer") && strings.Count(text, ".") != 2) {
		return text
	}
	return ""
}

func answer(w http.ResponseWriter, _ *http.Request, code int, body any, has bool) {
	if !has {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(code)
		return
	}
	writeJSON(w, code, body)
}

type errorBody struct {
	StatusCode int    `json:"statusCode"`
	Message    string `json:"message"`
	Error      string `json:"error"`
}

func refuse(w http.ResponseWriter, _ *http.Request, _ *api.Operation, f *fault.Fault) {
	message := f.Message
	for path, field := range f.Fields {
		message = path + ": " + field.Message
	}
	status := api.StatusOf(f.Kind)
	writeJSON(w, status, errorBody{status, message, http.StatusText(status)})
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		code, data = http.StatusInternalServerError, []byte(`{"statusCode":500,"message":"Something went wrong.","error":"Internal Server Error"}`)
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(data) // the caller may be gone
}

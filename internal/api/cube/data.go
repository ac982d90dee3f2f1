package cube

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/tenancy"
)

// Models lists the explores of a project as somebody may see them; the project package answers it.
type Models interface {
	Explores(ctx context.Context, who access.Principal, project string, selected bool) ([]*semantic.Explore, error)
}

// DataFront makes the front of the data API, whose errors are of another form than those of signed embedding.
func DataFront(s *tenancy.Service, log *slog.Logger) *api.Front {
	return &api.Front{
		Name: "cube data", Answer: answer, Refuse: refuseData, MaxBody: maxBody, Log: log,
		Authenticate: func(r *http.Request) (access.Principal, error) { return authenticateData(s, r) },
	}
}

// authenticateData takes data tokens and embed tokens. The scheme before the token doesn't matter, and needn't be there.
func authenticateData(s *tenancy.Service, r *http.Request) (access.Principal, error) {
	text := r.Header.Get("X-Cube-Authorization")
	if text == "" {
		text = r.Header.Get("Authorization")
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return access.Principal{}, nil
	}
	return resolveData(r.Context(), s, words[min(len(words), 2)-1])
}

func resolveData(ctx context.Context, s *tenancy.Service, token string) (access.Principal, error) {
	who, err := s.ResolveData(ctx, token)
	if err == nil && who.Scope != nil {
		return who, fault.New(fault.Forbidden, "The session is confined to one dashboard")
	}
	return who, err
}

// DataOperations are the rows of the data API; ready tells why the server can't answer.
func DataOperations(s *tenancy.Service, door query.Door, models Models, now func() time.Time, ready func(context.Context) error) []api.Operation {
	d := data{
		door: door, models: models, now: now, waits: &waits{running: map[string]*wait{}}, sockets: make(chan struct{}, mostSockets),
		resolve: func(ctx context.Context, token string) (access.Principal, error) { return resolveData(ctx, s, token) },
	}
	const base, tag = "/cubejs-api/v1", "Data"
	var rows []api.Operation
	for _, method := range []string{"GET", "POST"} {
		for _, row := range []struct {
			name string
			does api.Endpoint
		}{
			{"load", api.Handle(d.load)}, {"subscribe", api.Handle(d.load)}, {"sql", api.Handle(d.sql)},
			{"dry-run", api.Handle(d.dryRun)}, {"meta", api.Handle(d.meta)},
		} {
			rows = append(rows, api.Operation{
				ID: row.name + method, Method: method, Path: base + "/" + row.name, Auth: api.SessionOrKey, Embed: true, Tag: tag, Endpoint: row.does,
			})
		}
	}
	for _, row := range []api.Operation{
		{ID: "cancelQuery", Method: "DELETE", Path: base + "/running-query/{requestId}", Endpoint: api.Handle(d.cancel)},
		{ID: "preAggregationJobs", Method: "POST", Path: base + "/pre-aggregations/jobs", Endpoint: api.Handle(noJobs)},
		{ID: "cubeSQL", Method: "POST", Path: base + "/cubesql", Endpoint: unbuilt("SQL over cubes")},
		{ID: "convertQuery", Method: "POST", Path: base + "/convert-query", Endpoint: unbuilt("The conversion of queries")},
		{ID: "graphql", Method: "POST", Path: "/cubejs-api/graphql", Endpoint: unbuilt("GraphQL")},
	} {
		row.Auth, row.Embed, row.Tag = api.SessionOrKey, true, tag
		rows = append(rows, row)
	}
	rows = append(rows,
		api.Operation{ID: "dataSocket", Method: "GET", Path: base + "/ws", Auth: api.Public, Embed: true, Tag: tag, Endpoint: api.Handle(d.socket)},
		api.Operation{ID: "livez", Method: "GET", Path: "/livez", Auth: api.Public, Embed: true, Tag: tag, Endpoint: api.Handle(health(nil))},
		api.Operation{ID: "readyz", Method: "GET", Path: "/readyz", Auth: api.Public, Embed: true, Tag: tag, Endpoint: api.Handle(health(ready))},
	)
	return append(rows, preflights(rows)...)
}

func noJobs(context.Context, access.Principal, requestIn) (api.Empty, error) {
	return api.Empty{}, fault.New(fault.Forbidden, "API scope is missing: jobs")
}

// unbuilt answers for a part of the original that isn't here.
func unbuilt(name string) api.Endpoint {
	return api.Handle(func(context.Context, access.Principal, requestIn) (api.Empty, error) {
		return api.Empty{}, notBuilt(name)
	})
}

func notBuilt(name string) error {
	return fault.New(fault.Unimplemented, "%s is not built; use /v1/load", name)
}

type healthOut struct {
	Health string `json:"health"`
}

// health answers whether a check, if there is one, finds nothing wrong.
func health(check func(context.Context) error) func(context.Context, access.Principal, requestIn) (api.Status, error) {
	return func(ctx context.Context, _ access.Principal, _ requestIn) (api.Status, error) {
		if check != nil && check(ctx) != nil {
			return api.Status{Code: http.StatusInternalServerError, Body: healthOut{"DOWN"}}, nil
		}
		return api.Status{Code: http.StatusOK, Body: healthOut{"HEALTH"}}, nil
	}
}

type data struct {
	door    query.Door
	models  Models
	now     func() time.Time
	waits   *waits
	sockets chan struct{} // one entry an open socket
	resolve func(ctx context.Context, token string) (access.Principal, error)
}

type cancelIn struct {
	Request string `path:"requestId"`
}

type cancelled struct {
	Result []string `json:"result"`
}

// cancel stops the queries of a request of the same session, and answers with what it stopped: nothing for an id that
// isn't known.
func (d data) cancel(_ context.Context, who access.Principal, in cancelIn) (cancelled, error) {
	return cancelled{d.waits.cancel(who, in.Request)}, nil
}

type dataError struct {
	Type  string `json:"type,omitempty"`
	Error string `json:"error"`
}

// Codes of faults: those that clients show as the user's own mistake, and mistakes for which the original answers 500.
const (
	userError = "UserError"
	failure   = "Failure"
)

func refuseData(w http.ResponseWriter, _ *http.Request, _ *api.Operation, f *fault.Fault) {
	status, body := dataFault(f)
	writeJSON(w, status, body)
}

func dataFault(f *fault.Fault) (int, dataError) {
	status, body := api.StatusOf(f.Kind), dataError{Error: f.Message}
	switch {
	case f.Kind == fault.Unauthenticated && f.Code == "NoCredential":
		status, body.Error = http.StatusForbidden, "Authorization header isn't set"
	case f.Kind == fault.Unauthenticated:
		status, body.Error = http.StatusForbidden, "Invalid token"
	case f.Code == failure:
		status = http.StatusInternalServerError
	case f.Code == "WarehouseQuery":
		body.Error = "Error: " + f.Message
	case f.Code == userError:
		body.Type = userError
	case f.Kind == fault.NotFound:
		status = http.StatusBadRequest
	}
	return status, body
}

// asked is what a request asks for, however it was sent.
type asked struct {
	queries []json.RawMessage
	list    bool
	multi   bool
	request string // its id, which the client makes
}

// readAsked takes the query from the address or the body: an object, a list, or text that holds one of them.
func readAsked(r *http.Request) (asked, error) {
	text, kind, err := queryText(r)
	if err != nil {
		return asked{}, err
	}
	a := asked{multi: kind == "multi", request: r.Header.Get("X-Request-Id")}
	if strings.HasPrefix(strings.TrimSpace(string(text)), "[") {
		a.list = true
		if err := json.Unmarshal(text, &a.queries); err != nil {
			return a, invalid("Unable to decode query param as JSON, error: %s", err)
		}
		if len(a.queries) == 0 || len(a.queries) > 20 {
			return a, invalid("Invalid query format: a list must have between 1 and 20 queries")
		}
		return a, nil
	}
	if !json.Valid(text) {
		return a, invalid("Unable to decode query param as JSON, error: it isn't JSON")
	}
	a.queries = []json.RawMessage{text}
	return a, nil
}

func queryText(r *http.Request) (text json.RawMessage, kind string, err error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		values := r.URL.Query()
		text, kind = json.RawMessage(values.Get("query")), values.Get("queryType")
	} else {
		var body struct {
			Query json.RawMessage `json:"query"`
			Type  string          `json:"queryType"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, "", fault.Coded(fault.Invalid, failure, "SyntaxError: the body is not valid JSON")
		}
		text, kind = body.Query, body.Type
		var inner string
		if json.Unmarshal(text, &inner) == nil {
			text = json.RawMessage(inner)
		}
	}
	if len(text) == 0 || string(text) == "null" {
		return nil, "", invalid("Query param is required")
	}
	return text, kind, nil
}

func invalid(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }

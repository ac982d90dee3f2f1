// Package native is the front for the whole product: the API of Lightdash 0.1366.1, /api/v1 and /api/v2. It knows that
// API's wire types, envelope, error names and quirks; who may see what is decided below it.
package native

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
)

// maxBody is the reference's default body limit.
const maxBody = 5 << 20

// Front makes the native front: its envelope and error body.
func Front(authenticate func(*http.Request) (access.Principal, error), log *slog.Logger) *api.Front {
	return &api.Front{Name: "native", Authenticate: authenticate, Answer: answer, Around: around, Refuse: refuse, MaxBody: maxBody, Log: log}
}

// Operations joins the documented table with the rows that have an endpoint; documented operations without one stay,
// and answer 501.
func Operations(rows ...[]api.Operation) []api.Operation {
	built := map[string]api.Operation{}
	all := []api.Operation{}
	for _, area := range rows {
		for _, row := range area {
			if row.Path == "" {
				if _, twice := built[row.ID]; twice {
					panic("two rows for " + row.ID)
				}
				built[row.ID] = row
				continue
			}
			all = append(all, row)
		}
	}
	for _, op := range documented {
		if row, ok := built[op.ID]; ok {
			op.Endpoint, op.Embed = row.Endpoint, row.Embed
			delete(built, op.ID)
		}
		all = append(all, op)
	}
	for id := range built {
		panic("no documented operation is called " + id)
	}
	return all
}

// op is the row of a documented operation; its address stands in the documented table.
func op(id string, endpoint api.Endpoint) api.Operation {
	return api.Operation{ID: id, Endpoint: endpoint}
}

// open is op for an operation that embed principals may call; the service decides on the loaded thing.
func open(id string, endpoint api.Endpoint) api.Operation {
	return api.Operation{ID: id, Endpoint: endpoint, Embed: true}
}

type envelope struct {
	Status  string `json:"status"`
	Results any    `json:"results"`
}

func answer(w http.ResponseWriter, _ *http.Request, code int, body any, has bool) {
	if !has {
		writeJSON(w, code, map[string]string{"status": "ok"})
		return
	}
	if encoded, ok := body.(interface{ JSON() []byte }); ok {
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(code)
		for _, part := range [][]byte{[]byte(`{"status":"ok","results":`), encoded.JSON(), []byte("}")} {
			_, _ = w.Write(part)
		}
		return
	}
	writeJSON(w, code, envelope{"ok", body})
}

const jsonType = "application/json; charset=utf-8"

func around(results map[string]any) map[string]any {
	return map[string]any{"type": "object", "required": []string{"status", "results"}, "properties": map[string]any{
		"status": map[string]any{"type": "string", "enum": []string{"ok"}}, "results": results}}
}

type errorBody struct {
	StatusCode int            `json:"statusCode"`
	Name       string         `json:"name"`
	Message    string         `json:"message"`
	Data       map[string]any `json:"data"`
}

func refuse(w http.ResponseWriter, _ *http.Request, op *api.Operation, f *fault.Fault) {
	if f.Kind == fault.Unauthenticated && f.Code == "NoCredential" && op != nil && op.Auth == api.SessionOrKey {
		w.Header()["Content-Type"] = nil // as recorded: plain text without a content type
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte("Unauthorized"))
		return
	}
	status, name := statusOf(f)
	body := errorBody{StatusCode: status, Name: name, Message: f.Message, Data: f.Data}
	if body.Data == nil {
		body.Data = map[string]any{}
	}
	for path, field := range f.Fields {
		detail := map[string]any{"message": field.Message}
		if field.Given {
			detail["value"] = field.Value
		}
		body.Data[path] = detail
	}
	writeJSON(w, status, map[string]any{"status": "error", "error": body})
}

// statusOf maps a fault's kind to the status and, unless the fault has a code of its own, to the error name.
func statusOf(f *fault.Fault) (int, string) {
	status, name := http.StatusInternalServerError, "UnexpectedServerError"
	switch f.Kind {
	case fault.Invalid:
		status, name = http.StatusBadRequest, "ParameterError"
	case fault.Unprocessable:
		status, name = http.StatusUnprocessableEntity, "ValidateError"
	case fault.Unauthenticated:
		status, name = http.StatusUnauthorized, "AuthorizationError"
		if f.Code == "NoCredential" {
			return status, name
		}
	case fault.Forbidden:
		status, name = http.StatusForbidden, "ForbiddenError"
	case fault.NotFound:
		status, name = http.StatusNotFound, "NotFoundError"
	case fault.Conflict:
		status, name = http.StatusConflict, "AlreadyExistsError"
	case fault.Gone:
		status, name = http.StatusNotAcceptable, "ExpiredError"
	case fault.TooLarge:
		status, name = http.StatusRequestEntityTooLarge, "PayloadTooLargeError"
	case fault.TooMany:
		status, name = http.StatusTooManyRequests, "TooManyRequestsError"
	case fault.Unavailable:
		status, name = http.StatusServiceUnavailable, "UnavailableError"
	case fault.Unimplemented:
		status, name = http.StatusNotImplemented, "NotImplementedError"
	}
	if f.Code != "" && f.Kind != fault.Unimplemented {
		name = f.Code + "Error"
	}
	return status, name
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		code, data = http.StatusInternalServerError, []byte(`{"status":"error","error":{"statusCode":500,"name":"UnexpectedServerError","message":"Something went wrong.","data":{}}}`)
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(code)
	_, _ = w.Write(data)
}

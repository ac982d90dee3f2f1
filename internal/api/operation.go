// Package api is the machinery that every front's operations run on: typed rows become routes; requests are decoded
// and validated with errors that name the field; the declared need is checked before the handler; answers and faults
// are encoded by the front. It knows no rule of the product.
package api

import (
	"context"
	"net/http"

	"inlay/internal/access"
)

// Auth says which credentials an operation takes.
type Auth uint8

// Kinds of authentication.
const (
	Public       Auth = iota // anyone; a valid credential is still resolved
	Session                  // a browser session only
	SessionOrKey             // a browser session or a key
)

// Operation is one row of a front's table.
type Operation struct {
	ID     string // documented operation id, or our own for undocumented ones
	Method string
	Path   string // net/http pattern path with {names}
	Auth   Auth
	Embed  bool // embed principals are admitted; what they see is decided on the loaded thing
	Hidden bool // not in the OpenAPI document
	// Tag groups operations in the OpenAPI document.
	Tag string
	// Endpoint handles it; nil answers 501 with the ID. Make one with Handle.
	Endpoint Endpoint
}

// Endpoint is a typed handler together with what it takes and gives, for validation and the OpenAPI document.
type Endpoint interface {
	serve(f *Front, op *Operation, w http.ResponseWriter, r *http.Request, who access.Principal)
	shapes() (in, out any)
}

// Handler is the typed form of a handler: translate, call one service, translate back.
type Handler[In, Out any] func(ctx context.Context, who access.Principal, in In) (Out, error)

// Handle makes an endpoint of a typed handler. In is a struct:
//
//	Project string `path:"projectUuid"`          path values
//	Page    *int   `query:"page" least:"1"`      query values; pointers are optional, slices repeat
//	Body    updateProject `body:"body"`          the JSON body; the tag names it in errors
//	Request *http.Request `http:""`              the request itself, for the few that need it
//
// Body fields without omitempty are required, pointers included; `enum:"a,b"` limits strings.
// A body struct that is declared `body:"body,loose"` isn't validated beyond its JSON types: what doesn't fit is 400.
func Handle[In, Out any](h Handler[In, Out]) Endpoint { return handled[In, Out]{h: h} }

// Status is an answer with another status than 200. Body nil writes the envelope without results.
type Status struct {
	Code int
	Body any
}

// Empty is an answer without results.
type Empty struct{}

// Encoded is an answer of the type T whose results were made JSON before: what is large and asked for often.
type Encoded[T any] struct{ Results []byte }

// JSON gives the results as they are written.
func (e Encoded[T]) JSON() []byte { return e.Results }

func (Encoded[T]) shape() any { return new(T) }

// Raw is an answer that writes itself: files, streams, redirects, cookies. It runs after the handler succeeded.
type Raw func(w http.ResponseWriter, r *http.Request)

// With is an answer in the front's envelope after something was done to the response: a cookie set or cleared.
type With struct {
	Before func(w http.ResponseWriter, r *http.Request)
	Body   any
}

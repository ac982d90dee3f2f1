package api

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Front is what differs between the APIs that stand before the core: credentials, envelope, error body.
type Front struct {
	Name string
	// Authenticate resolves the request's credential. No credential is the zero Principal without an error.
	Authenticate func(r *http.Request) (access.Principal, error)
	// Answer writes a success; has is false for an answer without results.
	Answer func(w http.ResponseWriter, r *http.Request, code int, body any, has bool)
	// Around is the schema of an answer around that of its results; nil where Answer writes nothing around them.
	Around func(results map[string]any) map[string]any
	// Refuse writes a fault. The operation is nil for faults outside of any.
	Refuse func(w http.ResponseWriter, r *http.Request, op *Operation, f *fault.Fault)
	// MaxBody is the largest request body in bytes.
	MaxBody int64
	// BodyTime is how long a body may take to come; zero is a minute.
	BodyTime time.Duration
	Log      *slog.Logger
	// Denied is told of tries to change something without the right to; nil is nobody.
	Denied func(r *http.Request, op *Operation, who access.Principal)
}

// Bind makes the http.Handler of one operation.
func (f *Front) Bind(op *Operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer f.recovered(w, r, op)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		who, err := f.admit(r, op)
		if err != nil {
			f.refuse(w, r, op, who, err)
			return
		}
		if op.Endpoint == nil {
			f.refuse(w, r, op, who, fault.Coded(fault.Unimplemented, "NotImplemented", "%s is not built yet", op.ID))
			return
		}
		if f.MaxBody > 0 && r.Body != nil {
			r.Body = &timely{http.MaxBytesReader(w, r.Body, f.MaxBody), http.NewResponseController(w), time.Now().Add(f.bodyTime())}
		}
		op.Endpoint.serve(f, op, w, r, who)
	})
}

func (f *Front) bodyTime() time.Duration {
	if f.BodyTime > 0 {
		return f.BodyTime
	}
	return time.Minute
}

// timely is a body that must have come by a time, so that nobody holds a connection by sending a byte now and then.
type timely struct {
	io.ReadCloser
	control *http.ResponseController
	end     time.Time
}

func (t *timely) Read(p []byte) (int, error) {
	_ = t.control.SetReadDeadline(t.end) // recorders of tests have none
	n, err := t.ReadCloser.Read(p)
	_ = t.control.SetReadDeadline(time.Time{}) // the server reads on, to notice that the client went away
	return n, err
}

// admit is the coarse check, the same for every row.
func (f *Front) admit(r *http.Request, op *Operation) (access.Principal, error) {
	who, err := f.Authenticate(r)
	if err == nil && !fromAllowed(r, who) {
		err = fault.Coded(fault.Forbidden, "Origin", "The credential may not be used from this site")
	}
	if op.Auth == Public {
		if err != nil {
			return access.Principal{}, nil // a stale cookie must not close the login page
		}
		return who, nil
	}
	if err != nil {
		return access.Principal{}, err
	}
	switch {
	case who.Kind == access.Anonymous:
		return who, fault.Coded(fault.Unauthenticated, "NoCredential", "Failed to authorize user")
	case op.Auth == Session && !who.Session:
		return who, fault.Coded(fault.Unauthenticated, "Authorization", "Failed to authorize user")
	case who.Embedded() && !op.Embed:
		return who, fault.New(fault.Forbidden, "You don't have access to this resource or action")
	}
	return who, nil
}

// fromAllowed tells whether a page of the site that sent the request may use the credential. Requests without a site are
// a backend's, or a page's of our own.
func fromAllowed(r *http.Request, who access.Principal) bool {
	origin := r.Header.Get("Origin")
	_, host, _ := strings.Cut(origin, "://")
	return len(who.Origins) == 0 || origin == "" || host == r.Host || slices.Contains(who.Origins, origin)
}

func (f *Front) refuse(w http.ResponseWriter, r *http.Request, op *Operation, who access.Principal, err error) {
	known := fault.As(err)
	if known.Kind == fault.Internal && r.Context().Err() == nil {
		f.Log.ErrorContext(r.Context(), "request failed", "front", f.Name, "operation", op.ID, "error", err)
	}
	if known.Kind == fault.Forbidden && f.Denied != nil && tries(op, who) {
		f.Denied(r, op, who)
	}
	if known.Kind == fault.TooMany {
		w.Header().Set("Retry-After", strconv.Itoa(int(max(known.Retry, time.Second)/time.Second)))
	}
	f.Refuse(w, r, op, known)
}

// tries tells whether a refused request tried to do more than look: not the reads of an embedded page, which may be
// refused with every tile.
func tries(op *Operation, who access.Principal) bool {
	return op.Method != http.MethodGet && !(op.Embed && who.Embedded())
}

func (f *Front) recovered(w http.ResponseWriter, r *http.Request, op *Operation) {
	trouble := recover()
	if trouble == nil {
		return
	}
	if err, ok := trouble.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(trouble)
	}
	f.Log.ErrorContext(r.Context(), "request panicked", "front", f.Name, "operation", op.ID, "panic", trouble,
		"stack", string(debug.Stack()))
	f.Refuse(w, r, op, fault.New(fault.Internal, "Something went wrong."))
}

type handled[In, Out any] struct{ h Handler[In, Out] }

func (e handled[In, Out]) shapes() (in, out any) { return new(In), new(Out) }

func (e handled[In, Out]) serve(f *Front, op *Operation, w http.ResponseWriter, r *http.Request, who access.Principal) {
	in, err := decode[In](r)
	if err != nil {
		f.refuse(w, r, op, who, err)
		return
	}
	out, err := e.h(r.Context(), who, in)
	if err != nil {
		f.refuse(w, r, op, who, err)
		return
	}
	f.write(w, r, any(out))
}

func (f *Front) write(w http.ResponseWriter, r *http.Request, out any) {
	switch out := out.(type) {
	case Raw:
		out(w, r)
	case With:
		out.Before(w, r)
		f.write(w, r, out.Body)
	case Status:
		f.Answer(w, r, out.Code, out.Body, out.Body != nil)
	case Empty:
		f.Answer(w, r, http.StatusOK, nil, false)
	default:
		f.Answer(w, r, http.StatusOK, out, true)
	}
}

// StatusOf is the HTTP status of a kind of fault, for fronts whose documents say nothing else.
func StatusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid, fault.Unprocessable:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound, fault.Gone:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Unimplemented:
		return http.StatusNotImplemented
	}
	return http.StatusInternalServerError
}

// Package fault holds the kinds of error that Inlay tells its callers about. It knows nothing of HTTP: each front
// maps a kind to its own status and body.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what a caller can do about a fault.
type Kind uint8

// The kinds, from the caller's mistakes to ours.
const (
	Internal        Kind = iota // a defect or a failed dependency; details stay in the log
	Invalid                     // the request can't be carried out as written
	Unprocessable               // the request doesn't have the declared form; see Fields
	Unauthenticated             // no credential, or one that isn't valid (any more)
	Forbidden                   // known, but not allowed
	NotFound                    // not there, or not yours
	Conflict                    // collides with something that exists
	Gone                        // was valid once: an expired invite, link or file
	TooLarge                    // body or result over its limit
	TooMany                     // over a rate, quota or queue limit
	Unavailable                 // a dependency is down; try again
	Unimplemented               // documented, but not built yet
)

// Fault is an error with a sentence for people and a cause for operators.
type Fault struct {
	Kind    Kind
	Code    string           // a stable name finer than the kind, such as "FieldReference"; may be empty
	Message string           // what happened and what to do; safe to show
	Fields  map[string]Field // by path, such as "body.name"; for Unprocessable
	Data    map[string]any   // structured details, safe to show
	Retry   time.Duration    // for TooMany: after which it may go better
	Cause   error            // for the log only
}

// Field is what is wrong with one field of a request.
type Field struct {
	Message string
	Value   any
	Given   bool // whether Value was given
}

func (f *Fault) Error() string {
	if f.Cause != nil {
		return f.Message + ": " + f.Cause.Error()
	}
	return f.Message
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// New makes a fault of a kind with a sentence that is safe to show.
func New(kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Coded makes a fault with a stable code.
func Coded(kind Kind, code, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault that hides its cause from callers.
func Wrap(kind Kind, cause error, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// With returns a copy that carries structured details.
func (f *Fault) With(data map[string]any) *Fault {
	copied := *f
	copied.Data = data
	return &copied
}

// As finds the fault in an error's chain; an error without one becomes Internal.
func As(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return Wrap(Internal, err, "Something went wrong.")
}

// Is tells whether an error is a fault of the kind.
func Is(err error, kind Kind) bool {
	f, ok := errors.AsType[*Fault](err)
	return ok && f.Kind == kind
}

package warehouse

import (
	"context"
	"errors"
	"strings"

	"inlay/internal/fault"
)

// Rejected is the fault of a statement that the engine refused, with the place where the engine gave one (both from
// 1; 0 is unknown).
func Rejected(cause error, message string, line, char int) error {
	f := fault.Coded(fault.Invalid, "WarehouseQuery", "%s", message)
	f.Cause = cause
	if line > 0 {
		f.Data = map[string]any{"lineNumber": line, "charNumber": char}
	}
	return f
}

// Unreachable is the fault of a connection that can't be opened or was lost. Where the operator's limits on addresses
// are the cause, it says that instead.
func Unreachable(cause error, format string, args ...any) error {
	f := fault.Coded(fault.Invalid, "WarehouseConnection", format, args...)
	if fault.Is(cause, fault.Forbidden) {
		f.Message = fault.As(cause).Message
	}
	f.Cause = cause
	return f
}

// Stopped gives the context's error its fault: a deadline is the query's own limit, a cancellation the caller's wish.
func Stopped(ctx context.Context, cause error) error {
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		f := fault.Coded(fault.Unavailable, "QueryTimeout", "The query took longer than it may and was stopped")
		f.Cause = cause
		return f
	}
	return ctx.Err()
}

// Place turns an offset in characters (from 1) into a line and a character of it (both from 1).
func Place(sql string, offset int) (line, char int) {
	if offset < 1 {
		return 0, 0
	}
	line, char = 1, 1
	for i, c := range []rune(sql) {
		if i == offset-1 {
			return line, char
		}
		if c == '\n' {
			line, char = line+1, 1
		} else {
			char++
		}
	}
	return line, char
}

// Comment writes the tag as the trailing comment of a statement: keys in order, nothing that could end the comment.
func (s Statement) Comment() string {
	if len(s.Tag) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("\n-- inlay")
	for _, key := range []string{"organization", "project", "purpose", "request"} {
		if value := s.Tag[key]; value != "" {
			out.WriteString(" " + key + "=" + strings.Map(tagSafe, value))
		}
	}
	return out.String()
}

func tagSafe(r rune) rune {
	switch {
	case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '-', r == '_', r == '.':
		return r
	}
	return -1
}

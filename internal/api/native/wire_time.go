package native

import (
	"encoding/json"
	"time"

	"inlay/internal/fault"
)

// moment is a time on the wire: UTC with milliseconds.
type moment time.Time

const momentForm = "2006-01-02T15:04:05.000Z"

func (m moment) MarshalJSON() ([]byte, error) {
	return []byte(`"` + time.Time(m).UTC().Format(momentForm) + `"`), nil
}

func (m *moment) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fault.New(fault.Invalid, "A date is written as text, such as %q", momentForm)
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			*m = moment(t)
			return nil
		}
	}
	return fault.New(fault.Invalid, "%q is not a date; write it like %q", text, momentForm)
}

// maybeMoment is moment for times that may be missing.
func maybeMoment(t *time.Time) *moment {
	if t == nil {
		return nil
	}
	m := moment(*t)
	return &m
}

func (m moment) time() time.Time { return time.Time(m) }

// maybe is the time, or nil.
func (m *moment) maybe() *time.Time {
	if m == nil {
		return nil
	}
	t := time.Time(*m)
	return &t
}

package upsolve

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

// maxText bounds the texts of a registration, in characters.
const maxText = 500

// reader takes fields out of a JSON object and keeps the first thing that is wrong, with its path. Unknown fields are
// ignored, and null is as good as nothing for optional ones.
type reader struct {
	object map[string]json.RawMessage
	err    error
}

func (in *reader) fail(path, reason string) {
	if in.err == nil {
		in.err = fault.New(fault.Invalid, "%s: %s", path, reason)
	}
}

// get gives the value of a field; missing ones are a fault when required.
func (in *reader) get(name string, required bool) any {
	raw, given := in.object[name]
	if !given {
		if required {
			in.fail(name, "Required")
		}
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		in.fail(name, "Invalid JSON")
	}
	return value
}

func (in *reader) text(name string, required bool) string {
	value := in.get(name, required)
	text, ok := value.(string)
	switch {
	case ok && utf8.RuneCountInString(text) > maxText && name != "apiKey":
		in.fail(name, "String must contain at most "+strconv.Itoa(maxText)+" character(s)")
	case ok && strings.ContainsRune(text, 0):
		in.fail(name, "A zero byte isn't allowed")
	case !ok && (value != nil || required && in.object[name] != nil):
		in.fail(name, "Expected string, received "+kindOf(value))
	}
	return text
}

func (in *reader) values(name string, required bool) tenancy.Values {
	value := in.get(name, required)
	object, ok := value.(map[string]any)
	if !ok && (value != nil || required && in.object[name] != nil) {
		in.fail(name, "Expected object, received "+kindOf(value))
	}
	return object
}

// life reads how long a token is to live: seconds as a number or text, or a number with a unit, such as "15m", "2 days".
func (in *reader) life(name string) time.Duration {
	var life time.Duration
	var ok bool
	switch value := in.get(name, false).(type) {
	case nil:
		return 0
	case json.Number:
		life, ok = parseLife(value.String())
	case string:
		life, ok = parseLife(value)
	default:
		in.fail(name, "Expected string or number, received "+kindOf(value))
		return 0
	}
	if !ok {
		in.fail(name, "Expected a positive number of seconds, or a duration such as 30s, 15m, 1h or 2d")
	}
	return life
}

var units = map[string]time.Duration{
	"": time.Second, "s": time.Second, "sec": time.Second, "second": time.Second, "m": time.Minute, "min": time.Minute,
	"minute": time.Minute, "h": time.Hour, "hr": time.Hour, "hour": time.Hour, "d": 24 * time.Hour, "day": 24 * time.Hour,
	"w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "ms": time.Millisecond,
}

func parseLife(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	end := strings.IndexFunc(text, func(c rune) bool { return (c < '0' || c > '9') && c != '.' })
	if end < 0 {
		end = len(text)
	}
	number, err := strconv.ParseFloat(text[:end], 64)
	name := strings.TrimSpace(text[end:])
	unit, ok := units[name]
	if !ok {
		unit, ok = units[strings.TrimSuffix(name, "s")]
	}
	life := number * float64(unit)
	if err != nil || !ok || life < float64(time.Second) || life > float64(10*365*24*time.Hour) {
		return 0, false
	}
	return time.Duration(life).Truncate(time.Second), true
}

// kindOf names a JSON value's type as its senders know it.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number, float64:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

package cube

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

// Bounds of what a request may carry.
const (
	maxText = 1000
	maxList = 1000
)

// reader takes fields out of a JSON object and keeps the first thing that is wrong, with its path. null is as good as
// nothing, and unknown fields are ignored: old and new clients send different ones.
type reader struct {
	object map[string]json.RawMessage
	at     string // path of the object, ending with a dot
	err    error
}

func (in *reader) fail(name, reason string) {
	if in.err == nil {
		in.err = fault.New(fault.Invalid, "%s%s %s", in.at, name, reason)
	}
}

func (in *reader) get(name string) any {
	raw, given := in.object[name]
	if !given {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		in.fail(name, "is not valid JSON")
	}
	return value
}

func (in *reader) checkText(name, text string) string {
	if utf8.RuneCountInString(text) > maxText || strings.ContainsRune(text, 0) {
		in.fail(name, "must be a text of at most "+strconv.Itoa(maxText)+" characters")
	}
	return text
}

func (in *reader) text(name string) string {
	text := in.optional(name)
	if text == nil {
		return ""
	}
	return *text
}

func (in *reader) optional(name string) *string {
	value := in.get(name)
	if value == nil {
		return nil
	}
	text, ok := value.(string)
	if !ok {
		in.fail(name, "must be a string")
	}
	in.checkText(name, text)
	return &text
}

func (in *reader) flag(name string) bool {
	value := in.get(name)
	on, ok := value.(bool)
	if !ok && value != nil {
		in.fail(name, "must be a boolean")
	}
	return on
}

func (in *reader) number(name string) (value float64, given bool) {
	raw := in.get(name)
	if raw == nil {
		return 0, false
	}
	number, ok := raw.(json.Number)
	value, err := number.Float64()
	if !ok || err != nil {
		in.fail(name, "must be a number")
	}
	return value, true
}

func (in *reader) values(name string) tenancy.Values {
	value := in.get(name)
	object, ok := value.(map[string]any)
	if !ok && value != nil {
		in.fail(name, "must be an object")
	}
	return object
}

// texts reads a list of strings; nil when there is none, which isn't the same as an empty one.
func (in *reader) texts(name string) []string {
	list := in.list(name)
	if list == nil {
		return nil
	}
	texts := make([]string, len(list))
	for i, item := range list {
		text, ok := item.(string)
		if !ok || text == "" {
			in.fail(fmt.Sprintf("%s.%d", name, i), "must be a non-empty string")
		}
		texts[i] = in.checkText(name, text)
	}
	return texts
}

func (in *reader) list(name string) []any {
	value := in.get(name)
	list, ok := value.([]any)
	if !ok && value != nil {
		in.fail(name, "must be an array")
	}
	if len(list) > maxList {
		in.fail(name, "must have at most "+strconv.Itoa(maxList)+" elements")
	}
	return list
}

// objects calls read with each element of a list of objects.
func (in *reader) objects(name string, read func(item *reader)) {
	var raws []json.RawMessage
	if in.list(name) == nil || in.err != nil {
		return
	}
	if err := json.Unmarshal(in.object[name], &raws); err != nil {
		in.fail(name, "must be an array")
	}
	for i, raw := range raws {
		item := reader{at: fmt.Sprintf("%s%s.%d.", in.at, name, i)}
		if err := json.Unmarshal(raw, &item.object); err != nil || item.object == nil {
			in.fail(fmt.Sprintf("%s.%d", name, i), "must be an object")
			return
		}
		read(&item)
		if item.err != nil && in.err == nil {
			in.err = item.err
		}
	}
}

// nested calls read with an object within the object, if there is one.
func (in *reader) nested(name string, read func(item *reader)) {
	if in.values(name) == nil || in.err != nil {
		return
	}
	item := reader{at: in.at + name + "."}
	if err := json.Unmarshal(in.object[name], &item.object); err != nil {
		in.fail(name, "must be an object")
		return
	}
	read(&item)
	if item.err != nil && in.err == nil {
		in.err = item.err
	}
}

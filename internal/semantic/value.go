package semantic

import "strconv"

// value is a piece of a document that people wrote, JSON or YAML, with its place: key order and lines count here.
type value struct {
	shape  shape
	line   int     // 0: unknown
	text   string  // of texts; of numbers as written
	number float64 // of numbers
	truth  bool    // of flags
	items  []value
	fields []member
}

type member struct {
	name  string
	line  int
	value value
}

type shape uint8

const (
	absent shape = iota // also null
	flag
	number
	text
	list
	object
)

// get is the value of a key; absent when there is none. Of repeated keys the last one counts.
func (v value) get(name string) value {
	for i := len(v.fields) - 1; i >= 0; i-- {
		if v.fields[i].name == name {
			return v.fields[i].value
		}
	}
	return value{line: v.line}
}

func (v value) has(name string) bool {
	for i := range v.fields {
		if v.fields[i].name == name {
			return true
		}
	}
	return false
}

// plain is the value as encoding/json would decode it.
func (v value) plain() any {
	switch v.shape {
	case flag:
		return v.truth
	case number:
		return v.number
	case text:
		return v.text
	case list:
		items := make([]any, len(v.items))
		for i, item := range v.items {
			items[i] = item.plain()
		}
		return items
	case object:
		fields := make(map[string]any, len(v.fields))
		for _, f := range v.fields {
			fields[f.name] = f.value.plain()
		}
		return fields
	}
	return nil
}

// word is a scalar as text: what a person meant who wrote true or 5 where text belongs.
func (v value) word() string {
	if v.shape == flag {
		return strconv.FormatBool(v.truth)
	}
	return v.text
}

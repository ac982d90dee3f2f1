package api

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"inlay/internal/fault"
)

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// check holds a decoded JSON value against a Go type and collects what doesn't fit, by path. Messages are those that
// clients of the native API know. Extra properties are fine.
func check(t reflect.Type, field reflect.StructField, value any, path string, wrong map[string]fault.Field) {
	if value == nil {
		if !nullable(t, field) {
			wrong[path] = fault.Field{Message: "invalid " + typeWord(t) + " value", Given: true}
		}
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return
	}
	say := func(message string) { wrong[path] = fault.Field{Message: message, Value: value, Given: true} }
	switch t.Kind() {
	case reflect.String:
		text, ok := value.(string)
		if options := field.Tag.Get("enum"); options != "" {
			if message := notOneOf(options, text); !ok || message != "" {
				say(firstOf(message, notOneOf(options, "\x00")))
			}
		} else if !ok {
			say("invalid string value")
		}
	case reflect.Bool:
		if _, ok := value.(bool); !ok {
			say("invalid boolean value")
		}
	case reflect.Int, reflect.Int64, reflect.Float64:
		number, ok := value.(float64)
		switch {
		case !ok:
			say("invalid float number")
		case t.Kind() != reflect.Float64 && number != math.Trunc(number):
			say("invalid integer number")
		}
	case reflect.Slice:
		list, ok := value.([]any)
		if !ok {
			say("invalid array")
			return
		}
		for i, item := range list {
			check(t.Elem(), reflect.StructField{Tag: field.Tag}, item, path+".$"+strconv.Itoa(i), wrong)
		}
	case reflect.Map:
		if _, ok := value.(map[string]any); !ok {
			say("invalid object")
		}
	case reflect.Struct:
		object, ok := value.(map[string]any)
		if !ok {
			say("invalid object")
			return
		}
		checkStruct(t, object, path, wrong)
	}
}

func checkStruct(t reflect.Type, object map[string]any, path string, wrong map[string]fault.Field) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			checkStruct(field.Type, object, path, wrong)
			continue
		}
		if name == "-" || name == "" {
			continue
		}
		value, given := object[name]
		switch {
		case given:
			check(field.Type, field, value, path+"."+name, wrong)
		case !strings.Contains(options, "omitempty"):
			wrong[path+"."+name] = fault.Field{Message: "'" + name + "' is required"}
		}
	}
}

// nullable: null is a value of its own only where the tag says so, or where anything goes.
func nullable(t reflect.Type, field reflect.StructField) bool {
	return field.Tag.Get("null") == "ok" || t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]()
}

func typeWord(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.String:
		return "string"
	case reflect.Slice:
		return "array"
	}
	return "object"
}

// notOneOf says that a text is none of the comma-separated options; no options allow everything.
func notOneOf(options, text string) string {
	if options == "" || slices.Contains(strings.Split(options, ","), text) {
		return ""
	}
	return "should be one of the following; ['" + strings.ReplaceAll(options, ",", "','") + "']"
}

func firstMessage(wrong map[string]fault.Field) string {
	paths := slices.Sorted(maps.Keys(wrong))
	messages := make([]string, 0, len(paths))
	for _, path := range paths {
		messages = append(messages, path+": "+wrong[path].Message)
	}
	return strings.Join(messages, "; ")
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

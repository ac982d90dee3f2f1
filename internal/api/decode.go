package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"inlay/internal/fault"
)

// decode fills In from the request; see Handle for its tags.
func decode[In any](r *http.Request) (In, error) {
	var in In
	v := reflect.ValueOf(&in).Elem()
	if v.Kind() != reflect.Struct {
		return in, nil
	}
	wrong := map[string]fault.Field{}
	query := url.Values(nil)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if name, ok := field.Tag.Lookup("path"); ok {
			value := r.PathValue(name)
			if !storable(value) {
				return in, fault.New(fault.NotFound, "There is nothing called that")
			}
			v.Field(i).SetString(value)
		} else if name, ok := field.Tag.Lookup("query"); ok {
			if query == nil {
				query = r.URL.Query()
				if err := storableQuery(query); err != nil {
					return in, err
				}
			}
			decodeQuery(v.Field(i), field, name, query, wrong)
		} else if _, ok := field.Tag.Lookup("http"); ok {
			v.Field(i).Set(reflect.ValueOf(r))
		} else if tag, ok := field.Tag.Lookup("body"); ok {
			if err := decodeBody(v.Field(i), tag, r, wrong); err != nil {
				return in, err
			}
		}
	}
	if len(wrong) > 0 {
		return in, &fault.Fault{Kind: fault.Unprocessable, Fields: wrong}
	}
	return in, nil
}

// storable tells whether a text can be kept by every database: PostgreSQL refuses NUL and what isn't UTF-8, and a
// refusal by the database would look like a defect of ours.
func storable(text string) bool { return utf8.ValidString(text) && !strings.Contains(text, "\x00") }

func storableQuery(query url.Values) error {
	for name, values := range query {
		for _, value := range values {
			if !storable(value) {
				return fault.Coded(fault.Invalid, "Parameter", "The query parameter %q is not valid UTF-8 text without NUL", name)
			}
		}
	}
	return nil
}

func decodeQuery(v reflect.Value, field reflect.StructField, name string, query url.Values, wrong map[string]fault.Field) {
	given := query[name]
	if len(given) == 0 {
		given = query[name+"[]"]
	}
	if len(given) == 0 {
		if v.Kind() != reflect.Pointer && v.Kind() != reflect.Slice && !strings.Contains(field.Tag.Get("check"), "optional") {
			wrong[name] = fault.Field{Message: "'" + name + "' is required"}
		}
		return
	}
	if v.Kind() == reflect.Slice {
		for i, text := range given {
			if message := notOneOf(field.Tag.Get("enum"), text); message != "" {
				wrong[name+".$"+strconv.Itoa(i)] = fault.Field{Message: message, Value: text, Given: true}
			}
		}
		v.Set(reflect.ValueOf(given).Convert(v.Type()))
		return
	}
	target := v
	if v.Kind() == reflect.Pointer {
		target = reflect.New(v.Type().Elem()).Elem()
	}
	message := notOneOf(field.Tag.Get("enum"), given[0])
	if message == "" {
		message = setText(target, given[0])
	}
	if least, err := strconv.Atoi(field.Tag.Get("least")); err == nil && message == "" && target.Int() < int64(least) {
		message = "must be at least " + strconv.Itoa(least)
	}
	if message != "" {
		wrong[name] = fault.Field{Message: message, Value: given[0], Given: true}
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(target.Addr())
	}
}

// largest is beyond any page, size or offset, and small enough for the product of two of them.
const largest = 1e9

// setText parses text into a scalar; it returns what is wrong, or nothing.
func setText(v reflect.Value, text string) string {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return "invalid boolean value"
		}
		v.SetBool(text == "true")
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(n) > largest {
			return "invalid float number"
		}
		if n != math.Trunc(n) {
			return "invalid integer number"
		}
		v.SetInt(int64(n))
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return "invalid float number"
		}
		v.SetFloat(n)
	}
	return ""
}

func decodeBody(v reflect.Value, tag string, r *http.Request, wrong map[string]fault.Field) error {
	name, options, _ := strings.Cut(tag, ",")
	data, err := readBody(r)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		data = []byte("{}")
	}
	if bytes.Contains(data, []byte(`\u0000`)) {
		return fault.Coded(fault.Invalid, "Parameter", `The body has a NUL character (\u0000) in a text, which can't be stored`)
	}
	if options != "loose" {
		var value any
		if err := json.Unmarshal(data, &value); err != nil {
			return badJSON(v.Type(), data, err)
		}
		found := map[string]fault.Field{}
		check(v.Type(), reflect.StructField{}, value, name, found)
		if options == "whole" && len(found) > 0 {
			wrong[name] = fault.Field{Message: firstMessage(found), Value: value, Given: true}
			return nil
		}
		for path, field := range found {
			wrong[path] = field
		}
		if len(found) > 0 {
			return nil
		}
	}
	if err := json.Unmarshal(data, v.Addr().Interface()); err != nil {
		return badJSON(v.Type(), data, err)
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/json" &&
		strings.HasPrefix(kind, "application/x-www-form") {
		return nil, nil
	}
	data, err := io.ReadAll(r.Body)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, fault.New(fault.TooLarge, "The body is larger than the limit of %d bytes", tooLarge.Limit)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The body could not be read to its end")
	}
	return data, nil
}

// badJSON says what is wrong with a body that should have become a type.
func badJSON(t reflect.Type, data []byte, err error) error {
	if broken, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fault.Coded(fault.Invalid, "Parameter", "The body is not valid JSON at byte %d: %s", broken.Offset, broken.Error())
	}
	what := "The body"
	if field := culprit(t, data); field != "" {
		what = fmt.Sprintf("The field %q", field)
	}
	if known, ok := errors.AsType[*fault.Fault](err); ok {
		named := *known
		named.Message = what + ": " + known.Message
		return &named
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fault.Coded(fault.Invalid, "Parameter", "%s can't be of type %s", what, wrong.Value)
	}
	return fault.Coded(fault.Invalid, "Parameter", "%s can't be read: %s", what, err)
}

// culprit is the path of the first field that doesn't fit its type, as clients write it. Go's decoder tells the names of
// embedded structs too, and nothing about fields that decode themselves.
func culprit(t reflect.Type, data []byte) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return ""
	}
	inside := func(name string, of reflect.Type, value json.RawMessage) (string, bool) {
		if json.Unmarshal(value, reflect.New(of).Interface()) == nil {
			return "", false
		}
		return strings.TrimSuffix(name+"."+culprit(of, value), "."), true
	}
	switch t.Kind() {
	case reflect.Slice:
		var items []json.RawMessage
		_ = json.Unmarshal(data, &items) // what isn't a list has no items to look at
		for i, item := range items {
			if path, found := inside("$"+strconv.Itoa(i), t.Elem(), item); found {
				return path
			}
		}
	case reflect.Struct:
		var members map[string]json.RawMessage
		_ = json.Unmarshal(data, &members) // what isn't an object has no members to look at
		for _, field := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if value, given := members[name]; given && name != "" {
				if path, found := inside(name, field.Type, value); found {
					return path
				}
			}
		}
	}
	return ""
}

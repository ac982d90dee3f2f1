package thoughtspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"inlay/internal/fault"
)

// form is the parameters of a request, however they were sent. It keeps the first thing that is wrong.
type form struct {
	values url.Values
	err    error
}

// readForm reads the query of a GET, or the body of anything else: a form, a multipart form, or a JSON object.
func readForm(r *http.Request) form {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return form{values: r.URL.Query()}
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil && r.Header.Get("Content-Type") != "":
		return form{err: fault.New(fault.Invalid, "Content-Type: not a media type")}
	case kind == "application/json":
		return readJSON(r)
	case kind == "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return form{err: unreadable(err)}
		}
		defer func() { _ = r.MultipartForm.RemoveAll() }() // nothing is on disk below the limit of the body
		return form{values: r.MultipartForm.Value}
	case kind == "" || kind == "application/x-www-form-urlencoded":
		return readURLEncoded(r)
	}
	return form{err: fault.New(fault.Invalid, "Content-Type: send a form, a multipart form or JSON")}
}

func readURLEncoded(r *http.Request) form {
	// net/http reads bodies of POST, PUT and PATCH only.
	if err := r.ParseForm(); err != nil {
		return form{err: unreadable(err)}
	}
	return form{values: r.PostForm}
}

func readJSON(r *http.Request) form {
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return form{err: unreadable(err)}
	}
	values := url.Values{}
	for name, value := range object {
		switch value := value.(type) {
		case nil:
		case string:
			values.Set(name, value)
		case bool, json.Number:
			values.Set(name, fmt.Sprint(value))
		case []any:
			text, err := json.Marshal(value)
			if err != nil {
				return form{err: unreadable(err)}
			}
			values.Set(name, string(text))
		default:
			return form{err: fault.New(fault.Invalid, "%s: an object isn't expected here", name)}
		}
	}
	return form{values: values}
}

func unreadable(err error) error {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.TooLarge, "The body is larger than the limit of %d bytes", large.Limit)
	}
	return fault.Wrap(fault.Invalid, err, "The body can't be read as its Content-Type says")
}

func (f *form) fail(name, reason string) {
	if f.err == nil {
		f.err = fault.New(fault.Invalid, "%s: %s", name, reason)
	}
}

func (f *form) text(name string) string {
	text := f.values.Get(name)
	if len(f.values[name]) > 1 {
		f.fail(name, "given more than once")
	}
	if strings.ContainsRune(text, 0) || !utf8.ValidString(text) || len(text) > 4096 {
		f.fail(name, "not a text that can be used")
	}
	return text
}

func (f *form) required(name string) string {
	text := f.text(name)
	if strings.TrimSpace(text) == "" {
		f.fail(name, "required")
	}
	return text
}

func (f *form) flag(name string) bool {
	switch text := f.text(name); text {
	case "true":
		return true
	case "", "false":
	default:
		f.fail(name, "expected true or false")
	}
	return false
}

// number reads an optional integer.
func (f *form) number(name string) *int64 {
	text := f.text(name)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f.fail(name, "expected an integer")
		return nil
	}
	return &n
}

// texts reads a JSON array of strings.
func (f *form) texts(name string) []string {
	text := f.text(name)
	if text == "" {
		return nil
	}
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) > 1000 {
		f.fail(name, `expected a JSON array of strings, such as ["sales", "marketing"]`)
	}
	for _, item := range list {
		if strings.TrimSpace(item) == "" {
			f.fail(name, "a name is empty")
		}
	}
	return list
}

package testkit_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"inlay/internal/api"
)

// variant is a body in which one field, of that name, holds a value of another kind than it is declared with.
type variant struct {
	field string
	body  any
}

// variants are those of everything that a schema declares, as deep as bodies go.
func (s samples) variants(schema map[string]any, depth int) []variant {
	if name, ok := schema["$ref"].(string); ok {
		schema = s.schemas[strings.TrimPrefix(name, "#/components/schemas/")].(map[string]any)
	}
	if depth > 4 {
		return nil
	}
	var all []variant
	if items, ok := schema["items"].(map[string]any); ok {
		for _, v := range s.variants(items, depth+1) {
			all = append(all, variant{v.field, []any{v.body}})
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property := properties[name].(map[string]any)
		with := func(value any) any {
			body := s.value(schema, 0).(map[string]any)
			body[name] = value
			return body
		}
		if wrong := s.wrongly(property); wrong != nil {
			all = append(all, variant{name, with(wrong)})
		}
		for _, v := range s.variants(property, depth+1) {
			all = append(all, variant{v.field, with(v.body)})
		}
	}
	return all
}

// wrongly is a value of another kind than a schema's; nil when it takes any.
func (s samples) wrongly(schema map[string]any) any {
	if name, ok := schema["$ref"].(string); ok {
		schema = s.schemas[strings.TrimPrefix(name, "#/components/schemas/")].(map[string]any)
	}
	switch kindOf(schema) {
	case "":
		return nil
	case "object":
		return "x"
	}
	return map[string]any{"a": []int{1}}
}

// nativeRows are the operations of the native API that somebody must be logged in for.
func (w *world) nativeRows() []row {
	native := w.Operations()[0].Operations
	return slices.DeleteFunc(w.rows()[:len(native)], func(r row) bool { return r.Auth == api.Public || r.Endpoint == nil })
}

func (w *world) owner() credential {
	return w.login(w.facts.Fronts.Native.Email, w.facts.Fronts.Native.Password)
}

// names tells whether an answer refuses a request and names the field that it is refused for.
func names(a answer, field string) bool {
	return (a.code == http.StatusBadRequest || a.code == http.StatusUnprocessableEntity) && strings.Contains(string(a.body), field)
}

// TestH10_a_value_of_another_kind_is_refused_by_its_fields_name sends every body with one field after the other wrong.
//
// That it would see a defect: let badJSON do without culprit.
func TestH10_a_value_of_another_kind_is_refused_by_its_fields_name(t *testing.T) {
	w := open(t)
	owner := w.owner()
	s := newSamples(api.Document("", "", w.Operations()...))
	for _, r := range w.nativeRows() {
		for _, v := range s.variants(s.bodySchema(r.Method, r.Path), 0) {
			a := w.ask(owner, r.Method, r.path, text(v.body))
			if !names(a, v.field) && !strings.Contains(string(a.body), "A date is written as text") { // whose sample isn't one
				t.Errorf("%s, %s in %s: %s", r, v.field, text(v.body), a)
			}
		}
	}
}

// TestH10_a_query_parameter_that_cant_be_is_refused_by_its_name tries pages, sizes, switches and choices.
func TestH10_a_query_parameter_that_cant_be_is_refused_by_its_name(t *testing.T) {
	w := open(t)
	owner := w.owner()
	s := newSamples(api.Document("", "", w.Operations()...))
	for _, r := range w.nativeRows() {
		for name, schema := range s.query(r.Method, r.Path) {
			for _, value := range wrongTexts(name, schema) {
				if a := w.ask(owner, r.Method, r.path+"?"+name+"="+value, r.body); !names(a, name) {
					t.Errorf("%s?%s=%s: %s", r, name, value, a)
				}
			}
		}
	}
}

// wrongTexts are what a query parameter of a schema can't be.
func wrongTexts(name string, schema map[string]any) []string {
	if items, ok := schema["items"].(map[string]any); ok {
		schema = items
	}
	switch {
	case schema["enum"] != nil || schema["type"] == "boolean":
		return []string{"nope"}
	case slices.Contains([]string{"page", "pageSize", "offset", "limit"}, name):
		return []string{"x", "-1", "1.5", "NaN", "1e308", "99999999999999999999"}
	case schema["type"] == "integer" || schema["type"] == "number":
		return []string{"x", "NaN", "1e999"}
	}
	return nil
}

// TestH08_an_id_that_cant_be_is_not_found puts a word in the place of each id of every address. Words that may stand
// there are listed, with the reason.
func TestH08_an_id_that_cant_be_is_not_found(t *testing.T) {
	w := open(t)
	owner, words := w.owner(), w.listed("testdata/words.txt")
	for _, r := range w.nativeRows() {
		for _, place := range parameter.FindAllString(r.Path, -1) {
			path := w.address(strings.Replace(r.pattern, place, "nope", 1))
			a := w.ask(owner, r.Method, path, r.body)
			refused := a.code >= 400 && a.code < 500
			if word := words[r.ID+" "+strings.Trim(place, "{}")]; refused == word || broken(a) {
				t.Errorf("%s %s, listed %t: %s", r.ID, strings.Trim(place, "{}"), word, a)
			}
		}
	}
}

// TestH10_a_value_that_means_nothing_is_refused_by_its_fields_name holds requests to testdata/refused.txt.
//
// That it would see a defect: let content's settled do without checkPlace.
func TestH10_a_value_that_means_nothing_is_refused_by_its_fields_name(t *testing.T) {
	w := open(t)
	owner, things := w.owner(), w.stored("Refused", false)
	data, err := os.ReadFile("testdata/refused.txt")
	if err != nil {
		t.Fatal(err)
	}
	var method, path, body string
	for line := range strings.Lines(string(data)) {
		line = w.on(things, strings.TrimSuffix(line, "\n"))
		field, value, wrong := strings.Cut(strings.TrimPrefix(line, "\t"), " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case !strings.HasPrefix(line, "\t"):
			method = field
			path, body, _ = strings.Cut(value, " ")
			w.must(owner, method, path, body)
		case wrong:
			var fields map[string]json.RawMessage
			if err := json.Unmarshal([]byte(body), &fields); err != nil {
				t.Fatal(err)
			}
			fields[field] = json.RawMessage(value)
			a := w.ask(owner, method, path, text(fields))
			if a.code == http.StatusNotFound && strings.Contains(string(a.body), strings.Trim(value, `"`)) {
				continue // what it names isn't there
			}
			if !names(a, field) {
				t.Errorf("%s %s with %s %s: %s", method, path, field, value, a)
			}
		}
	}
}

// listed reads a file with one entry a line; what follows a # says why.
func (w *world) listed(file string) map[string]bool {
	w.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		entry, _, _ := strings.Cut(line, "#")
		if entry = strings.TrimSpace(entry); entry != "" {
			found[entry] = true
		}
	}
	return found
}

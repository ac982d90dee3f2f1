package fronttest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// junk are values that no field expects all of.
var junk = []string{
	`null`, `true`, `0`, `-1`, `1e999`, `12345678901234567890123`, `""`, `" "`, `"\u0000"`, `"../../etc/passwd"`, `"' OR 1=1 --"`,
	`[]`, `[null]`, `[[]]`, `[{}]`, `{}`, `{"a":{"b":[1]}}`, `{"":""}`, `{"__proto__":{"x":1}}`,
	`"` + strings.Repeat("x", 10_000) + `"`, strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000),
}

// Junk sends a JSON body with each of its fields replaced by values that it doesn't expect, left out, and given in
// another case. Whatever comes back says what was wrong and is no failure of ours. Headers may be nil.
func Junk(t *testing.T, handler http.Handler, method, path string, header map[string]string, body map[string]any) {
	t.Helper()
	send := func(text string) {
		r := httptest.NewRequest(method, path, strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
		for name, value := range header {
			r.Header.Set(name, value)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if answer.Code >= 500 {
			t.Errorf("%s %s %.200s: %d %s", method, path, text, answer.Code, answer.Body)
		}
		if answer.Code >= 400 && !json.Valid(answer.Body.Bytes()) {
			t.Errorf("%s %s %.200s: the answer is no JSON: %s", method, path, text, answer.Body)
		}
	}
	with := func(name, value string) {
		fields := []string{}
		for _, other := range slices.Sorted(maps.Keys(body)) {
			text, err := json.Marshal(body[other])
			if err != nil {
				t.Fatal(err)
			}
			if other == name {
				if value == "" {
					continue
				}
				text = []byte(value)
			}
			fields = append(fields, `"`+other+`":`+string(text))
		}
		send("{" + strings.Join(fields, ",") + "}")
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		with(name, "")
		for _, value := range junk {
			with(name, value)
		}
	}
	for _, text := range []string{``, `{`, `[]`, `null`, `"x"`, `{"a":1}{"b":2}`, "\xff\xfe", strings.Repeat(`{"a":`, 20_000)} {
		send(text)
	}
}

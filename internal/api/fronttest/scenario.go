// Package fronttest runs scenarios, kept as files of requests and expectations, against a front. It knows no front.
package fronttest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy/tenancytest"
)

// Mount makes the handlers of a front in a fresh world, and names what scenarios may use as {{name}}.
type Mount func(t *testing.T, w *tenancytest.World, router *api.Router) map[string]string

// Scenarios runs every file of testdata against a front: requests in the order in which a client sends them, each with
// what must come back. Lines that start with "=>" are expectations:
//
//	=> 200                       the status
//	=> Header: text              a header that contains the text; "Header: -" is one that isn't there
//	=> body text                 the whole body
//	=> has text, => lacks text   the body contains it, or doesn't
//	=> $.a.0.b = 1               a JSON value at a path; "$.a = *" is anything, "$.a = -" isn't there
//	=> name: $.a.b, => name: body, => name: cookie    keeps a value as {{name}}
//
// A line "@ 5m" before a request moves the clock. GET /who answers with the principal that a request resolves to.
func Scenarios(t *testing.T, mount Mount) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) { play(t, file, tenancytest.On(t, db), mount) })
		})
	}
}

func play(t *testing.T, file string, w *tenancytest.World, mount Mount) {
	router := &api.Router{Fallback: http.NotFoundHandler()}
	s := &scenario{w: w, handler: router, vars: mount(t, w, router)}
	router.Handle("GET", "/who", http.HandlerFunc(s.who))
	router.Handle("POST", "/who", http.HandlerFunc(s.who))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range strings.Split(string(text), "### ")[1:] {
		s.run(t, step)
	}
}

func (s *scenario) who(out http.ResponseWriter, r *http.Request) {
	p, ok, err := s.w.Resolve(r)
	switch {
	case err != nil:
		out.WriteHeader(http.StatusUnauthorized)
		_, _ = out.Write([]byte(fault.As(err).Code)) // a test's recorder takes everything
	case !ok:
		out.WriteHeader(http.StatusNoContent)
	default:
		_ = json.NewEncoder(out).Encode(p) // the same
	}
}

type scenario struct {
	w       *tenancytest.World
	handler http.Handler
	vars    map[string]string
}

var placeholder = regexp.MustCompile(`\{\{\w+\}\}`)

func (s *scenario) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := s.vars[strings.Trim(name, "{}")]; ok {
			return value
		}
		return name
	})
}

func (s *scenario) run(t *testing.T, step string) {
	t.Helper()
	name, rest, _ := strings.Cut(step, "\n")
	var expectations, lines []string
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "=> "):
			expectations = append(expectations, s.fill(line[3:]))
		case strings.HasPrefix(line, "@ "):
			pause, err := time.ParseDuration(line[2:])
			if err != nil {
				t.Fatal(err)
			}
			s.w.Clock.Advance(pause)
		default:
			lines = append(lines, line)
		}
	}
	answer := httptest.NewRecorder()
	s.handler.ServeHTTP(answer, s.request(t, strings.TrimSpace(strings.Join(lines, "\n"))))
	for _, e := range expectations {
		if trouble := s.expect(answer.Result(), answer.Body.String(), e); trouble != "" {
			t.Errorf("%s\n  expected %s\n  %s\n  answer %d %s", name, e, trouble, answer.Code, answer.Body)
		}
	}
}

func (s *scenario) request(t *testing.T, text string) *http.Request {
	t.Helper()
	head, body, _ := strings.Cut(s.fill(text), "\n\n")
	lines := strings.Split(head, "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	r := httptest.NewRequest(method, target, io.Reader(strings.NewReader(body)))
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

var capture = regexp.MustCompile(`^(\w+): (\$\S*|body|cookie)$`)

func (s *scenario) expect(answer *http.Response, body, e string) string {
	if code, err := strconv.Atoi(e); err == nil {
		return differ(strconv.Itoa(answer.StatusCode), strconv.Itoa(code))
	}
	if found := capture.FindStringSubmatch(e); found != nil {
		return s.keep(answer, body, found[1], found[2])
	}
	word, text, _ := strings.Cut(e, " ")
	switch {
	case word == "body":
		return differ(body, text)
	case word == "has" && !strings.Contains(body, text), word == "lacks" && strings.Contains(body, text):
		return "not so"
	case word == "has", word == "lacks":
		return ""
	case strings.HasPrefix(word, "$"):
		return differ(at(body, word), strings.TrimPrefix(text, "= "))
	}
	value := strings.Join(answer.Header.Values(strings.TrimSuffix(word, ":")), ", ")
	if text == "-" {
		return differ(value, "")
	}
	if !strings.Contains(value, text) {
		return fmt.Sprintf("got %q", value)
	}
	return ""
}

func (s *scenario) keep(answer *http.Response, body, name, from string) string {
	switch {
	case from == "body":
		s.vars[name] = body
	case from == "cookie":
		if len(answer.Cookies()) == 0 {
			return "there is no cookie"
		}
		s.vars[name] = answer.Cookies()[0].Value
	default:
		s.vars[name] = strings.Trim(at(body, from), `"`)
	}
	return ""
}

func differ(got, want string) string {
	if got == want || want == "*" && got != "-" {
		return ""
	}
	return fmt.Sprintf("got %s", got)
}

// at gives the JSON at a path, or "-".
func at(body, path string) string {
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return "not JSON"
	}
	for _, name := range strings.Split(path, ".")[1:] {
		switch inner := value.(type) {
		case map[string]any:
			next, ok := inner[name]
			if !ok {
				return "-"
			}
			value = next
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(inner) {
				return "-"
			}
			value = inner[i]
		default:
			return "-"
		}
	}
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

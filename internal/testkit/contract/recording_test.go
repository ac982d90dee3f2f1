package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// scenario is a recorded one: requests in their order, some with the answer of the reference.
type scenario struct {
	Name     string
	Flags    map[string]bool
	Sessions map[string]map[string]string // logins besides those of the fixtures
	Steps    []step
}

type step struct {
	Name, Method, Path, Auth string
	Body                     any
	RawBody                  *string `json:"raw_body"`
	Query                    map[string]any
	Headers                  map[string]string
	Poll                     bool
	Succeeds                 bool // ours, which have no recorded answer, do
	Capture                  map[string]struct{ Path []any }
	Expect                   *struct {
		Status int
		JSON   any
	}
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func scenarios(t *testing.T, recordings string) []scenario {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(recordings, "scenarios", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	all := make([]scenario, len(files))
	for i, file := range files {
		read(t, file, &all[i])
	}
	return all
}

// player sends the requests of scenarios to a server, and remembers what later ones need.
type player struct {
	t        *testing.T
	handler  http.Handler
	vars     map[string]any
	sessions map[string]map[string]string // logins by name
	cookies  map[string][]*http.Cookie
}

var variable = regexp.MustCompile(`\{\{(\w+)\}\}`)

// fill puts variables into a template. One that wasn't captured stays as it is: its request is refused.
func (p *player) fill(template any) any {
	switch v := template.(type) {
	case string:
		if m := variable.FindStringSubmatch(v); m != nil && m[0] == v {
			if value, ok := p.vars[m[1]]; ok {
				return value
			}
		}
		return variable.ReplaceAllStringFunc(v, func(name string) string {
			switch value := p.vars[strings.Trim(name, "{}")].(type) {
			case nil:
				return name
			case float64:
				return strconv.FormatFloat(value, 'f', -1, 64)
			default:
				return fmt.Sprint(value)
			}
		})
	case []any:
		filled := make([]any, len(v))
		for i, item := range v {
			filled[i] = p.fill(item)
		}
		return filled
	case map[string]any:
		filled := make(map[string]any, len(v))
		for key, item := range v {
			filled[p.fill(key).(string)] = p.fill(item)
		}
		return filled
	}
	return template
}

// play sends a step, waits for the job that it asks for, and captures what it names.
func (p *player) play(s step) *httptest.ResponseRecorder {
	answer := p.send(s)
	for deadline := time.Now().Add(time.Minute); s.Poll && !finished(answer) && time.Now().Before(deadline); answer = p.send(s) {
		time.Sleep(50 * time.Millisecond)
	}
	var body any
	if json.Unmarshal(answer.Body.Bytes(), &body) != nil {
		return answer // files and pages
	}
	for name, rule := range s.Capture {
		if value := dig(body, rule.Path); value != nil {
			p.vars[name] = value
		}
	}
	return answer
}

func (p *player) send(s step) *httptest.ResponseRecorder {
	text := ""
	if s.RawBody != nil {
		text = *s.RawBody
	} else if s.Body != nil {
		data, err := json.Marshal(p.fill(s.Body))
		if err != nil {
			p.t.Fatal(err)
		}
		text = string(data)
	}
	r := httptest.NewRequest(s.Method, "/", strings.NewReader(text))
	r.URL.Path, r.URL.RawQuery = p.fill(s.Path).(string), p.query(s.Query)
	r.Header.Set("Content-Type", "application/json")
	for name, value := range s.Headers {
		r.Header.Set(name, p.fill(value).(string))
	}
	if key, ok := strings.CutPrefix(s.Auth, "key:"); ok {
		r.Header.Set("Authorization", fmt.Sprint("ApiKey ", p.vars[key]))
	} else if s.Auth != "" && s.Auth != "anon" {
		for _, cookie := range p.login(s.Auth) {
			r.AddCookie(cookie)
		}
	}
	answer := httptest.NewRecorder()
	p.handler.ServeHTTP(answer, r)
	return answer
}

func (p *player) query(values map[string]any) string {
	query := url.Values{}
	for name, value := range values {
		list, ok := p.fill(value).([]any)
		if !ok {
			list = []any{p.fill(value)}
		}
		for _, item := range list {
			query.Add(name, fmt.Sprint(item))
		}
	}
	return query.Encode()
}

func (p *player) login(name string) []*http.Cookie {
	if p.cookies[name] == nil {
		answer := p.send(step{Method: "POST", Path: "/api/v1/login", Body: map[string]any{
			"email": p.sessions[name]["email"], "password": p.sessions[name]["password"]}})
		p.cookies[name] = answer.Result().Cookies()
	}
	return p.cookies[name]
}

func finished(answer *httptest.ResponseRecorder) bool {
	var body struct {
		Results struct{ Status, JobStatus string }
	}
	return answer.Code >= 400 || json.Unmarshal(answer.Body.Bytes(), &body) != nil ||
		slices.Contains([]string{"completed", "error", "DONE", "ERROR"}, body.Results.Status+body.Results.JobStatus)
}

// dig follows a path: names are keys, numbers are positions, {"name": "x"} picks an element of a list.
func dig(value any, path []any) any {
	for _, part := range path {
		switch key := part.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[key]
		case float64:
			list, _ := value.([]any)
			if value = nil; int(key) < len(list) {
				value = list[int(key)]
			}
		case map[string]any:
			list, _ := value.([]any)
			value = nil
			for _, item := range list {
				if object, _ := item.(map[string]any); has(object, key) {
					value = item
					break
				}
			}
		}
	}
	return value
}

func has(object, wanted map[string]any) bool {
	for key, value := range wanted {
		if fmt.Sprint(object[key]) != fmt.Sprint(value) {
			return false
		}
	}
	return true
}

package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

type tileBody struct {
	Name  string   `json:"name"`
	Kind  string   `json:"kind" enum:"bar,line"`
	Size  *int     `json:"size,omitempty"`
	Owner *string  `json:"owner" null:"ok"`
	Tags  []string `json:"tags,omitempty"`
	Spot  struct {
		X float64 `json:"x"`
	} `json:"spot"`
}

type tileIn struct {
	ID   string   `path:"id"`
	Page *int     `query:"page"`
	Only []string `query:"only" enum:"a,b"`
	Body tileBody `body:"body"`
}

// TestRequestsAreRefusedWithTheFieldsName feeds one operation with good and bad requests.
func TestRequestsAreRefusedWithTheFieldsName(t *testing.T) {
	const good = `"name":"n","kind":"bar","owner":null,"spot":{"x":1}`
	for _, c := range []struct{ name, query, body, want string }{
		{"good", "page=2&only=a&only=b", "{" + good + ",\"extra\":1}", `ok`},
		{"missing", "", `{"kind":"bar","owner":"o","spot":{"x":1}}`, `{"body.name":"'name' is required"}`},
		{"wrong types", "", `{"name":1,"kind":"pie","size":1.5,"owner":"o","tags":["a",2],"spot":{"x":"1"}}`,
			`{"body.kind":"should be one of the following; ['bar','line']","body.name":"invalid string value","body.size":"invalid integer number",` +
				`"body.spot.x":"invalid float number","body.tags.$1":"invalid string value"}`},
		{"null where a value must be", "", `{"name":null,"kind":"bar","owner":null,"spot":null}`,
			`{"body.name":"invalid string value","body.spot":"invalid object value"}`},
		{"an array for an object", "", `[]`, `{"body":"invalid object"}`},
		{"bad query", "page=x&only=c", "{" + good + "}",
			`{"only.$0":"should be one of the following; ['a','b']","page":"invalid float number"}`},
		{"broken JSON", "", `{"name": `, `The body is not valid JSON at byte 9: unexpected end of JSON input`},
		{"too large", "", `{"name":"` + strings.Repeat("n", 2000) + `"}`, `The body is larger than the limit of 1000 bytes`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, "/tiles/7?"+c.query, strings.NewReader(c.body))
			tileRouter().ServeHTTP(w, r)
			if got := strings.TrimSpace(w.Body.String()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func tileRouter() *Router {
	front := &Front{
		Authenticate: func(*http.Request) (access.Principal, error) { return access.Principal{}, nil },
		Answer: func(w http.ResponseWriter, _ *http.Request, _ int, body any, _ bool) {
			_, _ = w.Write([]byte(body.(string)))
		},
		Refuse: func(w http.ResponseWriter, _ *http.Request, _ *Operation, f *fault.Fault) {
			if f.Fields == nil {
				_, _ = w.Write([]byte(f.Message))
				return
			}
			messages := map[string]string{}
			for path, field := range f.Fields {
				messages[path] = field.Message
			}
			encoder := json.NewEncoder(w)
			encoder.SetEscapeHTML(false)
			_ = encoder.Encode(messages)
		},
		MaxBody: 1000, Log: slog.New(slog.DiscardHandler),
	}
	router := &Router{Fallback: http.NotFoundHandler()}
	router.Mount(front, []Operation{{ID: "postTile", Method: http.MethodPost, Path: "/tiles/{id}",
		Endpoint: Handle(func(_ context.Context, _ access.Principal, in tileIn) (string, error) { return "ok", nil })}})
	return router
}

// TestH12_a_slow_body_is_given_up sends a byte at a time and never ends.
func TestH12_a_slow_body_is_given_up(t *testing.T) {
	answered := make(chan string, 1)
	front := &Front{
		Authenticate: func(*http.Request) (access.Principal, error) { return access.Principal{}, nil },
		Answer:       func(http.ResponseWriter, *http.Request, int, any, bool) { answered <- "ok" },
		Refuse:       func(_ http.ResponseWriter, _ *http.Request, _ *Operation, f *fault.Fault) { answered <- f.Message },
		MaxBody:      1000, BodyTime: 50 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
	}
	router := &Router{Fallback: http.NotFoundHandler()}
	router.Mount(front, []Operation{{ID: "postTile", Method: http.MethodPost, Path: "/tiles/{id}",
		Endpoint: Handle(func(_ context.Context, _ access.Principal, in tileIn) (string, error) { return "ok", nil })}})
	site := httptest.NewServer(router)
	t.Cleanup(site.Close)
	slow, end := io.Pipe()
	t.Cleanup(func() { _ = end.Close() })
	go func() { // until the pipe is closed
		for range 900 {
			if _, err := end.Write([]byte(" ")); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	go func() {
		if reply, err := http.Post(site.URL+"/tiles/1", "application/json", slow); err == nil { // it may have been cut off
			_ = reply.Body.Close()
		}
	}()
	select {
	case said := <-answered:
		if said == "ok" {
			t.Error("half a body was taken")
		}
	case <-time.After(20 * time.Second):
		t.Error("the server waits on")
	}
}

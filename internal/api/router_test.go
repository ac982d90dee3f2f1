package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRouterPrefersLiteralsAndBacktracks(t *testing.T) {
	router := &Router{Fallback: http.NotFoundHandler()}
	for _, path := range []string{"/a/{x}", "/a/b", "/a/{x}/results", "/a/slug/{s}", "/a/slug/{s}/results"} {
		router.Handle(http.MethodGet, path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(path + " " + r.PathValue("x") + r.PathValue("s")))
		}))
	}
	for request, want := range map[string]string{
		"/a/b":              "/a/b ",
		"/a/b/":             "/a/b ",
		"/a/c":              "/a/{x} c",
		"/a/%2e%2e":         "/a/{x} ..",
		"/a/slug/results":   "/a/slug/{s} results",
		"/a/slug":           "/a/{x} slug",
		"/a/7/results":      "/a/{x}/results 7",
		"/a/slug/9/results": "/a/slug/{s}/results 9",
		"/a//results":       "404 page not found\n",
		"//a/b":             "404 page not found\n",
		"/A/b":              "404 page not found\n",
		"/":                 "404 page not found\n",
	} {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://x"+request, nil))
		if got := w.Body.String(); got != want {
			t.Errorf("%s: got %q, want %q", request, got, want)
		}
	}
}

func TestRouterRefusesTheSameRowTwice(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a second handler for one method and path was taken")
		}
	}()
	router := &Router{}
	router.Handle(http.MethodGet, "/a/{x}", http.NotFoundHandler())
	router.Handle(http.MethodGet, "/a/{y}", http.NotFoundHandler())
}

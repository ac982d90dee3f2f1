package server_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inlay/internal/demo"
	"inlay/internal/server"
)

// world is a running server with a small demo.
type world struct {
	*server.Server
	t      *testing.T
	facts  *demo.Facts
	folder demo.Folder
	config server.Config
}

// open seeds a demo whose model may be changed before it is compiled.
func open(t *testing.T, models ...string) *world {
	t.Helper()
	return openOn(t, "", models...)
}

// openOn is open with the metadata elsewhere, in an empty database.
func openOn(t *testing.T, metadata string, models ...string) *world {
	t.Helper()
	w := &world{t: t, folder: demo.Folder(filepath.Join(t.TempDir(), "demo"))}
	w.ok(w.folder.Prepare(t.Context(), 500))
	for i, text := range models {
		w.ok(os.WriteFile(filepath.Join(w.folder.Models(), fmt.Sprintf("extra%d.yml", i)), []byte(text), 0o600))
	}
	secret, err := w.folder.Secret()
	w.ok(err)
	w.config = server.Defaults()
	w.config.Metadata, w.config.Data, w.config.Secret = cmp.Or(metadata, w.folder.Metadata()), string(w.folder), secret
	w.config.ModelFolders, w.config.Log = []string{string(w.folder)}, slog.New(slog.DiscardHandler)
	w.Server = w.replica()
	w.facts, err = w.folder.Seed(t.Context(), w.Server)
	w.ok(err)
	return w
}

// replica is one more server over the same metadata.
func (w *world) replica() *server.Server {
	w.t.Helper()
	s, err := server.Open(w.t.Context(), w.config)
	w.ok(err)
	w.t.Cleanup(func() { _ = s.Close(context.Background()) }) // its folder goes too
	return s
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// ask sends a request and gives the status and the body.
func ask(h http.Handler, credential, method, path, body string) (int, string, http.Header) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if credential != "" {
		r.Header.Set("Authorization", credential)
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, r)
	data, _ := io.ReadAll(recorder.Body) // of a recorder, which can't fail
	return recorder.Code, string(data), recorder.Header()
}

func (w *world) admin() string { return "ApiKey " + w.facts.Fronts.Native.Token }

// got asks as the admin for what has to succeed, and decodes the results.
func (w *world) got(into any, method, path, body string) {
	w.t.Helper()
	w.gotAs(w.admin(), into, method, path, body)
}

func (w *world) gotAs(credential string, into any, method, path, body string) {
	w.t.Helper()
	code, text, _ := ask(w.Handler(), credential, method, path, body)
	if code >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, code, text)
	}
	if into != nil {
		w.ok(json.Unmarshal([]byte(text), &struct {
			Results any `json:"results"`
			Data    any `json:"data"`
		}{into, into}))
	}
}

// refused asks for what must be refused with the status.
func (w *world) refused(want int, credential, method, path, body string) {
	w.t.Helper()
	if code, text, _ := ask(w.Handler(), credential, method, path, body); code != want {
		w.t.Errorf("%s %s: %d, want %d: %s", method, path, code, want, text)
	}
}

// tenant registers a tenant by Upsolve's front and gives its id and its credential.
func (w *world) tenant(key string) (id, credential string) {
	w.t.Helper()
	var registered struct{ Token string }
	w.gotAs("", &registered, "POST", "/v1/api/tenant/register-tenant", fmt.Sprintf(
		`{"apiKey":%q,"displayName":%q,"key":%q,"prefilters":{"merchant_id":%q}}`, w.facts.Fronts.Upsolve.APIKey, "Merchant "+key, key, key))
	var tenants []struct{ ID, Name string }
	w.got(&tenants, "GET", "/api/v1/inlay/embedding/tenants?search=Merchant+"+key, "")
	if len(tenants) != 1 {
		w.t.Fatalf("%d tenants for %s", len(tenants), key)
	}
	return tenants[0].ID, "Bearer " + registered.Token
}

func (w *world) login(email, password string) string {
	w.t.Helper()
	_, _, header := ask(w.Handler(), "", "POST", "/api/v1/login", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	return cookie
}

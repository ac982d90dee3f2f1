package server_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	samllog "github.com/crewjam/saml/logger"
	"github.com/crewjam/saml/samlidp"
	"github.com/oauth2-proxy/mockoidc"

	"inlay/internal/access"
	"inlay/internal/identity"
	"inlay/internal/secret"
	"inlay/internal/server"
	"inlay/internal/signon"
)

// lobby is a real server whose people come in by login providers, which run here too.
type lobby struct {
	*server.Server
	t            *testing.T
	url          string
	oidc         *mockoidc.MockOIDC
	saml         *httptest.Server
	organization string
}

func openLobby(t *testing.T, change func(*server.Config)) *lobby {
	t.Helper()
	l := &lobby{t: t}
	var err error
	l.oidc, err = mockoidc.Run()
	l.ok(err)
	t.Cleanup(func() { _ = l.oidc.Shutdown() })
	l.saml = samlProvider(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	l.ok(err)
	l.url = "http://" + listener.Addr().String()
	c := server.Defaults()
	c.Metadata, c.Data, c.Secret = filepath.Join(t.TempDir(), "inlay.db"), t.TempDir(), secret.Token(32)
	c.SiteURL, c.Log = l.url, slog.New(slog.NewTextHandler(t.Output(), nil))
	c.SignOn = signon.Config{Groups: "groups", SAML: signon.SAMLProvider{Metadata: l.saml.URL + "/metadata", Domains: []string{"golden.test"}},
		Providers: map[string]signon.OIDCProvider{
			signon.OIDC:    {Issuer: l.oidc.Issuer(), ClientID: l.oidc.ClientID, ClientSecret: l.oidc.ClientSecret},
			signon.AzureAD: {Issuer: l.oidc.Issuer(), ClientID: l.oidc.ClientID, ClientSecret: l.oidc.ClientSecret, Domains: []string{"golden.test"}},
			signon.Okta:    {Issuer: "http://localhost:1", ClientID: "x", ClientSecret: "y"}, // is down
		}}
	if change != nil {
		change(&c)
	}
	l.Server, err = server.Open(t.Context(), c)
	l.ok(err)
	web := &httptest.Server{Listener: listener, Config: &http.Server{Handler: l.Handler()}}
	web.Start()
	t.Cleanup(func() { web.Close(); _ = l.Close(t.Context()) })
	l.organization, err = l.Identity.MakeOrganization(t.Context(), identity.NewOrganization{Name: "Golden"})
	l.ok(err)
	return l
}

// samlProvider is a SAML identity provider with one user, "ann" with the password "hunter2".
func samlProvider(t *testing.T) *httptest.Server {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	address, err := url.Parse("http://" + server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	store := &samlidp.MemoryStore{}
	idp, err := samlidp.New(samlidp.Options{URL: *address, Key: key, Certificate: certificate, Store: store, Logger: quiet{samllog.DefaultLogger}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = idp
	server.Start()
	t.Cleanup(server.Close)
	password := "hunter2"
	user, err := json.Marshal(samlidp.User{Name: "ann", PlaintextPassword: &password, Email: "ann@golden.test", GivenName: "Ann", Surname: "Gold"})
	if err != nil {
		t.Fatal(err)
	}
	put(t, server.URL+"/users/ann", user)
	return server
}

// quiet drops what the provider logs.
type quiet struct{ samllog.Interface }

func (quiet) Printf(string, ...any) {}

func put(t *testing.T, address string, body []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("%s answers %s", address, answer.Status)
	}
}

func (l *lobby) ok(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// browser is somebody's browser.
type browser struct {
	*http.Client
	l *lobby
}

func (l *lobby) browser() browser {
	jar, err := cookiejar.New(nil)
	l.ok(err)
	return browser{&http.Client{Jar: jar}, l}
}

// open follows a link through all redirects; it gives the address where that ends.
func (b browser) open(path string) string {
	b.l.t.Helper()
	answer, err := b.Get(b.l.url + path)
	b.l.ok(err)
	_ = answer.Body.Close()
	return strings.TrimPrefix(answer.Request.URL.String(), b.l.url)
}

// step follows a link once.
func (b browser) step(path string) *http.Response {
	b.l.t.Helper()
	once := *b.Client
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := once.Get(b.l.url + path)
	b.l.ok(err)
	_ = answer.Body.Close()
	return answer
}

func (b browser) json(path string, into any) {
	b.l.t.Helper()
	answer, err := b.Get(b.l.url + path)
	b.l.ok(err)
	defer func() { _ = answer.Body.Close() }()
	b.l.ok(json.NewDecoder(answer.Body).Decode(&struct{ Results any }{into}))
}

// who is the e-mail address and role of whoever is logged in; empty for nobody.
func (b browser) who() (email, role string) {
	answer, err := b.Get(b.l.url + "/api/v1/user")
	b.l.ok(err)
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusUnauthorized {
		return "", ""
	}
	var user struct{ Email, Role string }
	b.json("/api/v1/user", &user)
	return user.Email, user.Role
}

// said is what the login page would show.
func (b browser) said() string {
	var flash struct{ Error []string }
	b.json("/api/v1/flash", &flash)
	return strings.Join(flash.Error, " ")
}

func (l *lobby) user(email string, change func(*identity.NewUser)) identity.User {
	l.t.Helper()
	n := identity.NewUser{Organization: l.organization, Role: access.Viewer, Email: email, EmailVerified: true, Password: "a_good_password1!"}
	if change != nil {
		change(&n)
	}
	u, err := l.Identity.CreateUser(l.t.Context(), n)
	l.ok(err)
	return u
}

func (l *lobby) comes(email string, verified bool, groups ...string) {
	l.oidc.QueueUser(&mockoidc.MockUser{Subject: "subject of " + email, Email: email, EmailVerified: verified, Groups: groups})
}

func TestPeopleLogInAtTheirProvider(t *testing.T) {
	l := openLobby(t, nil)
	admin := l.user("admin@golden.test", func(n *identity.NewUser) { n.Role = access.Admin })
	l.user("bob@golden.test", nil)
	who, err := l.Identity.PrincipalOf(t.Context(), "", admin.UUID)
	l.ok(err)

	b := l.browser()
	var health struct {
		Auth map[string]any
	}
	b.json("/api/v1/health", &health)
	if oidc, _ := health.Auth["oidc"].(map[string]any); oidc["enabled"] != true || oidc["loginPath"] != "/login/oidc" {
		t.Errorf("health says %v", health.Auth)
	}
	l.comes("Bob@golden.test", true)
	if at := b.open("/api/v1/login/oidc?redirect=" + url.QueryEscape(l.url+"/projects/x?a=b")); at != "/projects/x?a=b" {
		t.Errorf("the login ends at %s: %s", at, b.said())
	}
	if email, role := b.who(); email != "bob@golden.test" || role != "viewer" {
		t.Errorf("logged in as %s, %s", email, role)
	}
	_, err = l.Identity.Login(t.Context(), "bob@golden.test", "a_good_password1!", "")
	l.ok(err) // whose address was known to be theirs keeps the password

	_, err = l.Identity.Invite(t.Context(), who, "new@elsewhere.test", access.Editor, time.Now().Add(time.Hour))
	l.ok(err)
	b = l.browser()
	l.comes("new@elsewhere.test", true)
	if at := b.open("/api/v1/login/oidc"); at != "/" {
		t.Errorf("an invited one ends at %s: %s", at, b.said())
	}
	if email, role := b.who(); email != "new@elsewhere.test" || role != "editor" {
		t.Errorf("logged in as %s, %s", email, role)
	}

	b = l.browser()
	l.comes("stranger@elsewhere.test", true)
	if at := b.open("/api/v1/login/oidc"); at != "/login" || !strings.Contains(b.said(), "no account for stranger@elsewhere.test") || b.said() != "" {
		t.Errorf("a stranger ends at %s", at)
	}
	_, err = l.Identity.SetDomains(t.Context(), who, identity.Domains{Domains: []string{"elsewhere.test"}, Role: access.InteractiveViewer})
	l.ok(err)
	l.comes("stranger@elsewhere.test", true)
	b.open("/api/v1/login/oidc")
	if email, role := b.who(); email != "stranger@elsewhere.test" || role != "interactive_viewer" {
		t.Errorf("of an allowed domain: %s, %s", email, role)
	}
	if at := l.browser().open("/api/v1/login/okta"); at != "/login" {
		t.Errorf("a provider that is down ends at %s", at)
	}
	if b := l.browser(); b.open("/api/v1/login/google") != "/login" || !strings.Contains(b.said(), "isn't set up") {
		t.Error("a provider that isn't set up")
	}
}

func TestGroupsFollowTheProvider(t *testing.T) {
	l := openLobby(t, nil)
	u := l.user("bob@golden.test", nil)
	for _, name := range []string{"design", "sales"} {
		_, err := l.Identity.MakeGroup(t.Context(), identity.NewGroup{Organization: l.organization, Name: name})
		l.ok(err)
	}
	l.ok(l.Identity.AddToGroups(t.Context(), l.organization, u.UUID, []string{"sales"}))
	l.comes("bob@golden.test", true, "design", "unknown here")
	b := l.browser()
	b.open("/api/v1/login/oidc")
	who, err := l.Identity.PrincipalOf(t.Context(), "", u.UUID)
	if err != nil || strings.Join(who.Groups, " ") != "design" {
		t.Errorf("in the groups %v, %v: %s", who.Groups, err, b.said())
	}
}

func TestH84_only_a_vouched_address_reaches_an_account(t *testing.T) {
	l := openLobby(t, nil)
	victim := l.user("victim@example.com", nil)
	b := l.browser()
	l.comes("victim@example.com", false)
	if b.open("/api/v1/login/oidc"); !strings.Contains(b.said(), "doesn't vouch") {
		t.Error("an address that nobody checked")
	}
	l.comes("victim@example.com", true) // says the provider, but the operator believes it for golden.test only
	if b.open("/api/v1/login/azuread"); !strings.Contains(b.said(), "doesn't vouch") {
		t.Error("an address of a domain that the provider doesn't answer for")
	}
	if email, _ := b.who(); email != "" {
		t.Errorf("logged in as %s", email)
	}
	l.user("claimed@golden.test", func(n *identity.NewUser) { n.EmailVerified = false }) // by somebody else, perhaps
	l.comes("claimed@golden.test", true)
	b.open("/api/v1/login/oidc")
	if email, _ := b.who(); email != "claimed@golden.test" {
		t.Errorf("the owner of an address is %q: %s", email, b.said())
	}
	if _, err := l.Identity.Login(t.Context(), "claimed@golden.test", "a_good_password1!", ""); err == nil {
		t.Error("whoever claimed the address can still come in")
	}
	l.ok(l.Identity.SetActive(t.Context(), admin(l), victim.UUID, false))
	l.comes("victim@example.com", true)
	if b = l.browser(); b.open("/api/v1/login/oidc") != "/login" || !strings.Contains(b.said(), "deactivated") {
		t.Error("a locked account lets somebody in")
	}
}

func admin(l *lobby) access.Principal {
	u := l.user("admin@golden.test", func(n *identity.NewUser) { n.Role = access.Admin })
	who, err := l.Identity.PrincipalOf(l.t.Context(), "", u.UUID)
	l.ok(err)
	return who
}

func TestH83_single_sign_on_gains_no_password(t *testing.T) {
	l := openLobby(t, nil)
	_, err := l.Identity.SetDomains(t.Context(), admin(l), identity.Domains{Domains: []string{"golden.test"}, Role: access.Viewer})
	l.ok(err)
	l.comes("sue@golden.test", true)
	b := l.browser()
	b.open("/api/v1/login/oidc")
	for _, try := range [][3]string{
		{"POST", "/api/v1/user/password", `{"newPassword":"a_good_password1!"}`},
		{"DELETE", "/api/v1/user/identity", `{"issuer":"` + l.oidc.Issuer() + `","email":"sue@golden.test"}`},
		{"POST", "/api/v1/user/password", `{"newPassword":"a_good_password1!"}`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), try[0], l.url+try[1], strings.NewReader(try[2]))
		l.ok(err)
		r.Header.Set("Content-Type", "application/json")
		answer, err := b.Do(r)
		l.ok(err)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusForbidden {
			t.Errorf("%v: %s", try, answer.Status)
		}
	}
	l.ok(l.Identity.RequestReset(t.Context(), "sue@golden.test", "here"))
	l.Identity.Close()
	if kept, err := l.Mail.Kept(t.Context()); err != nil || len(kept) != 0 {
		t.Errorf("%+v, %v", kept, err)
	}
}

// A login must end in the browser where it began, once, and with the provider where it began.
func TestH76_H77_a_login_cannot_be_put_upon_somebody_else(t *testing.T) {
	l := openLobby(t, nil)
	l.user("bob@golden.test", nil)
	begin := func(b browser) string { // gives the address that the provider sends the browser back to
		l.comes("bob@golden.test", true)
		answer, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).
			Get(b.step("/api/v1/login/oidc").Header.Get("Location"))
		l.ok(err)
		_ = answer.Body.Close()
		return strings.TrimPrefix(answer.Header.Get("Location"), l.url)
	}
	mine, theirs := l.browser(), l.browser()
	back := begin(mine)
	if theirs.open(back) != "/login" || !strings.Contains(theirs.said(), "another browser") {
		t.Error("a login that began elsewhere ends here")
	}
	if mine.open(back) != "/login" || !strings.Contains(mine.said(), "ended already") {
		t.Error("a login ends twice")
	}
	back = begin(mine)
	if mine.open(strings.Replace(back, "/oidc?", "/azuread?", 1)) != "/login" {
		t.Error("a login ends at another provider")
	}
	back = begin(mine)
	if mine.open(regexp.MustCompile(`code=[^&]*`).ReplaceAllString(back, "code=another")) != "/login" {
		t.Error("another code is taken")
	}
	if mine.open("/api/v1/oauth/redirect/oidc?error=access_denied&error_description=%3Cscript%3E&state=x") != "/login" {
		t.Error("a refusal")
	}
	if said := mine.said(); strings.Contains(said, "script") {
		t.Errorf("the page shows words of others: %s", said)
	}
	session := l.browser()
	session.Jar.SetCookies(must(url.Parse(l.url)), []*http.Cookie{{Name: "connect.sid", Value: "planted"}})
	back = begin(session)
	session.open(back)
	for _, cookie := range session.Jar.Cookies(must(url.Parse(l.url))) {
		if cookie.Name == "connect.sid" && cookie.Value == "planted" {
			t.Error("the session from before the login goes on")
		}
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestH115_a_login_ends_on_our_own_pages_only(t *testing.T) {
	l := openLobby(t, nil)
	l.user("bob@golden.test", nil)
	for wish, want := range map[string]string{
		"/projects/1?tab=a#b":               "/projects/1?tab=a#b",
		l.url + "/dashboards/x":             "/dashboards/x",
		"//evil.example":                    "/",
		"///evil.example":                   "/",
		`/\evil.example`:                    "/",
		`\\evil.example`:                    "/",
		"/\t/evil.example":                  "/",
		"https:evil.example":                "/",
		"https:/evil.example":               "/",
		"https://evil.example/":             "/",
		"javascript:alert(1)":               "/",
		"%2f%2fevil.example":                "/",
		"/%5cevil.example":                  "/",
		"/%2f/evil.example":                 "/",
		l.url + ".evil.example/":            "/",
		l.url + "@evil.example/":            "/",
		l.url + "//evil.example":            "/",
		"/api/v1/logout":                    "/",
		"/login?next=/login":                "/",
		"/api/v1/login/oidc?redirect=/x":    "/",
		"/ok\r\nSet-Cookie: connect.sid=me": "/",
		"":                                  "/",
	} {
		if got := signon.LocalPath(wish, l.url); got != want {
			t.Errorf("%q leads to %q, not %q", wish, got, want)
		}
	}
	b := l.browser()
	l.comes("bob@golden.test", true)
	if at := b.open("/api/v1/login/oidc?redirect=" + url.QueryEscape("//evil.example")); at != "/" {
		t.Errorf("the login ends at %s", at)
	}
}

func TestAServerStartsWhenItsProvidersAreDownButNotWithUnsafeOnes(t *testing.T) {
	for name, c := range map[string]signon.Config{
		"an issuer without TLS": {Providers: map[string]signon.OIDCProvider{signon.OIDC: {Issuer: "http://id.example.com", ClientID: "x"}}},
		"no issuer":             {Providers: map[string]signon.OIDCProvider{signon.Okta: {ClientID: "x"}}},
		"credentials in it":     {Providers: map[string]signon.OIDCProvider{signon.OIDC: {Issuer: "https://a@b.example", ClientID: "x"}}},
		"SAML for any domain":   {SAML: signon.SAMLProvider{Metadata: "https://id.example.com/metadata"}},
		"SAML without TLS":      {SAML: signon.SAMLProvider{Metadata: "http://id.example.com/metadata", Domains: []string{"a.example"}}},
	} {
		if _, err := signon.New(nil, secret.Secret{}, c); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestPeopleLogInBySAML(t *testing.T) {
	l := openLobby(t, nil)
	l.user("ann@golden.test", nil)
	metadata, err := http.Get(l.url + "/api/v1/saml/metadata")
	l.ok(err)
	described, err := io.ReadAll(metadata.Body)
	l.ok(err)
	_ = metadata.Body.Close()
	put(t, l.saml.URL+"/services/inlay", described)

	b := l.browser()
	form := b.atProvider("/api/v1/login/saml?redirect=/projects/x")
	if at := b.post("/api/v1/saml/acs", form); at != "/projects/x" {
		t.Fatalf("the login ends at %s: %s", at, b.said())
	}
	if email, _ := b.who(); email != "ann@golden.test" {
		t.Errorf("logged in as %q", email)
	}
	if at := b.post("/api/v1/saml/acs", form); at != "/login" {
		t.Errorf("the same answer again ends at %s", at)
	}
	other := l.browser()
	mine := b.atProvider("/api/v1/login/saml")
	mixed := url.Values{"SAMLResponse": form["SAMLResponse"], "RelayState": mine["RelayState"]}
	if other.post("/api/v1/saml/acs", mixed) != "/login" || !strings.Contains(other.said(), "isn't valid") {
		t.Error("an answer to another request is taken")
	}
	if other.post("/api/v1/saml/acs", b.atProvider("/api/v1/login/saml")) != "/login" || !strings.Contains(other.said(), "another browser") {
		t.Error("a login that began elsewhere ends here")
	}
	if other.post("/api/v1/saml/acs", url.Values{"SAMLResponse": form["SAMLResponse"], "RelayState": {"https://evil.example"}}) != "/login" {
		t.Error("an answer that nobody asked for is taken")
	}
	for name, change := range map[string]func(string) string{
		"another address": func(text string) string { return strings.ReplaceAll(text, "ann@golden.test", "root@golden.test") },
		"no signature": func(text string) string {
			return regexp.MustCompile(`(?s)<ds:Signature.*?</ds:Signature>`).ReplaceAllString(text, "")
		},
		"another audience": func(text string) string { return strings.ReplaceAll(text, "<saml:Audience>", "<saml:Audience>x") },
		"a comment": func(text string) string {
			return strings.ReplaceAll(text, "ann@golden.test", "ann@golden.test<!---->.evil")
		},
	} {
		form := b.atProvider("/api/v1/login/saml")
		text, err := base64.StdEncoding.DecodeString(form.Get("SAMLResponse"))
		l.ok(err)
		changed := change(string(text))
		if changed == string(text) {
			t.Fatalf("%s changes nothing in %s", name, text)
		}
		form.Set("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(changed)))
		if at := b.post("/api/v1/saml/acs", form); at != "/login" {
			t.Errorf("%s: the login ends at %s", name, at)
		}
	}
}

var hidden = regexp.MustCompile(`name="(\w+)" value="([^"]*)"`)

// atProvider begins a login by SAML and logs ann in there; it gives the form that the provider's page posts back.
func (b browser) atProvider(path string) url.Values {
	b.l.t.Helper()
	login := b.fields(http.Get(b.step(path).Header.Get("Location")))
	login.Set("user", "ann")
	login.Set("password", "hunter2")
	return b.fields(http.PostForm(b.l.saml.URL+"/sso", login))
}

// fields reads the form of a page.
func (b browser) fields(answer *http.Response, err error) url.Values {
	b.l.t.Helper()
	b.l.ok(err)
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	b.l.ok(err)
	fields := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(string(page), -1) {
		fields.Set(field[1], html.UnescapeString(field[2]))
	}
	if len(fields) == 0 {
		b.l.t.Fatalf("the provider answers %s: %s", answer.Status, page)
	}
	return fields
}

func (b browser) post(path string, form url.Values) string {
	b.l.t.Helper()
	answer, err := b.PostForm(b.l.url+path, form)
	b.l.ok(err)
	_ = answer.Body.Close()
	return strings.TrimPrefix(answer.Request.URL.String(), b.l.url)
}

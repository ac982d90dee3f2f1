package identity_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestAPrincipalCarriesAllThatDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin, viewer := t.Context(), w.who("admin"), w.users["viewer"].UUID
		g, err := w.CreateGroup(ctx, admin, "Sales", []string{viewer})
		w.ok(err)
		_, err = w.GrantGroup(ctx, admin, g.UUID, ourProject, access.Editor)
		w.ok(err)
		w.ok(w.GrantProject(ctx, admin, ourProject, "viewer@example.com", access.InteractiveViewer))
		fallback := "7"
		for _, a := range []identity.Attribute{
			{Name: "own", Users: []identity.UserValue{{User: viewer, Value: "x"}}, Groups: []identity.GroupValue{{Group: g.UUID, Value: "y"}}, Default: &fallback},
			{Name: "group", Groups: []identity.GroupValue{{Group: g.UUID, Value: "z"}}, Default: &fallback},
			{Name: "default", Default: &fallback},
			{Name: "nothing"},
		} {
			_, err := w.SaveAttribute(ctx, admin, a)
			w.ok(err)
		}
		r, session := w.session("viewer")
		got, err := w.Resolve(r)
		w.ok(err)
		want := access.Principal{
			Kind: access.User, Organization: ours, User: viewer, Email: "viewer@example.com", Name: "viewer Test",
			OrgRole: access.Viewer, ProjectRoles: map[string][]access.Role{ourProject: {access.InteractiveViewer, access.Editor}},
			Groups: []string{"Sales"}, GroupIDs: []string{g.UUID},
			Attributes: map[string][]string{"own": {"x", "y"}, "group": {"z"}, "default": {"7"}},
			Known:      map[string]bool{"own": true, "group": true, "default": true, "nothing": true},
			Credential: session.ID, Session: true, Expires: session.Expires,
		}
		if !got.Expires.Equal(want.Expires) {
			t.Errorf("expires %s, want %s", got.Expires, want.Expires)
		}
		if got.Revision == 0 {
			t.Error("it isn't known as of when the rights are")
		}
		got.Expires, want.Expires, got.Revision = time.Time{}, time.Time{}, 0
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}

// Every change of what somebody may do acts on the next request, also where another replica made it.
func TestH07_H87_ChangesActOnTheNextRequest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, other := t.Context(), w.replica(nil)
		admin := w.who("admin")
		r, session := w.session("viewer")
		viewer := w.users["viewer"].UUID
		now := func() access.Principal {
			t.Helper()
			who, err := w.Resolve(r)
			w.ok(err)
			return who
		}
		_, err := other.SetRole(ctx, admin, viewer, access.Editor)
		now()
		w.ok(err)
		if role := now().OrgRole; role != access.Editor {
			t.Errorf("after the change of role: %s", role)
		}
		w.ok(other.GrantProject(ctx, admin, ourProject, "viewer@example.com", access.Developer))
		if roles := now().ProjectRoles[ourProject]; len(roles) != 1 {
			t.Errorf("after the grant: %v", roles)
		}
		w.ok(other.ChangeGrant(ctx, admin, ourProject, viewer, ""))
		if roles := now().ProjectRoles[ourProject]; len(roles) != 0 {
			t.Errorf("after the revocation: %v", roles)
		}
		g, err := other.CreateGroup(ctx, admin, "Sales", []string{viewer})
		w.ok(err)
		if groups := now().Groups; len(groups) != 1 {
			t.Errorf("after joining a group: %v", groups)
		}
		a, err := other.SaveAttribute(ctx, admin, identity.Attribute{Name: "region", Groups: []identity.GroupValue{{Group: g.UUID, Value: "EU"}}})
		w.ok(err)
		if v := now().Attributes["region"]; len(v) != 1 || v[0] != "EU" {
			t.Errorf("after the attribute: %v", v)
		}
		_, err = other.RemoveMember(ctx, admin, g.UUID, viewer)
		w.ok(err)
		if v := now().Attributes["region"]; v != nil {
			t.Errorf("after leaving the group: %v", v)
		}
		w.ok(other.DeleteAttribute(ctx, admin, a.UUID))
		if now().Known["region"] {
			t.Error("a deleted attribute is known")
		}
		w.ok(other.CloseSession(ctx, session.Token))
		if who := now(); who.Kind != access.Anonymous {
			t.Errorf("after logout: %+v", who)
		}
		r, _ = w.session("viewer")
		now()
		w.ok(other.DeleteUser(ctx, admin, viewer))
		if who := now(); who.Kind != access.Anonymous {
			t.Errorf("after deletion: %+v", who)
		}
	})
}

func TestH02_EndedCredentialsResolveToNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, _ := w.session("viewer")
		soon := w.clock.now().Add(time.Hour)
		token, err := w.CreateToken(ctx, w.who("viewer"), "short", &soon, false)
		w.ok(err)
		if who, err := w.Resolve(r); err != nil || who.User == "" {
			t.Fatalf("%+v, %v", who, err)
		}
		if who, err := w.ByToken(ctx, token.Text); err != nil || who.User == "" || who.Session {
			t.Fatalf("%+v, %v", who, err)
		}
		w.clock.pass(25 * time.Hour)
		if who, err := w.Resolve(r); err != nil || who.Kind != access.Anonymous {
			t.Errorf("an old session: %+v, %v", who, err)
		}
		_, err = w.ByToken(ctx, token.Text)
		w.refused(err, fault.Unauthenticated, "an old token")
		_, err = w.ByToken(ctx, "inlay_pat_of_nobody")
		w.refused(err, fault.Unauthenticated, "an unknown token")
		w.ok(w.Sweep(ctx))
	})
}

func TestACookieWinsOverAKeyAndAStaleOneDoesNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token, err := w.CreateToken(t.Context(), w.who("admin"), "key", nil, false)
		w.ok(err)
		r, session := w.session("viewer")
		r.Header.Set("Authorization", "ApiKey "+token.Text)
		who, err := w.Resolve(r)
		w.ok(err)
		if who.User != w.users["viewer"].UUID || !who.Session {
			t.Errorf("with both: %+v", who)
		}
		w.ok(w.CloseSession(t.Context(), session.Token))
		who, err = w.Resolve(r)
		w.ok(err)
		if who.User != w.users["admin"].UUID || who.Session {
			t.Errorf("with a stale cookie: %+v", who)
		}
	})
}

func TestH89_ATokenHasItsOwnersRightsOfToday(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		token, err := w.CreateToken(ctx, w.who("developer"), "key", nil, false)
		w.ok(err)
		_, err = w.ByToken(ctx, token.Text)
		w.ok(err)
		_, err = w.SetRole(ctx, w.who("admin"), w.users["developer"].UUID, access.Viewer)
		w.ok(err)
		who, err := w.ByToken(ctx, token.Text)
		if err != nil || who.OrgRole != access.Viewer {
			t.Errorf("%s, %v", who.OrgRole, err)
		}
	})
}

// H77: a cookie that other sites may send works for reading only, unless the site is trusted.
func TestH77_UnsafeRequestsFromOtherSitesAreRefused(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	trusting := w.replica(func(c *identity.Config) { c.TrustedOrigins = []string{"https://partner.example"} })
	for _, c := range []struct {
		method, site, origin string
		want                 bool
	}{
		{"GET", "cross-site", "https://evil.example", true},
		{"POST", "same-origin", "https://inlay.example", true},
		{"POST", "", "", true}, // no browser
		{"POST", "cross-site", "https://evil.example", false},
		{"POST", "same-site", "https://other.inlay.example", false},
		{"POST", "", "https://evil.example", false},
		{"DELETE", "cross-site", "https://partner.example", true},
	} {
		r, _ := w.session("viewer")
		r.Method = c.method
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if _, err := trusting.Resolve(r); (err == nil) != c.want {
			t.Errorf("%s from %s %s: %v", c.method, c.site, c.origin, err)
		}
	}
}

func TestH76_H77_TheCookieOfASession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		secure := w.replica(func(c *identity.Config) { c.SecureCookies = true })
		r, before := w.session("viewer")
		out := httptest.NewRecorder()
		after, err := secure.SwitchSession(r, w.users["viewer"].UUID, identity.SessionOptions{})
		w.ok(err)
		secure.SetCookie(out, after)
		if after.Token == before.Token {
			t.Error("a login keeps the session id")
		}
		if who, _ := w.Resolve(r); who.Kind != access.Anonymous {
			t.Error("the session from before the login still works")
		}
		cookie := out.Result().Cookies()[0]
		if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 86400 || cookie.Path != "/" {
			t.Errorf("the cookie is %+v", cookie)
		}
		out = httptest.NewRecorder()
		framed, err := w.OpenSession(t.Context(), w.users["viewer"].UUID,
			identity.SessionOptions{CrossSite: true, Transient: true, Idle: time.Minute})
		w.ok(err)
		w.SetCookie(out, framed)
		cookie = out.Result().Cookies()[0]
		if !cookie.Secure || !cookie.Partitioned || cookie.SameSite != http.SameSiteNoneMode || cookie.MaxAge != 0 {
			t.Errorf("the cookie for frames is %+v", cookie)
		}
		var stored int
		w.ok(w.db.NewRaw("SELECT COUNT(*) FROM sessions WHERE hash = ? OR id = ?", after.Token, after.Token).Scan(context.Background(), &stored))
		if stored != 0 {
			t.Error("a session's token is stored")
		}
	})
}

func TestASessionRollsWhileItIsUsed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, _ := w.session("viewer")
		var seen access.Principal
		server := w.Rolling(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			seen, _ = w.Resolve(r)
		}))
		for range 4 { // two days, half a day at a time
			w.clock.pass(12 * time.Hour)
			out := httptest.NewRecorder()
			server.ServeHTTP(out, r)
			if seen.User == "" || len(out.Result().Cookies()) != 1 {
				t.Fatalf("%+v with %v", seen, out.Result().Cookies())
			}
		}
		out := httptest.NewRecorder()
		server.ServeHTTP(out, r)
		if len(out.Result().Cookies()) != 0 {
			t.Error("the cookie is renewed without need")
		}
		w.clock.pass(24*time.Hour + time.Second)
		server.ServeHTTP(httptest.NewRecorder(), r)
		if seen.Kind != access.Anonymous {
			t.Errorf("after a day unused: %+v", seen)
		}
	})
}

func TestAGuestHasTheirRoleThereAndTheirOwnHere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, viewer := t.Context(), w.users["viewer"].UUID
		w.ok(w.AddGuest(ctx, theirs, viewer, access.Editor))
		w.ok(w.AddToGroups(ctx, theirs, viewer, []string{"Guests"}))
		there, err := w.PrincipalOf(ctx, theirs, viewer)
		w.ok(err)
		here, err := w.PrincipalOf(ctx, "", viewer)
		w.ok(err)
		if there.Organization != theirs || there.OrgRole != access.Editor || len(there.Groups) != 1 {
			t.Errorf("there: %+v", there)
		}
		if here.Organization != ours || here.OrgRole != access.Viewer || len(here.Groups) != 0 {
			t.Errorf("here: %+v", here)
		}
		_, err = w.PrincipalOf(ctx, theirs, w.users["editor"].UUID)
		w.refused(err, fault.NotFound, "somebody who is no guest")
	})
}

func TestH137_WithoutTheDatabaseNobodyIsLetIn(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	r, _ := w.session("viewer")
	_, err := w.Resolve(r)
	w.ok(err)
	w.ok(w.db.Close())
	who, err := w.Resolve(r) // was in memory
	w.refused(err, fault.Unavailable, "a session")
	_, err = w.ByToken(t.Context(), "inlay_pat_unknown")
	w.refused(err, fault.Unavailable, "a token")
	if who.Kind != access.Anonymous {
		t.Errorf("let in as %+v", who)
	}
}

func BenchmarkResolve(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.DB{"SQLite": storetest.SQLite, "PostgreSQL": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			key, _ := secret.New(someSecret)
			s, err := identity.New(open(b), key, identity.Config{})
			if err != nil {
				b.Fatal(err)
			}
			ctx := context.Background()
			organization, _ := s.MakeOrganization(ctx, identity.NewOrganization{Name: "Ours"})
			u, _ := s.CreateUser(ctx, identity.NewUser{Organization: organization, Role: access.Viewer, Email: "a@example.com"})
			session, err := s.OpenSession(ctx, u.UUID, identity.SessionOptions{})
			if err != nil {
				b.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.AddCookie(&http.Cookie{Name: "connect.sid", Value: session.Token})
			b.ReportAllocs()
			for b.Loop() {
				if who, err := s.Resolve(r); err != nil || who.User == "" {
					b.Fatal(who, err)
				}
			}
		})
	}
}

// What is held of an account under its session and under its uuid would tell different roles otherwise, and queries would
// be stopped for rights that nobody changed.
func TestADeletedProjectsGrantsEndForEverythingThatIsHeld(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	viewer, project := w.users["viewer"].UUID, uuid.NewString()
	w.ok(w.PutGrant(t.Context(), ours, project, viewer, access.Editor))
	if who := w.who("viewer"); len(who.ProjectRoles[project]) != 1 {
		t.Fatalf("the grant isn't there: %+v", who.ProjectRoles)
	}
	w.ok(w.EraseGrants(t.Context(), ours, project))
	if who := w.who("viewer"); len(who.ProjectRoles) != 0 {
		t.Errorf("a role in a deleted project is still held: %+v", who.ProjectRoles)
	}
}

package testkit_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"inlay/internal/secret"
)

// signedKind is a kind of JWT: the purpose of the key that signs it, how it is sent, and a row that takes it.
type signedKind struct {
	name, purpose, scheme, path string
	token                       string
}

func (k signedKind) as(token string) credential {
	return credential{"Authorization": strings.TrimSpace(k.scheme + " " + token)}
}

// signedKinds makes one token of each kind.
func (w *world) signedKinds() []signedKind {
	t := w.facts.Tenants[0]
	view := "/api/v1/inlay/view/" + w.facts.Dashboards[0].UUID
	embed := securityContext(w, t)
	kinds := []signedKind{
		{"a tenant token", "upsolve tenant token", "Bearer", view, w.upsolve(t, nil)["Authorization"]},
		{"an embed token", "cube embed token", "Embed-Token", view, embed["Authorization"]},
		{"a data token", "cube data token", "", "/cubejs-api/v1/meta", w.data(embed)["Authorization"]},
	}
	for i, k := range kinds {
		kinds[i].token = strings.TrimPrefix(k.token, k.scheme+" ")
	}
	return kinds
}

// TestH70_H75_forged_and_misused_tokens_open_nothing changes one thing about a good token of each kind at a time; most
// are signed with the server's own key, so that nothing but the claim is wrong.
//
// That it would see a defect: leave an option out of tenancy's verify.
func TestH70_H75_forged_and_misused_tokens_open_nothing(t *testing.T) {
	w := open(t)
	own, err := secret.New(w.Config.Secret)
	if err != nil {
		t.Fatal(err)
	}
	kinds := w.signedKinds()
	for _, k := range kinds {
		claims := claimsOf(t, k.token)
		sign := func(method jwt.SigningMethod, key any, header map[string]any, change func(jwt.MapClaims)) string {
			changed := maps.Clone(claims)
			change(changed)
			token := jwt.NewWithClaims(method, changed)
			maps.Copy(token.Header, header)
			text, err := token.SignedString(key)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		key, stranger := own.Key(k.purpose), []byte(strings.Repeat("k", 32))
		same := func(jwt.MapClaims) {}
		claim := func(name string, value any) string {
			return sign(jwt.SigningMethodHS256, key, nil, func(c jwt.MapClaims) {
				if c[name] = value; value == nil {
					delete(c, name)
				}
			})
		}
		if a := w.ask(k.as(claim("kid", "x")), "GET", k.path, ""); a.code != 200 {
			t.Fatalf("%s that is good: %s", k.name, a)
		}
		hour := time.Hour.Seconds()
		now := float64(w.now().Unix())
		cases := map[string]string{
			"no algorithm":            sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, same),
			"another hash":            sign(jwt.SigningMethodHS384, key, nil, same),
			"RS256 by name":           sign(jwt.SigningMethodHS256, key, map[string]any{"alg": "RS256"}, same),
			"a key file of its own":   sign(jwt.SigningMethodHS256, []byte{}, map[string]any{"kid": "../../dev/null"}, same),
			"a key by SQL":            sign(jwt.SigningMethodHS256, stranger, map[string]any{"kid": "x' UNION SELECT 'k"}, same),
			"a key by address":        sign(jwt.SigningMethodHS256, stranger, map[string]any{"jku": "http://127.0.0.1/", "x5u": "http://127.0.0.1/"}, same),
			"a key in the header":     sign(jwt.SigningMethodHS256, stranger, map[string]any{"jwk": map[string]string{"kty": "oct", "k": base64.RawURLEncoding.EncodeToString(stranger)}}, same),
			"no end":                  claim("exp", nil),
			"an end in the past":      claim("exp", now-hour),
			"an end that is no time":  claim("exp", "later"),
			"not yet":                 claim("nbf", now+hour),
			"issued in the future":    claim("iat", now+hour),
			"no audience":             claim("aud", nil),
			"several audiences":       claim("aud", []string{"inlay:tenant", "inlay:embed", "inlay:data"}),
			"no signature":            k.token[:strings.LastIndexByte(k.token, '.')+1],
			"a signature cut short":   k.token[:len(k.token)-4],
			"claims of another token": swapClaims(k.token, claim("jti", "other")),
		}
		for _, other := range kinds {
			if other.name != k.name {
				cases["the audience of "+other.name] = claim("aud", claimsOf(t, other.token)["aud"])
				cases["the key of "+other.name] = sign(jwt.SigningMethodHS256, own.Key(other.purpose), nil, same)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			for _, kind := range kinds { // also where another kind belongs
				if a := w.ask(kind.as(cases[name]), "GET", kind.path, ""); a.code != 401 && a.code != 403 {
					t.Errorf("%s with %s, sent as %s: %s", k.name, name, kind.name, a)
				}
			}
		}
		for _, path := range []string{"/callosum/v1/tspublic/v1/session/info", "/api/v1/embed-tenants", "/api/v1/user"} {
			if a := w.ask(k.as(k.token), "GET", path, ""); a.code < 400 {
				t.Errorf("%s at %s: %s", k.name, path, a)
			}
		}
	}
}

func claimsOf(t *testing.T, token string) jwt.MapClaims {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	claims := jwt.MapClaims{}
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// swapClaims keeps a token's header and signature, with the claims of another.
func swapClaims(token, other string) string {
	a, b := strings.Split(token, "."), strings.Split(other, ".")
	return strings.Join([]string{a[0], b[1], a[2]}, ".")
}

// TestH71_a_rotated_key_works_beside_its_successor_for_the_overlap rotates the key of each front.
//
// That it would see a defect: leave the old key's end out of tenancy's RotateKey.
func TestH71_a_rotated_key_works_beside_its_successor_for_the_overlap(t *testing.T) {
	w := open(t)
	fronts := w.facts.Fronts
	uses := map[string]func(key string) answer{
		"upsolve": func(key string) answer {
			return w.ask(nil, "POST", "/v1/api/tenant/register-tenant", text(map[string]any{"apiKey": key, "displayName": "Acme", "prefilters": map[string]string{"merchant_id": "m-0001"}}))
		},
		"cube": func(key string) answer {
			return w.ask(credential{"Authorization": "Api-Key " + key}, "POST", "/api/v1/embed/generate-session", text(map[string]any{"deploymentId": w.facts.Deployment, "externalId": "x"}))
		},
		"thoughtspot": func(key string) answer {
			return w.ask(nil, "POST", "/callosum/v1/tspublic/v1/session/auth/token", "secret_key="+key+"&username=x&access_level=FULL&autocreate=true")
		},
	}
	var keys []struct{ ID, Front, Kind, Hint string }
	listed := w.must(w.admin(), "GET", "/api/v1/inlay/embedding/keys", "")
	if err := json.Unmarshal(listed.body, &struct{ Results any }{&keys}); err != nil {
		t.Fatal(err)
	}
	for front, old := range map[string]string{"upsolve": fronts.Upsolve.APIKey, "cube": fronts.Cube.APIKey, "thoughtspot": fronts.ThoughtSpot.SecretKey} {
		use := uses[front]
		if a := use(old); a.code != 200 {
			t.Fatalf("%s before: %s", front, a)
		}
		id := ""
		for _, k := range keys {
			if k.Front == front && strings.HasPrefix(old, k.Hint) {
				id = k.ID
			}
		}
		successor := w.got(w.admin(), "/api/v1/inlay/embedding/keys/"+id+"/rotate", `{"overlapSeconds":300}`, "results.key")
		for name, key := range map[string]string{"the old key": old, "the new key": successor} {
			if a := use(key); a.code != 200 {
				t.Errorf("%s, %s in the overlap: %s", front, name, a)
			}
		}
		w.later.Add(int64(301 * time.Second))
		if a := use(old); a.code != 401 {
			t.Errorf("%s, the old key after it: %s", front, a)
		}
		if a := use(successor); a.code != 200 {
			t.Errorf("%s, the new key after it: %s", front, a)
		}
	}
}

// TestH72_a_session_for_one_dashboard_opens_it_by_every_name_and_no_other.
func TestH72_a_session_for_one_dashboard_opens_it_by_every_name_and_no_other(t *testing.T) {
	w := open(t)
	if len(w.facts.Dashboards) < 2 {
		t.Fatal("the demo has one dashboard only")
	}
	own, other, tenant := w.facts.Dashboards[0], w.facts.Dashboards[1], w.facts.Tenants[0]
	for name, as := range map[string]credential{
		"Cube":        w.cube(map[string]any{"externalId": tenant.Key, "securityContext": tenant.SecurityContext, "publicDashboardId": own.PublicID}),
		"ThoughtSpot": w.trusted("guest-"+tenant.Key, "access_level=REPORT_BOOK_VIEW&id="+own.UUID),
	} {
		for _, id := range []string{own.UUID, own.PublicID, own.Slug} {
			if a := w.ask(as, "GET", "/api/v1/inlay/view/"+id, ""); a.code != 200 || at(a.body, "results.dashboardUuid") != own.UUID {
				t.Errorf("%s, its own by %s: %s", name, id, a)
			}
		}
		for _, id := range []string{other.UUID, other.PublicID, other.Slug, own.UUID + "," + other.UUID} {
			if a := w.ask(as, "GET", "/api/v1/inlay/view/"+id, ""); a.code != 404 {
				t.Errorf("%s, another by %s: %s", name, id, a)
			}
		}
	}
}

// TestH73_what_is_moved_after_a_token_was_made_is_decided_by_where_it_is_now moves the dashboard into a private space: a
// tenant sees it no more, and again when it is moved back.
func TestH73_what_is_moved_after_a_token_was_made_is_decided_by_where_it_is_now(t *testing.T) {
	w := open(t)
	board := w.facts.Dashboards[0].UUID
	home, _ := at(w.must(w.admin(), "GET", "/api/v1/dashboards/"+board, "").body, "results.spaceUuid").(string)
	private := w.got(w.admin(), "/api/v1/projects/"+w.facts.Project+"/spaces", `{"name":"Board room","isPrivate":true}`, "results.uuid")
	tokens := map[string]credential{"Upsolve": w.upsolve(w.facts.Tenants[0], nil), "Cube": securityContext(w, w.facts.Tenants[0]),
		"ThoughtSpot": w.trusted("guest-"+w.facts.Tenants[0].Key, "access_level=FULL")}
	for _, move := range []struct {
		space string
		code  int
	}{{home, 200}, {private, 404}, {home, 200}} {
		w.must(w.admin(), "PATCH", "/api/v1/dashboards/"+board, fmt.Sprintf(`{"spaceUuid":%q}`, move.space))
		for name, as := range tokens {
			for _, path := range []string{"/api/v1/inlay/view/" + board, "/api/v1/dashboards/" + board} {
				if a := w.ask(as, "GET", path, ""); a.code != move.code && (move.code == 200 || a.code != 403) {
					t.Errorf("%s, %s: %s, want %d", name, path, a, move.code)
				}
			}
		}
	}
}

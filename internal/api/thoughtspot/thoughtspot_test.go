package thoughtspot_test

import (
	"log/slog"
	"strings"
	"testing"

	"inlay/internal/api"
	"inlay/internal/api/fronttest"
	"inlay/internal/api/thoughtspot"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func TestScenarios(t *testing.T) {
	fronttest.Scenarios(t, func(t *testing.T, w *tenancytest.World, router *api.Router) map[string]string {
		router.Mount(thoughtspot.Front(w.Service, slog.New(slog.DiscardHandler)), thoughtspot.Operations(w.Service))
		vars := map[string]string{
			"dashboard": tenancytest.Dashboard, "chart": tenancytest.Chart, "hidden": tenancytest.Hidden,
			"viewer": tenancytest.Viewer, "admin": tenancytest.AdminUser, "org": tenancytest.Org, "other": tenancytest.OtherOrg,
			"password": tenancytest.Password, "b": "/callosum/v1/tspublic/v1/session",
		}
		vars["jwt"] = w.TenantToken(t)
		off, text := w.Key(t, tenancy.NewKey{Front: tenancy.ThoughtSpot, Kind: tenancy.SecretKey, Disabled: true})
		vars["off"] = text
		if strings.Contains(t.Name(), "off_until_enabled") {
			vars["keyID"] = off.ID
			return vars
		}
		_, vars["secret"] = w.Key(t, tenancy.NewKey{Front: tenancy.ThoughtSpot, Kind: tenancy.SecretKey, Policy: tenancy.KeyPolicy{Instance: true}})
		_, vars["orgSecret"] = w.Key(t, tenancy.NewKey{Front: tenancy.ThoughtSpot, Kind: tenancy.SecretKey})
		return vars
	})
}

func TestH10_junk_in_any_field_is_no_failure_of_ours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { junk(t, tenancytest.On(t, db)) })
}

func junk(t *testing.T, w *tenancytest.World) {
	router := &api.Router{}
	router.Mount(thoughtspot.Front(w.Service, slog.New(slog.DiscardHandler)), thoughtspot.Operations(w.Service))
	_, secret := w.Key(t, tenancy.NewKey{Front: tenancy.ThoughtSpot, Kind: tenancy.SecretKey})
	const base = "/tspublic/v1/session"
	fronttest.Junk(t, router, "POST", base+"/auth/token", nil, map[string]any{
		"secret_key": secret, "username": "vic", "email": "a@example.com", "display_name": "V", "access_level": "REPORT_BOOK_VIEW",
		"id": tenancytest.Dashboard, "orgid": 0, "groups": []string{"sales"}, "autocreate": true,
	})
	fronttest.Junk(t, router, "POST", base+"/login", nil, map[string]any{"username": "vic", "password": "x", "rememberme": true})
	fronttest.Junk(t, router, "POST", base+"/login/token", nil, map[string]any{
		"username": "vic", "auth_token": "its_x", "redirect_url": "/", "no_url_redirection": false,
	})
	session, err := w.Login(t.Context(), "vic", tenancytest.Password, false, "x")
	if err != nil {
		t.Fatal(err)
	}
	signedIn := map[string]string{"Cookie": tenancy.CookieName + "=" + session, "X-Requested-By": "x"}
	fronttest.Junk(t, router, "PUT", base+"/orgs", signedIn, map[string]any{"orgid": -1})
	fronttest.Junk(t, router, "POST", base+"/homepinboard", signedIn, map[string]any{"id": tenancytest.Dashboard, "userid": tenancytest.Viewer})
}

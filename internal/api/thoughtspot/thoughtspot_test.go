package thoughtspot_test

import (
	"log/slog"
	"strings"
	"testing"

	"inlay/internal/api"
	"inlay/internal/api/fronttest"
	"inlay/internal/api/thoughtspot"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func TestScenarios(t *testing.T) {
	fronttest.Scenarios(t, func(t *testing.T, w *tenancytest.World, router *api.Router) map[string]string {
		router.Mount("", thoughtspot.Front(w.Service, slog.New(slog.DiscardHandler)), thoughtspot.Operations(w.Service))
		vars := map[string]string{
			"dashboard": tenancytest.Dashboard, "chart": tenancytest.Chart, "hidden": tenancytest.Hidden,
			"viewer": tenancytest.Viewer, "admin": tenancytest.AdminUser, "org": tenancytest.Org, "other": tenancytest.OtherOrg,
			"password": tenancytest.Password, "b": "/callosum/v1/tspublic/v1/session",
		}
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

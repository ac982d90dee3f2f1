package upsolve_test

import (
	"context"
	"log/slog"
	"testing"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/api/fronttest"
	"inlay/internal/api/upsolve"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

type shelf struct{}

func (shelf) Embeddable(context.Context, access.Principal) ([]upsolve.Dashboard, error) {
	return []upsolve.Dashboard{{ID: tenancytest.Dashboard, Name: "Sales", CreatedAt: "2026-03-02T09:00:00Z"}}, nil
}

func TestScenarios(t *testing.T) {
	fronttest.Scenarios(t, func(t *testing.T, w *tenancytest.World, router *api.Router) map[string]string {
		log := slog.New(slog.DiscardHandler)
		router.Mount(upsolve.Front(w.Service, log), upsolve.Operations(w.Service, shelf{}, nil, log))
		_, embed := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project})
		_, admin := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.AdminKey, Project: tenancytest.Project})
		_, open := w.Key(t, tenancy.NewKey{
			Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project, Policy: tenancy.KeyPolicy{AllowUnfiltered: true},
		})
		_, cube := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
		return map[string]string{
			"key": embed, "admin": admin, "open": open, "cube": cube, "org": tenancytest.Org, "connection": tenancytest.Connection,
			"project": tenancytest.Project, "otherOrg": tenancytest.OtherOrg,
		}
	})
}

func TestH10_junk_in_any_field_is_no_failure_of_ours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { junk(t, tenancytest.On(t, db)) })
}

func junk(t *testing.T, w *tenancytest.World) {
	log := slog.New(slog.DiscardHandler)
	router := &api.Router{}
	router.Mount(upsolve.Front(w.Service, log), upsolve.Operations(w.Service, shelf{}, nil, log))
	_, key := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project})
	fronttest.Junk(t, router, "POST", "/v1/api/tenant/register-tenant", nil, map[string]any{
		"apiKey": key, "displayName": "A", "prefilters": map[string]any{"account_id": "a"}, "organizationId": tenancytest.Org,
		"user": "u", "key": "k", "schemaPreFilter": "s", "tenantEditingPermissions": map[string]bool{"addChart": true},
		"connectionOverride": map[string]string{"connectionId": tenancytest.Connection}, "customMetadata": map[string]string{"a": "b"},
		"expiration": "1h",
	})
}

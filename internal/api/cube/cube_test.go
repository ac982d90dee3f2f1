package cube_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/api/cube"
	"inlay/internal/api/fronttest"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

type shelf struct{}

func (shelf) EmbedDashboard(_ context.Context, who access.Principal, id string) (cube.Dashboard, error) {
	if id != "sales" || who.Project != tenancytest.Project {
		return cube.Dashboard{}, fault.New(fault.NotFound, "There is no such dashboard")
	}
	return cube.Dashboard{UUID: tenancytest.Dashboard, PublicID: id, Name: "Sales", Widgets: []cube.Widget{{ID: "w1", Type: "chart"}}}, nil
}

func (shelf) AllowEmbed(context.Context, string, string, bool) error { return nil }

func TestScenarios(t *testing.T) {
	fronttest.Scenarios(t, func(t *testing.T, w *tenancytest.World, router *api.Router) map[string]string {
		router.Mount(cube.Front(w.Service, slog.New(slog.DiscardHandler)), cube.Operations(w.Service, shelf{}))
		deployment, err := w.DeploymentOf(t.Context(), tenancytest.Project)
		if err != nil {
			t.Fatal(err)
		}
		other, err := w.DeploymentOf(t.Context(), tenancytest.OtherProject)
		if err != nil {
			t.Fatal(err)
		}
		_, key := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
		_, personal := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.UserKey})
		_, narrow := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey, Policy: tenancy.KeyPolicy{Deployments: []int64{999}}})
		_, upsolve := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.AdminKey, Project: tenancytest.Project})
		return map[string]string{
			"jwt": w.TenantToken(t), "key": key, "personal": personal, "narrow": narrow, "upsolve": upsolve, "d": strconv.FormatInt(deployment, 10),
			"other": strconv.FormatInt(other, 10), "project": tenancytest.Project, "dashboard": tenancytest.Dashboard,
		}
	})
}

func TestH10_junk_in_any_field_is_no_failure_of_ours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { junk(t, tenancytest.On(t, db)) })
}

func junk(t *testing.T, w *tenancytest.World) {
	router := &api.Router{}
	router.Mount(cube.Front(w.Service, slog.New(slog.DiscardHandler)), cube.Operations(w.Service, shelf{}))
	deployment, err := w.DeploymentOf(t.Context(), tenancytest.Project)
	if err != nil {
		t.Fatal(err)
	}
	_, text := w.Key(t, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey})
	key := map[string]string{"Authorization": "Api-Key " + text}
	list := []map[string]any{{"name": "a"}}
	fronttest.Junk(t, router, "POST", "/api/v1/embed/generate-session", key, map[string]any{
		"deploymentId": deployment, "creatorMode": true, "email": "a@example.com", "embedTenantName": "acme", "embedTheme": map[string]any{"font": "x"},
		"ephemeralTtlSeconds": 60, "externalId": "u", "groupDefinitions": list, "groups": []string{"a"}, "internalId": nil,
		"isEphemeral": true, "publicDashboardId": "sales", "roles": []string{"r"}, "securityContext": map[string]any{"a": 1},
		"userAttributeDefinitions": list, "userAttributes": []map[string]any{{"name": "a", "value": "b"}},
		"userProfile": map[string]any{"displayName": "A"}, "settings": map[string]any{"allowAi": true}, "tenantGroups": []string{"a"},
		"tenantGroupDefinitions": list, "branchName": nil, "embedTenantProfile": map[string]any{"displayName": "x"},
	})
	fronttest.Junk(t, router, "POST", "/api/v1/embed/session/token", nil, map[string]any{"sessionId": "x"})
	fronttest.Junk(t, router, "POST", "/api/v1/embed/session/revoke", key, map[string]any{"sessionId": "x"})
	fronttest.Junk(t, router, "POST", "/api/v1/embed-tenants/acme/users", key, map[string]any{"users": []map[string]any{{"externalId": "a"}}})
	fronttest.Junk(t, router, "POST", "/api/v1/embed-tenants/acme/groups", key, map[string]any{"name": "g", "description": "d"})
	fronttest.Junk(t, router, "PATCH", "/api/v1/embed/dashboard/sales", key, map[string]any{"allowEmbed": true})
}

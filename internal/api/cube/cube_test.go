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
		router.Mount("", cube.Front(w.Service, slog.New(slog.DiscardHandler)), cube.Operations(w.Service, shelf{}))
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
			"key": key, "personal": personal, "narrow": narrow, "upsolve": upsolve, "d": strconv.FormatInt(deployment, 10),
			"other": strconv.FormatInt(other, 10), "project": tenancytest.Project, "dashboard": tenancytest.Dashboard,
		}
	})
}

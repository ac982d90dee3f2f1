package server_test

import (
	"fmt"
	"testing"
)

func TestADeletedOrganizationTakesItsProjectsAndTheirContentAlong(t *testing.T) {
	w := open(t)
	project := w.facts.Project
	register := fmt.Sprintf(`{"apiKey":%q,"displayName":"One","key":"m-0001","prefilters":{"merchant_id":"m-0001"}}`, w.facts.Fronts.Upsolve.APIKey)
	var tenant struct{ Token string }
	w.gotAs("", &tenant, "POST", "/v1/api/tenant/register-tenant", register)
	who, err := w.Identity.PrincipalOf(t.Context(), "", w.adminID())
	w.ok(err)
	w.ok(w.Identity.DeleteOrganization(t.Context(), who, who.Organization))
	w.refused(401, w.admin(), "GET", "/api/v1/projects/"+project, "")
	w.refused(404, "", "POST", "/v1/api/tenant/register-tenant", register) // as every key that there isn't
	w.refused(401, "Bearer "+tenant.Token, "GET", "/api/v1/projects/"+project, "")
	for table, of := range map[string][2]string{
		"projects": {"uuid", project}, "spaces": {"project_uuid", project}, "project_members": {"project_id", project},
		"front_keys": {"organization_uuid", who.Organization}, "tenants": {"organization_uuid", who.Organization},
	} {
		left, err := w.Store.NewSelect().Table(table).Where(of[0]+" = ?", of[1]).Count(t.Context())
		if err != nil || left != 0 {
			t.Errorf("%d rows of %s are left, %v", left, table, err)
		}
	}
}

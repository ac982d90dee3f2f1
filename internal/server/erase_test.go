package server_test

import "testing"

func TestADeletedOrganizationTakesItsProjectsAndTheirContentAlong(t *testing.T) {
	w := open(t)
	project := w.facts.Project
	who, err := w.Identity.PrincipalOf(t.Context(), "", w.adminID())
	w.ok(err)
	w.ok(w.Identity.DeleteOrganization(t.Context(), who, who.Organization))
	w.refused(401, w.admin(), "GET", "/api/v1/projects/"+project, "")
	for table, column := range map[string]string{"projects": "uuid", "spaces": "project_uuid", "project_members": "project_id"} {
		left, err := w.Store.NewSelect().Table(table).Where(column+" = ?", project).Count(t.Context())
		if err != nil || left != 0 {
			t.Errorf("%d rows of %s are left, %v", left, table, err)
		}
	}
}

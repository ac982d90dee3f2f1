package upsolve

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

type bearerIn struct {
	Workspace *string       `query:"workspaceId"`
	Request   *http.Request `http:""`
}

type workspace struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

type workspaceList struct {
	Workspaces []workspace `json:"workspaces"`
}

type dashboardItem struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	TenantID  string `json:"tenantId,omitempty"`
	CreatedAt string `json:"createdAt,omitempty"`
}

type dashboardList struct {
	Dashboards []dashboardItem `json:"dashboards"`
}

// workspaces lists the project, whose dashboards tenants read, and the tenant's own.
func (f front) workspaces(ctx context.Context, who access.Principal, in bearerIn) (api.Raw, error) {
	who, err := f.reader(ctx, who, in.Request)
	if err != nil {
		return nil, err
	}
	name, err := f.tenants.ProjectName(ctx, who.Organization, who.Project)
	if err != nil {
		return nil, err
	}
	list := workspaceList{[]workspace{{who.Project, name, "global"}}}
	if who.Tenant != "" {
		list.Workspaces = append(list.Workspaces, workspace{who.Tenant, who.TenantName, "tenant"})
	}
	return bare(list), nil
}

func (f front) dashboardsOf(ctx context.Context, who access.Principal, in bearerIn) (api.Raw, error) {
	who, err := f.reader(ctx, who, in.Request)
	if err != nil {
		return nil, err
	}
	wanted := ""
	if in.Workspace != nil {
		wanted = *in.Workspace
	}
	if wanted != "" && wanted != who.Project && wanted != who.Tenant {
		return nil, fault.New(fault.NotFound, "workspaceId: there is no such workspace")
	}
	found, err := f.dashboards.Embeddable(ctx, who)
	if err != nil {
		return nil, err
	}
	list := dashboardList{Dashboards: []dashboardItem{}}
	for _, d := range found {
		if wanted == "" || (d.TenantID != "") == (wanted == who.Tenant) {
			list.Dashboards = append(list.Dashboards, dashboardItem(d))
		}
	}
	return bare(list), nil
}

// reader is whoever came with a tenant's token; an administrator's key reads as a tenant without rows.
func (f front) reader(ctx context.Context, who access.Principal, r *http.Request) (access.Principal, error) {
	text := bearerKey(r)
	if text == "" {
		if who.Kind != access.Tenant {
			return who, fault.Coded(fault.Unauthenticated, "NoCredential", "Send Authorization: Bearer with a tenant's token or an admin key")
		}
		return who, nil
	}
	key, err := f.tenants.Verify(ctx, tenancy.Upsolve, text, f.tenants.Caller(r))
	if err != nil {
		return who, err
	}
	if key.Kind != tenancy.AdminKey {
		return who, fault.New(fault.Forbidden, "An embed key only registers tenants; use an admin key")
	}
	return access.Principal{Kind: access.Tenant, Organization: key.Organization, Project: key.Project, IssuedBy: key.ID}, nil
}

// bare answers without the envelope, as these operations do.
func bare(body any) api.Raw {
	return func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, body) }
}

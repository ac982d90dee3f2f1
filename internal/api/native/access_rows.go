package native

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// AccessRows are the operations on who has which role in a project.
func AccessRows(s *identity.Service) []api.Operation {
	g := grants{s}
	return []api.Operation{
		op("GetProjectAccessList", api.Handle(g.list)),
		op("GrantProjectAccessToUser", api.Handle(g.grant)),
		op("GetProjectMemberAccess", api.Handle(g.get)),
		op("UpdateProjectAccessForUser", api.Handle(g.change)),
		op("RevokeProjectAccessForUser", api.Handle(g.revoke)),
		op("GetProjectGroupAccesses", api.Handle(g.groups)),
		op("addProjectAccessToGroup", api.Handle(g.grantGroup)),
		op("updateProjectAccessForGroup", api.Handle(g.changeGroup)),
		op("removeProjectAccessFromGroup", api.Handle(g.revokeGroup)),
	}
}

type grants struct{ *identity.Service }

type projectMemberWire struct {
	UserUUID    string      `json:"userUuid"`
	ProjectUUID string      `json:"projectUuid"`
	Role        access.Role `json:"role"`
	Email       string      `json:"email"`
	FirstName   string      `json:"firstName"`
	LastName    string      `json:"lastName"`
}

func projectMemberToWire(m identity.ProjectMember) projectMemberWire {
	return projectMemberWire{m.User, m.Project, m.Role, m.Email, m.First, m.Last}
}

type projectRefIn struct {
	Project string `path:"projectUuid"`
}

func (g grants) list(ctx context.Context, who access.Principal, in projectRefIn) ([]projectMemberWire, error) {
	members, err := g.ProjectMembers(ctx, who, in.Project)
	wire := make([]projectMemberWire, len(members))
	for i, m := range members {
		wire[i] = projectMemberToWire(m)
	}
	return wire, err
}

type grantIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Email     string      `json:"email"`
		Role      access.Role `json:"role" enum:"viewer,interactive_viewer,editor,developer,admin"`
		SendEmail bool        `json:"sendEmail"`
	} `body:"body"`
}

func (g grants) grant(ctx context.Context, who access.Principal, in grantIn) (api.Empty, error) {
	return api.Empty{}, g.GrantProject(ctx, who, in.Project, in.Body.Email, in.Body.Role)
}

type projectUserIn struct {
	Project string `path:"projectUuid"`
	User    string `path:"userUuid"`
}

func (g grants) get(ctx context.Context, who access.Principal, in projectUserIn) (projectMemberWire, error) {
	m, err := g.ProjectMember(ctx, who, in.Project, in.User)
	return projectMemberToWire(m), err
}

type projectRoleWire struct {
	Role access.Role `json:"role" enum:"viewer,interactive_viewer,editor,developer,admin"`
}

type changeGrantIn struct {
	Project string          `path:"projectUuid"`
	User    string          `path:"userUuid"`
	Body    projectRoleWire `body:"body"`
}

func (g grants) change(ctx context.Context, who access.Principal, in changeGrantIn) (api.Empty, error) {
	return api.Empty{}, g.ChangeGrant(ctx, who, in.Project, in.User, in.Body.Role)
}

func (g grants) revoke(ctx context.Context, who access.Principal, in projectUserIn) (api.Empty, error) {
	return api.Empty{}, g.ChangeGrant(ctx, who, in.Project, in.User, "")
}

type projectGroupWire struct {
	ProjectUUID string      `json:"projectUuid"`
	GroupUUID   string      `json:"groupUuid"`
	Role        access.Role `json:"role"`
}

func projectGroupToWire(g identity.ProjectGroup) projectGroupWire {
	return projectGroupWire{g.Project, g.Group, g.Role}
}

func (g grants) groups(ctx context.Context, who access.Principal, in projectRefIn) ([]projectGroupWire, error) {
	found, err := g.ProjectGroups(ctx, who, in.Project)
	wire := make([]projectGroupWire, len(found))
	for i, grant := range found {
		wire[i] = projectGroupToWire(grant)
	}
	return wire, err
}

type groupGrantIn struct {
	Group   string          `path:"groupUuid"`
	Project string          `path:"projectUuid"`
	Body    projectRoleWire `body:"projectGroupAccess"`
}

func (g grants) grantGroup(ctx context.Context, who access.Principal, in groupGrantIn) (projectGroupWire, error) {
	made, err := g.GrantGroup(ctx, who, in.Group, in.Project, in.Body.Role)
	return projectGroupToWire(made), err
}

func (g grants) changeGroup(ctx context.Context, who access.Principal, in groupGrantIn) (any, error) {
	changed, err := g.ChangeGroupGrant(ctx, who, in.Group, in.Project, in.Body.Role)
	if err != nil || !changed {
		return changedOrNot(http.StatusOK, changed, err)
	}
	return projectGroupWire{in.Project, in.Group, in.Body.Role}, nil
}

type projectGroupIn struct {
	Group   string `path:"groupUuid"`
	Project string `path:"projectUuid"`
}

func (g grants) revokeGroup(ctx context.Context, who access.Principal, in projectGroupIn) (any, error) {
	changed, err := g.ChangeGroupGrant(ctx, who, in.Group, in.Project, "")
	return changedOrNot(http.StatusOK, changed, err)
}

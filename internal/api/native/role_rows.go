package native

import (
	"context"
	"net/http"
	"slices"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/identity"
)

// RoleRows are the operations on custom roles and on who has which role, under the ids that the newer native API has.
func RoleRows(s *identity.Service) []api.Operation {
	r := roles{s}
	const of, inOrg, inProject = "/api/v2/orgs/{orgUuid}/roles", "/api/v2/orgs/{orgUuid}/roles/assignments", "/api/v2/projects/{projectId}/roles/assignments"
	row := func(id, method, path string, e api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: path, Auth: api.SessionOrKey, Tag: "Roles & Permissions", Endpoint: e}
	}
	return []api.Operation{
		row("GetOrganizationRoles", "GET", of, api.Handle(r.list)),
		row("CreateOrganizationRole", "POST", of, api.Handle(r.create)),
		row("GetCustomRoleByUuid", "GET", of+"/{roleUuid}", api.Handle(r.get)),
		row("UpdateOrganizationRole", "PATCH", of+"/{roleUuid}", api.Handle(r.update)),
		row("DeleteOrganizationRole", "DELETE", of+"/{roleUuid}", api.Handle(r.remove)),
		row("DuplicateRole", "POST", of+"/{roleUuid}/duplicate", api.Handle(r.duplicate)),
		row("AddScopesToRole", "POST", of+"/{roleUuid}/scopes", api.Handle(r.addScopes)),
		row("RemoveScopeFromRole", "DELETE", of+"/{roleUuid}/scopes/{scopeName}", api.Handle(r.removeScope)),
		row("GetOrganizationRoleAssignees", "GET", of+"/{roleUuid}/assignees", api.Handle(r.assignees)),
		row("GetOrganizationRoleAssignments", "GET", inOrg, api.Handle(r.assignments)),
		row("UpsertOrganizationUserRoleAssignment", "POST", inOrg+"/user/{userId}", api.Handle(r.assignMember)),
		row("GetProjectRoleAssignments", "GET", inProject, api.Handle(r.projectAssignments)),
		row("UpsertProjectUserRoleAssignment", "POST", inProject+"/user/{userId}", api.Handle(r.assignUser)),
		row("DeleteProjectUserRoleAssignment", "DELETE", inProject+"/user/{userId}", api.Handle(r.unassignUser)),
		row("UpsertProjectGroupRoleAssignment", "POST", inProject+"/group/{groupId}", api.Handle(r.assignGroup)),
		row("UpdateProjectGroupRoleAssignment", "PATCH", inProject+"/group/{groupId}", api.Handle(r.assignGroup)),
		row("DeleteProjectGroupRoleAssignment", "DELETE", inProject+"/group/{groupId}", api.Handle(r.unassignGroup)),
	}
}

type roles struct{ *identity.Service }

type roleWire struct {
	UUID         string           `json:"roleUuid"`
	Name         string           `json:"name"`
	Description  *string          `json:"description"`
	Organization *string          `json:"organizationUuid"`
	Owner        string           `json:"ownerType" enum:"system,user"`
	Scopes       []access.Ability `json:"scopes"`
	CreatedBy    *string          `json:"createdBy"`
	CreatedAt    *time.Time       `json:"createdAt"`
	UpdatedAt    *time.Time       `json:"updatedAt"`
}

func roleToWire(r identity.CustomRole) roleWire {
	return roleWire{r.UUID, r.Name, r.Description, &r.Organization, "user", append([]access.Ability{}, r.Abilities...), &r.CreatedBy, &r.Created, &r.Updated}
}

// systemRoles are those that every organization has, with the scopes that each includes in a project.
func systemRoles() []roleWire {
	var all []roleWire
	for _, role := range []access.Role{access.Viewer, access.InteractiveViewer, access.Editor, access.Developer, access.Admin} {
		all = append(all, roleWire{UUID: string(role), Name: string(role), Owner: "system", Scopes: access.AbilitiesOf(role)})
	}
	return all
}

type roleOrgIn struct {
	Organization string `path:"orgUuid"`
}

// within answers as for what isn't there when another organization is named.
func within(who access.Principal, organization string) error {
	if who.Organization != organization {
		return fault.New(fault.NotFound, "There is no organization with the id %s", organization)
	}
	return nil
}

func (r roles) list(ctx context.Context, who access.Principal, in roleOrgIn) ([]roleWire, error) {
	if err := within(who, in.Organization); err != nil {
		return nil, err
	}
	custom, err := r.CustomRoles(ctx, who)
	all := systemRoles()
	for _, role := range custom {
		all = append(all, roleToWire(role))
	}
	return all, err
}

type newRoleIn struct {
	Organization string `path:"orgUuid"`
	Body         struct {
		Name        string           `json:"name"`
		Description *string          `json:"description,omitempty" null:"ok"`
		Scopes      []access.Ability `json:"scopes"`
	} `body:"requestBody"`
}

func (r roles) create(ctx context.Context, who access.Principal, in newRoleIn) (api.Status, error) {
	if err := within(who, in.Organization); err != nil {
		return api.Status{}, err
	}
	made, err := r.CreateRole(ctx, who, in.Body.Name, in.Body.Description, in.Body.Scopes)
	return api.Status{Code: http.StatusCreated, Body: roleToWire(made)}, err
}

type roleIn struct {
	Organization string `path:"orgUuid"`
	Role         string `path:"roleUuid"`
}

func (r roles) get(ctx context.Context, who access.Principal, in roleIn) (roleWire, error) {
	if err := within(who, in.Organization); err != nil {
		return roleWire{}, err
	}
	system := systemRoles()
	if i := slices.IndexFunc(system, func(s roleWire) bool { return s.UUID == in.Role }); i >= 0 {
		return system[i], nil
	}
	found, err := r.CustomRole(ctx, who, in.Role)
	return roleToWire(found), err
}

type roleChangeIn struct {
	Organization string `path:"orgUuid"`
	Role         string `path:"roleUuid"`
	Body         struct {
		Name        *string `json:"name,omitempty"`
		Description *string `json:"description,omitempty"`
		Scopes      struct {
			Add    []access.Ability `json:"add,omitempty"`
			Remove []access.Ability `json:"remove,omitempty"`
		} `json:"scopes,omitempty"`
	} `body:"requestBody"`
}

func (r roles) update(ctx context.Context, who access.Principal, in roleChangeIn) (roleWire, error) {
	b := in.Body
	return r.change(ctx, who, roleIn{in.Organization, in.Role}, identity.RoleChange{Name: b.Name, Description: b.Description, Add: b.Scopes.Add, Remove: b.Scopes.Remove})
}

func (r roles) change(ctx context.Context, who access.Principal, in roleIn, c identity.RoleChange) (roleWire, error) {
	if err := within(who, in.Organization); err != nil {
		return roleWire{}, err
	}
	changed, err := r.ChangeRole(ctx, who, in.Role, c)
	return roleToWire(changed), err
}

type addScopesIn struct {
	Organization string `path:"orgUuid"`
	Role         string `path:"roleUuid"`
	Body         struct {
		Names []access.Ability `json:"scopeNames"`
	} `body:"requestBody"`
}

func (r roles) addScopes(ctx context.Context, who access.Principal, in addScopesIn) (roleWire, error) {
	return r.change(ctx, who, roleIn{in.Organization, in.Role}, identity.RoleChange{Add: in.Body.Names})
}

type roleScopeIn struct {
	Organization string `path:"orgUuid"`
	Role         string `path:"roleUuid"`
	Scope        string `path:"scopeName"`
}

func (r roles) removeScope(ctx context.Context, who access.Principal, in roleScopeIn) (roleWire, error) {
	return r.change(ctx, who, roleIn{in.Organization, in.Role}, identity.RoleChange{Remove: []access.Ability{access.Ability(in.Scope)}})
}

func (r roles) remove(ctx context.Context, who access.Principal, in roleIn) (api.Empty, error) {
	if err := within(who, in.Organization); err != nil {
		return api.Empty{}, err
	}
	return api.Empty{}, r.DeleteRole(ctx, who, in.Role)
}

type duplicateRoleIn struct {
	Organization string `path:"orgUuid"`
	Role         string `path:"roleUuid"`
	Body         struct {
		Name        string  `json:"name"`
		Description *string `json:"description,omitempty" null:"ok"`
	} `body:"requestBody"`
}

// duplicate makes a custom role with the scopes of another one, or of one that every organization has.
func (r roles) duplicate(ctx context.Context, who access.Principal, in duplicateRoleIn) (api.Status, error) {
	from, err := r.get(ctx, who, roleIn{in.Organization, in.Role})
	if err != nil {
		return api.Status{}, err
	}
	made, err := r.CreateRole(ctx, who, in.Body.Name, in.Body.Description, from.Scopes)
	return api.Status{Code: http.StatusCreated, Body: roleToWire(made)}, err
}

type assignmentWire struct {
	Role      string    `json:"roleId"`
	RoleName  string    `json:"roleName"`
	Kind      string    `json:"assigneeType" enum:"user,group"`
	Assignee  string    `json:"assigneeId"`
	Name      string    `json:"assigneeName"`
	Project   *string   `json:"projectId"`
	CreatedAt time.Time `json:"createdAt"`
}

func assignmentToWire(a identity.Assignment) assignmentWire {
	wire := assignmentWire{a.Role, a.RoleName, "user", a.User, a.Name, nil, a.Since}
	if a.Group != "" {
		wire.Kind, wire.Assignee = "group", a.Group
	}
	if a.Project != "" {
		wire.Project = &a.Project
	}
	return wire
}

func assignmentsToWire(all []identity.Assignment, err error) ([]assignmentWire, error) {
	wire := make([]assignmentWire, len(all))
	for i, a := range all {
		wire[i] = assignmentToWire(a)
	}
	return wire, err
}

func (r roles) assignees(ctx context.Context, who access.Principal, in roleIn) ([]assignmentWire, error) {
	if err := within(who, in.Organization); err != nil {
		return nil, err
	}
	return assignmentsToWire(r.Assignees(ctx, who, in.Role))
}

func (r roles) assignments(ctx context.Context, who access.Principal, in roleOrgIn) ([]assignmentWire, error) {
	if err := within(who, in.Organization); err != nil {
		return nil, err
	}
	return assignmentsToWire(r.Assignments(ctx, who, ""))
}

type roleProjectIn struct {
	Project string `path:"projectId"`
}

func (r roles) projectAssignments(ctx context.Context, who access.Principal, in roleProjectIn) ([]assignmentWire, error) {
	return assignmentsToWire(r.Assignments(ctx, who, in.Project))
}

type assignWire struct {
	Role string `json:"roleId"` // of every organization by its name, or a custom one by its uuid
}

func (r roles) assign(ctx context.Context, who access.Principal, a identity.Assignment) (assignmentWire, error) {
	made, err := r.Assign(ctx, who, a)
	return assignmentToWire(made), err
}

type assignMemberIn struct {
	Organization string     `path:"orgUuid"`
	User         string     `path:"userId"`
	Body         assignWire `body:"requestBody"`
}

func (r roles) assignMember(ctx context.Context, who access.Principal, in assignMemberIn) (assignmentWire, error) {
	if err := within(who, in.Organization); err != nil {
		return assignmentWire{}, err
	}
	return r.assign(ctx, who, identity.Assignment{User: in.User, Role: in.Body.Role})
}

type assignUserIn struct {
	Project string     `path:"projectId"`
	User    string     `path:"userId"`
	Body    assignWire `body:"requestBody"`
}

func (r roles) assignUser(ctx context.Context, who access.Principal, in assignUserIn) (assignmentWire, error) {
	return r.assign(ctx, who, identity.Assignment{Project: in.Project, User: in.User, Role: in.Body.Role})
}

type assignGroupIn struct {
	Project string     `path:"projectId"`
	Group   string     `path:"groupId"`
	Body    assignWire `body:"requestBody"`
}

func (r roles) assignGroup(ctx context.Context, who access.Principal, in assignGroupIn) (assignmentWire, error) {
	return r.assign(ctx, who, identity.Assignment{Project: in.Project, Group: in.Group, Role: in.Body.Role})
}

type unassignUserIn struct {
	Project string `path:"projectId"`
	User    string `path:"userId"`
}

func (r roles) unassignUser(ctx context.Context, who access.Principal, in unassignUserIn) (api.Empty, error) {
	return api.Empty{}, r.Unassign(ctx, who, identity.Assignment{Project: in.Project, User: in.User})
}

type unassignGroupIn struct {
	Project string `path:"projectId"`
	Group   string `path:"groupId"`
}

func (r roles) unassignGroup(ctx context.Context, who access.Principal, in unassignGroupIn) (api.Empty, error) {
	return api.Empty{}, r.Unassign(ctx, who, identity.Assignment{Project: in.Project, Group: in.Group})
}

package native

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// GroupRows are the operations on groups and their members.
func GroupRows(s *identity.Service) []api.Operation {
	g := groups{s}
	return []api.Operation{
		op("CreateGroupInOrganization", api.Handle(g.create)),
		op("ListGroupsInOrganization", api.Handle(g.list)),
		op("getGroup", api.Handle(g.get)),
		op("updateGroup", api.Handle(g.update)),
		op("deleteGroup", api.Handle(g.delete)),
		op("getGroupMembers", api.Handle(g.members)),
		op("addUserToGroup", api.Handle(g.add)),
		op("removeUserFromGroup", api.Handle(g.remove)),
	}
}

type groups struct{ *identity.Service }

// groupWire is a group; its members are left out unless they were asked for.
type groupWire struct {
	UUID              string             `json:"uuid"`
	Name              string             `json:"name"`
	CreatedAt         moment             `json:"createdAt"`
	CreatedByUserUUID *string            `json:"createdByUserUuid"`
	UpdatedAt         moment             `json:"updatedAt"`
	UpdatedByUserUUID *string            `json:"updatedByUserUuid"`
	OrganizationUUID  string             `json:"organizationUuid"`
	Members           *[]groupMemberWire `json:"members,omitempty"`
	MemberUUIDs       *[]string          `json:"memberUuids,omitempty"`
}

type groupMemberWire struct {
	UserUUID  string `json:"userUuid"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

func groupMemberToWire(m identity.GroupMember) groupMemberWire {
	return groupMemberWire{m.User, m.Email, m.First, m.Last}
}

func groupToWire(g identity.Group) groupWire {
	return groupWire{UUID: g.UUID, Name: g.Name, CreatedAt: moment(g.Created), CreatedByUserUUID: nullable(g.CreatedBy),
		UpdatedAt: moment(g.Updated), UpdatedByUserUUID: nullable(g.UpdatedBy), OrganizationUUID: g.Organization}
}

// fullGroupToWire is groupToWire with the first so many members.
func fullGroupToWire(limit int) func(identity.Group) groupWire {
	return func(g identity.Group) groupWire {
		wire, members, ids := groupToWire(g), []groupMemberWire{}, []string{}
		for _, m := range g.Members[:min(limit, len(g.Members))] {
			members, ids = append(members, groupMemberToWire(m)), append(ids, m.User)
		}
		wire.Members, wire.MemberUUIDs = &members, &ids
		return wire
	}
}

// groupForm is how groups are written: with members only when their number was asked for.
func groupForm(includeMembers *float64) func(identity.Group) groupWire {
	if includeMembers == nil {
		return groupToWire
	}
	return fullGroupToWire(max(0, int(*includeMembers)))
}

const allMembers = 1 << 30

// nullable turns an empty text into null.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

type groupMemberRef struct {
	UserUUID string `json:"userUuid"`
}

func refs(members *[]groupMemberRef) []string {
	if members == nil {
		return nil
	}
	users := make([]string, len(*members))
	for i, m := range *members {
		users[i] = m.UserUUID
	}
	return users
}

type createGroupIn struct {
	Body struct {
		Name    string            `json:"name"`
		Members *[]groupMemberRef `json:"members,omitempty"`
	} `body:"body,whole"`
}

func (g groups) create(ctx context.Context, who access.Principal, in createGroupIn) (api.Status, error) {
	made, err := g.CreateGroup(ctx, who, in.Body.Name, refs(in.Body.Members))
	return api.Status{Code: http.StatusCreated, Body: fullGroupToWire(allMembers)(made)}, err
}

type listGroupsIn struct {
	Page           *int     `query:"page"`
	PageSize       *int     `query:"pageSize"`
	IncludeMembers *float64 `query:"includeMembers"`
	SearchQuery    *string  `query:"searchQuery"`
}

func (g groups) list(ctx context.Context, who access.Principal, in listGroupsIn) (pageWire[groupWire], error) {
	found, pages, err := g.Groups(ctx, who, identity.GroupQuery{
		Search: textOf(in.SearchQuery), Page: pageOf(in.Page, in.PageSize)})
	return pageToWire(found, pages, groupForm(in.IncludeMembers)), err
}

type getGroupIn struct {
	Group          string   `path:"groupUuid"`
	IncludeMembers *float64 `query:"includeMembers"`
	Offset         *int     `query:"offset" least:"0"`
}

func (g groups) get(ctx context.Context, who access.Principal, in getGroupIn) (groupWire, error) {
	found, err := g.Group(ctx, who, in.Group)
	found.Members = found.Members[min(given(in.Offset), len(found.Members)):]
	return groupForm(in.IncludeMembers)(found), err
}

type updateGroupIn struct {
	Group string `path:"groupUuid"`
	Body  struct {
		Name    *string           `json:"name,omitempty"`
		Members *[]groupMemberRef `json:"members,omitempty"`
	} `body:"body"`
}

func (g groups) update(ctx context.Context, who access.Principal, in updateGroupIn) (groupWire, error) {
	changed, err := g.UpdateGroup(ctx, who, in.Group, in.Body.Name, refs(in.Body.Members))
	return fullGroupToWire(allMembers)(changed), err
}

type groupIn struct {
	Group string `path:"groupUuid"`
}

func (g groups) delete(ctx context.Context, who access.Principal, in groupIn) (api.Empty, error) {
	return api.Empty{}, g.DeleteGroup(ctx, who, in.Group)
}

func (g groups) members(ctx context.Context, who access.Principal, in groupIn) ([]groupMemberWire, error) {
	found, err := g.Group(ctx, who, in.Group)
	wire := make([]groupMemberWire, len(found.Members))
	for i, m := range found.Members {
		wire[i] = groupMemberToWire(m)
	}
	return wire, err
}

type groupUserIn struct {
	Group string `path:"groupUuid"`
	User  string `path:"userUuid"`
}

func (g groups) add(ctx context.Context, who access.Principal, in groupUserIn) (any, error) {
	changed, err := g.AddMember(ctx, who, in.Group, in.User)
	return changedOrNot(http.StatusCreated, changed, err)
}

func (g groups) remove(ctx context.Context, who access.Principal, in groupUserIn) (any, error) {
	changed, err := g.RemoveMember(ctx, who, in.Group, in.User)
	return changedOrNot(http.StatusOK, changed, err)
}

// changedOrNot answers with the code, or with 204 when there was nothing to change.
func changedOrNot(code int, changed bool, err error) (any, error) {
	switch {
	case err != nil:
		return nil, err
	case changed:
		return api.Status{Code: code}, nil
	}
	return api.Raw(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), nil
}

package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// SpaceRows are the operations on spaces and who may enter them.
func SpaceRows(s *content.Service) []api.Operation {
	a := spaces{s}
	return []api.Operation{
		op("ListSpacesInProject", api.Handle(a.list)),
		op("CreateSpaceInProject", api.Handle(a.create)),
		op("GetSpace", api.Handle(a.get)),
		op("UpdateSpace", api.Handle(a.update)),
		op("DeleteSpace", api.Handle(a.delete)),
		op("AddSpaceUserAccess", api.Handle(a.share)),
		op("RevokeSpaceAccessForUser", api.Handle(a.unshare)),
		op("AddSpaceGroupAccess", api.Handle(a.shareGroup)),
		op("RevokeGroupSpaceAccess", api.Handle(a.unshareGroup)),
	}
}

type spaces struct{ *content.Service }

type projectIn struct {
	Project string `path:"projectUuid"`
}

type spaceIn struct {
	Project string `path:"projectUuid"`
	Space   string `path:"spaceUuid"`
}

type shareWire struct {
	UserUUID        string        `json:"userUuid"`
	FirstName       string        `json:"firstName"`
	LastName        string        `json:"lastName"`
	Email           string        `json:"email"`
	Role            access.Role   `json:"role"`
	HasDirectAccess bool          `json:"hasDirectAccess"`
	InheritedRole   access.Role   `json:"inheritedRole"`
	InheritedFrom   access.Source `json:"inheritedFrom"`
	ProjectRole     *access.Role  `json:"projectRole,omitempty"`
}

func shareToWire(s content.Share) shareWire {
	w := shareWire{UserUUID: s.User, FirstName: s.First, LastName: s.Last, Email: s.Email, Role: s.Role,
		HasDirectAccess: s.Direct, InheritedRole: s.Inherited, InheritedFrom: s.InheritedFrom}
	if s.ProjectRole != "" {
		w.ProjectRole = &s.ProjectRole
	}
	return w
}

// ownAccess is the asking principal's entry in an access list: one or none.
func ownAccess(s content.Space) []shareWire {
	if s.Own == nil {
		return []shareWire{}
	}
	return []shareWire{shareToWire(*s.Own)}
}

type groupShareWire struct {
	GroupUUID string      `json:"groupUuid"`
	GroupName string      `json:"groupName"`
	SpaceRole access.Role `json:"spaceRole"`
}

type spaceSummary struct {
	OrganizationUUID string   `json:"organizationUuid"`
	ProjectUUID      string   `json:"projectUuid"`
	UUID             string   `json:"uuid"`
	Name             string   `json:"name"`
	IsPrivate        bool     `json:"isPrivate"`
	Access           []string `json:"access"`
	pinWire
	ChartCount     int    `json:"chartCount"`
	DashboardCount int    `json:"dashboardCount"`
	Slug           string `json:"slug"`
	nestedWire
}

// nestedWire is what newer servers show of a space that lies in another one; of others, nothing is shown.
type nestedWire struct {
	Parent   *string `json:"parentSpaceUuid,omitempty"`
	Inherits *bool   `json:"inheritParentPermissions,omitempty"`
}

func nestedOf(who access.Principal, s content.Space) nestedWire {
	above := s.Parent(who)
	if above == nil {
		return nestedWire{}
	}
	return nestedWire{&above.UUID, &s.Inherits}
}

func summaryOf(who access.Principal, s content.Space) spaceSummary {
	return spaceSummary{OrganizationUUID: s.Organization, ProjectUUID: s.Project, UUID: s.UUID, Name: s.Name,
		IsPrivate: s.Private, Access: orEmpty(s.Granted), pinWire: pinToWire(s.Pin), ChartCount: s.Charts,
		DashboardCount: s.Dashboards, Slug: s.Slug, nestedWire: nestedOf(who, s)}
}

type listedSpace struct {
	spaceSummary
	UserAccess *shareWire `json:"userAccess,omitempty"`
}

type fullSpace struct {
	OrganizationUUID string `json:"organizationUuid,omitempty"`
	Name             string `json:"name"`
	UUID             string `json:"uuid"`
	IsPrivate        bool   `json:"isPrivate"`
	ProjectUUID      string `json:"projectUuid"`
	pinWire
	Queries      []chartItem        `json:"queries"`
	Dashboards   []dashboardInSpace `json:"dashboards"`
	Access       []shareWire        `json:"access"`
	GroupsAccess []groupShareWire   `json:"groupsAccess"`
	Slug         string             `json:"slug"`
	nestedWire
	Breadcrumbs []crumb        `json:"breadcrumbs,omitempty"`
	Children    []spaceSummary `json:"childSpaces,omitempty"`
}

// crumb is a space on the way to another one. Only those that the reader may look into are told of.
type crumb struct {
	UUID      string `json:"uuid"`
	Name      string `json:"name"`
	HasAccess bool   `json:"hasAccess"`
}

func spaceToWire(who access.Principal, s *content.FullSpace) fullSpace {
	w := fullSpace{OrganizationUUID: s.Organization, Name: s.Name, UUID: s.UUID, IsPrivate: s.Private,
		ProjectUUID: s.Project, pinWire: pinToWire(s.Pin), Queries: []chartItem{}, Dashboards: []dashboardInSpace{},
		Access: []shareWire{}, GroupsAccess: []groupShareWire{}, Slug: s.Slug, nestedWire: nestedOf(who, s.Space)}
	if path := s.Path(who); len(path) > 0 {
		for _, up := range append(path, s.Space) {
			w.Breadcrumbs = append(w.Breadcrumbs, crumb{up.UUID, up.Name, true})
		}
	}
	for _, child := range s.Children {
		w.Children = append(w.Children, summaryOf(who, child))
	}
	for _, chart := range s.ChartList {
		w.Queries = append(w.Queries, chartToItem(chart))
	}
	for _, dashboard := range s.DashboardList {
		w.Dashboards = append(w.Dashboards, dashboardToSpace(dashboard))
	}
	for _, share := range s.Shares {
		w.Access = append(w.Access, shareToWire(share))
	}
	for _, group := range s.Groups {
		w.GroupsAccess = append(w.GroupsAccess, groupShareWire{group.Group, group.Name, group.Role})
	}
	return w
}

type listSpacesIn struct {
	Project string  `path:"projectUuid"`
	Parent  *string `query:"parentSpaceUuid"`
}

func (a spaces) list(ctx context.Context, who access.Principal, in listSpacesIn) ([]listedSpace, error) {
	found, err := a.Spaces(ctx, who, in.Project, given(in.Parent))
	list := []listedSpace{}
	for _, space := range found {
		item := listedSpace{spaceSummary: summaryOf(who, space)}
		if space.Own != nil {
			own := shareToWire(*space.Own)
			item.UserAccess = &own
		}
		list = append(list, item)
	}
	return list, err
}

type createSpaceIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Name      string  `json:"name"`
		IsPrivate *bool   `json:"isPrivate,omitempty"`
		Parent    *string `json:"parentSpaceUuid,omitempty" null:"ok"`
		Inherits  *bool   `json:"inheritParentPermissions,omitempty"`
		Access    []struct {
			UserUUID string      `json:"userUuid"`
			Role     access.Role `json:"role" enum:"viewer,editor,admin"`
		} `json:"access,omitempty"`
	} `body:"body"`
}

// private is what newer clients say the other way round. A space that lies in another one takes its access from there
// unless its maker says otherwise.
func (in createSpaceIn) private() bool {
	switch {
	case in.Body.Inherits != nil:
		return !*in.Body.Inherits
	case in.Body.IsPrivate != nil:
		return *in.Body.IsPrivate
	}
	return in.Body.Parent == nil
}

func (a spaces) create(ctx context.Context, who access.Principal, in createSpaceIn) (fullSpace, error) {
	n := content.NewSpace{Name: in.Body.Name, Parent: given(in.Body.Parent), Private: in.private(), Grants: map[string]access.Role{}}
	for _, grant := range in.Body.Access {
		n.Grants[grant.UserUUID] = grant.Role
	}
	space, err := a.CreateSpace(ctx, who, in.Project, n)
	if err != nil {
		return fullSpace{}, err
	}
	made := spaceToWire(who, &content.FullSpace{Space: *space})
	made.OrganizationUUID = "" // as recorded: a new space is shown without it, and without who may enter
	return made, nil
}

func (a spaces) get(ctx context.Context, who access.Principal, in spaceIn) (any, error) {
	s, err := a.Space(ctx, who, in.Project, in.Space)
	return spaceOr(who, s, err)
}

func spaceOr(who access.Principal, s *content.FullSpace, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return spaceToWire(who, s), nil
}

type updateSpaceIn struct {
	Project string `path:"projectUuid"`
	Space   string `path:"spaceUuid"`
	Body    struct {
		Name      string `json:"name"`
		IsPrivate bool   `json:"isPrivate"`
		Inherits  *bool  `json:"inheritParentPermissions,omitempty"`
	} `body:"body"`
}

func (a spaces) update(ctx context.Context, who access.Principal, in updateSpaceIn) (any, error) {
	s, err := a.UpdateSpace(ctx, who, in.Project, in.Space, content.SpaceChange{Name: in.Body.Name, Private: &in.Body.IsPrivate, Inherits: in.Body.Inherits})
	return spaceOr(who, s, err)
}

func (a spaces) delete(ctx context.Context, who access.Principal, in spaceIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteSpace(ctx, who, in.Project, in.Space)
}

type shareSpaceIn struct {
	Project string `path:"projectUuid"`
	Space   string `path:"spaceUuid"`
	Body    struct {
		UserUUID  string      `json:"userUuid"`
		SpaceRole access.Role `json:"spaceRole" enum:"viewer,editor,admin"`
	} `body:"body"`
}

func (a spaces) share(ctx context.Context, who access.Principal, in shareSpaceIn) (api.Empty, error) {
	return api.Empty{}, a.ShareSpace(ctx, who, in.Project, in.Space, in.Body.UserUUID, in.Body.SpaceRole)
}

type unshareSpaceIn struct {
	Project string `path:"projectUuid"`
	Space   string `path:"spaceUuid"`
	User    string `path:"userUuid"`
}

func (a spaces) unshare(ctx context.Context, who access.Principal, in unshareSpaceIn) (api.Empty, error) {
	return api.Empty{}, a.UnshareSpace(ctx, who, in.Project, in.Space, in.User)
}

type shareSpaceGroupIn struct {
	Project string `path:"projectUuid"`
	Space   string `path:"spaceUuid"`
	Body    struct {
		GroupUUID string      `json:"groupUuid"`
		SpaceRole access.Role `json:"spaceRole" enum:"viewer,editor,admin"`
	} `body:"body"`
}

func (a spaces) shareGroup(ctx context.Context, who access.Principal, in shareSpaceGroupIn) (api.Empty, error) {
	return api.Empty{}, a.ShareSpaceWithGroup(ctx, who, in.Project, in.Space, in.Body.GroupUUID, in.Body.SpaceRole)
}

type unshareSpaceGroupIn struct {
	Project string `path:"projectUuid"`
	Space   string `path:"spaceUuid"`
	Group   string `path:"groupUuid"`
}

func (a spaces) unshareGroup(ctx context.Context, who access.Principal, in unshareSpaceGroupIn) (api.Empty, error) {
	return api.Empty{}, a.UnshareSpaceWithGroup(ctx, who, in.Project, in.Space, in.Group)
}

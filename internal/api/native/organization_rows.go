package native

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// OrganizationRows are the operations on the caller's organization: its settings, members, invites and e-mail domains.
func OrganizationRows(s *identity.Service) []api.Operation {
	o := organizations{s}
	return []api.Operation{
		{ID: "CreateInviteLink", Method: "POST", Path: "/api/v1/invite-links", Auth: api.SessionOrKey, Tag: "Organizations", Endpoint: api.Handle(o.invite)},
		{ID: "GetInviteLink", Method: "GET", Path: "/api/v1/invite-links/{code}", Auth: api.Public, Tag: "Organizations", Endpoint: api.Handle(o.findInvite)},
		{ID: "RevokeInviteLinks", Method: "DELETE", Path: "/api/v1/invite-links", Auth: api.SessionOrKey, Tag: "Organizations", Endpoint: api.Handle(o.revokeInvites)},
		{ID: "GetOnboardingStatus", Method: "GET", Path: "/api/v1/org/onboardingStatus", Auth: api.Session, Tag: "Organizations", Endpoint: api.Handle(o.onboarding)},
		{ID: "SetOnboardingSuccessShown", Method: "POST", Path: "/api/v1/org/onboardingStatus/shownSuccess", Auth: api.Session, Tag: "Organizations", Endpoint: api.Handle(o.shownSuccess)},
		op("GetMyOrganization", api.Handle(o.mine)),
		op("CreateOrganization", api.Handle(o.create)),
		op("UpdateMyOrganization", api.Handle(o.update)),
		op("DeleteMyOrganization", api.Handle(o.delete)),
		op("ListOrganizationMembers", api.Handle(o.members)),
		op("GetOrganizationMemberByUuid", api.Handle(o.member)),
		op("UpdateOrganizationMember", api.Handle(o.setRole)),
		op("DeleteOrganizationMember", api.Handle(o.deleteMember)),
		op("ListOrganizationEmailDomains", api.Handle(o.domains)),
		op("UpdateOrganizationEmailDomains", api.Handle(o.setDomains)),
	}
}

type organizations struct{ *identity.Service }

type organizationWire struct {
	OrganizationUUID   string   `json:"organizationUuid"`
	Name               string   `json:"name"`
	ChartColors        []string `json:"chartColors"`
	NeedsProject       bool     `json:"needsProject"`
	DefaultProjectUUID string   `json:"defaultProjectUuid,omitempty"`
}

func (o organizations) mine(ctx context.Context, who access.Principal, _ none) (organizationWire, error) {
	org, needsProject, err := o.MyOrganization(ctx, who)
	return organizationWire{org.UUID, org.Name, org.ChartColors, needsProject, org.DefaultProject}, err
}

type createOrganizationIn struct {
	Request *http.Request `http:""`
	Body    struct {
		Name string `json:"name"`
	} `body:"body"`
}

func (o organizations) create(ctx context.Context, who access.Principal, in createOrganizationIn) (any, error) {
	if err := o.CreateOrganization(ctx, who, in.Body.Name); err != nil {
		return nil, err
	}
	return accounts(o).renew(in.Request, who)
}

type updateOrganizationIn struct {
	Body struct {
		Name               *string   `json:"name,omitempty"`
		ChartColors        *[]string `json:"chartColors,omitempty"`
		DefaultProjectUUID *string   `json:"defaultProjectUuid,omitempty"`
	} `body:"body"`
}

func (o organizations) update(ctx context.Context, who access.Principal, in updateOrganizationIn) (api.Empty, error) {
	return api.Empty{}, o.UpdateOrganization(ctx, who, identity.OrganizationUpdate{Name: in.Body.Name,
		ChartColors: in.Body.ChartColors, DefaultProject: in.Body.DefaultProjectUUID})
}

type organizationIn struct {
	Organization string `path:"organizationUuid"`
}

func (o organizations) delete(ctx context.Context, who access.Principal, in organizationIn) (api.Empty, error) {
	return api.Empty{}, o.DeleteOrganization(ctx, who, in.Organization)
}

// memberWire is somebody as the other members of the organization see them.
type memberWire struct {
	UserUUID         string           `json:"userUuid"`
	FirstName        string           `json:"firstName"`
	LastName         string           `json:"lastName"`
	Email            string           `json:"email"`
	OrganizationUUID string           `json:"organizationUuid"`
	Role             access.Role      `json:"role"`
	IsActive         bool             `json:"isActive"`
	IsInviteExpired  bool             `json:"isInviteExpired"`
	IsPending        bool             `json:"isPending"`
	Groups           *[]groupNameWire `json:"groups,omitempty"`
}

type groupNameWire struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

func memberToWire(m identity.Member) memberWire {
	wire := memberWire{m.UUID, m.First, m.Last, m.Email, m.Organization, m.Role, m.Active, m.InviteExpired, m.Pending, nil}
	if m.Groups != nil {
		groups := make([]groupNameWire, len(m.Groups))
		for i, g := range m.Groups {
			groups[i] = groupNameWire(g)
		}
		wire.Groups = &groups
	}
	return wire
}

// pageWire is a list, with its place in the whole when a page was asked for.
type pageWire[T any] struct {
	Data       []T             `json:"data"`
	Pagination *paginationWire `json:"pagination,omitempty"`
}

type paginationWire struct {
	Page           int `json:"page"`
	PageSize       int `json:"pageSize"`
	TotalPageCount int `json:"totalPageCount"`
	TotalResults   int `json:"totalResults"`
}

func pageToWire[T, W any](all []T, pages *identity.Pages, toWire func(T) W) pageWire[W] {
	wire := pageWire[W]{Data: make([]W, len(all))}
	for i, item := range all {
		wire.Data[i] = toWire(item)
	}
	if pages != nil {
		wire.Pagination = &paginationWire{pages.Number, pages.Size, pages.Count, pages.Total}
	}
	return wire
}

// pageOf is a page when both its number and its size are given. One alone counts for nothing, unless it can't be.
func pageOf(number, size *int) identity.Page {
	page := identity.Page{Number: given(number), Size: given(size)}
	if page.Number < 0 || page.Size < 0 {
		return identity.Page{Number: -1, Size: -1}
	}
	return page
}

type membersIn struct {
	IncludeGroups *float64 `query:"includeGroups"`
	PageSize      *int     `query:"pageSize"`
	Page          *int     `query:"page"`
	SearchQuery   *string  `query:"searchQuery"`
	ProjectUUID   *string  `query:"projectUuid"`
}

func (o organizations) members(ctx context.Context, who access.Principal, in membersIn) (pageWire[memberWire], error) {
	members, pages, err := o.Members(ctx, who, identity.MemberQuery{
		Search: textOf(in.SearchQuery), Groups: in.IncludeGroups != nil && *in.IncludeGroups > 0,
		Project: textOf(in.ProjectUUID), Page: pageOf(in.Page, in.PageSize)})
	return pageToWire(members, pages, memberToWire), err
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

type memberIn struct {
	User string `path:"userUuid"`
}

func (o organizations) member(ctx context.Context, who access.Principal, in memberIn) (memberWire, error) {
	m, err := o.Member(ctx, who, in.User)
	return memberToWire(m), err
}

type setRoleIn struct {
	User string `path:"userUuid"`
	Body struct {
		Role access.Role `json:"role" enum:"member,viewer,interactive_viewer,editor,developer,admin"`
	} `body:"body"`
}

func (o organizations) setRole(ctx context.Context, who access.Principal, in setRoleIn) (memberWire, error) {
	m, err := o.SetRole(ctx, who, in.User, in.Body.Role)
	return memberToWire(m), err
}

func (o organizations) deleteMember(ctx context.Context, who access.Principal, in memberIn) (api.Empty, error) {
	return api.Empty{}, o.DeleteUser(ctx, who, in.User)
}

type domainsWire struct {
	OrganizationUUID string              `json:"organizationUuid"`
	EmailDomains     []string            `json:"emailDomains"`
	Role             access.Role         `json:"role"`
	Projects         []domainProjectWire `json:"projects"`
}

type domainProjectWire struct {
	ProjectUUID string      `json:"projectUuid"`
	Role        access.Role `json:"role" enum:"editor,interactive_viewer,viewer"`
}

func domainsToWire(d identity.Domains) domainsWire {
	wire := domainsWire{d.Organization, d.Domains, d.Role, make([]domainProjectWire, len(d.Projects))}
	for i, p := range d.Projects {
		wire.Projects[i] = domainProjectWire{p.Project, p.Role}
	}
	return wire
}

func (o organizations) domains(ctx context.Context, who access.Principal, _ none) (domainsWire, error) {
	d, err := o.Domains(ctx, who)
	return domainsToWire(d), err
}

type setDomainsIn struct {
	Body struct {
		EmailDomains []string            `json:"emailDomains"`
		Role         access.Role         `json:"role" enum:"editor,interactive_viewer,viewer,member"`
		Projects     []domainProjectWire `json:"projects"`
	} `body:"body"`
}

func (o organizations) setDomains(ctx context.Context, who access.Principal, in setDomainsIn) (domainsWire, error) {
	wanted := identity.Domains{Domains: in.Body.EmailDomains, Role: in.Body.Role}
	for _, p := range in.Body.Projects {
		wanted.Projects = append(wanted.Projects, identity.DomainProject{Project: p.ProjectUUID, Role: p.Role})
	}
	d, err := o.SetDomains(ctx, who, wanted)
	return domainsToWire(d), err
}

type inviteWire struct {
	InviteCode       string `json:"inviteCode"`
	ExpiresAt        moment `json:"expiresAt"`
	InviteURL        string `json:"inviteUrl"`
	OrganizationUUID string `json:"organizationUuid"`
	UserUUID         string `json:"userUuid"`
	Email            string `json:"email"`
}

func inviteToWire(i identity.Invite) inviteWire {
	return inviteWire{i.Code, moment(i.Expires), i.Link, i.Organization, i.User, i.Email}
}

type inviteIn struct {
	Body struct {
		Email     string      `json:"email"`
		ExpiresAt moment      `json:"expiresAt"`
		Role      access.Role `json:"role"`
	} `body:"body,loose"`
}

func (o organizations) invite(ctx context.Context, who access.Principal, in inviteIn) (api.Status, error) {
	i, err := o.Invite(ctx, who, in.Body.Email, in.Body.Role, in.Body.ExpiresAt.time())
	return api.Status{Code: http.StatusCreated, Body: inviteToWire(i)}, err
}

func (o organizations) findInvite(ctx context.Context, _ access.Principal, in codeIn) (inviteWire, error) {
	i, err := o.FindInvite(ctx, in.Code)
	return inviteToWire(i), err
}

func (o organizations) revokeInvites(ctx context.Context, who access.Principal, _ none) (api.Empty, error) {
	return api.Empty{}, o.RevokeInvites(ctx, who)
}

type onboardingWire struct {
	RanQuery bool `json:"ranQuery"`
}

func (o organizations) onboarding(ctx context.Context, who access.Principal, _ none) (onboardingWire, error) {
	status, err := o.Onboarding(ctx, who)
	return onboardingWire{status.RanQuery}, err
}

func (o organizations) shownSuccess(ctx context.Context, who access.Principal, _ none) (api.Empty, error) {
	return api.Empty{}, o.MarkSuccessShown(ctx, who)
}

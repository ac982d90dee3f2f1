package cube

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

func (f front) tenantRows() []api.Operation {
	const base, tag = "/api/v1/embed-tenants", "Embed tenants"
	group := base + "/{name}/groups/{group}"
	rows := []api.Operation{
		{ID: "listEmbedTenants", Method: "GET", Path: base, Endpoint: api.Handle(f.tenants)},
		{ID: "deleteEmbedTenant", Method: "DELETE", Path: base + "/{name}", Endpoint: api.Handle(f.deleteTenant)},
		{ID: "upsertEmbedUser", Method: "POST", Path: base + "/{name}/user", Endpoint: api.Handle(f.upsertUser)},
		{ID: "upsertEmbedUsers", Method: "POST", Path: base + "/{name}/users", Endpoint: api.Handle(f.upsertUsers)},
		{ID: "listEmbedUsers", Method: "GET", Path: base + "/{name}/users", Endpoint: api.Handle(f.users)},
		{ID: "listEmbedGroups", Method: "GET", Path: base + "/{name}/groups", Endpoint: api.Handle(f.groups)},
		{ID: "createEmbedGroup", Method: "POST", Path: base + "/{name}/groups", Endpoint: api.Handle(f.createGroup)},
		{ID: "embedGroup", Method: "GET", Path: group, Endpoint: api.Handle(f.group)},
		{ID: "updateEmbedGroup", Method: "PATCH", Path: group, Endpoint: api.Handle(f.updateGroup)},
		{ID: "deleteEmbedGroup", Method: "DELETE", Path: group, Endpoint: api.Handle(f.deleteGroup)},
		{ID: "listEmbedGroupUsers", Method: "GET", Path: group + "/users", Endpoint: api.Handle(f.members)},
		{ID: "addEmbedGroupUsers", Method: "POST", Path: group + "/users", Endpoint: api.Handle(f.addMembers)},
		{ID: "removeEmbedGroupUsers", Method: "DELETE", Path: group + "/users", Endpoint: api.Handle(f.removeMembers)},
	}
	for i := range rows {
		rows[i].Embed, rows[i].Tag = true, tag
	}
	return rows
}

type tenantIn struct {
	Name    string                     `path:"name"`
	Group   string                     `path:"group"`
	Body    map[string]json.RawMessage `body:"body,loose"`
	Request *http.Request              `http:""`
}

type listIn struct {
	Name    string        `path:"name"`
	Search  *string       `query:"search"`
	First   *int          `query:"first"`
	After   *string       `query:"after"`
	Request *http.Request `http:""`
}

// page bounds what one answer lists.
func (in listIn) page() (tenancy.Page, error) {
	p := tenancy.Page{First: 50}
	if in.First != nil {
		p.First = *in.First
	}
	if p.First < 1 || p.First > 200 {
		return p, fault.New(fault.Invalid, "first must be between 1 and 200")
	}
	if in.Search != nil {
		p.Search = *in.Search
	}
	if strings.ContainsRune(p.Search, 0) || !utf8.ValidString(p.Search) {
		return p, fault.New(fault.Invalid, "search must be a text")
	}
	if in.After != nil {
		p.After = *in.After
	}
	return p, nil
}

type pageOut[T any] struct {
	Items []T      `json:"items"`
	Page  pageInfo `json:"pageInfo"`
}

type pageInfo struct {
	HasNext bool    `json:"hasNextPage"`
	End     *string `json:"endCursor"`
}

func paged[From, To any](found []From, next string, translate func(From) To) pageOut[To] {
	out := pageOut[To]{Items: make([]To, len(found)), Page: pageInfo{HasNext: next != ""}}
	for i, item := range found {
		out.Items[i] = translate(item)
	}
	if next != "" {
		out.Page.End = &next
	}
	return out
}

type tenantOut struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	DisplayName string    `json:"displayName,omitempty"`
	Users       int       `json:"userCount"`
	CreatedAt   time.Time `json:"createdAt"`
}

func (f front) tenants(ctx context.Context, _ access.Principal, in listIn) (pageOut[tenantOut], error) {
	key, page, err := f.listing(ctx, in)
	if err != nil {
		return pageOut[tenantOut]{}, err
	}
	found, next, err := f.sessions.EmbedTenants(ctx, key, page)
	return paged(found, next, func(t tenancy.EmbedTenant) tenantOut {
		return tenantOut{t.ID, t.Name, t.DisplayName, t.Users, t.CreatedAt}
	}), err
}

func (f front) listing(ctx context.Context, in listIn) (tenancy.Key, tenancy.Page, error) {
	key, err := f.adminKey(ctx, in.Request)
	if err != nil {
		return key, tenancy.Page{}, err
	}
	page, err := in.page()
	return key, page, err
}

// deleteTenant takes the canonical name only, so that a slip of case can't pass for "nothing there".
func (f front) deleteTenant(ctx context.Context, _ access.Principal, in tenantIn) (api.Status, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return api.Status{}, err
	}
	return api.Status{Code: http.StatusNoContent}, f.sessions.DeleteEmbedTenant(ctx, key, in.Name)
}

func (f front) named(ctx context.Context, in tenantIn) (tenancy.Key, error) {
	key, err := f.adminKey(ctx, in.Request)
	if err == nil && !tenantName.MatchString(in.Name) {
		err = fault.New(fault.Invalid, "name must match %s", tenantName)
	}
	return key, err
}

type userOut struct {
	ID         string     `json:"id"`
	Username   string     `json:"username"`
	Email      string     `json:"email,omitempty"`
	ExternalID string     `json:"externalId"`
	FirstName  string     `json:"firstName,omitempty"`
	CreatedAt  time.Time  `json:"createdAt"`
	LastLogin  *time.Time `json:"lastLogin,omitempty"`
}

func wireUser(u tenancy.EmbedUser) userOut {
	return userOut{u.ID, u.ExternalID, u.Email, u.ExternalID, u.Name, u.CreatedAt, u.LastLoginAt}
}

func (f front) upsertUser(ctx context.Context, _ access.Principal, in tenantIn) (userOut, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return userOut{}, err
	}
	return f.oneUser(ctx, key, in.Name, in.Body)
}

func (f front) oneUser(ctx context.Context, key tenancy.Key, tenant string, body map[string]json.RawMessage) (userOut, error) {
	fields := reader{object: body}
	r := tenancy.SessionRequest{
		ExternalID: fields.text("externalId"), Email: fields.optional("email"), TenantName: tenant, Creator: true,
		DisplayName: fields.optional("displayName"), Groups: fields.texts("groups"), TenantGroups: fields.texts("tenantGroups"),
	}
	readProfile(&fields, &r)
	readAttributes(&fields, &r)
	if fields.err != nil {
		return userOut{}, fields.err
	}
	user, err := f.sessions.UpsertEmbedUser(ctx, key, r)
	return wireUser(user), err
}

type failedUser struct {
	ExternalID string      `json:"externalId"`
	Error      failedError `json:"error"`
}

type failedError struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

type usersOut struct {
	Succeeded []userOut    `json:"succeeded"`
	Failed    []failedUser `json:"failed"`
}

// upsertUsers takes up to a hundred users; each stands or falls on its own.
func (f front) upsertUsers(ctx context.Context, _ access.Principal, in tenantIn) (usersOut, error) {
	out := usersOut{[]userOut{}, []failedUser{}}
	key, err := f.named(ctx, in)
	if err != nil {
		return out, err
	}
	fields := reader{object: in.Body}
	if n := len(fields.list("users")); fields.err == nil && (n < 1 || n > 100) {
		fields.fail("users", "must have between 1 and 100 elements")
	}
	fields.objects("users", func(item *reader) {
		user, err := f.oneUser(ctx, key, in.Name, item.object)
		if err == nil {
			out.Succeeded = append(out.Succeeded, user)
			return
		}
		known := fault.As(err)
		out.Failed = append(out.Failed, failedUser{item.text("externalId"), failedError{api.StatusOf(known.Kind), known.Message}})
		item.err = nil // said in the answer
	})
	return out, fields.err
}

func (f front) users(ctx context.Context, _ access.Principal, in listIn) (pageOut[userOut], error) {
	key, page, err := f.listing(ctx, in)
	if err != nil {
		return pageOut[userOut]{}, err
	}
	found, next, err := f.sessions.EmbedUsers(ctx, key, in.Name, page)
	return paged(found, next, wireUser), err
}

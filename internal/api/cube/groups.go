package cube

import (
	"context"
	"net/http"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/tenancy"
)

type groupOut struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	CreatedAt   time.Time `json:"createdAt"`
}

func wireGroup(g tenancy.EmbedGroup) groupOut {
	return groupOut{g.ID, g.Name, g.Description, g.CreatedAt}
}

func (f front) groups(ctx context.Context, _ access.Principal, in listIn) (pageOut[groupOut], error) {
	key, page, err := f.listing(ctx, in)
	if err != nil {
		return pageOut[groupOut]{}, err
	}
	found, next, err := f.sessions.EmbedGroups(ctx, key, in.Name, page)
	return paged(found, next, wireGroup), err
}

func (f front) createGroup(ctx context.Context, _ access.Principal, in tenantIn) (groupOut, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return groupOut{}, err
	}
	fields := reader{object: in.Body}
	d := tenancy.GroupDefinition{Name: fields.text("name"), Description: fields.text("description")}
	if fields.err != nil {
		return groupOut{}, fields.err
	}
	group, err := f.sessions.CreateEmbedGroup(ctx, key, in.Name, d)
	return wireGroup(group), err
}

func (f front) group(ctx context.Context, _ access.Principal, in tenantIn) (groupOut, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return groupOut{}, err
	}
	group, err := f.sessions.EmbedGroup(ctx, key, in.Name, in.Group)
	return wireGroup(group), err
}

func (f front) updateGroup(ctx context.Context, _ access.Principal, in tenantIn) (groupOut, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return groupOut{}, err
	}
	fields := reader{object: in.Body}
	if fields.get("name") != nil {
		fields.fail("name", "can't be changed")
	}
	description := fields.text("description")
	if fields.err != nil {
		return groupOut{}, fields.err
	}
	group, err := f.sessions.DescribeEmbedGroup(ctx, key, in.Name, in.Group, description)
	return wireGroup(group), err
}

func (f front) deleteGroup(ctx context.Context, _ access.Principal, in tenantIn) (api.Status, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return api.Status{}, err
	}
	return api.Status{Code: http.StatusNoContent}, f.sessions.DeleteEmbedGroup(ctx, key, in.Name, in.Group)
}

func (f front) members(ctx context.Context, _ access.Principal, in tenantIn) (pageOut[userOut], error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return pageOut[userOut]{}, err
	}
	found, err := f.sessions.MembersOf(ctx, key, in.Name, in.Group)
	return paged(found, "", wireUser), err
}

func (f front) addMembers(ctx context.Context, who access.Principal, in tenantIn) (api.Status, error) {
	return f.changeMembers(ctx, in, true)
}

func (f front) removeMembers(ctx context.Context, who access.Principal, in tenantIn) (api.Status, error) {
	return f.changeMembers(ctx, in, false)
}

func (f front) changeMembers(ctx context.Context, in tenantIn, into bool) (api.Status, error) {
	key, err := f.named(ctx, in)
	if err != nil {
		return api.Status{}, err
	}
	fields := reader{object: in.Body}
	if n := len(fields.list("users")); fields.err == nil && n < 1 {
		fields.fail("users", "must have between 1 and 1000 elements")
	}
	var all []tenancy.Member
	fields.objects("users", func(item *reader) {
		m := tenancy.Member{ExternalID: item.text("externalId"), UserID: item.text("embedUserId")}
		if (m.ExternalID == "") == (m.UserID == "") {
			item.fail("externalId", "or embedUserId must be given, not both")
		}
		all = append(all, m)
	})
	if fields.err != nil {
		return api.Status{}, fields.err
	}
	return api.Status{Code: http.StatusNoContent}, f.sessions.ChangeMembers(ctx, key, in.Name, in.Group, all, into)
}

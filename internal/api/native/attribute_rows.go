package native

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// AttributeRows are the operations on user attributes.
func AttributeRows(s *identity.Service) []api.Operation {
	a := attributes{s}
	return []api.Operation{
		op("getUserAttributes", api.Handle(a.list)),
		op("createUserAttribute", api.Handle(a.create)),
		op("updateUserAttribute", api.Handle(a.update)),
		op("removeUserAttribute", api.Handle(a.remove)),
	}
}

type attributes struct{ *identity.Service }

type attributeWire struct {
	UUID             string           `json:"uuid"`
	CreatedAt        moment           `json:"createdAt"`
	Name             string           `json:"name"`
	OrganizationUUID string           `json:"organizationUuid"`
	Description      *string          `json:"description,omitempty"`
	AttributeDefault *string          `json:"attributeDefault"`
	Users            []userValueWire  `json:"users"`
	Groups           []groupValueWire `json:"groups"`
}

type userValueWire struct {
	UserUUID string `json:"userUuid"`
	Value    string `json:"value"`
	Email    string `json:"email"`
}

type groupValueWire struct {
	GroupUUID string `json:"groupUuid"`
	Value     string `json:"value"`
}

func attributeToWire(a identity.Attribute) attributeWire {
	wire := attributeWire{a.UUID, moment(a.Created), a.Name, a.Organization, a.Description, a.Default,
		make([]userValueWire, len(a.Users)), make([]groupValueWire, len(a.Groups))}
	for i, v := range a.Users {
		wire.Users[i] = userValueWire{v.User, v.Value, v.Email}
	}
	for i, v := range a.Groups {
		wire.Groups[i] = groupValueWire{v.Group, v.Value}
	}
	return wire
}

func (a attributes) list(ctx context.Context, who access.Principal, _ none) ([]attributeWire, error) {
	all, err := a.Attributes(ctx, who)
	wire := make([]attributeWire, len(all))
	for i, attribute := range all {
		wire[i] = attributeToWire(attribute)
	}
	return wire, err
}

type saveAttributeWire struct {
	Name             string  `json:"name"`
	Description      *string `json:"description,omitempty"`
	AttributeDefault *string `json:"attributeDefault" null:"ok"`
	Users            []struct {
		UserUUID string `json:"userUuid"`
		Value    string `json:"value"`
	} `json:"users"`
	Groups []groupValueWire `json:"groups"`
}

func (w saveAttributeWire) attribute(id string) identity.Attribute {
	a := identity.Attribute{UUID: id, Name: w.Name, Description: w.Description, Default: w.AttributeDefault}
	for _, v := range w.Users {
		a.Users = append(a.Users, identity.UserValue{User: v.UserUUID, Value: v.Value})
	}
	for _, v := range w.Groups {
		a.Groups = append(a.Groups, identity.GroupValue{Group: v.GroupUUID, Value: v.Value})
	}
	return a
}

type createAttributeIn struct {
	Body saveAttributeWire `body:"body,whole"`
}

func (a attributes) create(ctx context.Context, who access.Principal, in createAttributeIn) (api.Status, error) {
	saved, err := a.SaveAttribute(ctx, who, in.Body.attribute(""))
	return api.Status{Code: http.StatusCreated, Body: attributeToWire(saved)}, err
}

type updateAttributeIn struct {
	Attribute string            `path:"userAttributeUuid"`
	Body      saveAttributeWire `body:"body,whole"`
}

func (a attributes) update(ctx context.Context, who access.Principal, in updateAttributeIn) (api.Status, error) {
	saved, err := a.SaveAttribute(ctx, who, in.Body.attribute(in.Attribute))
	return api.Status{Code: http.StatusCreated, Body: attributeToWire(saved)}, err
}

type attributeIn struct {
	Attribute string `path:"userAttributeUuid"`
}

func (a attributes) remove(ctx context.Context, who access.Principal, in attributeIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteAttribute(ctx, who, in.Attribute)
}

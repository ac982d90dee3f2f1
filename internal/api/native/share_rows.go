package native

import (
	"context"
	"net/http"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// ShareRows are the operations on short addresses of pages. The site's own address is written into them.
func ShareRows(s *content.Service, site string) []api.Operation {
	a := shares{s, strings.TrimSuffix(site, "/")}
	return []api.Operation{
		op("CreateShareUrl", api.Handle(a.create)),
		op("getShareUrl", api.Handle(a.get)),
	}
}

type shares struct {
	content *content.Service
	site    string
}

type shareLink struct {
	Path             string `json:"path"`
	Params           string `json:"params"`
	NanoID           string `json:"nanoid"`
	OrganizationUUID string `json:"organizationUuid"`
	CreatedByUser    string `json:"createdByUserUuid"`
	Host             string `json:"host"`
	ShareURL         string `json:"shareUrl"`
	URL              string `json:"url"`
}

func (a shares) wire(l *content.Link) shareLink {
	return shareLink{l.Path, l.Params, l.ID, l.Organization, l.CreatedBy, a.site, a.site + "/share/" + l.ID, l.Path + l.Params}
}

type createShareIn struct {
	Body struct {
		Path   string `json:"path"`
		Params string `json:"params"`
	} `body:"body"`
}

func (a shares) create(ctx context.Context, who access.Principal, in createShareIn) (any, error) {
	link, err := a.content.CreateLink(ctx, who, in.Body.Path, in.Body.Params)
	if err != nil {
		return nil, err
	}
	return api.Status{Code: http.StatusCreated, Body: a.wire(link)}, nil
}

type shareIn struct {
	ID string `path:"nanoId"`
}

func (a shares) get(ctx context.Context, who access.Principal, in shareIn) (any, error) {
	link, err := a.content.Link(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return a.wire(link), nil
}

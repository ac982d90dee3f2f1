package native

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/project"
)

// TagRows are the operations on the tags of a project.
func TagRows(s *project.Service) []api.Operation {
	h := tagRows{s}
	return []api.Operation{
		op("getTags", api.Handle(h.list)),
		op("createTag", api.Handle(h.create)),
		op("updateTag", api.Handle(h.update)),
		op("deleteTag", api.Handle(h.remove)),
	}
}

type tagRows struct{ s *project.Service }

type tagWire struct {
	UUID      string      `json:"tagUuid"`
	Project   string      `json:"projectUuid"`
	Name      string      `json:"name"`
	Color     string      `json:"color"`
	Created   moment      `json:"createdAt"`
	CreatedBy *authorWire `json:"createdBy"`
}

func (h tagRows) list(ctx context.Context, who access.Principal, in projectIn) ([]tagWire, error) {
	tags, err := h.s.Tags(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	list := make([]tagWire, 0, len(tags))
	for _, t := range tags {
		w := tagWire{UUID: t.UUID, Project: t.Project, Name: t.Name, Color: t.Color, Created: moment(t.Created)}
		if t.CreatedBy != nil {
			w.CreatedBy = &authorWire{t.CreatedBy.User, t.CreatedBy.First, t.CreatedBy.Last}
		}
		list = append(list, w)
	}
	return list, nil
}

type createTagIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Name  string `json:"name"`
		Color string `json:"color"`
	} `body:"body"`
}

type createdTag struct {
	Tag string `json:"tagUuid"`
}

func (h tagRows) create(ctx context.Context, who access.Principal, in createTagIn) (any, error) {
	tag, err := h.s.CreateTag(ctx, who, in.Project, in.Body.Name, in.Body.Color)
	return api.Status{Code: http.StatusCreated, Body: createdTag{tag}}, err
}

type tagIn struct {
	Project string `path:"projectUuid"`
	Tag     string `path:"tagUuid"`
}

type updateTagIn struct {
	Project string `path:"projectUuid"`
	Tag     string `path:"tagUuid"`
	Body    struct {
		Name  *string `json:"name,omitempty"`
		Color *string `json:"color,omitempty"`
	} `body:"body"`
}

func (h tagRows) update(ctx context.Context, who access.Principal, in updateTagIn) (api.Empty, error) {
	return api.Empty{}, h.s.UpdateTag(ctx, who, in.Project, in.Tag, in.Body.Name, in.Body.Color)
}

func (h tagRows) remove(ctx context.Context, who access.Principal, in tagIn) (api.Empty, error) {
	return api.Empty{}, h.s.DeleteTag(ctx, who, in.Project, in.Tag)
}

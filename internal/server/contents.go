package server

import (
	"context"
	"time"

	"inlay/internal/access"
	"inlay/internal/api/cube"
	"inlay/internal/api/upsolve"
	"inlay/internal/content"
	"inlay/internal/tenancy"
)

// contents answers what the embedding fronts ask about dashboards and charts.
type contents struct{ *content.Service }

func (c contents) Locate(ctx context.Context, organization, id string) (tenancy.Location, error) {
	return location(c.Service.Locate(ctx, organization, id))
}

func (c contents) PublicDashboard(ctx context.Context, project, publicID string) (tenancy.Location, error) {
	return location(c.Published(ctx, project, publicID))
}

func location(p content.Place, err error) (tenancy.Location, error) {
	return tenancy.Location{Kind: p.Kind, UUID: p.UUID, Project: p.Project, Name: p.Name, AllowEmbed: p.AllowEmbed}, err
}

func (c contents) Visible(ctx context.Context, who access.Principal, dashboard string) error {
	_, err := c.FindDashboard(ctx, who, dashboard)
	return err
}

// EmbedDashboard answers cube.Contents.
func (c contents) EmbedDashboard(ctx context.Context, who access.Principal, publicID string) (cube.Dashboard, error) {
	d, err := c.Embedded(ctx, who, publicID)
	if err != nil {
		return cube.Dashboard{}, err
	}
	out := cube.Dashboard{UUID: d.UUID, PublicID: d.PublicID, Name: d.Name}
	if d.Description != nil {
		out.Description = *d.Description
	}
	for _, tile := range d.Document.Tiles {
		w := cube.Widget{ID: tile.UUID, Type: tile.Type, X: tile.X, Y: tile.Y, Width: tile.W, Height: tile.H, Text: tile.Content}
		w.Title = first(tile.Title, tile.ChartName)
		w.Chart = first(tile.Chart)
		out.Widgets = append(out.Widgets, w)
	}
	return out, nil
}

// first is the first text that is there and not empty.
func first(texts ...*string) string {
	for _, text := range texts {
		if text != nil && *text != "" {
			return *text
		}
	}
	return ""
}

// AllowEmbed answers cube.Contents.
func (c contents) AllowEmbed(ctx context.Context, organization, publicID string, on bool) error {
	return c.SetEmbedding(ctx, organization, publicID, on)
}

// Embeddable answers upsolve.Dashboards.
func (c contents) Embeddable(ctx context.Context, who access.Principal) ([]upsolve.Dashboard, error) {
	all, err := c.Dashboards(ctx, who, who.Project, content.DashboardSearch{})
	if err != nil {
		return nil, err
	}
	list := make([]upsolve.Dashboard, len(all))
	for i, d := range all {
		list[i] = upsolve.Dashboard{ID: d.UUID, Name: d.Name, TenantID: d.Space.Tenant, CreatedAt: d.CreatedAt.UTC().Format(time.RFC3339)}
	}
	return list, nil
}

package cube

import (
	"context"
	"encoding/json"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
)

type dashboardIn struct {
	PublicID string                     `path:"publicId"`
	Body     map[string]json.RawMessage `body:"body,loose"`
	Request  *http.Request              `http:""`
}

type dashboardOut struct {
	PublicID    string         `json:"publicId"`
	Title       string         `json:"title"`
	Description string         `json:"description,omitempty"`
	Theme       map[string]any `json:"embedTheme,omitempty"`
	Settings    map[string]any `json:"settings,omitempty"`
	Widgets     []widgetOut    `json:"widgets"`
}

type widgetOut struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Title  string `json:"title,omitempty"`
	Report string `json:"reportId,omitempty"`
	Text   string `json:"text,omitempty"`
	Layout layout `json:"layout"`
}

type layout struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// dashboard gives a published dashboard with its widgets to a session.
func (f front) dashboard(ctx context.Context, who access.Principal, in dashboardIn) (dashboardOut, error) {
	found, err := f.contents.EmbedDashboard(ctx, who, in.PublicID)
	if err != nil {
		return dashboardOut{}, err
	}
	session, err := f.sessions.Session(ctx, who)
	if err != nil {
		return dashboardOut{}, err
	}
	out := dashboardOut{
		PublicID: found.PublicID, Title: found.Name, Description: found.Description, Theme: session.Theme,
		Settings: session.Settings, Widgets: []widgetOut{},
	}
	for _, w := range found.Widgets {
		out.Widgets = append(out.Widgets, widgetOut{w.ID, w.Type, w.Title, w.Chart, w.Text, layout{w.X, w.Y, w.Width, w.Height}})
	}
	return out, nil
}

// allowEmbed lets signed sessions see a dashboard, or not.
func (f front) allowEmbed(ctx context.Context, _ access.Principal, in dashboardIn) (api.Status, error) {
	key, err := f.adminKey(ctx, in.Request)
	if err != nil {
		return api.Status{}, err
	}
	fields := reader{object: in.Body}
	on := fields.flag("allowEmbed")
	if fields.get("allowEmbed") == nil {
		fields.fail("allowEmbed", "is required")
	}
	if fields.err != nil {
		return api.Status{}, fields.err
	}
	if err := f.contents.AllowEmbed(ctx, key.Organization, in.PublicID, on); err != nil {
		return api.Status{}, err
	}
	return api.Status{Code: http.StatusOK, Body: map[string]any{"publicId": in.PublicID, "allowEmbed": on}}, nil
}

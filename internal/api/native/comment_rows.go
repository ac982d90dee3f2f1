package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// CommentRows are the operations on comments and on the notifications they cause.
func CommentRows(s *content.Service) []api.Operation {
	a := comments{s}
	return []api.Operation{
		op("createComment", api.Handle(a.create)),
		op("getComments", api.Handle(a.list)),
		op("resolveComment", api.Handle(a.resolve)),
		op("deleteComment", api.Handle(a.delete)),
		op("getNotifications", api.Handle(a.notifications)),
		op("updateNotification", api.Handle(a.mark)),
	}
}

type comments struct{ *content.Service }

type createCommentIn struct {
	Dashboard string `path:"dashboardUuid"`
	Tile      string `path:"dashboardTileUuid"`
	Body      struct {
		Text     string   `json:"text"`
		TextHTML string   `json:"textHtml"`
		Mentions []string `json:"mentions"`
		ReplyTo  *string  `json:"replyTo,omitempty"`
	} `body:"body"`
}

func (a comments) create(ctx context.Context, who access.Principal, in createCommentIn) (string, error) {
	return a.AddComment(ctx, who, in.Dashboard, in.Tile, content.NewComment{Text: in.Body.Text, HTML: in.Body.TextHTML,
		ReplyTo: given(in.Body.ReplyTo), Mentions: orEmpty(in.Body.Mentions)})
}

type commentAuthor struct {
	Name string `json:"name"`
}

type commentWire struct {
	CommentID string        `json:"commentId"`
	Text      string        `json:"text"`
	TextHTML  string        `json:"textHtml"`
	ReplyTo   string        `json:"replyTo,omitempty"`
	User      commentAuthor `json:"user"`
	CreatedAt moment        `json:"createdAt"`
	Resolved  bool          `json:"resolved"`
	Replies   []commentWire `json:"replies"`
	CanRemove bool          `json:"canRemove"`
	Mentions  []string      `json:"mentions"`
}

func commentToWire(c content.Comment) commentWire {
	w := commentWire{CommentID: c.UUID, Text: c.Text, TextHTML: c.HTML, ReplyTo: c.ReplyTo, CreatedAt: moment(c.CreatedAt),
		Resolved: c.Resolved, Replies: []commentWire{}, CanRemove: c.Removable, Mentions: orEmpty(c.Mentions)}
	if c.Author != nil {
		w.User.Name = c.Author.First + " " + c.Author.Last
	}
	for _, reply := range c.Replies {
		w.Replies = append(w.Replies, commentToWire(reply))
	}
	return w
}

func (a comments) list(ctx context.Context, who access.Principal, in dashboardIn) (map[string][]commentWire, error) {
	byTile, err := a.Comments(ctx, who, in.Dashboard)
	found := map[string][]commentWire{}
	for tile, list := range byTile {
		for _, comment := range list {
			found[tile] = append(found[tile], commentToWire(comment))
		}
	}
	return found, err
}

type resolveIn struct {
	Dashboard string `path:"dashboardUuid"`
	Comment   string `path:"commentId"`
	Body      struct {
		Resolved bool `json:"resolved"`
	} `body:"body"`
}

func (a comments) resolve(ctx context.Context, who access.Principal, in resolveIn) (api.Empty, error) {
	return api.Empty{}, a.ResolveComment(ctx, who, in.Dashboard, in.Comment, in.Body.Resolved)
}

type commentIn struct {
	Dashboard string `path:"dashboardUuid"`
	Comment   string `path:"commentId"`
}

func (a comments) delete(ctx context.Context, who access.Principal, in commentIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteComment(ctx, who, in.Dashboard, in.Comment)
}

type notificationWire struct {
	NotificationID string            `json:"notificationId"`
	ResourceType   string            `json:"resourceType"`
	Message        string            `json:"message"`
	URL            string            `json:"url"`
	Viewed         bool              `json:"viewed"`
	CreatedAt      moment            `json:"createdAt"`
	ResourceUUID   string            `json:"resourceUuid"`
	Metadata       notificationPlace `json:"metadata"`
}

type notificationPlace struct {
	DashboardUUID     string `json:"dashboardUuid"`
	DashboardName     string `json:"dashboardName"`
	DashboardTileUUID string `json:"dashboardTileUuid"`
	DashboardTileName string `json:"dashboardTileName"`
}

type notificationsIn struct {
	Type string `query:"type" enum:"dashboardComments"`
}

func (a comments) notifications(ctx context.Context, who access.Principal, _ notificationsIn) ([]notificationWire, error) {
	found, err := a.Notifications(ctx, who)
	list := []notificationWire{}
	for _, n := range found {
		list = append(list, notificationWire{n.UUID, "dashboardComments", n.Message, "/dashboards/" + n.Dashboard, n.Viewed,
			moment(n.CreatedAt), n.Comment, notificationPlace{n.Dashboard, n.DashboardName, n.Tile, n.TileName}})
	}
	return list, err
}

type markIn struct {
	Notification string `path:"notificationId"`
	Body         struct {
		Viewed       bool   `json:"viewed"`
		ResourceType string `json:"resourceType" enum:"dashboardComments"`
	} `body:"body"`
}

func (a comments) mark(ctx context.Context, who access.Principal, in markIn) (api.Empty, error) {
	return api.Empty{}, a.MarkNotification(ctx, who, in.Notification, in.Body.Viewed)
}

package content

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Comment is what somebody wrote on a tile. Replies hang below what they answer.
type Comment struct {
	UUID, Tile string
	ReplyTo    string
	Text, HTML string
	Author     *Person
	Mentions   []string
	Resolved   bool
	CreatedAt  time.Time
	Removable  bool // by the asking principal
	Replies    []Comment
}

type commentRow struct {
	bun.BaseModel `bun:"table:comments"`

	UUID      string  `bun:"uuid,pk"`
	Dashboard string  `bun:"dashboard_uuid"`
	Tile      string  `bun:"tile_uuid"`
	ReplyTo   *string `bun:"reply_to"`
	User      string  `bun:"user_uuid"`
	Text      string
	HTML      string
	Mentions  string
	Resolved  bool
	CreatedAt time.Time `bun:"created_at"`
}

// commentable loads a dashboard that the principal may comment on in the given way.
func (s *Service) commentable(ctx context.Context, who access.Principal, id string, action access.Action) (knownDashboard, Project, error) {
	if !s.flags.Enabled(FlagDashboardComments) {
		return knownDashboard{}, Project{}, fault.New(fault.Forbidden, "Feature not enabled")
	}
	row, space, err := s.findDashboard(ctx, who, id)
	if err != nil {
		return row, Project{}, err
	}
	p := Project{UUID: row.Project, Organization: row.Organization}
	if err := allowDashboard(who, access.View, row, space); err != nil {
		return row, p, err
	}
	if !access.Can(who, action, in(p, access.DashboardComments)) {
		return row, p, forbidden()
	}
	return row, p, nil
}

// NewComment is what a comment is made of.
type NewComment struct {
	Text, HTML string
	ReplyTo    string
	Mentions   []string
}

// AddComment writes a comment on a tile and tells those it mentions. Faults: NotFound, Forbidden.
func (s *Service) AddComment(ctx context.Context, who access.Principal, dashboard, tile string, n NewComment) (string, error) {
	row, _, err := s.commentable(ctx, who, dashboard, access.Create)
	if err != nil {
		return "", err
	}
	on, err := s.tile(ctx, row.UUID, tile)
	if err != nil {
		return "", err
	}
	if n.ReplyTo != "" {
		if _, err := s.comment(ctx, row.UUID, n.ReplyTo); err != nil {
			return "", err
		}
	}
	mentions, err := json.Marshal(n.Mentions)
	if err != nil {
		return "", err
	}
	comment := &commentRow{UUID: newID(), Dashboard: row.UUID, Tile: tile, ReplyTo: optional(n.ReplyTo), User: who.User,
		Text: n.Text, HTML: cleanHTML(n.HTML), Mentions: string(mentions), CreatedAt: s.clock()}
	notes, err := s.notesFor(ctx, who, row.dashboardRow, on, comment, n.Mentions)
	if err != nil {
		return "", err
	}
	return comment.UUID, s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(comment).Exec(ctx); err != nil || len(notes) == 0 {
			return err
		}
		_, err := tx.NewInsert().Model(&notes).Exec(ctx)
		return err
	})
}

// tile finds a tile of the dashboard's current version; its name is its title or that of its chart.
func (s *Service) tile(ctx context.Context, dashboard, id string) (tileRow, error) {
	var row tileRow
	if !valid(id) {
		return row, noTile()
	}
	err := s.db.NewSelect().Model(&row).Where("dashboard_uuid = ?", dashboard).Where("tile_uuid = ?", id).Scan(ctx)
	if store.NotFound(err) {
		return row, noTile()
	}
	if err == nil && row.Title == "" && row.Chart != nil {
		err = s.db.NewSelect().TableExpr("charts").Column("name").Where("uuid = ?", *row.Chart).Scan(ctx, &row.Title)
		if store.NotFound(err) {
			err = nil // a chart written in SQL, or gone: the tile stays nameless
		}
	}
	return row, err
}

func noTile() error { return fault.New(fault.NotFound, "Dashboard tile not found for dashboard") }

func (s *Service) comment(ctx context.Context, dashboard, id string) (commentRow, error) {
	var row commentRow
	missing := fault.New(fault.NotFound, "Comment not found")
	if !valid(id) {
		return row, missing
	}
	err := s.db.NewSelect().Model(&row).Where("uuid = ?", id).Where("dashboard_uuid = ?", dashboard).Scan(ctx)
	if store.NotFound(err) {
		return row, missing
	}
	return row, err
}

// Comments lists the open comments on a dashboard by tile. Faults: NotFound, Forbidden.
func (s *Service) Comments(ctx context.Context, who access.Principal, dashboard string) (map[string][]Comment, error) {
	row, p, err := s.commentable(ctx, who, dashboard, access.View)
	if err != nil {
		return nil, err
	}
	var rows []commentRow
	err = s.db.NewSelect().Model(&rows).Where("dashboard_uuid = ?", row.UUID).Where("resolved = ?", false).
		Order("created_at", "uuid").Scan(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]*string, len(rows))
	for i := range rows {
		users[i] = &rows[i].User
	}
	names, err := s.names(ctx, users...)
	if err != nil {
		return nil, err
	}
	mayAll := access.Can(who, access.Manage, in(p, access.DashboardComments))
	replies, tops := map[string][]Comment{}, []Comment{}
	for _, r := range rows {
		c, err := r.comment(names)
		if err != nil {
			return nil, err
		}
		c.Removable = mayAll || r.User == who.User
		if c.ReplyTo != "" {
			replies[c.ReplyTo] = append(replies[c.ReplyTo], c)
		} else {
			tops = append(tops, c)
		}
	}
	byTile := map[string][]Comment{}
	for _, c := range tops {
		c.Replies = replies[c.UUID]
		byTile[c.Tile] = append(byTile[c.Tile], c)
	}
	return byTile, nil
}

func (r commentRow) comment(names map[string]Person) (Comment, error) {
	c := Comment{UUID: r.UUID, Tile: r.Tile, ReplyTo: text(r.ReplyTo), Text: r.Text, HTML: r.HTML,
		Author: named(names, &r.User), Resolved: r.Resolved, CreatedAt: r.CreatedAt}
	return c, json.Unmarshal([]byte(r.Mentions), &c.Mentions)
}

// ResolveComment closes a comment, or opens it again. Faults: NotFound, Forbidden.
func (s *Service) ResolveComment(ctx context.Context, who access.Principal, dashboard, id string, resolved bool) error {
	row, _, err := s.commentable(ctx, who, dashboard, access.Manage)
	if err != nil {
		return err
	}
	comment, err := s.comment(ctx, row.UUID, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewUpdate().Model((*commentRow)(nil)).Set("resolved = ?", resolved).Where("uuid = ?", comment.UUID).Exec(ctx)
	return err
}

// DeleteComment deletes a comment with its replies. Faults: NotFound, Forbidden.
func (s *Service) DeleteComment(ctx context.Context, who access.Principal, dashboard, id string) error {
	row, err := s.removable(ctx, who, dashboard, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewDelete().Model((*commentRow)(nil)).Where("uuid = ?", row.UUID).Exec(ctx)
	return err
}

// removable loads a comment that the principal wrote, or may manage.
func (s *Service) removable(ctx context.Context, who access.Principal, dashboard, id string) (commentRow, error) {
	row, p, err := s.commentable(ctx, who, dashboard, access.View)
	if err != nil {
		return commentRow{}, err
	}
	comment, err := s.comment(ctx, row.UUID, id)
	if err != nil {
		return comment, err
	}
	if comment.User != who.User && !access.Can(who, access.Manage, in(p, access.DashboardComments)) {
		return comment, forbidden()
	}
	return comment, nil
}

// Notification tells somebody that a comment mentions them.
type Notification struct {
	UUID, Comment            string
	Dashboard, DashboardName string
	Tile, TileName           string
	Message                  string
	Viewed                   bool
	CreatedAt                time.Time
}

type notificationRow struct {
	bun.BaseModel `bun:"table:notifications"`

	UUID          string `bun:"uuid,pk"`
	User          string `bun:"user_uuid"`
	Comment       string `bun:"comment_uuid"`
	Dashboard     string `bun:"dashboard_uuid"`
	DashboardName string `bun:"dashboard_name"`
	Tile          string `bun:"tile_uuid"`
	TileName      string `bun:"tile_name"`
	Message       string
	Viewed        bool
	CreatedAt     time.Time `bun:"created_at"`
}

// notesFor makes the notifications of a comment: for people of the organization, and not for its author.
func (s *Service) notesFor(ctx context.Context, who access.Principal, d dashboardRow, on tileRow, c *commentRow, mentions []string) ([]notificationRow, error) {
	names, err := s.people.People(ctx, []string{who.User})
	if err != nil {
		return nil, err
	}
	author := names[who.User]
	notes := []notificationRow{}
	for _, user := range mentions {
		if user == who.User {
			continue
		}
		if _, err := s.people.Member(ctx, who.Organization, d.Project, user); err != nil {
			if fault.Is(err, fault.NotFound) {
				continue
			}
			return nil, err
		}
		notes = append(notes, notificationRow{UUID: newID(), User: user, Comment: c.UUID, Dashboard: d.UUID,
			DashboardName: d.Name, Tile: on.Tile, TileName: on.Title, CreatedAt: c.CreatedAt,
			Message: fmt.Sprintf("%s %s tagged you in dashboard %q in tile %q", author.First, author.Last, d.Name, on.Title)})
	}
	return notes, nil
}

// Notifications lists what mentions the principal, latest first.
func (s *Service) Notifications(ctx context.Context, who access.Principal) ([]Notification, error) {
	var rows []notificationRow
	err := s.db.NewSelect().Model(&rows).Where("user_uuid = ?", who.User).Order("created_at DESC").Limit(100).Scan(ctx)
	list := []Notification{}
	for _, r := range rows {
		list = append(list, Notification{UUID: r.UUID, Comment: r.Comment, Dashboard: r.Dashboard,
			DashboardName: r.DashboardName, Tile: r.Tile, TileName: r.TileName, Message: r.Message, Viewed: r.Viewed,
			CreatedAt: r.CreatedAt})
	}
	return list, err
}

// MarkNotification marks one of the principal's notifications as seen or not. Faults: NotFound.
func (s *Service) MarkNotification(ctx context.Context, who access.Principal, id string, viewed bool) error {
	done, err := s.db.NewUpdate().Model((*notificationRow)(nil)).Set("viewed = ?", viewed).Where("uuid = ?", id).
		Where("user_uuid = ?", who.User).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return fault.New(fault.NotFound, "Notification not found")
}

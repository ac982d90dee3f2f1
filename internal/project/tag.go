package project

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Tag is a category that people give to catalog items.
type Tag struct {
	UUID, Project, Name, Color string
	CreatedBy                  *Person // nil when nobody is left
	Created                    time.Time
}

type tagRow struct {
	bun.BaseModel `bun:"table:tags"`

	UUID        string `bun:",pk"`
	ProjectUUID string
	Name        string
	Color       string
	CreatedBy   *string
	CreatedAt   time.Time
}

type iconRow struct {
	bun.BaseModel `bun:"table:catalog_icons"`

	ProjectUUID string `bun:",pk"`
	ItemUUID    string `bun:",pk"`
	Icon        string
}

type itemTagRow struct {
	bun.BaseModel `bun:"table:catalog_tags"`

	ProjectUUID string `bun:",pk"`
	ItemUUID    string `bun:",pk"`
	TagUUID     string `bun:",pk"`
}

// Tags lists the tags of a project, oldest first.
func (s *Service) Tags(ctx context.Context, who access.Principal, id string) ([]Tag, error) {
	p, err := s.allowed(ctx, who, access.View, access.Tags, id)
	if err != nil {
		return nil, err
	}
	rows := []*tagRow{}
	err = s.db.NewSelect().Model(&rows).Where("project_uuid = ?", p.UUID).OrderBy("created_at", bun.OrderAsc).
		OrderBy("name", bun.OrderAsc).Scan(ctx)
	if err != nil {
		return nil, err
	}
	users := []string{}
	for _, r := range rows {
		users = append(users, value(r.CreatedBy))
	}
	names, err := s.names(ctx, users)
	if err != nil {
		return nil, err
	}
	tags := make([]Tag, 0, len(rows))
	for _, r := range rows {
		tag := Tag{UUID: r.UUID, Project: r.ProjectUUID, Name: r.Name, Color: r.Color, Created: r.CreatedAt.UTC()}
		if person, ok := names[value(r.CreatedBy)]; ok {
			tag.CreatedBy = &person
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

func (s *Service) names(ctx context.Context, users []string) (map[string]Person, error) {
	if s.ports.People == nil || len(users) == 0 {
		return nil, nil
	}
	return s.ports.People.Names(ctx, users)
}

// CreateTag makes a tag and gives its uuid. Faults: Invalid without a name, Conflict when it is taken.
func (s *Service) CreateTag(ctx context.Context, who access.Principal, id, name, color string) (string, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.Tags, id)
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(name) == "" {
		return "", namelessTag()
	}
	row := &tagRow{
		UUID: uuid.NewString(), ProjectUUID: p.UUID, Name: name, Color: color, CreatedBy: optional(who.User), CreatedAt: s.now(),
	}
	if _, err = s.db.NewInsert().Model(row).Exec(ctx); store.Duplicate(err) {
		return "", taken(name)
	}
	return row.UUID, err
}

// UpdateTag changes a tag's name and colour; nil keeps them. Faults: NotFound, Invalid, Conflict.
func (s *Service) UpdateTag(ctx context.Context, who access.Principal, id, tag string, name, color *string) error {
	row, err := s.tag(ctx, who, id, tag)
	if err != nil {
		return err
	}
	if name != nil && strings.TrimSpace(*name) == "" {
		return namelessTag()
	}
	if name != nil {
		row.Name = *name
	}
	if color != nil {
		row.Color = *color
	}
	if _, err = s.db.NewUpdate().Model(row).WherePK().Column("name", "color").Exec(ctx); store.Duplicate(err) {
		return taken(row.Name)
	}
	return err
}

// DeleteTag drops a tag, from all items too. Faults: NotFound.
func (s *Service) DeleteTag(ctx context.Context, who access.Principal, id, tag string) error {
	row, err := s.tag(ctx, who, id, tag)
	if err != nil {
		return err
	}
	_, err = s.db.NewDelete().Model(row).WherePK().Exec(ctx)
	return err
}

// tag loads a tag that who may manage.
func (s *Service) tag(ctx context.Context, who access.Principal, id, tag string) (*tagRow, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.Tags, id)
	if err != nil {
		return nil, err
	}
	none := fault.New(fault.NotFound, "Tag with uuid %s does not exist", tag)
	if !valid(tag) {
		return nil, none
	}
	row := new(tagRow)
	err = s.db.NewSelect().Model(row).Where("uuid = ?", tag).Where("project_uuid = ?", p.UUID).Scan(ctx)
	if store.NotFound(err) {
		return nil, none
	}
	return row, err
}

func namelessTag() error { return fault.New(fault.Invalid, "name can't be empty") }

func taken(name string) error {
	return fault.New(fault.Conflict, "There is a tag called %q already", name)
}

// TagItem gives a tag to a catalog item; giving it twice changes nothing. Faults: NotFound.
func (s *Service) TagItem(ctx context.Context, who access.Principal, id, item, tag string) error {
	if _, err := s.tag(ctx, who, id, tag); err != nil {
		return err
	}
	if err := s.hasItem(ctx, who, id, item); err != nil {
		return err
	}
	row := &itemTagRow{ProjectUUID: id, ItemUUID: item, TagUUID: tag}
	_, err := s.db.NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// UntagItem takes a tag from a catalog item. Faults: NotFound.
func (s *Service) UntagItem(ctx context.Context, who access.Principal, id, item, tag string) error {
	if _, err := s.tag(ctx, who, id, tag); err != nil {
		return err
	}
	if err := s.hasItem(ctx, who, id, item); err != nil {
		return err
	}
	row := &itemTagRow{ProjectUUID: id, ItemUUID: item, TagUUID: tag}
	_, err := s.db.NewDelete().Model(row).WherePK().Exec(ctx)
	return err
}

// SetIcon gives an icon to a catalog item; nil takes it away. Faults: NotFound.
func (s *Service) SetIcon(ctx context.Context, who access.Principal, id, item string, icon map[string]any) error {
	if _, err := s.allowed(ctx, who, access.Manage, access.Tags, id); err != nil {
		return err
	}
	if err := s.hasItem(ctx, who, id, item); err != nil {
		return err
	}
	row := &iconRow{ProjectUUID: id, ItemUUID: item}
	if icon == nil {
		_, err := s.db.NewDelete().Model(row).WherePK().Exec(ctx)
		return err
	}
	data, err := json.Marshal(icon)
	if err != nil {
		return err
	}
	row.Icon = string(data)
	_, err = s.db.NewInsert().Model(row).On("CONFLICT (project_uuid, item_uuid) DO UPDATE").Exec(ctx)
	return err
}

func (s *Service) hasItem(ctx context.Context, who access.Principal, id, item string) error {
	items, err := s.index(ctx, who, id)
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.ID == item {
			return nil
		}
	}
	return fault.New(fault.NotFound, "Catalog item %s does not exist", item)
}

// additions reads what people added to catalog items, by item.
func (s *Service) additions(ctx context.Context, project string) (map[string]map[string]any, map[string][]Tag, error) {
	icons := []*iconRow{}
	if err := s.db.NewSelect().Model(&icons).Where("project_uuid = ?", project).Scan(ctx); err != nil {
		return nil, nil, err
	}
	icon := map[string]map[string]any{}
	for _, r := range icons {
		var value map[string]any
		if err := json.Unmarshal([]byte(r.Icon), &value); err != nil {
			return nil, nil, err
		}
		icon[r.ItemUUID] = value
	}
	given := []struct {
		ItemUUID, UUID, Name, Color string
	}{}
	err := s.db.NewSelect().TableExpr("catalog_tags AS c").Join("JOIN tags AS t ON t.uuid = c.tag_uuid").
		ColumnExpr("c.item_uuid, t.uuid, t.name, t.color").Where("c.project_uuid = ?", project).
		OrderExpr("t.name").Scan(ctx, &given)
	if err != nil {
		return nil, nil, err
	}
	tags := map[string][]Tag{}
	for _, g := range given {
		tags[g.ItemUUID] = append(tags[g.ItemUUID], Tag{UUID: g.UUID, Project: project, Name: g.Name, Color: g.Color})
	}
	return icon, tags, nil
}

package content

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Link is a short address of a page with its parameters, for people of one organization.
type Link struct {
	ID, Path, Params        string
	Organization, CreatedBy string
}

type linkRow struct {
	bun.BaseModel `bun:"table:share_links"`

	ID           string `bun:"id,pk"`
	Organization string `bun:"organization_uuid"`
	CreatedBy    string `bun:"created_by"`
	Path         string
	Params       string
	CreatedAt    time.Time `bun:"created_at"`
}

// CreateLink makes a short address of a page of ours: a path that a browser would take for another site's is refused.
// Faults: Forbidden, Invalid.
func (s *Service) CreateLink(ctx context.Context, who access.Principal, path, params string) (*Link, error) {
	if who.Organization == "" || who.User == "" {
		return nil, forbidden()
	}
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return nil, fault.New(fault.Invalid, "path must begin with one slash and hold no backslash")
	}
	row := &linkRow{ID: secret.Token(16), Organization: who.Organization, CreatedBy: who.User, Path: path, Params: params,
		CreatedAt: s.clock()}
	if _, err := s.db.NewInsert().Model(row).Exec(ctx); err != nil {
		return nil, err
	}
	return row.link(), nil
}

// Link finds a short address. Faults: NotFound, Forbidden.
func (s *Service) Link(ctx context.Context, who access.Principal, id string) (*Link, error) {
	var row linkRow
	err := s.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if store.NotFound(err) {
		return nil, fault.New(fault.NotFound, "Shared link does not exist")
	}
	if err != nil {
		return nil, err
	}
	if row.Organization != who.Organization {
		return nil, forbidden()
	}
	return row.link(), nil
}

func (r linkRow) link() *Link {
	return &Link{ID: r.ID, Path: r.Path, Params: r.Params, Organization: r.Organization, CreatedBy: r.CreatedBy}
}

package content

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
)

// checkName refuses a name that says nothing: content as code and every list need one. Faults: Invalid.
func checkName(field, name string) error {
	if strings.TrimSpace(name) == "" {
		return fault.New(fault.Invalid, "%s can't be empty", field)
	}
	return nil
}

// checkNewName is checkName where leaving the name out keeps it.
func checkNewName(name *string) error {
	if name == nil {
		return nil
	}
	return checkName("name", *name)
}

// slugOf makes the readable part of an address from a name.
func slugOf(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "untitled"
	}
	return b.String()
}

// freeSlug finds the first slug that nothing of the kind has in the organization: wanted, wanted-1, wanted-2…
// Slugs have to be unique in a project only; being careful about the whole organization lets content be promoted from
// one of its projects to another under its own slug.
func freeSlug(ctx context.Context, db bun.IDB, table, organization, wanted string) (string, error) {
	return freeSlugIn(ctx, db, table, "organization_uuid", organization, wanted)
}

func freeSlugIn(ctx context.Context, db bun.IDB, table, scope, id, wanted string) (string, error) {
	var taken []string
	err := db.NewSelect().TableExpr(table).Column("slug").Where("? = ?", bun.Ident(scope), id).
		Where("(slug = ? OR slug LIKE ?)", wanted, wanted+"-%").Scan(ctx, &taken)
	if err != nil {
		return "", err
	}
	used := make(map[string]bool, len(taken))
	for _, slug := range taken {
		used[slug] = true
	}
	slug := wanted
	for n := 1; used[slug]; n++ {
		slug = fmt.Sprintf("%s-%d", wanted, n)
	}
	return slug, nil
}

// slugFor is the slug of a new chart or dashboard. One that was brought along, from another project or as code, needs to
// be free in the project only; one made of the name must be free in the organization.
func slugFor(ctx context.Context, db bun.IDB, table string, p Project, brought, name string) (string, error) {
	if brought != "" {
		return freeSlugIn(ctx, db, table, "project_uuid", p.UUID, brought)
	}
	return freeSlug(ctx, db, table, p.Organization, slugOf(name))
}

// bySlug finds what has a slug in a project, before anybody's rights are looked at; empty when there is nothing.
func (s *Service) bySlug(ctx context.Context, table string, p Project, slug string) (string, error) {
	var id string
	err := s.db.NewSelect().TableExpr(table).Column("uuid").Where("project_uuid = ?", p.UUID).Where("slug = ?", slug).Scan(ctx, &id)
	if store.NotFound(err) {
		return "", nil
	}
	return id, err
}

// change is a write that was decided on: what it needs from elsewhere was asked before its transaction began, so that
// no transaction waits for a second connection.
type change func(ctx context.Context, tx bun.Tx) error

func together(all []change) change {
	return func(ctx context.Context, tx bun.Tx) error {
		for _, apply := range all {
			if err := apply(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}
}

// write runs f in one transaction, and again when somebody else took the slug that f had chosen.
func (s *Service) write(ctx context.Context, f change) error {
	for attempt := 0; ; attempt++ {
		err := s.db.Tx(ctx, f)
		if err == nil || attempt == 4 || !store.Duplicate(err) {
			return err
		}
	}
}

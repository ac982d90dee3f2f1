package content

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// deepest is how many spaces may lie in each other.
const deepest = 10

// tree is spaces of a project and all that lie above them, with who each of them was shared with.
type tree struct {
	rows  []spaceRow
	given map[string]grants
}

// spaces makes the spaces of some rows of a tree, without what anybody has in them.
func (t tree) spaces(rows []spaceRow) []Space {
	known, done := map[string]spaceRow{}, map[string]*Space{}
	for _, row := range t.rows {
		known[row.UUID] = row
	}
	var resolve func(id string) *Space
	resolve = func(id string) *Space {
		if sp, ok := done[id]; ok {
			return sp
		}
		row := known[id]
		sp := row.space()
		sp.given = t.given[id]
		if row.Parent != nil {
			sp.Above, sp.Inherits = resolve(*row.Parent), !row.Private
		}
		if sp.Inherits {
			sp.Private, sp.given = sp.Above.Private, sp.given.and(sp.Above.given)
		}
		sp.Granted = slices.Sorted(maps.Keys(sp.given.Users))
		done[id] = &sp
		return &sp
	}
	spaces := make([]Space, len(rows))
	for i, row := range rows {
		spaces[i] = *resolve(row.UUID)
	}
	return spaces
}

// rowsAbove reads the spaces that the given ones lie in, up to the top, as far as they aren't given themselves.
func rowsAbove(ctx context.Context, db bun.IDB, rows []spaceRow) ([]spaceRow, error) {
	given := map[string]bool{}
	for _, row := range rows {
		given[row.UUID] = true
	}
	missing := []string{}
	for _, row := range rows {
		if row.Parent != nil && !given[*row.Parent] {
			missing = append(missing, *row.Parent)
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	var above []spaceRow
	err := selectSpaces(db, &above).WithRecursive("up", db.NewRaw(
		"SELECT uuid, parent_uuid FROM spaces WHERE uuid IN (?) UNION SELECT s.uuid, s.parent_uuid FROM spaces AS s JOIN up ON s.uuid = up.parent_uuid",
		bun.List(missing))).Where("s.uuid IN (SELECT uuid FROM up)").Scan(ctx)
	return slices.DeleteFunc(above, func(r spaceRow) bool { return given[r.UUID] }), err
}

// within gives the uuids of a space and of all that lie in it, those above first.
func within(ctx context.Context, db bun.IDB, id string) (all []string, levels int, err error) {
	var found []struct {
		UUID  string
		Level int
	}
	err = db.NewRaw("WITH RECURSIVE down (uuid, level) AS (SELECT uuid, 1 FROM spaces WHERE uuid = ? "+
		"UNION ALL SELECT s.uuid, down.level + 1 FROM spaces AS s JOIN down ON s.parent_uuid = down.uuid) "+
		"SELECT uuid, level FROM down ORDER BY level, uuid", id).Scan(ctx, &found)
	for _, f := range found {
		all, levels = append(all, f.UUID), f.Level
	}
	return all, levels, err
}

// inside narrows a list of spaces to those that lie directly in one.
func inside(parent string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.parent_uuid = ?", parent) }
}

// depth counts the spaces that it lies in.
func (sp Space) depth() int {
	n := 0
	for up := sp.Above; up != nil; up = up.Above {
		n++
	}
	return n
}

// Path gives what the space lies in, from the top, as far as the principal sees it from here: behind a space that they
// don't see, they learn of none.
func (sp Space) Path(who access.Principal) []Space {
	path := []Space{}
	for up := sp.Above; up != nil && up.opensSpace(who, access.View); up = up.Above {
		path = append(path, *up)
	}
	slices.Reverse(path)
	return path
}

// Parent gives the space that it lies in, when the principal sees that one.
func (sp Space) Parent(who access.Principal) *Space {
	if sp.Above == nil || !sp.Above.opensSpace(who, access.View) {
		return nil
	}
	return sp.Above
}

// parent loads a space of the project that others lie in, or are to; field is where it was named. One that the principal
// doesn't see isn't there. Faults: NotFound.
func (s *Service) parent(ctx context.Context, who access.Principal, p Project, id, field string) (Space, error) {
	above, err := s.space(ctx, who, id, field)
	if fault.Is(err, fault.NotFound) || err == nil && (above.Project != p.UUID || above.Tenant != "" || !above.opensSpace(who, access.View)) {
		err = fault.New(fault.NotFound, "%s: there is no space %s", field, id)
	}
	return above, err
}

// nestable checks that the principal may put a space into another one. Faults: NotFound, Forbidden.
func (s *Service) nestable(ctx context.Context, who access.Principal, p Project, id, field string) error {
	above, err := s.parent(ctx, who, p, id, field)
	if err == nil && !above.opensSpace(who, access.Manage) {
		err = forbidden()
	}
	return err
}

// roomUnder refuses what would lie too deep: some levels of spaces below another one. Faults: Invalid.
func roomUnder(ctx context.Context, tx bun.Tx, parent string, levels int, field string) error {
	above, err := rowsAbove(ctx, tx, []spaceRow{{Parent: &parent}})
	if err == nil && len(above)+levels > deepest {
		err = fault.Coded(fault.Invalid, "Parameter", "%s: no more than %d spaces can lie in each other", field, deepest)
	}
	return err
}

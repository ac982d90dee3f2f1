package content

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/access"
)

// sight is where in some projects somebody sees things of a kind, as a condition for SQL: what lists thousands of things
// doesn't name their spaces. Rules of access only add up, so whoever may look into a private space of which nothing is
// shared with them sees all of its project, and into a public one, all that is public. Other spaces are decided singly, and
// so are those that lie in others, which a private one may be among.
type sight struct {
	tenant   string   // whose own spaces there may be beside everybody's
	projects []string // all of them
	public   []string // those whose private spaces don't show, nor what lies in them
	shut     []string // those whose spaces don't show, public or not
	opened   []string // spaces of these that show nevertheless
}

// sight finds where the principal sees things of the kind, in spaces that they may look into.
func (s *Service) sight(ctx context.Context, who access.Principal, subject access.Subject, projects ...Project) (sight, error) {
	seen := sight{tenant: who.Tenant}
	for _, p := range projects {
		seen.projects = append(seen.projects, p.UUID)
		space := Space{Organization: p.Organization, Project: p.UUID, Private: true}
		if space.shows(who, subject) {
			continue
		}
		space.Private = false
		public := space.shows(who, subject)
		if public {
			seen.public = append(seen.public, p.UUID)
		} else {
			seen.shut = append(seen.shut, p.UUID)
		}
		single, err := s.homes(ctx, who, p.UUID, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("(s.is_private OR s.parent_uuid IS NOT NULL OR ?)", !public)
		})
		if err != nil {
			return sight{}, err
		}
		for _, space := range single {
			if space.shows(who, subject) {
				seen.opened = append(seen.opened, space.UUID)
			}
		}
	}
	return seen, nil
}

// shows tells whether the principal may look into the space, and there at things of the kind.
func (sp Space) shows(who access.Principal, subject access.Subject) bool {
	return sp.opensSpace(who, access.View) && sp.opens(who, access.View, sp.thing(subject, ""))
}

// of keeps the rows of the table t that are seen; the column names their space.
func (v sight) of(q *bun.SelectQuery, space string) *bun.SelectQuery {
	return v.open(q.Where("t.project_uuid IN (?)", bun.List(v.projects)), space)
}

// open keeps what is seen of rows that are in the projects anyway.
func (v sight) open(q *bun.SelectQuery, space string) *bun.SelectQuery {
	hidden := q.NewSelect().TableExpr("spaces").Column("uuid").Where("project_uuid IN (?)", bun.List(v.projects)).
		Where("(tenant_id <> ? OR project_uuid IN (?) OR (is_private OR parent_uuid IS NOT NULL) AND project_uuid IN (?))", v.tenant, bun.List(v.shut), bun.List(v.public))
	if len(v.opened) > 0 {
		hidden.Where("uuid NOT IN (?)", bun.List(v.opened))
	}
	return q.Where("? NOT IN (?)", bun.Ident(space), hidden)
}

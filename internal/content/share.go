package content

import (
	"maps"

	"inlay/internal/access"
)

// Share is somebody's access to a space.
type Share struct {
	Person
	Email string
	access.Share
}

// GroupShare is a group's access to a space.
type GroupShare struct {
	Group, Name string
	Role        access.Role
}

// grants are who a space was shared with.
type grants struct {
	Users  map[string]access.Role
	Groups map[string]access.Role
}

func noGrants() grants { return grants{map[string]access.Role{}, map[string]access.Role{}} }

// and adds what a space takes over from the one above: whoever both name has the stronger role.
func (g grants) and(above grants) grants {
	return grants{stronger(g.Users, above.Users), stronger(g.Groups, above.Groups)}
}

func stronger(a, b map[string]access.Role) map[string]access.Role {
	both := maps.Clone(a)
	for id, role := range b {
		if role.AtLeast(both[id]) {
			both[id] = role
		}
	}
	return both
}

// share resolves a member's access to a space; nil when they have none.
func share(m Member, private bool, g grants) *Share {
	standing := access.Standing{OrgRole: m.OrgRole, ProjectRole: m.ProjectRole, GroupRoles: m.GroupRoles,
		SpaceRole: g.Users[m.User]}
	for _, group := range m.Groups {
		if role, ok := g.Groups[group]; ok {
			standing.SpaceByGroups = append(standing.SpaceByGroups, role)
		}
	}
	resolved, ok := access.SpaceAccess(private, standing)
	if !ok {
		return nil
	}
	return &Share{Person: m.Person, Email: m.Email, Share: resolved}
}

package content

import "inlay/internal/access"

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

// grants are the rows of one space.
type grants struct {
	Users  map[string]access.Role
	Groups map[string]access.Role
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

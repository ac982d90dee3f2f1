package access

// Source says where somebody's standing in a space comes from.
type Source string

// Sources, from the weakest to the strongest claim between equal roles.
const (
	FromOrganization Source = "organization"
	FromProject      Source = "project"
	FromGroup        Source = "group"
	FromSpaceGroup   Source = "space_group"
)

// Standing is all that decides what role a member of the organization has in one space. Empty roles are none.
type Standing struct {
	OrgRole       Role
	ProjectRole   Role   // granted directly
	GroupRoles    []Role // in the project, through groups
	SpaceRole     Role   // granted in the space itself: viewer, editor or admin
	SpaceByGroups []Role // granted in the space to groups
}

// Share is somebody's resolved entry in the access list of a space.
type Share struct {
	Role          Role
	Direct        bool   // the space itself names them or a group of theirs
	Inherited     Role   // the strongest role of all
	InheritedFrom Source // and where it comes from
	ProjectRole   Role   // the strongest of the organization's and the project's own; may be empty
}

// SpaceAccess resolves somebody's entry in the access list of a space; false is no entry, and so no access.
func SpaceAccess(private bool, s Standing) (Share, bool) {
	share := Share{Direct: s.SpaceRole != "" || len(s.SpaceByGroups) > 0}
	share.raise(FromOrganization, s.OrgRole)
	share.raise(FromProject, s.ProjectRole)
	share.ProjectRole = share.Inherited
	share.raise(FromGroup, s.GroupRoles...)
	share.raise(FromSpaceGroup, s.SpaceByGroups...)
	switch {
	case share.Inherited == "":
		return Share{}, false
	case share.Inherited == Admin:
		share.Role = Admin
	case s.SpaceRole != "":
		share.Role = s.SpaceRole
	case share.Direct:
		share.Role = strongest(s.SpaceByGroups)
	case private:
		return Share{}, false
	case share.Inherited.AtLeast(Editor):
		share.Role = Editor
	default:
		share.Role = Viewer
	}
	return share, true
}

// raise keeps the strongest role; the later one wins between equals. Being a mere member of the organization is no
// role in a project.
func (s *Share) raise(from Source, roles ...Role) {
	for _, role := range roles {
		if role.AtLeast(Viewer) && role.AtLeast(s.Inherited) {
			s.Inherited, s.InheritedFrom = role, from
		}
	}
}

func strongest(roles []Role) Role {
	var best Role
	for _, role := range roles {
		if role.AtLeast(best) {
			best = role
		}
	}
	return best
}

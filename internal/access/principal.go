// Package access says who somebody is and what they may do. It is pure: it knows neither stores nor HTTP.
package access

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// Role is a role in an organization or a project, or (viewer, editor, admin only) in a space.
type Role string

// Roles, in ascending order of power.
const (
	Member            Role = "member" // organization only
	Viewer            Role = "viewer"
	InteractiveViewer Role = "interactive_viewer"
	Editor            Role = "editor"
	Developer         Role = "developer"
	Admin             Role = "admin"
)

// Kind is what sort of principal acts.
type Kind uint8

// Kinds of principal.
const (
	Anonymous Kind = iota
	User           // somebody with an account in the organization
	Tenant         // somebody a customer's product embeds us for: rows are confined by policy, writes by Permissions
)

// Principal is who acts, whichever front they came through. The zero value may do nothing.
type Principal struct {
	Kind          Kind
	Organization  string // uuid
	Project       string // uuid; set when confined to one project
	Tenant        string // uuid, for Kind Tenant and for users of an embed tenant
	TenantName    string
	User          string // uuid; empty for a bare tenant
	Email         string
	EmailVerified bool
	Name          string

	OrgRole      Role
	ProjectRoles map[string][]Role // by project uuid: direct grants and those of groups
	Custom       []CustomRole
	Groups       []string // names, for data policy
	GroupIDs     []string // uuids

	// What rows they may see. A missing value closes; it never widens.
	Attributes map[string][]string // user attributes by name
	Known      map[string]bool     // attribute names that the organization defines
	Context    map[string]any      // security context of the session
	Filters    []RowFilter         // prefilters of the tenant
	Unfiltered bool                // the tenant's key may register tenants without any filter, and this one has none
	Schema     string              // replaces the schema of every table
	Connection string              // uuid of a connection that replaces the project's

	Quota       Quota           // what a tenant may ask for
	Scope       *Scope          // what they are confined to; nil is no confinement
	Permissions map[string]bool // editing permissions of a tenant, by their documented names

	Credential string    // id of the session, token or key they came with
	IssuedBy   string    // id of the key that issued the credential
	Origins    []string  // sites whose pages may use the credential; empty is any
	Session    bool      // came with a browser session, not a key
	Expires    time.Time // zero: by the credential's own rules
	Theme      map[string]any

	// Revision is that of the organization's people when the rights were read; 0 where nothing is known of it.
	Revision int64
}

// Scope confines a principal to single objects.
type Scope struct {
	Dashboards []string // uuids; nothing else is visible
	Charts     []string // uuids
}

// RowFilter is one condition on a column, applied to every table that has it. All filters must hold.
type RowFilter struct {
	Column string
	Values []any  // any of these; a nil element stands for NULL; empty lets no row through
	Source string // where it comes from, for explanations: "prefilter", "securityContext", "attribute"
}

// Embedded tells whether the principal came through an embedding front.
func (p Principal) Embedded() bool { return p.Kind == Tenant || p.Scope != nil }

// SameRights tells whether an account gives another principal the same rights: roles, groups and the attributes that
// choose rows.
func (p Principal) SameRights(other Principal) bool {
	sameRoles := func(a, b []Role) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	return p.OrgRole == other.OrgRole && slices.Equal(p.Groups, other.Groups) && maps.EqualFunc(p.Attributes, other.Attributes, slices.Equal) &&
		maps.EqualFunc(p.ProjectRoles, other.ProjectRoles, sameRoles) && reflect.DeepEqual(p.Custom, other.Custom)
}

package access

import "slices"

// Thing is what an action is about, as the service that loaded it knows it. A part that is left out matches no
// condition, so forgetting one closes and never opens.
type Thing struct {
	Subject      Subject
	UUID         string
	Organization string
	Project      string
	Public       bool    // its space is known to be not private
	Shares       []Grant // the requester's own entries in the access list of its space
	Owner        string  // of a job: the user who started it
	CreatedBy    string
	Type         string   // of a project
	Upstream     string   // of a project that is to be a preview
	Tenant       string   // the tenant that the content belongs to; empty is everybody's
	Dashboards   []string // of a chart: the dashboards that show it, for those confined to dashboards
	Changes      []string // for embedded writers: the names of the permissions that the change needs, all of them
}

// Grant is one entry of a space's access list.
type Grant struct {
	User string
	Role Role
}

// Can tells whether somebody may do something with a thing. It is the only place that decides.
func Can(who Principal, action Action, thing Thing) bool {
	if !within(who, thing) || foreignTo(who, thing) {
		return false
	}
	if who.Embedded() && !embeddedCan(who, action, thing) {
		return false
	}
	return who.Kind == Tenant || accountCan(who, action, thing)
}

// accountCan is Can for the rules of an account.
func accountCan(who Principal, action Action, thing Thing) bool {
	wanted := func(r row) bool {
		return r.subject == thing.Subject && (r.action == action || r.action == Manage)
	}
	for rule := range rules(who, wanted) {
		if rule.When.holds(thing) {
			return true
		}
	}
	return false
}

// foreignTo keeps the organization's directory, and what its members say to each other, from those whom a customer's
// product vouched for: other members are other customers' people. Administrators of the organization know them all.
func foreignTo(who Principal, thing Thing) bool {
	return (thing.Subject == MemberProfile || thing.Subject == DashboardComments) && who.IssuedBy != "" && !who.OrgRole.AtLeast(Admin)
}

// within keeps everybody in their organization, project and tenant, whatever the rules say. A thing without an
// organization or project is nobody's in particular.
func within(who Principal, thing Thing) bool {
	return who.Organization != "" &&
		(thing.Organization == "" || thing.Organization == who.Organization) &&
		(who.Project == "" || thing.Project == "" || thing.Project == who.Project) &&
		(thing.Tenant == "" || thing.Tenant == who.Tenant || !who.Embedded())
}

func (c Condition) holds(thing Thing) bool {
	return (c.Organization == "" || c.Organization == thing.Organization) &&
		(c.Project == "" || c.Project == thing.Project) &&
		(c.Upstream == "" || c.Upstream == thing.Upstream) &&
		(!c.Public || thing.Public) &&
		(c.SharedWith == "" || slices.ContainsFunc(thing.Shares, c.sharedBy)) &&
		(c.Owner == "" || c.Owner == thing.Owner) &&
		(c.CreatedBy == "" || c.CreatedBy == thing.CreatedBy) &&
		(c.Types == nil || slices.Contains(c.Types, thing.Type))
}

func (c Condition) sharedBy(g Grant) bool {
	return g.User == c.SharedWith && (c.SharedRole == "" || c.SharedRole == g.Role)
}

package access

import (
	"maps"
	"slices"
	"strings"
)

// Ability is one right of a custom role: what the newer native API calls a scope, by its name on that wire,
// "action:Subject" or "action:Subject@where".
type Ability string

// CustomRole is what somebody may do by a role that their organization made itself: everywhere in the organization, or,
// where a project is named, in that one.
type CustomRole struct {
	Project   string // uuid
	Abilities []Ability
}

// level is how an ability becomes a rule: its shape in a role for the organization and in one for a project.
type level struct{ org, project shape }

var (
	everywhere = []level{{here, here}}
	orgOnly    = []level{{here, never}}
	inSight    = []level{{public, public}, {shared, shared}}
	whereWrite = []level{{asEditor, asEditor}, {asAdmin, asAdmin}}
)

// abilities are all that a custom role can be made of. Action and subject are in the name.
var abilities = map[Ability][]level{
	"view:Dashboard": inSight, "manage:Dashboard": everywhere, "manage:Dashboard@space": whereWrite,
	"promote:Dashboard": everywhere, "promote:Dashboard@space": {{asEditor, asEditor}},
	"view:SavedChart": inSight, "manage:SavedChart": everywhere, "manage:SavedChart@space": whereWrite,
	"promote:SavedChart": everywhere, "promote:SavedChart@space": {{asEditor, asEditor}},
	"view:Space": inSight, "create:Space": everywhere, "manage:Space": everywhere,
	"manage:Space@assigned": {{asAdmin, asAdmin}}, "manage:Space@public": {{public, public}},

	"view:Project": everywhere, "update:Project": everywhere, "manage:Project": everywhere, "delete:Project": everywhere,
	"create:Project@preview": {{preview, upstream}}, "delete:Project@self": {{ownPreview, ownPreview}},
	"manage:CompileProject": everywhere, "manage:Validation": everywhere,

	"manage:Explore": everywhere, "view:UnderlyingData": everywhere, "manage:ChangeCsvResults": everywhere, "manage:ExportCsv": everywhere,
	"manage:CustomSql": everywhere, "manage:SqlRunner": everywhere, "manage:VirtualView": everywhere,
	"view:SemanticViewer": everywhere, "manage:SemanticViewer": everywhere, "manage:SemanticViewer@space": whereWrite,
	"create:Job": {{always, always}}, "view:Job": everywhere, "view:Job@self": {{owned, owned}}, "manage:Job": everywhere,

	"view:PinnedItems": everywhere, "manage:PinnedItems": everywhere, "view:Tags": everywhere, "manage:Tags": everywhere,
	"view:DashboardComments": everywhere, "create:DashboardComments": everywhere, "manage:DashboardComments": everywhere,
	"create:ScheduledDeliveries": everywhere, "manage:ScheduledDeliveries": everywhere,

	"view:Organization": orgOnly, "manage:Organization": orgOnly, "manage:InviteLink": orgOnly, "manage:Group": orgOnly,
	"view:OrganizationMemberProfile": orgOnly, "manage:OrganizationMemberProfile": orgOnly, "view:Analytics": orgOnly,
}

// Abilities lists all that there are, by name.
func Abilities() []Ability { return slices.Sorted(maps.Keys(abilities)) }

// Known tells whether there is such an ability.
func (a Ability) Known() bool { return abilities[a] != nil }

// right is the action and subject that the ability's name says.
func (a Ability) right() (Action, Subject) {
	action, rest, _ := strings.Cut(string(a), ":")
	subject, _, _ := strings.Cut(rest, "@")
	return Action(action), Subject(subject)
}

// yield gives the rules of a custom role whose row is wanted; false when there was enough.
func (c CustomRole) yield(who Principal, wanted func(row) bool, yield func(Rule) bool) bool {
	at := Condition{Organization: who.Organization, Project: c.Project}
	for _, ability := range c.Abilities {
		action, subject := ability.right()
		if !wanted(row{action: action, subject: subject}) {
			continue
		}
		for _, level := range abilities[ability] {
			form := level.org
			if c.Project != "" {
				form = level.project
			}
			if form != never && !yield(Rule{action, subject, form.condition(who.User, at)}) {
				return false
			}
		}
	}
	return true
}

// Gives is what a role of the matrix gives in an organization, or, where a project is named, in that.
func (r Role) Gives(project string) Principal {
	if project == "" {
		return Principal{OrgRole: r}
	}
	return Principal{ProjectRoles: map[string][]Role{project: {r}}}
}

// Gives is what a custom role gives.
func (c CustomRole) Gives() Principal { return Principal{Custom: []CustomRole{c}} }

// MayGive tells whether somebody has every right that they are about to give or take: nobody makes a role, or somebody,
// stronger than themselves.
func MayGive(who, rights Principal) bool {
	rights.Kind, rights.User, rights.Organization = User, who.User, who.Organization
	own := Rules(who)
	return !who.Embedded() && !slices.ContainsFunc(Rules(rights), func(given Rule) bool {
		given.When.Organization = who.Organization
		return !slices.ContainsFunc(own, func(r Rule) bool { return r.covers(given) })
	})
}

// covers tells whether the rule allows all that the other one does.
func (r Rule) covers(other Rule) bool {
	a, b := r.When, other.When
	same := func(mine, theirs string) bool { return mine == "" || mine == theirs }
	return r.Subject == other.Subject && (r.Action == other.Action || r.Action == Manage) &&
		same(a.Organization, b.Organization) && same(a.Project, b.Project) && same(a.Upstream, b.Upstream) &&
		(!a.Public || b.Public) && same(a.SharedWith, b.SharedWith) && same(string(a.SharedRole), string(b.SharedRole)) &&
		same(a.Owner, b.Owner) && same(a.CreatedBy, b.CreatedBy) &&
		(a.Types == nil || b.Types != nil && !slices.ContainsFunc(b.Types, func(t string) bool { return !slices.Contains(a.Types, t) }))
}

// AbilitiesOf lists the abilities whose every right a role has in a project, by name.
func AbilitiesOf(role Role) []Ability {
	const project = "project"
	who := role.Gives(project)
	who.Kind, who.User, who.Organization, who.OrgRole = User, "somebody", "organization", Member
	return slices.DeleteFunc(Abilities(), func(a Ability) bool {
		rights := CustomRole{project, []Ability{a}}.Gives()
		return !a.inProjects() || !MayGive(who, rights)
	})
}

// inProjects tells whether the ability means anything in a role for a project.
func (a Ability) inProjects() bool {
	return slices.ContainsFunc(abilities[a], func(l level) bool { return l.project != never })
}

// Inside is the principal with their rights in one project alone.
func (p Principal) Inside(project string) Principal {
	roles := slices.Clone(p.ProjectRoles[project])
	if p.OrgRole != Member && p.OrgRole != "" {
		roles = append(roles, p.OrgRole)
	}
	p.OrgRole, p.ProjectRoles, p.Custom = Member, map[string][]Role{project: roles}, inside(p.Custom, project, func(Action) bool { return true })
	return p
}

// Viewing is the principal with no more than a viewer's rights, in one project.
func (p Principal) Viewing(project string) Principal {
	if p.OrgRole != Member && p.OrgRole != "" {
		p.OrgRole = Viewer
	}
	roles := map[string][]Role{}
	if len(p.ProjectRoles[project]) > 0 {
		roles[project] = []Role{Viewer}
	}
	p.ProjectRoles, p.Custom = roles, inside(p.Custom, project, func(a Action) bool { return a == View })
	return p
}

// inside keeps of custom roles what they give in a project, of the actions that are wanted.
func inside(all []CustomRole, project string, wanted func(Action) bool) []CustomRole {
	var kept []CustomRole
	for _, c := range all {
		if c.Project == "" || c.Project == project {
			kept = append(kept, CustomRole{project, slices.DeleteFunc(slices.Clone(c.Abilities), func(a Ability) bool {
				action, _ := a.right()
				return !wanted(action)
			})})
		}
	}
	return kept
}

package access

import "iter"

// Action is what somebody wants to do. Manage covers every action.
type Action string

// Actions.
const (
	View    Action = "view"
	Create  Action = "create"
	Update  Action = "update"
	Delete  Action = "delete"
	Manage  Action = "manage"
	Promote Action = "promote"
)

// Subject is the kind of thing that an action is about.
type Subject string

// Subjects, by their names on the wire.
const (
	MemberProfile     Subject = "OrganizationMemberProfile"
	CsvJobResult      Subject = "CsvJobResult"
	PinnedItems       Subject = "PinnedItems"
	Dashboard         Subject = "Dashboard"
	SavedChart        Subject = "SavedChart"
	Space             Subject = "Space"
	Project           Subject = "Project"
	Organization      Subject = "Organization"
	ExportCsv         Subject = "ExportCsv"
	DashboardComments Subject = "DashboardComments"
	Tags              Subject = "Tags"
	Job               Subject = "Job"
	UnderlyingData    Subject = "UnderlyingData"
	SemanticViewer    Subject = "SemanticViewer"
	ChangeCsvResults  Subject = "ChangeCsvResults"
	Explore           Subject = "Explore"
	Deliveries        Subject = "ScheduledDeliveries"
	VirtualView       Subject = "VirtualView"
	CustomSQL         Subject = "CustomSql"
	SQLRunner         Subject = "SqlRunner"
	Validation        Subject = "Validation"
	CompileProject    Subject = "CompileProject"
	InviteLink        Subject = "InviteLink"
	Group             Subject = "Group"
	Analytics         Subject = "Analytics"
)

// Project types that rules speak of.
const (
	DefaultProject = "DEFAULT"
	PreviewProject = "PREVIEW"
)

// Rule allows one action on one kind of thing, where its condition holds. Rules only add up; none takes away.
type Rule struct {
	Action  Action
	Subject Subject
	When    Condition
}

// Condition is what must be true of the thing. Every part that is set must hold; the zero Condition always does.
type Condition struct {
	Organization string
	Project      string
	Upstream     string // the project that a preview is made from
	Public       bool   // the thing's space is not private
	SharedWith   string // the thing's access list has this user,
	SharedRole   Role   // and, when set, with this role
	Owner        string // the user that a job belongs to
	CreatedBy    string
	Types        []string // one of these project types
}

// shape is how a row of the matrix becomes a Condition for one user and one organization or project.
type shape uint8

const (
	never      shape = iota
	always           // no condition
	here             // in the organization, or in the project
	public           // here, and not private
	shared           // here, and shared with me
	asEditor         // here, and shared with me as editor
	asAdmin          // here, and shared with me as admin
	owned            // mine, wherever it is
	authored         // created by me, wherever it is
	preview          // here, of type preview
	anyType          // here, of a type that can be created
	upstream         // a preview made from here
	ownPreview       // a preview created by me
)

// row is one line of the matrix: the weakest role that the rule starts with, and its shape for a role in the
// organization and for a role in a project.
type row struct {
	from    Role
	action  Action
	subject Subject
	org     shape
	project shape
}

// matrix is the whole authorisation model. Each role has the rows of its own and of all weaker roles.
var matrix = []row{
	{Member, View, MemberProfile, here, never},
	{Member, View, CsvJobResult, authored, never},
	{Member, View, PinnedItems, here, never},

	{Viewer, View, PinnedItems, never, here},
	{Viewer, View, Dashboard, public, public},
	{Viewer, View, SavedChart, public, public},
	{Viewer, View, Dashboard, shared, shared},
	{Viewer, View, SavedChart, shared, shared},
	{Viewer, View, Space, public, public},
	{Viewer, View, Space, shared, shared},
	{Viewer, View, Project, here, here},
	{Viewer, View, Organization, here, never},
	{Viewer, Manage, ExportCsv, here, here},
	{Viewer, View, DashboardComments, here, here},
	{Viewer, View, Tags, here, here},

	{InteractiveViewer, Create, Job, always, never},
	{InteractiveViewer, View, Job, owned, never},
	{InteractiveViewer, View, UnderlyingData, here, here},
	{InteractiveViewer, View, SemanticViewer, here, here},
	{InteractiveViewer, Manage, ChangeCsvResults, here, here},
	{InteractiveViewer, Manage, Explore, here, here},
	{InteractiveViewer, Create, Deliveries, here, here},
	{InteractiveViewer, Create, DashboardComments, here, here},
	{InteractiveViewer, Manage, Dashboard, asEditor, asEditor},
	{InteractiveViewer, Manage, SavedChart, asEditor, asEditor},
	{InteractiveViewer, Manage, SemanticViewer, asEditor, asEditor},
	{InteractiveViewer, Manage, Dashboard, asAdmin, asAdmin},
	{InteractiveViewer, Manage, SavedChart, asAdmin, asAdmin},
	{InteractiveViewer, Manage, Space, asAdmin, asAdmin},

	{Editor, Create, Space, here, here},
	{Editor, Manage, Job, always, always},
	{Editor, Manage, PinnedItems, here, here},
	{Editor, Update, Project, here, here},
	{Editor, Manage, Deliveries, here, here},
	{Editor, Manage, DashboardComments, here, here},
	{Editor, Manage, SemanticViewer, here, here},
	{Editor, Manage, Tags, here, here},

	{Developer, Manage, VirtualView, here, here},
	{Developer, Manage, CustomSQL, here, here},
	{Developer, Manage, SQLRunner, here, here},
	{Developer, Manage, Validation, here, here},
	{Developer, Promote, SavedChart, asEditor, asEditor},
	{Developer, Promote, Dashboard, asEditor, asEditor},
	{Developer, Manage, CompileProject, here, here},
	{Developer, Create, Project, preview, upstream},
	{Developer, Delete, Project, preview, ownPreview},

	{Admin, Manage, Dashboard, here, here},
	{Admin, Manage, Space, here, here},
	{Admin, Manage, SavedChart, here, here},
	{Admin, Create, Project, anyType, never},
	{Admin, Delete, Project, here, here},
	{Admin, Manage, Project, here, here},
	{Admin, Manage, InviteLink, here, never},
	{Admin, Manage, Organization, here, never},
	{Admin, View, Analytics, here, never},
	{Admin, Manage, MemberProfile, here, never},
	{Admin, Manage, PinnedItems, here, never},
	{Admin, Manage, Group, here, never},
}

var (
	previewTypes   = []string{PreviewProject}
	creatableTypes = []string{DefaultProject, PreviewProject}
)

// condition makes the shape's condition; at says where "here" is.
func (s shape) condition(user string, at Condition) Condition {
	switch s {
	case public:
		at.Public = true
	case shared:
		at.SharedWith = user
	case asEditor:
		at.SharedWith, at.SharedRole = user, Editor
	case asAdmin:
		at.SharedWith, at.SharedRole = user, Admin
	case preview:
		at.Types = previewTypes
	case anyType:
		at.Types = creatableTypes
	case always:
		return Condition{}
	case owned:
		return Condition{Owner: user}
	case authored:
		return Condition{CreatedBy: user}
	case upstream:
		return Condition{Upstream: at.Project, Types: previewTypes}
	case ownPreview:
		return Condition{CreatedBy: user, Types: previewTypes}
	}
	return at
}

// Rules lists what somebody with an account may do: the rules of their role in the organization, of each role that
// they have in a project, and of their custom roles. Embedded principals have no rules of their own; see Can.
func Rules(who Principal) []Rule {
	all := []Rule{}
	for rule := range rules(who, func(row) bool { return true }) {
		all = append(all, rule)
	}
	return all
}

// rules yields the rules whose row is wanted.
func rules(who Principal, wanted func(row) bool) iter.Seq[Rule] {
	return func(yield func(Rule) bool) {
		if who.Kind != User || who.User == "" || who.Organization == "" {
			return
		}
		at := Condition{Organization: who.Organization}
		for _, r := range matrix {
			if r.org != never && wanted(r) && who.OrgRole.AtLeast(r.from) &&
				!yield(Rule{r.action, r.subject, r.org.condition(who.User, at)}) {
				return
			}
		}
		for project, roles := range who.ProjectRoles {
			at := Condition{Project: project}
			for _, role := range roles {
				for _, r := range matrix {
					if r.project != never && wanted(r) && role.AtLeast(r.from) &&
						!yield(Rule{r.action, r.subject, r.project.condition(who.User, at)}) {
						return
					}
				}
			}
		}
		for _, custom := range who.Custom {
			if !custom.yield(who, wanted, yield) {
				return
			}
		}
	}
}

// rank orders the roles; an unknown role has no power.
func (r Role) rank() int {
	switch r {
	case Member:
		return 1
	case Viewer:
		return 2
	case InteractiveViewer:
		return 3
	case Editor:
		return 4
	case Developer:
		return 5
	case Admin:
		return 6
	}
	return 0
}

// AtLeast tells whether the role has all the power of the other one; an unknown role never has.
func (r Role) AtLeast(other Role) bool { return r.rank() > 0 && r.rank() >= other.rank() }

package server

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/project"
	"inlay/internal/tenancy"
)

// The three services above identity each declare what they ask about people; these types answer from identity.

// belongings answers identity.Projects: with an organization go its keys and tenants, and then its projects.
type belongings struct {
	*project.Service
	tenancy *tenancy.Service
}

func (b belongings) EraseOrganization(ctx context.Context, organization string) error {
	if err := b.tenancy.EraseOrganization(ctx, organization); err != nil {
		return err
	}
	return b.Service.EraseOrganization(ctx, organization)
}

// projectPeople answers project.People.
type projectPeople struct {
	*identity.Service
	projects *project.Service
}

func (p projectPeople) Names(ctx context.Context, users []string) (map[string]project.Person, error) {
	names, err := p.Service.Names(ctx, users)
	people := make(map[string]project.Person, len(names))
	for id, name := range names {
		people[id] = project.Person{User: id, First: name.First, Last: name.Last}
	}
	return people, err
}

func (p projectPeople) Roles(ctx context.Context, organization, id string) (map[project.Person]access.Role, error) {
	people, err := p.People(ctx, organization, id)
	roles := make(map[project.Person]access.Role, len(people))
	for _, person := range people {
		roles[project.Person{User: person.UUID, First: person.First, Last: person.Last}] = strongest(person)
	}
	return roles, err
}

// strongest is the greatest of somebody's roles in a project; a member of the organization alone has none.
func strongest(p identity.Person) access.Role {
	order := []access.Role{access.Viewer, access.InteractiveViewer, access.Editor, access.Developer, access.Admin}
	best := -1
	for _, role := range append([]access.Role{p.OrgRole, p.ProjectRole}, p.GroupRoles...) {
		for i, known := range order {
			if role == known {
				best = max(best, i)
			}
		}
	}
	if best < 0 {
		return access.Member
	}
	return order[best]
}

func (p projectPeople) CopyAccess(ctx context.Context, from, to string) error {
	organization, err := p.projects.OrganizationOf(ctx, from)
	if err != nil {
		return err
	}
	return p.CopyGrants(ctx, organization, from, to)
}

func (p projectPeople) Erase(ctx context.Context, id string) error {
	organization, err := p.projects.OrganizationOf(ctx, id)
	if err != nil {
		return err
	}
	return p.EraseGrants(ctx, organization, id)
}

func (p projectPeople) Credentials(ctx context.Context, user, credentials string) (project.Credentials, error) {
	logins, err := p.WarehouseLogins(ctx, access.Principal{User: user})
	if err != nil {
		return project.Credentials{}, err
	}
	for _, login := range logins {
		if login.UUID == credentials {
			return project.Credentials{UUID: login.UUID, User: login.User, Name: login.Name, WarehouseType: login.Type,
				Shown: map[string]any{"type": login.Type, "user": login.Username}, Created: login.Created, Updated: login.Updated}, nil
		}
	}
	return project.Credentials{}, fault.New(fault.NotFound, "There are no warehouse credentials with the id %s", credentials)
}

// contentPeople answers content.Directory.
type contentPeople struct{ *identity.Service }

func (p contentPeople) Members(ctx context.Context, organization, id string) ([]content.Member, error) {
	people, err := p.Service.People(ctx, organization, id)
	members := make([]content.Member, len(people))
	for i, person := range people {
		members[i] = contentMember(person)
	}
	return members, err
}

func (p contentPeople) Member(ctx context.Context, organization, id, user string) (content.Member, error) {
	person, err := p.PersonIn(ctx, organization, id, user)
	return contentMember(person), err
}

func (p contentPeople) Standing(ctx context.Context, who access.Principal, id string) (content.Member, error) {
	person, err := p.Service.Standing(ctx, who, id)
	return contentMember(person), err
}

func contentMember(p identity.Person) content.Member {
	return content.Member{
		Person: content.Person{User: p.UUID, First: p.First, Last: p.Last}, Email: p.Email,
		OrgRole: p.OrgRole, ProjectRole: p.ProjectRole, GroupRoles: p.GroupRoles, Groups: p.Groups,
	}
}

func (p contentPeople) People(ctx context.Context, users []string) (map[string]content.Person, error) {
	names, err := p.Names(ctx, users)
	people := make(map[string]content.Person, len(names))
	for id, name := range names {
		people[id] = content.Person{User: id, First: name.First, Last: name.Last}
	}
	return people, err
}

func (p contentPeople) Organization(ctx context.Context, id string) (string, []string, error) {
	o, err := p.Service.Organization(ctx, id)
	return o.Name, o.ChartColors, err
}

// tenancyPeople answers tenancy.Directory.
type tenancyPeople struct{ *identity.Service }

func (p tenancyPeople) Organizations(ctx context.Context) ([]tenancy.Organization, error) {
	return tenancyOrganizations(p.Service.Organizations(ctx))
}

func (p tenancyPeople) MemberOf(ctx context.Context, user string) ([]tenancy.Organization, error) {
	return tenancyOrganizations(p.Service.MemberOf(ctx, user))
}

func tenancyOrganizations(all []identity.Organization, err error) ([]tenancy.Organization, error) {
	out := make([]tenancy.Organization, len(all))
	for i, o := range all {
		out[i] = tenancy.Organization{UUID: o.UUID, Name: o.Name}
	}
	return out, err
}

func (p tenancyPeople) Account(ctx context.Context, user string) (tenancy.Account, error) {
	return account(p.User(ctx, user))
}

func (p tenancyPeople) FindAccount(ctx context.Context, username string) (tenancy.Account, error) {
	return account(p.FindLogin(ctx, username))
}

func (p tenancyPeople) Login(ctx context.Context, username, password, caller string) (tenancy.Account, error) {
	return account(p.Service.Login(ctx, username, password, caller))
}

func (p tenancyPeople) CreateAccount(ctx context.Context, organization string, n tenancy.NewAccount) (tenancy.Account, error) {
	return account(p.CreateUser(ctx, identity.NewUser{
		Organization: organization, Role: n.Role, Username: n.Username, Email: n.Email, First: n.Name, SetupComplete: true,
	}))
}

func account(u identity.User, err error) (tenancy.Account, error) {
	name := u.Username
	if name == "" {
		name = u.Email
	}
	full := u.First
	if u.Last != "" {
		full += " " + u.Last
	}
	return tenancy.Account{UUID: u.UUID, Username: name, Email: u.Email, Name: full, Created: u.Created}, err
}

func (p tenancyPeople) Join(ctx context.Context, organization, user string, role access.Role) error {
	return p.AddGuest(ctx, organization, user, role)
}

// GrantCreator makes whoever creates a project through the API an admin of it.
func (p projectPeople) GrantCreator(ctx context.Context, organization, project, user string) error {
	return p.PutGrant(ctx, organization, project, user, access.Admin)
}

package tenancytest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

// People is a directory in memory.
type People struct {
	mu       sync.Mutex
	accounts []tenancy.Account
	members  map[string]map[string]access.Role // organization → user → role
	Groups   map[string]map[string][]string    // organization → group → users
}

func people() *People {
	return &People{
		accounts: []tenancy.Account{
			{UUID: AdminUser, Username: "ada", Email: "ada@example.com", Name: "Ada", Created: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)},
			{UUID: Viewer, Username: "vic", Email: "vic@example.com", Name: "Vic", Created: time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)},
		},
		members: map[string]map[string]access.Role{
			Org:      {AdminUser: access.Admin, Viewer: access.Viewer},
			OtherOrg: {AdminUser: access.Admin},
		},
		Groups: map[string]map[string][]string{Org: {"sales": nil}, OtherOrg: {}},
	}
}

func none(what string) error { return fault.New(fault.NotFound, "There is no such %s", what) }

// Organizations lists both.
func (p *People) Organizations(context.Context) ([]tenancy.Organization, error) {
	return []tenancy.Organization{{UUID: Org, Name: "Primary"}, {UUID: OtherOrg, Name: "Second"}}, nil
}

// MemberOf lists where a user is a member.
func (p *People) MemberOf(ctx context.Context, user string) ([]tenancy.Organization, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all, err := p.Organizations(ctx)
	return slices.DeleteFunc(all, func(o tenancy.Organization) bool { return p.members[o.UUID][user] == "" }), err
}

// Account finds by uuid.
func (p *People) Account(_ context.Context, user string) (tenancy.Account, error) {
	return p.find(func(a tenancy.Account) bool { return a.UUID == user })
}

// FindAccount finds by name or address.
func (p *People) FindAccount(_ context.Context, name string) (tenancy.Account, error) {
	return p.find(func(a tenancy.Account) bool {
		return strings.EqualFold(a.Username, name) || strings.EqualFold(a.Email, name)
	})
}

func (p *People) find(same func(tenancy.Account) bool) (tenancy.Account, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.IndexFunc(p.accounts, same); i >= 0 {
		return p.accounts[i], nil
	}
	return tenancy.Account{}, none("user")
}

// Login takes everybody's password.
func (p *People) Login(ctx context.Context, name, password, _ string) (tenancy.Account, error) {
	account, err := p.FindAccount(ctx, name)
	if err != nil || password != Password {
		return tenancy.Account{}, fault.New(fault.Unauthenticated, "Wrong")
	}
	return account, nil
}

// CreateAccount adds one.
func (p *People) CreateAccount(_ context.Context, organization string, n tenancy.NewAccount) (tenancy.Account, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.accounts, func(a tenancy.Account) bool { return n.Email != "" && strings.EqualFold(a.Email, n.Email) }) {
		return tenancy.Account{}, fault.New(fault.Conflict, "The address is taken")
	}
	account := tenancy.Account{UUID: uuid.NewString(), Username: n.Username, Email: n.Email, Name: n.Name}
	p.accounts = append(p.accounts, account)
	p.members[organization][account.UUID] = n.Role
	return account, nil
}

// Join adds a membership.
func (p *People) Join(_ context.Context, organization, user string, role access.Role) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.members[organization][user] = role
	return nil
}

// Leave takes a membership away.
func (p *People) Leave(organization, user string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.members[organization], user)
}

// AddToGroups makes groups as needed.
func (p *People) AddToGroups(_ context.Context, organization, user string, groups []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, group := range groups {
		if !slices.Contains(p.Groups[organization][group], user) {
			p.Groups[organization][group] = append(p.Groups[organization][group], user)
		}
	}
	return nil
}

// MissingGroups gives what isn't there.
func (p *People) MissingGroups(_ context.Context, organization string, names []string) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { _, ok := p.Groups[organization][name]; return ok }), nil
}

// KnownAttributes is one.
func (p *People) KnownAttributes(context.Context, string) ([]string, error) {
	return []string{"country"}, nil
}

// PrincipalOf gives a member's rights.
func (p *People) PrincipalOf(_ context.Context, organization, user string) (access.Principal, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	role := p.members[organization][user]
	if role == "" {
		return access.Principal{}, none("member")
	}
	who := access.Principal{Kind: access.User, Organization: organization, User: user, OrgRole: role}
	for name, users := range p.Groups[organization] {
		if slices.Contains(users, user) {
			who.Groups = append(who.Groups, name)
		}
	}
	return who, nil
}

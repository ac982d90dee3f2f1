package oversight

import (
	"testing"

	"inlay/internal/access"
)

// A credential for one project carries less than its account. That alone stops no query; a change of the account does.
func TestRightsAreComparedInTheFormThatACredentialCarriesThem(t *testing.T) {
	account := func(change func(*access.Principal)) access.Principal {
		p := access.Principal{Kind: access.User, User: "u", Organization: "o", OrgRole: access.Editor, Groups: []string{"sales"},
			ProjectRoles: map[string][]access.Role{"p": {access.Viewer, access.Developer}, "q": {access.Viewer}},
			Custom:       []access.CustomRole{{Project: "p", Abilities: []access.Ability{"view:Dashboard", "manage:Explore"}}},
			Attributes:   map[string][]string{"region": {"north"}}}
		change(&p)
		return p
	}
	forms := map[string]func(access.Principal) access.Principal{
		"a personal token": func(p access.Principal) access.Principal { return p },
		"an embed session": func(p access.Principal) access.Principal { p.Project = "p"; return p.Inside("p") },
		"an embed session for one dashboard": func(p access.Principal) access.Principal {
			p.Project, p.Scope = "p", &access.Scope{}
			return p.Inside("p").Viewing("p")
		},
		"a trusted session for one Liveboard": func(p access.Principal) access.Principal {
			p.Project, p.Scope = "p", &access.Scope{}
			return p.Viewing("p")
		},
	}
	changes := map[string]func(*access.Principal){
		"an attribute": func(p *access.Principal) { p.Attributes = map[string][]string{"region": {"south"}} },
		"a group":      func(p *access.Principal) { p.Groups = nil },
		"access to the project": func(p *access.Principal) {
			p.OrgRole, p.ProjectRoles, p.Custom = access.Member, nil, nil
		},
		"the account itself": func(p *access.Principal) { *p = access.Principal{} },
	}
	same := account(func(*access.Principal) {})
	for form, of := range forms {
		who := of(account(func(*access.Principal) {}))
		if !sameRights(who, same) {
			t.Errorf("%s differs from its account: %+v", form, who)
		}
		for change, by := range changes {
			if sameRights(who, account(by)) {
				t.Errorf("%s: %s changed unnoticed", form, change)
			}
		}
	}
	other := account(func(*access.Principal) {})
	other.ProjectRoles = map[string][]access.Role{"q": {access.Viewer}, "p": {access.Developer, access.Viewer}}
	if !sameRights(same, other) {
		t.Error("the order of roles counts")
	}
}

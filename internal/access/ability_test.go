package access_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"inlay/internal/access"
)

// randomRights makes somebody with roles of all sorts.
func randomRights(r *rand.Rand) access.Principal {
	who := inOrg(roles[r.IntN(len(roles))])
	if r.IntN(2) == 0 {
		who.OrgRole = access.Member
	}
	who.ProjectRoles = map[string][]access.Role{}
	for _, project := range []string{here, elsewhere} {
		if r.IntN(3) == 0 {
			who.ProjectRoles[project] = []access.Role{roles[1+r.IntN(5)]}
		}
	}
	all := access.Abilities()
	for range r.IntN(3) {
		custom := access.CustomRole{Project: []string{"", here, elsewhere}[r.IntN(3)]}
		for range 1 + r.IntN(5) {
			custom.Abilities = append(custom.Abilities, all[r.IntN(len(all))])
		}
		who.Custom = append(who.Custom, custom)
	}
	return who
}

func TestNobodyGivesARightThatTheyLack(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	given := 0
	for range 2_000 {
		giver, rights := randomRights(r), randomRights(r)
		if !access.MayGive(giver, rights) {
			continue
		}
		given++
		for range 100 {
			thing, action := randomThing(r), actions[r.IntN(len(actions))]
			if access.Can(rights, action, thing) && !access.Can(giver, action, thing) {
				t.Fatalf("%+v may give %+v, and so %s %+v, which they can't do", giver, rights, action, thing)
			}
		}
	}
	if given < 150 {
		t.Errorf("only %d of the tries gave anything", given)
	}
}

func TestAStrongerRoleMayGiveTheWeakerAndNotTheOtherWayRound(t *testing.T) {
	for i, giver := range roles {
		for j, given := range roles {
			if got := access.MayGive(inOrg(giver), given.Gives("")); got != (i >= j) {
				t.Errorf("%s gives %s in the organization: %v", giver, given, got)
			}
			if got := access.MayGive(inProject(giver), given.Gives(here)); i > 0 && j > 0 && got != (i >= j) {
				t.Errorf("%s gives %s in the project: %v", giver, given, got)
			}
			if access.MayGive(inProject(giver), given.Gives(elsewhere)) && j > 0 {
				t.Errorf("%s gives %s in another project", giver, given)
			}
		}
		if !access.MayGive(inOrg(access.Admin), giver.Gives(here)) {
			t.Errorf("an admin of the organization can't make a %s of the project", giver)
		}
	}
	every := access.CustomRole{Abilities: access.Abilities()}.Gives()
	if !access.MayGive(inOrg(access.Admin), every) || access.MayGive(inOrg(access.Developer), every) {
		t.Error("admins, and nobody below, give every ability")
	}
	embedded := inOrg(access.Admin)
	embedded.Scope = &access.Scope{}
	if access.MayGive(embedded, access.Viewer.Gives(here)) {
		t.Error("an embedded page gives a role")
	}
}

// Each ability allows what its name says on some thing, and nothing about any other subject or in another project.
func TestAnAbilityAllowsWhatItsNameSays(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, ability := range access.Abilities() {
		action, subject, _ := strings.Cut(string(ability), ":")
		subject, _, _ = strings.Cut(subject, "@")
		who, did := inOrg(access.Member), false
		who.OrgRole = "" // nothing but the ability
		who.Custom = []access.CustomRole{{Abilities: []access.Ability{ability}}}
		inside := who
		inside.Custom = []access.CustomRole{{Project: here, Abilities: []access.Ability{ability}}}
		for range 10_000 {
			thing, try := randomThing(r), actions[r.IntN(len(actions))]
			for _, as := range []access.Principal{who, inside} {
				if !access.Can(as, try, thing) {
					continue
				}
				if string(thing.Subject) != subject || string(try) != action && action != "manage" {
					t.Fatalf("%s allows to %s %+v", ability, try, thing)
				}
				if as.Custom[0].Project == here && thing.Project == elsewhere && thing.Upstream != here && thing.Owner != me && thing.CreatedBy != me && subject != "Job" {
					t.Fatalf("%s in a project allows to %s %+v", ability, try, thing)
				}
				did = did || string(try) == action
			}
		}
		if !did {
			t.Errorf("%s allows nothing", ability)
		}
	}
}

func TestRightsInOneProjectAreNoMoreThanBefore(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for range 20_000 {
		who, thing, action := randomRights(r), randomThing(r), actions[r.IntN(len(actions))]
		inside, viewing := who.Inside(here), who.Viewing(here)
		inside.Project, viewing.Project = here, here
		if access.Can(inside, action, thing) && !access.Can(who, action, thing) {
			t.Fatalf("inside of a project %+v gains to %s %+v", who, action, thing)
		}
		if access.Can(viewing, action, thing) && !access.Can(who, action, thing) {
			t.Fatalf("by only viewing %+v gains to %s %+v", who, action, thing)
		}
	}
}

package identity_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/identity"
)

// rules is the independent model of who may do what in one organization with one project: what the roles are said to
// include, counted by rank, and what custom roles name. It shares nothing with the code under test.
type rules struct {
	rank   map[string]int                     // of a member's role in the organization
	grant  map[string]int                     // of a user's or a group's role in the project
	custom map[string]map[string]string       // by place ("organization" or "project"), then by user or group: a role's id
	roles  map[string]map[access.Ability]bool // abilities of custom roles
	member map[string]map[string]bool         // users by group
}

var ranks = []access.Role{"member", "viewer", "interactive_viewer", "editor", "developer", "admin"}

// probes are abilities, with the weakest role that includes each, in the organization and in the project; 9 is none.
var probes = map[access.Ability][2]int{
	"view:Project": {1, 1}, "manage:Explore": {2, 2}, "update:Project": {3, 3}, "manage:Tags": {3, 3}, "manage:SqlRunner": {4, 4},
	"manage:Project": {5, 5}, "manage:Organization": {5, 9}, "manage:OrganizationMemberProfile": {5, 9}, "manage:Group": {5, 9},
}

// includes are the abilities that another one brings.
var includes = map[access.Ability][]access.Ability{"manage:Project": {"view:Project", "update:Project"}}

func (m *rules) names(role string, ability access.Ability) bool {
	for has := range m.roles[role] {
		if has == ability || slices.Contains(includes[has], ability) {
			return true
		}
	}
	return false
}

func (m *rules) may(user string, ability access.Ability) bool {
	need := probes[ability]
	if m.rank[user] >= need[0] || m.names(m.custom["organization"][user], ability) {
		return true
	}
	holders := []string{user}
	for group, users := range m.member {
		if users[user] {
			holders = append(holders, group)
		}
	}
	return slices.ContainsFunc(holders, func(holder string) bool {
		return m.grant[holder] >= need[1] || need[1] < 9 && m.names(m.custom["project"][holder], ability)
	})
}

// covers tells whether somebody has every probed right of a rank, or of a custom role.
func (m *rules) covers(user string, rank int, role string, at int) bool {
	for ability, need := range probes {
		if (rank >= need[at] || m.names(role, ability) && need[at] < 9) && !m.may(user, ability) {
			return false
		}
	}
	return true
}

// TestNoSequenceOfActsGivesARightThatTheRulesDeny runs random acts by random people, with seeds that are the same each
// time; INLAY_FUZZ_ACTS makes it longer. After each act what anybody may do is held against the model, and an act that
// succeeded against whether the model lets whoever did it. Leave out the call of mayGive in assign, and it fails.
func TestNoSequenceOfActsGivesARightThatTheRulesDeny(t *testing.T) {
	acts := 150
	if given, err := strconv.Atoi(os.Getenv("INLAY_FUZZ_ACTS")); err == nil {
		acts = given
	}
	each(t, func(t *testing.T, w *world) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(31, 32))
		m := &rules{map[string]int{}, map[string]int{}, map[string]map[string]string{"organization": {}, "project": {}}, map[string]map[access.Ability]bool{}, map[string]map[string]bool{}}
		people, groups, custom := []string{"admin", "developer", "editor", "viewer", "member"}, []string{}, []string{}
		for _, name := range people {
			m.rank[name] = slices.Index(ranks, w.users[name].Role)
		}
		for _, name := range []string{"One", "Two"} {
			g, err := w.CreateGroup(ctx, w.who("admin"), name, nil)
			w.ok(err)
			groups, m.member[g.UUID] = append(groups, g.UUID), map[string]bool{}
		}
		staff := []access.Ability{"manage:Organization", "manage:OrganizationMemberProfile", "manage:Group", "manage:Project"}
		role, err := w.CreateRole(ctx, w.who("admin"), "Staff", nil, staff)
		w.ok(err)
		custom, m.roles[role.UUID] = append(custom, role.UUID), map[access.Ability]bool{}
		for _, ability := range staff {
			m.roles[role.UUID][ability] = true
		}
		for _, name := range []string{"member", "viewer"} { // who may administer, and not everything else
			_, err := w.Assign(ctx, w.who("admin"), identity.Assignment{User: w.users[name].UUID, Role: role.UUID})
			w.ok(err)
			m.rank[name], m.custom["organization"][name] = 0, role.UUID
		}
		pick := func(of []string) string { return of[r.IntN(len(of))] }
		randomAbilities := func() []access.Ability {
			var all []access.Ability
			for _, a := range slices.Sorted(func(yield func(access.Ability) bool) {
				for a := range probes {
					if !yield(a) {
						return
					}
				}
			}) {
				if r.IntN(4) == 0 {
					all = append(all, a)
				}
			}
			return all
		}
		var trail []string
		succeeded, refused := 0, 0
		for range acts {
			actor := pick(people)
			who, allowed, did := w.who(actor), false, ""
			var err error
			done := func() {}
			switch r.IntN(6) {
			case 0: // make or change a custom role
				abilities := randomAbilities()
				set := map[access.Ability]bool{}
				for _, a := range abilities {
					set[a] = true
				}
				var made identity.CustomRole
				id := "new" + fmt.Sprint(len(custom))
				m.roles[id] = set
				allowed, did = m.may(actor, "manage:Organization") && m.covers(actor, -1, id, 0), fmt.Sprint("makes a role of ", abilities)
				delete(m.roles, id)
				if made, err = w.CreateRole(ctx, who, id, nil, abilities); err == nil {
					custom, m.roles[made.UUID] = append(custom, made.UUID), set
				}
			case 1: // a role in the organization
				user, rank := pick(people), r.IntN(len(ranks))
				allowed, did = m.may(actor, "manage:OrganizationMemberProfile") && m.covers(actor, rank, "", 0), fmt.Sprint("makes ", user, " ", ranks[rank])
				done = func() { m.rank[user] = rank; delete(m.custom["organization"], user) }
				_, err = w.SetRole(ctx, who, w.users[user].UUID, ranks[rank])
			case 2: // a role in the project
				user, rank := pick(people), 1+r.IntN(len(ranks)-1)
				allowed, did = m.may(actor, "manage:Project") && m.covers(actor, rank, "", 1), fmt.Sprint("makes ", user, " ", ranks[rank], " of the project")
				done = func() { m.grant[user] = rank; delete(m.custom["project"], user) }
				_, err = w.Assign(ctx, who, identity.Assignment{Project: ourProject, User: w.users[user].UUID, Role: string(ranks[rank])})
			case 3: // a custom role
				if len(custom) == 0 {
					continue
				}
				user, role, place, at, need := pick(people), pick(custom), "organization", 0, access.Ability("manage:OrganizationMemberProfile")
				a := identity.Assignment{User: w.users[user].UUID, Role: role}
				if r.IntN(2) == 0 {
					place, at, need, a.Project = "project", 1, "manage:Project", ourProject
				}
				allowed, did = m.may(actor, need) && m.covers(actor, -1, role, at), fmt.Sprint("gives ", user, " ", m.roles[role], " in the ", place)
				done = func() {
					m.custom[place][user] = role
					if place == "project" {
						delete(m.grant, user)
					} else {
						m.rank[user] = 0
					}
				}
				_, err = w.Assign(ctx, who, a)
			case 4: // membership
				group, user := pick(groups), pick(people)
				allowed, did = m.may(actor, "manage:Group") && m.covers(actor, m.grant[group], m.custom["project"][group], 1), fmt.Sprint("adds ", user, " to a group")
				done = func() { m.member[group][user] = true }
				_, err = w.AddMember(ctx, who, group, w.users[user].UUID)
			case 5: // a group's role
				group, rank := pick(groups), 1+r.IntN(len(ranks)-1)
				allowed = m.may(actor, "manage:Group") && m.may(actor, "manage:Project") && m.covers(actor, rank, "", 1)
				did = fmt.Sprint("makes a group ", ranks[rank])
				done = func() { m.grant[group] = rank; delete(m.custom["project"], group) }
				_, err = w.Assign(ctx, who, identity.Assignment{Project: ourProject, Group: group, Role: string(ranks[rank])})
			}
			trail = append(trail, fmt.Sprintf("%s %s: %v", actor, did, err))
			if err == nil {
				succeeded++
				if !allowed {
					t.Fatalf("the rules deny the last of\n%s", strings.Join(trail, "\n"))
				}
				done()
			} else {
				refused++
			}
			for _, user := range people {
				for ability := range probes {
					action, subject, _ := strings.Cut(string(ability), ":")
					thing := access.Thing{Subject: access.Subject(subject), Organization: ours, Project: ourProject}
					if access.Can(w.who(user), access.Action(action), thing) && !m.may(user, ability) {
						t.Fatalf("%s has %s, which the rules deny, after\n%s", user, ability, strings.Join(trail, "\n"))
					}
				}
			}
		}
		if succeeded < acts/15 || refused < acts/15 {
			t.Errorf("%d acts succeeded and %d were refused: too few", succeeded, refused)
		}
	})
}

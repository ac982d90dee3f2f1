package semantic

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"inlay/internal/fault"
)

// guarded has fields behind attributes, and fields that build on those.
const guarded = `
type: model
name: people
sql_from: people
joins:
  - {join: pay, sql_on: "${people.id} = ${pay.id}"}
  - {join: pay, alias: old_pay, sql_on: "${pay.id} = ${old_pay.id}"}
  - {join: teams, sql_on: "${people.team} = ${teams.id}"}
dimensions:
  - {name: id, type: number}
  - {name: team, type: string}
  - name: age
    type: number
    required_attributes: {is_admin: "true"}
    metrics: {average_age: {type: average}}
  - {name: decade, sql: "${age} / 10"}
  - {name: generation, sql: "${decade} / 2"}
  - {name: region, type: string, any_attributes: {country: [fr, de], boss: "yes"}}
  - {name: born, type: date, required_attributes: {is_admin: "true", clearance: [high, top]}}
metrics:
  people_count: {type: count, sql: "${id}"}
  sum_of_generations: {type: sum, sql: "${generation}"}
  doubled: {type: number, sql: "2 * ${sum_of_generations}"}
  old_people: {type: count, sql: "${id}", filters: [{age: "> 60"}]}
  pay_of_people: {type: number, sql: "${pay.total_pay} / ${people_count}"}
  late_births: {type: max, sql: "${id}", filters: [{born_YEAR: "2020"}]}
---
type: model
name: pay
sql_from: pay
required_attributes: {department: [hr, finance]}
dimensions: [{name: id, type: number}]
metrics: {total_pay: {type: sum, sql: "${TABLE}.amount"}}
---
type: model
name: teams
sql_from: teams
dimensions: [{name: id, type: string}, {name: lead, sql: "${people.age}"}]
---
type: model
name: lone_teams
sql_from: teams
sql_filter: "${secret} = 1"
dimensions: [{name: id, type: string}, {name: secret, required_attributes: {is_admin: "true"}}]
`

// left lists what somebody sees, parted by blanks.
func left(e *Explore) string {
	var out []string
	for _, alias := range sortedKeys(e.Tables) {
		for _, key := range sortedKeys(e.Tables[alias].Dimensions) {
			if e.Tables[alias].Dimensions[key].TimeInterval == "" {
				out = append(out, alias+"."+key)
			}
		}
		for _, key := range sortedKeys(e.Tables[alias].Metrics) {
			out = append(out, alias+"."+key+"()")
		}
	}
	return strings.Join(out, " ")
}

func TestWhatSomebodyMayNotSeeIsGoneWithAllThatBuildsOnIt(t *testing.T) {
	e := find(t, loadText(t, strings.Replace(guarded, "{name: lead, sql: \"${people.age}\"}", "{name: lead}", 1)), "people")
	open := "people.id people.team"
	for name, c := range map[string]struct {
		attributes map[string][]string
		want       string
	}{
		"nobody": {nil, open + " people.people_count() teams.id teams.lead"},
		"an admin": {map[string][]string{"is_admin": {"no", "true"}},
			"people.age people.decade people.generation " + open + " people.average_age() people.doubled() people.old_people() " +
				"people.people_count() people.sum_of_generations() teams.id teams.lead"},
		"a german": {map[string][]string{"country": {"de"}}, "people.id people.region people.team people.people_count() teams.id teams.lead"},
		"a boss":   {map[string][]string{"boss": {"yes"}, "country": {"it"}}, "people.id people.region people.team people.people_count() teams.id teams.lead"},
		"a clerk": {map[string][]string{"department": {"hr"}},
			"old_pay.id old_pay.total_pay() pay.id pay.total_pay() " + open + " people.pay_of_people() people.people_count() teams.id teams.lead"},
		"cleared but no admin": {map[string][]string{"clearance": {"top"}}, open + " people.people_count() teams.id teams.lead"},
		"a cleared admin": {map[string][]string{"is_admin": {"true"}, "clearance": {"high"}},
			"people.age people.born people.decade people.generation " + open + " people.average_age() people.doubled() people.late_births() " +
				"people.old_people() people.people_count() people.sum_of_generations() teams.id teams.lead"},
		"other letters": {map[string][]string{"is_admin": {"TRUE"}, "Department": {"hr"}}, open + " people.people_count() teams.id teams.lead"},
		"no values":     {map[string][]string{"is_admin": {}, "department": {}}, open + " people.people_count() teams.id teams.lead"},
	} {
		seen, err := Visible(e, c.attributes)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := left(seen); got != c.want {
			t.Errorf("%s sees\n%s\nnot\n%s", name, got, c.want)
		}
		for _, j := range seen.Joins {
			if seen.Tables[j.Table] == nil {
				t.Errorf("%s joins %s, which is gone", name, j.Table)
			}
		}
		if len(seen.Joins)+1 != len(seen.Tables) {
			t.Errorf("%s: %d joins for %d tables", name, len(seen.Joins), len(seen.Tables))
		}
	}
}

func TestIntervalsOfAGuardedDateAreGoneWithIt(t *testing.T) {
	e := find(t, loadText(t, guarded), "people")
	seen, err := Visible(e, map[string][]string{"is_admin": {"true"}})
	if err != nil {
		t.Fatal(err)
	}
	for key := range seen.Tables["people"].Dimensions {
		if strings.HasPrefix(key, "born") {
			t.Errorf("%s is there", key)
		}
	}
}

func TestAJoinOnAGuardedDimensionIsGone(t *testing.T) {
	e := find(t, loadText(t, strings.Replace(guarded, "${people.team} = ${teams.id}", "${people.age} = ${teams.id}", 1)), "people")
	seen, err := Visible(e, nil)
	if err != nil || seen.Tables["teams"] != nil || seen.Join("teams") != nil {
		t.Errorf("teams can be seen, %v", err)
	}
}

func TestAGuardedBaseRefusesTheExplore(t *testing.T) {
	m := loadText(t, guarded)
	for _, name := range []string{"pay", "lone_teams"} {
		_, err := Visible(find(t, m, name), map[string][]string{"department": {"sales"}})
		if f := fault.As(err); err == nil || f.Kind != fault.Unauthenticated || f.Code != "Authorization" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSharedExploreStaysAsItIs(t *testing.T) {
	e, twin := find(t, loadText(t, guarded), "people"), find(t, loadText(t, guarded), "people")
	for _, attributes := range []map[string][]string{nil, {"is_admin": {"true"}}, {"department": {"hr"}}} {
		if _, err := Visible(e, attributes); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(e, twin) {
		t.Error("the explore was changed")
	}
}

func find(t testing.TB, m *Model, name string) *Explore {
	t.Helper()
	i := slices.IndexFunc(m.Explores, func(e *Explore) bool { return e.Name == name })
	if i < 0 || len(m.Explores[i].Errors) > 0 {
		t.Fatal(name, m.Problems)
	}
	return m.Explores[i]
}

func TestADefaultTimeIsNotNamedToWhoMayNotSeeIt(t *testing.T) {
	e := loadText(t, `
type: model
name: people
sql_from: people
default_time_dimension: {field: born, interval: YEAR}
dimensions:
  - {name: id, type: number}
  - {name: born, type: date, required_attributes: {is_admin: "true"}}
metrics:
  people_count: {type: count, sql: "${id}", default_time_dimension: {field: born, interval: MONTH}}
`).Explores[0]
	seen, err := Visible(e, nil)
	if err != nil {
		t.Fatal(err)
	}
	if people := seen.Tables["people"]; people.DefaultTime != nil || people.Metrics["people_count"].DefaultTime != nil {
		t.Errorf("%v and %v name a hidden dimension", people.DefaultTime, people.Metrics["people_count"].DefaultTime)
	}
	if people := e.Tables["people"]; people.DefaultTime == nil || people.Metrics["people_count"].DefaultTime == nil {
		t.Error("the explore that everybody shares was changed")
	}
}

package semantic

import (
	"fmt"
	"strings"
	"testing"
)

func TestReferencesAreFoundInOrder(t *testing.T) {
	kinds := map[Kind]string{ToTable: "table", ToField: "field", ToAttribute: "attribute", ToEmail: "email", ToParameter: "parameter"}
	for sql, want := range map[SQL]string{
		"1":                                   "",
		"${TABLE}.a + ${b}":                   "table | field b",
		"${t.b}":                              "field t.b",
		"${a}${b}":                            "field a | field b",
		"x = ${ld.attr.team}":                 "attribute team",
		"${lightdash.attributes.team}":        "attribute team",
		"${ld.attribute.team}":                "attribute team",
		"${ld.user.email}":                    "email",
		"${lightdash.user.email}":             "email",
		"${ld.parameters.day}":                "parameter day",
		"${ld.parameters.model.day}":          "parameter model.day",
		"${ld.user.name} ${ld.nothing.at}":    "",
		"${ld.attr.}, ${ld.attr.a.b}":         "",
		"${a-b} ${} ${a b} $a {b} ${é}":       "",
		"${unfinished":                        "",
		"${":                                  "",
		"$${a}":                               "field a",
		"${a${b}}":                            "field b",
		"${ldx.a} ${lightdashes.b}":           "field ldx.a | field lightdashes.b",
		"json ->> '${TABLE}' /* ${comment}*/": "table | field comment",
	} {
		found, err := References(sql)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
		}
		var got []string
		for _, r := range found {
			name := strings.TrimPrefix(r.Table+"."+r.Name, ".")
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s", kinds[r.Kind], name)))
			if string(sql[r.Start:r.End]) != r.Text {
				t.Errorf("%s: %q stands elsewhere", sql, r.Text)
			}
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%s: found %q, not %q", sql, strings.Join(got, " | "), want)
		}
	}
}

func TestAReferenceOfThreePartsIsAFault(t *testing.T) {
	for _, sql := range []SQL{"${a.b.c}", "1 + ${a..b}"} {
		if _, err := References(sql); err == nil {
			t.Errorf("%s is taken", sql)
		}
	}
}

func TestSubstituteKeepsTheTextBetweenReferences(t *testing.T) {
	got, err := Substitute("a ${TABLE}.b > ${c}!", func(r Reference) (string, error) { return "<" + r.Name + ">", nil })
	if err != nil || got != "a <>.b > <c>!" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAReferenceFindsATableByTheNameOfItsModelForDimensionsOnly(t *testing.T) {
	e := loadText(t, `
type: model
name: orders
sql_from: orders
joins: [{join: people, alias: buyers, sql_on: "${orders.buyer} = ${people.id}"}]
dimensions: [{name: buyer, type: number}, {name: who, sql: "${people.name}"}]
---
type: model
name: people
sql_from: people
dimensions: [{name: id, type: number}, {name: name, sql: "upper(${people.id})"}]
metrics: {people_count: {type: count, sql: "${id}"}}
`).Explores[0]
	if len(e.Errors) > 0 {
		t.Fatal(e.Errors)
	}
	if d := e.Dimension("orders", "people", "name"); d == nil || d.Table != "buyers" {
		t.Errorf("found %+v", d)
	}
	if m := e.Metric("orders", "people", "people_count"); m != nil {
		t.Errorf("found %+v", m)
	}
	if got := e.Tables["orders"].Dimensions["who"].Tables; fmt.Sprint(got) != "[orders buyers]" {
		t.Errorf("touches %v", got)
	}
}

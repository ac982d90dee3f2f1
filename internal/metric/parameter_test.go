package metric

import (
	"encoding/json"
	"strings"
	"testing"

	"inlay/internal/semantic"
)

func chosen(t *testing.T, sql semantic.SQL, document string) (*Plan, error) {
	t.Helper()
	e := expressionExplore()
	e.Parameters = map[string]*semantic.Parameter{
		"text":   {Name: "text", Type: semantic.String, Multiple: true},
		"number": {Name: "number", Type: semantic.Number},
		"day":    {Name: "day", Type: semantic.Date},
		"one":    {Name: "one", Type: semantic.String, Options: []string{"a", "b"}},
	}
	e.Tables["orders"].SQLFilter = sql
	q := Query{Dimensions: []string{"orders_id"}, Limit: 1}
	if err := json.Unmarshal([]byte(document), &q.Parameters); err != nil {
		return nil, err
	}
	return Build(e, q, AllOpen([]string{"orders"}, "test"), Options{})
}

// Whatever stands in a value, it is one literal; what isn't of the parameter's type is refused by name.
func TestH25_parameter_values_stay_values(t *testing.T) {
	for _, value := range []string{"'", "''", `\`, `\'`, "${ld.parameters.day}", "${TABLE}", "{{ 1 }}", "{% if x %}", "$$", "*/ --", "a\nb"} {
		document, _ := json.Marshal(map[string]any{"text": []string{value, value}})
		plan, err := chosen(t, "x IN (${ld.parameters.text})", string(document))
		if err != nil {
			t.Fatalf("%q: %v", value, err)
		}
		list := plan.Blocks[0].SQL[0].Parts[1]
		if list.Kind != ValueList || len(list.Values) != 2 || list.Values[0] != (Literal{Kind: TextLiteral, Text: value}) {
			t.Errorf("%q became %+v", value, list)
		}
	}
	for document, want := range map[string]string{
		`{"number": "1; DROP TABLE x"}`: `Parameter "number"`, `{"number": "1e9"}`: `Parameter "number"`, `{"number": ["1", "2"]}`: `Parameter "number"`,
		`{"day": "2024-13-01"}`: `Parameter "day"`, `{"day": "2024-01-01' OR '1'='1"}`: `Parameter "day"`,
		`{"one": "c"}`: `Parameter "one"`, `{"one": "a' --"}`: `Parameter "one"`, `{"one": {"a": 1}}`: `Parameter "one"`,
		`{"one": [["a"]]}`: `Parameter "one"`, `{"one": true}`: `Parameter "one"`, `{"one": null}`: `Parameter "one"`,
		`{"text": []}`: `Parameter "text"`, `{"x' OR 1": 1}`: `no parameter "x' OR 1"`, `[1]`: "parameters must be an object",
	} {
		if _, err := chosen(t, "1 = 1", document); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", document, err)
		}
	}
}

// A value in an author's quotes would end them: such SQL is never planned, wherever it comes from.
func TestH25_references_inside_quotes_are_refused(t *testing.T) {
	for _, sql := range []semantic.SQL{
		"'${ld.parameters.text}'", `"${ld.parameters.text}"`, "`${ld.parameters.text}`", "1=1 -- ${ld.parameters.text}", "/* ${ld.parameters.text} */ 1=1",
		`'\' || ${ld.parameters.text}`, `'it''s ${ld.parameters.text}'`, "$$${ld.parameters.text}$$", "$a$ ${ld.parameters.text} $a$", "1=1 # ${ld.parameters.text}",
	} {
		if _, err := chosen(t, sql, `{"text": "x"}`); err == nil || !strings.Contains(err.Error(), "inside quotes") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, sql := range []semantic.SQL{"'it''s' = ${ld.parameters.text} -- it's", "x #>> '{a}' = ${ld.parameters.text}", "/* ' */ x = ${ld.parameters.text}"} {
		if _, err := chosen(t, sql, `{"text": "x"}`); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

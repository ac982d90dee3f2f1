package tenancy

import (
	"encoding/json"
	"reflect"
	"testing"

	"inlay/internal/fault"
)

func TestPrefiltersBecomeConditions(t *testing.T) {
	for text, want := range map[string][]any{
		`"a"`:                            {"a"},
		`""`:                             {""},
		`1`:                              {int64(1)},
		`-9223372036854775808`:           {int64(-1 << 63)},
		`9223372036854775808`:            {"9223372036854775808"},
		`1.5`:                            {1.5},
		`1e3`:                            {float64(1000)},
		`0.12345678901234567890`:         {"0.12345678901234567890"},
		`true`:                           {true},
		`null`:                           {nil},
		`[]`:                             {},
		`["a",1,null,false]`:             {"a", int64(1), nil, false},
		`{"op":"in","values":["a","b"]}`: {"a", "b"},
		`{"op":"in","values":[]}`:        {},
		`{"op":"eq","values":[7]}`:       {int64(7)},
		`"x' OR '1'='1"`:                 {"x' OR '1'='1"},
	} {
		filters, err := rowFilters(read(t, `{"c":`+text+`}`))
		if err != nil || len(filters) != 1 || !reflect.DeepEqual(filters[0].Values, want) || filters[0].Column != "c" {
			t.Errorf("%s: %v %v", text, filters, err)
		}
	}
}

func TestPrefiltersThatSayNothingClearAreRefused(t *testing.T) {
	for _, text := range []string{
		`{"c":[["a"]]}`, `{"c":[{"a":1}]}`, `{"c":{}}`, `{"c":{"op":"in"}}`, `{"c":{"op":"in","values":"a"}}`,
		`{"c":{"op":"gt","values":[1]}}`, `{"c":{"op":"eq","values":[]}}`, `{"c":{"op":"eq","values":[1,2]}}`,
		`{"c":{"op":"in","values":[1],"not":true}}`, `{"":"a"}`, `{" ":"a"}`, `{"c":1e999}`,
	} {
		if filters, err := rowFilters(read(t, text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v %v", text, filters, err)
		}
	}
}

func read(t *testing.T, text string) Values {
	t.Helper()
	var values Values
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatal(err)
	}
	return values
}

func TestAttributesBecomeTexts(t *testing.T) {
	values := read(t, `{"a":"x","b":12345678901234567890,"c":[1,"y",true],"d":null,"e":[],"f":false}`)
	for name, want := range map[string][]string{
		"a": {"x"}, "b": {"12345678901234567890"}, "c": {"1", "y", "true"}, "d": nil, "e": nil, "f": {"false"},
	} {
		if got := texts(values[name]); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

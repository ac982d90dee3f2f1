package tenancy

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// Values is a JSON object whose numbers stay as they were written: an account number of twenty digits must not be
// rounded into somebody else's.
type Values map[string]any

// UnmarshalJSON reads the object with json.Number for numbers.
func (v *Values) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var read map[string]any
	err := decoder.Decode(&read)
	*v = read
	return err
}

// plain gives the values with numbers as int64 or float64 where those hold them exactly, and as text otherwise.
func (v Values) plain() map[string]any {
	if v == nil {
		return nil
	}
	out := make(map[string]any, len(v))
	for name, value := range v {
		out[name] = plain(value)
	}
	return out
}

func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		if number, err := exact(value); err == nil {
			return number
		}
		return value.String()
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = plain(item)
		}
		return list
	case map[string]any:
		return Values(value).plain()
	}
	return value
}

// texts gives an attribute's value as the list of texts that policies compare with.
func texts(value any) []string {
	switch value := value.(type) {
	case nil:
		return nil
	case string:
		return []string{value}
	case bool:
		return []string{strconv.FormatBool(value)}
	case json.Number:
		return []string{value.String()}
	case []any:
		var all []string
		for _, item := range value {
			all = append(all, texts(item)...)
		}
		return all
	}
	return nil
}

// canonical is a value's JSON with sorted keys.
func canonical(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return "" // values come from JSON, which can always be written again
	}
	return string(data)
}

// missing gives the names that aren't among the known ones.
func missing(names, known []string) []string {
	var out []string
	for _, name := range names {
		if !slices.Contains(known, name) {
			out = append(out, name)
		}
	}
	return out
}

package tenancy

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// maxFilterValues bounds what one filter may list.
const maxFilterValues = 10_000

// rowFilters turns prefilters into conditions: a scalar must be equal, a list has it among its values, null is NULL, an
// object {"op","values"} says "in" or "eq" in words. Faults: Invalid, with the path.
func rowFilters(prefilters Values) ([]access.RowFilter, error) {
	filters := make([]access.RowFilter, 0, len(prefilters))
	for _, column := range slices.Sorted(maps.Keys(prefilters)) {
		path := "prefilters." + column
		if strings.TrimSpace(column) == "" {
			return nil, fault.New(fault.Invalid, "prefilters: a column name is empty")
		}
		values, err := filterValues(path, prefilters[column])
		if err != nil {
			return nil, err
		}
		filters = append(filters, access.RowFilter{Column: column, Values: values, Source: "prefilter"})
	}
	return filters, nil
}

func filterValues(path string, given any) ([]any, error) {
	switch given := given.(type) {
	case []any:
		return scalars(path, given)
	case map[string]any:
		return operatorValues(path, given)
	}
	return scalars(path, []any{given})
}

func operatorValues(path string, given map[string]any) ([]any, error) {
	for name := range given {
		if name != "op" && name != "values" {
			return nil, fault.New(fault.Invalid, "%s.%s: Unrecognized key; write {\"op\": …, \"values\": […]}", path, name)
		}
	}
	values, ok := given["values"].([]any)
	if !ok {
		return nil, fault.New(fault.Invalid, "%s.values: Expected an array", path)
	}
	switch op, _ := given["op"].(string); op {
	case "in":
	case "eq", "=":
		if len(values) != 1 {
			return nil, fault.New(fault.Invalid, "%s.values: %q takes one value", path, op)
		}
	default:
		return nil, fault.New(fault.Invalid, "%s.op: Expected \"eq\" or \"in\"", path)
	}
	return scalars(path+".values", values)
}

// scalars keeps texts, booleans, null, and numbers exactly: integers as int64 where they fit.
func scalars(path string, given []any) ([]any, error) {
	if len(given) > maxFilterValues {
		return nil, fault.New(fault.Invalid, "%s: at most %d values", path, maxFilterValues)
	}
	values := make([]any, len(given))
	for i, value := range given {
		switch value := value.(type) {
		case nil, string, bool:
			values[i] = value
		case json.Number:
			number, err := exact(value)
			if err != nil {
				return nil, fault.New(fault.Invalid, "%s: %s is out of range", path, value)
			}
			values[i] = number
		default:
			return nil, fault.New(fault.Invalid, "%s: Expected a string, number, boolean, null or a list of these", path)
		}
	}
	return values, nil
}

// exact reads a number without losing digits: one that fits neither integer nor short decimal stays text.
func exact(n json.Number) (any, error) {
	if whole, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return whole, nil
	}
	number, err := strconv.ParseFloat(n.String(), 64)
	if err != nil {
		return nil, err
	}
	if len(strings.Trim(n.String(), "-")) > 15 {
		return n.String(), nil // more digits than a float64 holds
	}
	return number, nil
}

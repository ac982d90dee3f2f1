package warehouse

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"inlay/internal/fault"
)

// Only refuses settings that the engine's driver doesn't know: nothing that a client sends reaches a driver by accident.
func (s Settings) Only(keys ...string) error {
	keys = append(keys, "type", "startOfWeek", "userWarehouseCredentialsUuid", "requireUserCredentials")
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(s)), func(key string) bool { return slices.Contains(keys, key) })
	if len(unknown) > 0 {
		return fault.Coded(fault.Invalid, "Parameter", "A %s connection has no setting %s", s.Type(), strings.Join(unknown, ", "))
	}
	return nil
}

// Text gives a setting that is text; anything else is the default.
func (s Settings) Text(key, otherwise string) string {
	if text, ok := s[key].(string); ok && text != "" {
		return text
	}
	return otherwise
}

// Number gives a setting that is a whole number, also when it was decoded from JSON or is written as text.
func (s Settings) Number(key string, otherwise int) int {
	switch value := s[key].(type) {
	case int:
		return value
	case int64:
		return int(value)
	case float64:
		return int(value)
	case string:
		if number, err := strconv.Atoi(value); err == nil {
			return number
		}
	}
	return otherwise
}

// Yes tells whether a setting is true.
func (s Settings) Yes(key string) bool { yes, _ := s[key].(bool); return yes }

package warehouse

import (
	"fmt"
	"maps"
	"math"
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

// Types are the engines that a connection may name, whether or not they are built in here.
func Types() []string {
	return []string{"postgres", "redshift", "duckdb", "mysql", "mariadb", "trino", "clickhouse", "databricks", "bigquery", "snowflake"}
}

// Check refuses settings of another kind than every engine takes under their names. Which settings an engine has at all
// is its driver's to say: it refuses the others when the connection is opened. Faults: Invalid.
func (s Settings) Check() error {
	if !slices.Contains(Types(), s.Type()) {
		return wrongSetting("type", "must be one of "+strings.Join(Types(), ", "))
	}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		value := s[key]
		if value == nil || value == "" {
			continue // forms send what was left empty
		}
		if wanted := wanted(key, value); wanted != "" {
			return wrongSetting(key, "must be "+wanted)
		}
	}
	return nil
}

func wrongSetting(key, what string) error {
	return fault.Coded(fault.Invalid, "Parameter", "warehouseConnection.%s %s", key, what)
}

// wanted is what a setting must be, when it is something else.
func wanted(key string, value any) string {
	within := func(least, most int) string {
		if n, ok := whole(value); !ok || n < least || n > most {
			return fmt.Sprintf("a whole number from %d to %d", least, most)
		}
		return ""
	}
	switch key {
	case "port", "sshTunnelPort":
		return within(1, 65535)
	case "startOfWeek":
		return within(0, 6)
	case "threads", "timeoutSeconds", "maximumBytesBilled", "keepalivesIdle", "retries":
		return within(0, math.MaxInt)
	case "useSshTunnel", "requireUserCredentials", "clientSessionKeepAlive", "quotedIdentifiersIgnoreCase", "override", "secure", "ra3Node":
		if _, ok := value.(bool); !ok {
			return "true or false"
		}
	case "keyfileContents": // an object of Google's
	default:
		if _, ok := value.(string); !ok {
			return "text"
		}
	}
	return ""
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
	if number, ok := whole(s[key]); ok {
		return number
	}
	return otherwise
}

func whole(value any) (int, bool) {
	switch value := value.(type) {
	case int:
		return value, true
	case int64:
		return int(value), true
	case float64:
		return int(value), value == math.Trunc(value) && math.Abs(value) < 1<<53
	case string:
		number, err := strconv.Atoi(value)
		return number, err == nil
	}
	return 0, false
}

// Yes tells whether a setting is true.
func (s Settings) Yes(key string) bool { yes, _ := s[key].(bool); return yes }

package web

import (
	"fmt"
	"regexp"
	"strings"
)

// origin is a CSP host source with a scheme: one wildcard label at most, no path, nothing that could end the directive.
var origin = regexp.MustCompile(`^https?://(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(:[0-9]{1,5})?$|^https?://\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?$`)

// Check names the first entry that is not a source; such entries allow nobody.
func (c Config) Check() error {
	for _, source := range c.FrameAncestors {
		if !allowed(source) {
			return fmt.Errorf("frame ancestor %q: give an origin such as https://app.example.com, or 'self'", source)
		}
	}
	return nil
}

// sources are the entries that can be used, or 'self' when none was given.
func (c Config) sources() []string {
	if len(c.FrameAncestors) == 0 {
		return []string{"'self'"}
	}
	var usable []string
	for _, source := range c.FrameAncestors {
		if allowed(source) {
			usable = append(usable, normal(source))
		}
	}
	if len(usable) == 0 {
		return []string{"'none'"}
	}
	return usable
}

func allowed(source string) bool {
	return normal(source) == "'self'" || origin.MatchString(normal(source))
}

// normal accepts what people write: self without quotes, an origin in capitals or with a trailing slash.
func normal(source string) string {
	source = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(source), "/"))
	if source == "self" {
		return "'self'"
	}
	return source
}

package server

import (
	"os"
	"strings"
)

// flagFile reads feature flags from a file at each question, so that they can be switched while the server runs. No
// file named: every flag is on.
type flagFile string

func (f flagFile) Enabled(name string) bool {
	if f == "" {
		return true
	}
	data, err := os.ReadFile(string(f))
	if err != nil {
		return false // a file that isn't there enables nothing
	}
	for line := range strings.Lines(string(data)) {
		if strings.TrimSpace(line) == name {
			return true
		}
	}
	return false
}

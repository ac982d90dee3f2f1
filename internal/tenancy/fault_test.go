package tenancy_test

import "inlay/internal/fault"

// codeOf gives the stable code of a fault, or nothing.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.As(err).Code
}

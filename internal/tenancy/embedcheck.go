package tenancy

import (
	"strings"

	"inlay/internal/fault"
)

// checkSession refuses combinations that contradict themselves.
func checkSession(r SessionRequest) error {
	no := func(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }
	if r.ExternalID != "" && r.InternalID != "" {
		return no("externalId and internalId: give one of them, not both")
	}
	if r.ExternalID != strings.ToLower(strings.TrimSpace(r.ExternalID)) {
		return no("externalId must be lowercase and trimmed")
	}
	if r.InternalID != "" {
		if name := givenBeside(r); name != "" {
			return no("%s can't be given together with internalId: that user's own rights apply", name)
		}
	}
	if r.Email != nil && r.ExternalID == "" {
		return no("email needs externalId")
	}
	if len(r.AttributeDefinitions) > 0 && !(r.Creator && r.TenantName != "") {
		return no("userAttributeDefinitions need creatorMode and embedTenantName")
	}
	if (r.TenantGroups != nil || len(r.TenantGroupDefinitions) > 0) && !(r.Creator && r.TenantName != "") {
		return no("tenantGroups and tenantGroupDefinitions need creatorMode and embedTenantName")
	}
	if _, reserved := r.Context["cubeCloud"]; reserved {
		return no("securityContext.cubeCloud is reserved")
	}
	return nil
}

// givenBeside names a field that an internal user can't have set.
func givenBeside(r SessionRequest) string {
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"groups", r.Groups != nil}, {"userAttributes", r.Attributes != nil}, {"groupDefinitions", r.GroupDefinitions != nil},
		{"userAttributeDefinitions", r.AttributeDefinitions != nil}, {"securityContext", r.Context != nil},
		{"userProfile", r.DisplayName != nil || r.Picture != nil}, {"roles", r.Roles != nil},
		{"tenantGroups", r.TenantGroups != nil}, {"tenantGroupDefinitions", r.TenantGroupDefinitions != nil},
	} {
		if field.given {
			return field.name
		}
	}
	return ""
}

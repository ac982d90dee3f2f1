package upsolve

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

type registerIn struct {
	Body    map[string]json.RawMessage `body:"body,loose"`
	Request *http.Request              `http:""`
}

type registered struct {
	Message string `json:"message"`
	Token   string `json:"token"`
}

// register upserts a tenant and answers with a token for it. The key is checked before anything else of the body.
func (f front) register(ctx context.Context, _ access.Principal, in registerIn) (registered, error) {
	text, err := f.keyText(in)
	if err != nil {
		return registered{}, err
	}
	key, err := f.tenants.Verify(ctx, tenancy.Upsolve, text, f.tenants.Caller(in.Request))
	if err != nil {
		return registered{}, err
	}
	registration, organization, err := readRegistration(in.Body)
	if err != nil {
		return registered{}, err
	}
	if organization != "" && organization != key.Organization {
		return registered{}, fault.New(fault.Forbidden, "organizationId: the API key doesn't belong to this organization")
	}
	tenant, token, err := f.tenants.Register(ctx, key, registration)
	if err != nil {
		return registered{}, err
	}
	return registered{"Tenant " + tenant.Name + " registered.", token}, nil
}

// keyText finds the key: the body's wins over the header's, the header's over the query's.
func (f front) keyText(in registerIn) (string, error) {
	fields := reader{object: in.Body}
	text := fields.text("apiKey", false)
	switch {
	case fields.err != nil:
		return "", fields.err
	case text != "":
		return text, nil
	case in.Body["apiKey"] != nil:
		return "", fault.New(fault.Invalid, "apiKey: String must contain at least 1 character(s)")
	case bearerKey(in.Request) != "":
		return bearerKey(in.Request), nil
	case in.Request.URL.Query().Get("apiKey") != "":
		f.log.WarnContext(in.Request.Context(), "an API key came in a URL, where logs and proxies keep it; send it in the body")
		return in.Request.URL.Query().Get("apiKey"), nil
	}
	return "", fault.New(fault.Invalid, "apiKey: Required")
}

// bearerKey gives a key that came in the Authorization header; tenant tokens aren't keys.
func bearerKey(r *http.Request) string {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") && strings.HasPrefix(text, "up_") {
		return text
	}
	return ""
}

// permissionNames are the documented editing permissions.
var permissionNames = []string{
	"addChart", "addFilter", "createChart", "createChartSQL", "editCharts", "removeChart", "disableTabs", "aiCharts",
	"editMarketplace", "readOnly", "aiInsight", "drillDown", "editDashboardName",
}

func readRegistration(body map[string]json.RawMessage) (tenancy.Registration, string, error) {
	in := reader{object: body}
	r := tenancy.Registration{
		DisplayName: in.text("displayName", true),
		Key:         in.text("key", false),
		User:        in.text("user", false),
	}
	organization := in.text("organizationId", false)
	r.Policy.Prefilters = in.values("prefilters", true)
	r.Policy.Schema = in.text("schemaPreFilter", false)
	if r.Policy.Schema == "" {
		r.Policy.Schema = in.text("prefilters_schema", false)
	}
	r.Policy.Permissions = readPermissions(&in)
	r.Policy.Connection = readConnection(&in)
	r.Metadata = in.values("customMetadata", false)
	r.TTL = in.life("expiration")
	if in.err == nil && strings.TrimSpace(r.DisplayName) == "" {
		in.fail("displayName", "A tenant needs a name")
	}
	return r, organization, in.err
}

// readPermissions gives the editing permissions, or the defaults when none were sent: nothing but drilling down.
func readPermissions(in *reader) map[string]bool {
	given := in.values("tenantEditingPermissions", false)
	if given == nil {
		return map[string]bool{"drillDown": true}
	}
	permissions := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		on, ok := given[name].(bool)
		if !slices.Contains(permissionNames, name) {
			continue
		}
		if !ok {
			in.fail("tenantEditingPermissions."+name, "Expected boolean, received "+kindOf(given[name]))
		}
		permissions[name] = on
	}
	return permissions
}

func readConnection(in *reader) string {
	given := in.values("connectionOverride", false)
	if given == nil {
		return ""
	}
	id, ok := given["connectionId"].(string)
	parsed, err := uuid.Parse(id)
	switch {
	case given["connectionId"] == nil:
		in.fail("connectionOverride.connectionId", "Required")
	case !ok:
		in.fail("connectionOverride.connectionId", "Expected string, received "+kindOf(given["connectionId"]))
	case err != nil:
		in.fail("connectionOverride.connectionId", "Invalid uuid")
	}
	return parsed.String()
}

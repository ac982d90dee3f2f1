package cube

import (
	"encoding/json"
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"time"

	"golang.org/x/text/language"

	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

// tenantName is the newer pattern, which takes every name of the older one too.
var tenantName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,34}[a-z0-9]$`)

// readSession reads the body of generate-session, in its older and its newer form.
func readSession(body map[string]json.RawMessage) (tenancy.SessionRequest, error) {
	in := reader{object: body}
	r := tenancy.SessionRequest{
		ExternalID: in.text("externalId"), InternalID: in.text("internalId"), Email: in.optional("email"),
		TenantName: in.text("embedTenantName"), Creator: in.flag("creatorMode"), Groups: in.texts("groups"),
		TenantGroups: in.texts("tenantGroups"), Roles: in.texts("roles"), Context: in.values("securityContext"),
		Ephemeral: in.flag("isEphemeral"), PublicDashboard: in.text("publicDashboardId"),
	}
	for _, name := range []string{"externalId", "internalId", "embedTenantName", "publicDashboardId", "branchName"} {
		if string(body[name]) == `""` { // a backend's slip, which mustn't pass for "nobody in particular"
			in.fail(name, "must not be empty")
		}
	}
	readDeployment(&in, &r)
	readProfile(&in, &r)
	readDefinitions(&in, &r)
	readAttributes(&in, &r)
	readLook(&in, &r)
	if r.TenantName != "" && !tenantName.MatchString(r.TenantName) {
		in.fail("embedTenantName", "must match "+tenantName.String())
	}
	if life, given := in.number("ephemeralTtlSeconds"); given {
		if life < 1 || life > 10*365*86400 {
			in.fail("ephemeralTtlSeconds", "must be a positive number of seconds")
		}
		r.EphemeralTTL = time.Duration(life) * time.Second
	}
	if branch := in.text("branchName"); in.err == nil && branch != "" {
		return r, fault.New(fault.NotFound, "branchName: there is no branch %q", branch)
	}
	return r, in.err
}

func readDeployment(in *reader, r *tenancy.SessionRequest) {
	number, given := in.number("deploymentId")
	switch {
	case !given:
		in.fail("deploymentId", "is required")
	case number != math.Trunc(number) || math.Abs(number) > 1<<53:
		in.fail("deploymentId", "must be an integer number")
	}
	r.Deployment = int64(number)
}

func readProfile(in *reader, r *tenancy.SessionRequest) {
	if r.Email != nil {
		if parsed, err := mail.ParseAddress(*r.Email); err != nil || parsed.Address != *r.Email {
			in.fail("email", "must be an email")
		}
	}
	in.nested("userProfile", func(profile *reader) {
		r.DisplayName, r.Picture = profile.optional("displayName"), profile.optional("picture")
		if r.Picture != nil && !webAddress(*r.Picture) {
			profile.fail("picture", "must be an absolute http or https URL")
		}
	})
	in.nested("embedTenantProfile", func(profile *reader) { r.TenantDisplayName = profile.optional("displayName") })
}

func webAddress(text string) bool {
	address, err := url.Parse(text)
	return err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" && address.User == nil
}

func readDefinitions(in *reader, r *tenancy.SessionRequest) {
	groups := func(name string) []tenancy.GroupDefinition {
		var all []tenancy.GroupDefinition
		in.objects(name, func(item *reader) {
			group := tenancy.GroupDefinition{Name: item.text("name"), Description: item.text("description")}
			switch {
			case group.Name == "":
				item.fail("name", "is required")
			case slices.ContainsFunc(all, func(g tenancy.GroupDefinition) bool { return g.Name == group.Name }):
				item.fail("name", "must not be duplicated")
			case len(group.Name) > 7 && group.Name[:7] == "system:":
				item.fail("name", "must not start with system:")
			}
			all = append(all, group)
		})
		return all
	}
	r.GroupDefinitions, r.TenantGroupDefinitions = groups("groupDefinitions"), groups("tenantGroupDefinitions")
}

// attributeTypes are the types that a definition may have; the older form had strings only, and no type.
var attributeTypes = []string{
	tenancy.StringType, tenancy.NumberType, tenancy.BooleanType, tenancy.StringArrayType, tenancy.NumberArrayType,
}

func readAttributes(in *reader, r *tenancy.SessionRequest) {
	in.objects("userAttributeDefinitions", func(item *reader) {
		d := tenancy.AttributeDefinition{
			Name: item.text("name"), Type: item.text("type"), DisplayName: item.text("displayName"),
			Description: item.text("description"), Default: item.get("defaultValue"),
		}
		if d.Type == "" {
			d.Type = tenancy.StringType
		}
		switch {
		case d.Name == "":
			item.fail("name", "is required")
		case !slices.Contains(attributeTypes, d.Type):
			item.fail("type", "must be one of string, number, boolean, string_array, number_array")
		case slices.ContainsFunc(r.AttributeDefinitions, func(o tenancy.AttributeDefinition) bool { return o.Name == d.Name }):
			item.fail("name", "must not be duplicated")
		}
		r.AttributeDefinitions = append(r.AttributeDefinitions, d)
	})
	if in.list("userAttributes") != nil {
		r.Attributes = []tenancy.AttributeValue{}
	}
	in.objects("userAttributes", func(item *reader) {
		given := tenancy.AttributeValue{Name: item.text("name"), Value: item.get("value")}
		switch {
		case given.Name == "":
			item.fail("name", "is required")
		case slices.ContainsFunc(r.Attributes, func(o tenancy.AttributeValue) bool { return o.Name == given.Name }):
			item.fail("name", "must not be duplicated")
		case !attributeValue(given.Value):
			item.fail("value", "must be a string, a number, a boolean, an array of strings or numbers, or null")
		}
		r.Attributes = append(r.Attributes, given)
	})
}

func attributeValue(value any) bool {
	switch value := value.(type) {
	case nil, string, json.Number, bool:
		return true
	case []any:
		return !slices.ContainsFunc(value, func(item any) bool {
			_, text := item.(string)
			_, number := item.(json.Number)
			return !text && !number
		})
	}
	return false
}

// switches are the settings that are on, off or left to the server.
var switches = []string{
	"allowAi", "showDashboardChat", "showWorkbookChat", "showAiWidgets", "allowChatWorkspaceAuthoring", "showWorkbookShare",
	"showDashboardSettings", "showMemberNames", "showGroupByCube",
}

// readLook reads theme and settings. A locale or time zone that can't be used is left out, as documented.
func readLook(in *reader, r *tenancy.SessionRequest) {
	r.Theme = in.values("embedTheme")
	r.Theme = readTheme(in, r.Theme)
	in.nested("settings", func(settings *reader) {
		r.Settings = map[string]any{}
		for _, name := range switches {
			if settings.get(name) != nil {
				r.Settings[name] = settings.flag(name)
			}
		}
		if locale := settings.text("locale"); locale != "" {
			if _, err := language.Parse(locale); err == nil {
				r.Settings["locale"] = locale
			}
		}
		if zone := settings.text("timezone"); zone != "" && zone != "Local" {
			if _, err := time.LoadLocation(zone); err == nil {
				r.Settings["timezone"] = zone
			}
		}
	})
}

// cssText is what a colour or font of a theme may look like: nothing that could end a declaration or load anything.
var cssText = regexp.MustCompile(`^[A-Za-z0-9#%.,()\s'"/_+-]{1,200}$`)
var cssLoads = regexp.MustCompile(`(?i)url|image|expression|/\*`)

// readTheme keeps the texts of a theme, at any depth.
func readTheme(in *reader, theme map[string]any) map[string]any {
	if theme == nil {
		return nil
	}
	kept := map[string]any{}
	for name, value := range theme {
		switch value := value.(type) {
		case nil:
		case string:
			if !cssText.MatchString(value) || cssLoads.MatchString(value) {
				in.fail("embedTheme."+name, "must be a colour or a font")
			}
			kept[name] = value
		case map[string]any:
			kept[name] = readTheme(in, value)
		case json.Number:
			kept[name] = value.String()
		default:
			in.fail("embedTheme."+name, "must be a string or an object")
		}
	}
	return kept
}

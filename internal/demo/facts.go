package demo

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Facts are all that somebody needs to try the demo: addresses, credentials and keys of each front. They are written as
// JSON for programs.
type Facts struct {
	Base         string            `json:"base"`
	Organization string            `json:"organizationUuid"`
	Project      string            `json:"projectUuid"`
	Deployment   int64             `json:"deploymentId"` // the project's number on the Cube front
	Org          int64             `json:"orgId"`        // the organization's number on the ThoughtSpot front
	Fronts       Fronts            `json:"fronts"`
	Dashboards   []DashboardFacts  `json:"dashboards"`
	Tenants      []TenantFacts     `json:"tenants"`
	Commands     map[string]string `json:"commands"`  // one ready command by front
	Warehouse    string            `json:"warehouse"` // path of the DuckDB file
}

// Fronts are the credentials of each front.
type Fronts struct {
	Native      NativeFacts      `json:"native"`
	Upsolve     UpsolveFacts     `json:"upsolve"`
	Cube        CubeFacts        `json:"cube"`
	ThoughtSpot ThoughtSpotFacts `json:"thoughtspot"`
}

// NativeFacts are a person who administers, and one who only looks, for one tenant.
type NativeFacts struct {
	Login    string   `json:"login"`
	Email    string   `json:"email"`
	Password string   `json:"password"`
	Token    string   `json:"token"` // personal access token of the admin
	Project  string   `json:"projectUuid"`
	Viewers  []Viewer `json:"viewers"` // one a tenant
}

// Viewer is a user who sees one tenant's rows by a user attribute.
type Viewer struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Tenant   string `json:"tenant"`
}

// UpsolveFacts are what a backend needs to register tenants.
type UpsolveFacts struct {
	Register string `json:"register"`
	Page     string `json:"page"` // with {dashboard} and {jwt}
	APIKey   string `json:"apiKey"`
	AdminKey string `json:"adminKey"`
}

// CubeFacts are what a backend needs to make embed sessions.
type CubeFacts struct {
	GenerateSession string `json:"generateSession"`
	SessionToken    string `json:"sessionToken"`
	Page            string `json:"page"` // with {publicId} and {session}
	APIKey          string `json:"apiKey"`
	Deployment      int64  `json:"deploymentId"`
}

// ThoughtSpotFacts are what a backend needs to vouch for its users.
type ThoughtSpotFacts struct {
	Token     string `json:"authToken"`
	Login     string `json:"loginToken"`
	Page      string `json:"page"` // with {dashboard}
	SecretKey string `json:"secretKey"`
	Org       int64  `json:"orgId"`
}

// DashboardFacts name a dashboard.
type DashboardFacts struct {
	UUID     string `json:"uuid"`
	PublicID string `json:"publicId"`
	Slug     string `json:"slug"`
	Name     string `json:"name"`
}

// TenantFacts are one customer, in the vocabularies of the fronts.
type TenantFacts struct {
	Name            string         `json:"name"`
	Key             string         `json:"key"`
	Prefilters      map[string]any `json:"prefilters"`
	SecurityContext map[string]any `json:"securityContext"`
	Groups          []string       `json:"groups"`
}

func (f *Facts) write(path string) error {
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o600)
}

func readFacts(path string) (*Facts, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &Facts{}
	return f, json.Unmarshal(data, f)
}

// at fills in everything that depends on the server's address.
func (f *Facts) at(base string) {
	f.Base = base
	n, u, c, t := &f.Fronts.Native, &f.Fronts.Upsolve, &f.Fronts.Cube, &f.Fronts.ThoughtSpot
	n.Login = base + "/api/v1/login"
	u.Register, u.Page = base+"/v1/api/tenant/register-tenant", base+"/share/dashboard/{dashboard}?jwt={jwt}"
	c.GenerateSession, c.SessionToken = base+"/api/v1/embed/generate-session", base+"/api/v1/embed/session/token"
	c.Page, c.Deployment = base+"/embed/dashboard/{publicId}?session={session}", f.Deployment
	t.Token, t.Login = base+"/callosum/v1/tspublic/v1/session/auth/token", base+"/callosum/v1/tspublic/v1/session/login/token"
	t.Page, t.Org = base+"/embed/view/{dashboard}", f.Org
	f.Commands = f.commands()
}

// commands are ready to paste; each ends with the address to open.
func (f *Facts) commands() map[string]string {
	tenant, board := f.Tenants[0], f.Dashboards[0]
	json := func(value any) string { text, _ := json.Marshal(value); return string(text) } // plain values
	read := func(path string) string {
		return `python3 -c 'import json,sys; print(json.load(sys.stdin)` + path + `)'`
	}
	native, upsolve, cube, thoughtspot := f.Fronts.Native, f.Fronts.Upsolve, f.Fronts.Cube, f.Fronts.ThoughtSpot
	return map[string]string{
		"native": fmt.Sprintf(`curl -s -H 'Authorization: ApiKey %s' %s/api/v1/projects/%s/dashboards`, native.Token, f.Base, f.Project),
		"upsolve": fmt.Sprintf(`JWT=$(curl -s -H 'Content-Type: application/json' %s -d '%s' | %s) && echo "%s"`,
			upsolve.Register, json(map[string]any{"apiKey": upsolve.APIKey, "displayName": tenant.Name, "key": tenant.Key, "prefilters": tenant.Prefilters}),
			read(`["data"]["token"]`), fill(upsolve.Page, "{dashboard}", board.UUID, "{jwt}", "$JWT")),
		"cube": fmt.Sprintf(`SESSION=$(curl -s -H 'Authorization: Api-Key %s' -H 'Content-Type: application/json' %s -d '%s' | %s) && echo "%s"`,
			cube.APIKey, cube.GenerateSession, json(map[string]any{"deploymentId": f.Deployment, "externalId": tenant.Key,
				"securityContext": tenant.SecurityContext}), read(`["sessionId"]`),
			fill(cube.Page, "{publicId}", board.PublicID, "{session}", "$SESSION")),
		"thoughtspot": fmt.Sprintf(`TOKEN=$(curl -s %s -d secret_key=%s -d username=%s -d access_level=FULL -d autocreate=true -d orgid=%d --data-urlencode 'groups=%s') && echo "%s?username=%s&auth_token=$TOKEN&redirect_url=%s"`,
			thoughtspot.Token, thoughtspot.SecretKey, "guest-"+tenant.Key, f.Org, json(tenant.Groups), thoughtspot.Login, "guest-"+tenant.Key,
			fill(strings.TrimPrefix(thoughtspot.Page, f.Base), "{dashboard}", board.UUID)),
	}
}

func fill(template string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(template)
}

// Text is what a newcomer reads.
func (f *Facts) Text() string {
	var b strings.Builder
	native := f.Fronts.Native
	fmt.Fprintf(&b, "Inlay is ready on %s\n\n", f.Base)
	fmt.Fprintf(&b, "  log in        %s/login as %s with password %s\n", f.Base, native.Email, native.Password)
	for _, v := range native.Viewers[:1] {
		fmt.Fprintf(&b, "  one customer  %s/login as %s with password %s (sees only the rows of %s)\n", f.Base, v.Email, v.Password, v.Tenant)
	}
	for _, d := range f.Dashboards {
		fmt.Fprintf(&b, "  dashboard     %s/projects/%s/dashboards/%s (%s)\n", f.Base, f.Project, d.UUID, d.Name)
	}
	fmt.Fprintf(&b, "\nEach of these prints an address to open, or the answer of the API:\n")
	for _, front := range []string{"upsolve", "cube", "thoughtspot", "native"} {
		fmt.Fprintf(&b, "\n  # %s\n  %s\n", front, f.Commands[front])
	}
	return b.String()
}

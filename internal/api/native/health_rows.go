package native

import (
	"context"
	"slices"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// Health is what the server tells everybody about itself.
type Health struct {
	Version            string
	Mode               string // "default" unless set
	SiteURL            string
	StaticIP           string
	LocalDbt           bool
	MaxLimit           int
	CSVCells           int
	PivotColumns       int
	Timezone           string // of queries; may be empty
	HasMail            bool
	HasHeadlessBrowser bool
	NoPasswords        bool
	SignOn             []string // login providers that are set up
	GoogleClient       string   // shown to pages that use Google's picker
}

// HealthRows are the operations that tell whether the server is well.
func HealthRows(s *identity.Service, h Health) []api.Operation {
	if h.Mode == "" {
		h.Mode = "default"
	}
	return []api.Operation{
		{ID: "GetHealth", Method: "GET", Path: "/api/v1/health", Auth: api.Public, Tag: "Health",
			Endpoint: api.Handle(func(ctx context.Context, who access.Principal, _ none) (healthWire, error) {
				founded, err := s.Founded(ctx)
				return healthToWire(h, who.Session, !founded), err
			})},
		{ID: "GetLiveness", Method: "GET", Path: "/api/v1/livez", Auth: api.Public, Tag: "Health",
			Endpoint: api.Handle(func(context.Context, access.Principal, none) (api.Empty, error) { return api.Empty{}, nil })},
	}
}

// healthWire keeps the places of services that the reference reports to; here there are none.
type healthWire struct {
	Healthy                     bool             `json:"healthy"`
	Mode                        string           `json:"mode"`
	Version                     string           `json:"version"`
	LocalDbtEnabled             bool             `json:"localDbtEnabled"`
	IsAuthenticated             bool             `json:"isAuthenticated"`
	RequiresOrgRegistration     bool             `json:"requiresOrgRegistration"`
	Latest                      struct{}         `json:"latest"`
	Rudder                      rudderWire       `json:"rudder"`
	Sentry                      sentryWire       `json:"sentry"`
	Intercom                    intercomWire     `json:"intercom"`
	Pylon                       pylonWire        `json:"pylon"`
	SiteURL                     string           `json:"siteUrl"`
	StaticIP                    string           `json:"staticIp"`
	Query                       healthQueryWire  `json:"query"`
	PivotTable                  pivotTableWire   `json:"pivotTable"`
	CustomVisualizationsEnabled bool             `json:"customVisualizationsEnabled"`
	HasSlack                    bool             `json:"hasSlack"`
	HasGithub                   bool             `json:"hasGithub"`
	Auth                        healthLoginsWire `json:"auth"`
	HasEmailClient              bool             `json:"hasEmailClient"`
	HasHeadlessBrowser          bool             `json:"hasHeadlessBrowser"`
	HasGroups                   bool             `json:"hasGroups"`
	HasExtendedUsageAnalytics   bool             `json:"hasExtendedUsageAnalytics"`
}

type rudderWire struct {
	WriteKey     string `json:"writeKey"`
	DataPlaneURL string `json:"dataPlaneUrl"`
}

type sentryWire struct {
	Frontend           map[string]string `json:"frontend"`
	Environment        string            `json:"environment"`
	Release            string            `json:"release"`
	TracesSampleRate   float64           `json:"tracesSampleRate"`
	ProfilesSampleRate float64           `json:"profilesSampleRate"`
}

type intercomWire struct {
	AppID   string `json:"appId"`
	APIBase string `json:"apiBase"`
}

type pylonWire struct {
	AppID string `json:"appId"`
}

type healthQueryWire struct {
	MaxLimit      int    `json:"maxLimit"`
	CSVCellsLimit int    `json:"csvCellsLimit"`
	Timezone      string `json:"timezone,omitempty"`
}

type pivotTableWire struct {
	MaxColumnLimit int `json:"maxColumnLimit"`
}

type healthLoginsWire struct {
	DisablePasswordAuthentication bool          `json:"disablePasswordAuthentication"`
	Google                        googleWire    `json:"google"`
	Okta                          loginPathWire `json:"okta"`
	OneLogin                      loginPathWire `json:"oneLogin"`
	AzureAD                       loginPathWire `json:"azuread"`
	OIDC                          loginPathWire `json:"oidc"`
}

type googleWire struct {
	LoginPath         string `json:"loginPath"`
	OAuth2ClientID    string `json:"oauth2ClientId"`
	GoogleDriveAPIKey string `json:"googleDriveApiKey"`
	Enabled           bool   `json:"enabled"`
}

type loginPathWire struct {
	LoginPath string `json:"loginPath"`
	Enabled   bool   `json:"enabled"`
}

func healthToWire(h Health, authenticated, unfounded bool) healthWire {
	return healthWire{
		Healthy: true, Mode: h.Mode, Version: h.Version, LocalDbtEnabled: h.LocalDbt, IsAuthenticated: authenticated,
		RequiresOrgRegistration: unfounded, Sentry: sentryWire{Frontend: map[string]string{"dsn": ""}, Release: h.Version},
		SiteURL: h.SiteURL, StaticIP: h.StaticIP, Query: healthQueryWire{h.MaxLimit, h.CSVCells, h.Timezone},
		PivotTable: pivotTableWire{h.PivotColumns}, HasEmailClient: h.HasMail, HasHeadlessBrowser: h.HasHeadlessBrowser,
		HasGroups: true,
		Auth: healthLoginsWire{
			DisablePasswordAuthentication: h.NoPasswords,
			Google:                        googleWire{LoginPath: "/login/google", OAuth2ClientID: h.GoogleClient, Enabled: h.login("google").Enabled},
			Okta:                          h.login("okta"), OneLogin: h.login("oneLogin"), AzureAD: h.login("azuread"), OIDC: h.login("oidc"),
		},
	}
}

func (h Health) login(provider string) loginPathWire {
	return loginPathWire{LoginPath: "/login/" + provider, Enabled: slices.Contains(h.SignOn, provider)}
}

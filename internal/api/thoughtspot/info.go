package thoughtspot

import (
	"context"
	"slices"

	"inlay/internal/access"
)

// pattern is how a kind of value is shown.
type pattern struct {
	Pattern string `json:"formatPattern,omitempty"`
}

type clientState struct {
	Preferences map[string]any `json:"preferences"`
	Tips        map[string]any `json:"tips"`
}

type configInfo struct {
	HighCardinality  int   `json:"highCardinalityMaxDataSize"`
	RenderingTimeout int   `json:"vizRenderingQueueTimeoutMS"`
	ChartData        int   `json:"defaultChartDataSize"`
	FilterValues     int   `json:"maxFilterValues"`
	HelpLinks        []any `json:"blinkHelpConfigList"`
	Actions          []any `json:"blinkActionConfigList"`
	EmbedActions     []any `json:"embedActionConfigList"`
}

type sessionInfo struct {
	UserName          string      `json:"userName"`
	DisplayName       string      `json:"userDisplayName"`
	Email             string      `json:"userEmail"`
	Created           int64       `json:"userCreatedTime"`
	UserExpires       int64       `json:"userExpirationTime"`
	GUID              string      `json:"userGUID"`
	APIVersion        string      `json:"apiVersion"`
	CanChangePassword bool        `json:"canChangePassword"`
	SystemUser        bool        `json:"isSystemUser"`
	ModelVersion      int         `json:"logicalModelVersion"`
	GroupMask         int         `json:"userGroupMask"`
	Privileges        []string    `json:"privileges"`
	Expires           int64       `json:"expirationTime"`
	AuthToken         string      `json:"authToken"`
	Locale            string      `json:"locale"`
	TimeZone          string      `json:"timezone"`
	DateFormat        pattern     `json:"dateFormat"`
	TimeFormat        pattern     `json:"timeFormat"`
	DateTimeFormat    pattern     `json:"dateTimeFormat"`
	IntegerFormat     pattern     `json:"integerFormat"`
	DecimalFormat     pattern     `json:"decimalFormat"`
	ClientState       clientState `json:"clientState"`
	Config            configInfo  `json:"configInfo"`
}

// info describes the session. authToken is empty: a session's secret belongs in its cookie, where no script reads it.
func (f front) info(ctx context.Context, who access.Principal, _ requestIn) (sessionInfo, error) {
	account, err := f.sessions.Me(ctx, who)
	if err != nil {
		return sessionInfo{}, err
	}
	return sessionInfo{
		UserName: account.Username, DisplayName: account.Name, Email: account.Email, Created: account.Created.UnixMilli(),
		GUID: account.UUID, APIVersion: "v1", CanChangePassword: who.Scope == nil, Privileges: privileges(who),
		Expires: who.Expires.Unix(), Locale: "en_GB", TimeZone: "UTC", DateFormat: pattern{"dd/MM/yyyy"},
		TimeFormat: pattern{"HH:mm:ss"}, DateTimeFormat: pattern{"dd/MM/yyyy HH:mm"},
		ClientState: clientState{map[string]any{}, map[string]any{}},
		Config: configInfo{
			HighCardinality: 5000, RenderingTimeout: 30000, ChartData: 5000, FilterValues: 10000,
			HelpLinks: []any{}, Actions: []any{}, EmbedActions: []any{},
		},
	}, nil
}

// privileges are those that the strongest of somebody's roles stands for.
func privileges(who access.Principal) []string {
	order := []access.Role{access.Member, access.Viewer, access.InteractiveViewer, access.Editor, access.Developer, access.Admin}
	rank := slices.Index(order, who.OrgRole)
	for _, roles := range who.ProjectRoles {
		for _, role := range roles {
			if role == access.Admin {
				role = access.Developer // administers a project, not the Org
			}
			rank = max(rank, slices.Index(order, role))
		}
	}
	out := []string{}
	for _, p := range []struct {
		name string
		from access.Role
	}{
		{"ADMINISTRATION", access.Admin}, {"USERDATAUPLOADING", access.Developer}, {"DATADOWNLOADING", access.InteractiveViewer},
		{"DATAMANAGEMENT", access.Developer}, {"SHAREWITHALL", access.Editor}, {"A3ANALYSIS", access.InteractiveViewer},
	} {
		if rank >= slices.Index(order, p.from) {
			out = append(out, p.name)
		}
	}
	return out
}

package native

import (
	"context"
	"encoding/json"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/project"
)

type setUpstream struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Upstream json.RawMessage `json:"upstreamProjectUuid,omitempty"` // null unsets, leaving it out keeps it
	} `body:"body"`
}

func (h projectRows) setUpstream(ctx context.Context, who access.Principal, in setUpstream) (api.Empty, error) {
	var upstream *string
	if in.Body.Upstream != nil {
		if err := json.Unmarshal(in.Body.Upstream, &upstream); err != nil {
			return api.Empty{}, wrongField("body.upstreamProjectUuid", "invalid string value")
		}
	}
	if in.Body.Upstream == nil {
		_, err := h.s.Manageable(ctx, who, in.Project)
		return api.Empty{}, err
	}
	id := ""
	if upstream != nil {
		id = *upstream
	}
	return api.Empty{}, h.s.SetUpstream(ctx, who, in.Project, id)
}

func wrongField(path, message string) error {
	return &fault.Fault{Kind: fault.Unprocessable, Fields: map[string]fault.Field{path: {Message: message}}}
}

type setSchedulerZone struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Zone string `json:"schedulerTimezone"`
	} `body:"body"`
}

func (h projectRows) setSchedulerZone(ctx context.Context, who access.Principal, in setSchedulerZone) (api.Empty, error) {
	return api.Empty{}, h.s.SetSchedulerZone(ctx, who, in.Project, in.Body.Zone)
}

type setSemanticLayer struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Type        string `json:"type" enum:"DBT,CUBE"`
		Token       string `json:"token,omitempty"`
		Domain      string `json:"domain,omitempty"`
		Environment string `json:"environmentId,omitempty"`
	} `body:"body"`
}

func (h projectRows) setSemanticLayer(ctx context.Context, who access.Principal, in setSemanticLayer) (api.Empty, error) {
	connection := map[string]any{"type": in.Body.Type}
	for name, value := range map[string]string{
		"token": in.Body.Token, "domain": in.Body.Domain, "environmentId": in.Body.Environment,
	} {
		if value != "" {
			connection[name] = value
		}
	}
	return api.Empty{}, h.s.SetSemanticLayer(ctx, who, in.Project, connection)
}

func (h projectRows) dropSemanticLayer(ctx context.Context, who access.Principal, in projectIn) (api.Empty, error) {
	return api.Empty{}, h.s.SetSemanticLayer(ctx, who, in.Project, nil)
}

// noSemanticLayer answers for layers beside our own, which can be configured and aren't connected to.
func (h projectRows) noSemanticLayer(ctx context.Context, who access.Principal, in projectIn) (api.Empty, error) {
	if err := h.s.MayViewSemanticLayer(ctx, who, in.Project); err != nil {
		return api.Empty{}, err
	}
	return api.Empty{}, fault.Coded(fault.Unprocessable, "MissingConfig", "No semantic layer available")
}

type wireCredentials struct {
	UUID        string         `json:"uuid"`
	User        string         `json:"userUuid"`
	Name        string         `json:"name"`
	Created     moment         `json:"createdAt"`
	Updated     moment         `json:"updatedAt"`
	Credentials map[string]any `json:"credentials"`
}

func (h projectRows) credentials(ctx context.Context, who access.Principal, in projectIn) (any, error) {
	c, err := h.s.Preference(ctx, who, in.Project)
	if err != nil || c == nil {
		return api.Empty{}, err
	}
	return wireCredentials{c.UUID, c.User, c.Name, moment(c.Created), moment(c.Updated), c.Shown}, nil
}

type setCredentials struct {
	Project     string `path:"projectUuid"`
	Credentials string `path:"userWarehouseCredentialsUuid"`
}

func (h projectRows) setCredentials(ctx context.Context, who access.Principal, in setCredentials) (api.Empty, error) {
	return api.Empty{}, h.s.SetPreference(ctx, who, in.Project, in.Credentials)
}

type wireSelection struct {
	Selection struct {
		Type  string   `json:"type"`
		Value []string `json:"value" null:"ok"`
	} `json:"tableSelection"`
}

func selectionOnWire(c project.Selection) (w wireSelection) {
	w.Selection.Type, w.Selection.Value = string(c.Type), c.Names
	return w
}

func (h projectRows) selection(ctx context.Context, who access.Principal, in projectIn) (wireSelection, error) {
	p, err := h.s.Get(ctx, who, in.Project)
	return selectionOnWire(p.Selection), err
}

type selectTables struct {
	Project string        `path:"projectUuid"`
	Body    wireSelection `body:"body,loose"`
}

func (h projectRows) selectTables(ctx context.Context, who access.Principal, in selectTables) (wireSelection, error) {
	wanted := project.Selection{Type: project.SelectionType(in.Body.Selection.Type), Names: in.Body.Selection.Value}
	chosen, err := h.s.Select(ctx, who, in.Project, wanted)
	return selectionOnWire(chosen), err
}

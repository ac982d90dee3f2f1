package cube

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

func (f front) embedRows() []api.Operation {
	const tag = "Embedding"
	return []api.Operation{
		{ID: "generateSession", Method: "POST", Path: "/api/v1/embed/generate-session", Embed: true, Tag: tag, Endpoint: api.Handle(f.generate)},
		{ID: "sessionToken", Method: "POST", Path: "/api/v1/embed/session/token", Embed: true, Tag: tag, Endpoint: api.Handle(f.redeem)},
		{ID: "revokeSession", Method: "POST", Path: "/api/v1/embed/session/revoke", Embed: true, Tag: tag, Endpoint: api.Handle(f.revoke)},
		{ID: "embedDashboard", Method: "GET", Path: "/api/v1/embed/dashboard/{publicId}", Auth: api.SessionOrKey, Embed: true, Tag: tag, Endpoint: api.Handle(f.dashboard)},
		{ID: "allowEmbed", Method: "PATCH", Path: "/api/v1/embed/dashboard/{publicId}", Embed: true, Tag: tag, Endpoint: api.Handle(f.allowEmbed)},
		{ID: "listDeployments", Method: "GET", Path: "/api/v1/deployments", Embed: true, Tag: tag, Endpoint: api.Handle(f.deployments)},
		{ID: "deployment", Method: "GET", Path: "/api/v1/deployments/{deploymentId}", Embed: true, Tag: tag, Endpoint: api.Handle(f.deployment)},
		{ID: "deploymentToken", Method: "POST", Path: "/api/v1/deployments/{deploymentId}/token", Auth: api.SessionOrKey, Embed: true, Tag: tag, Endpoint: api.Handle(f.dataToken)},
	}
}

type bodyIn struct {
	Body    map[string]json.RawMessage `body:"body,loose"`
	Request *http.Request              `http:""`
}

type sessionOut struct {
	SessionID string `json:"sessionId"`
}

// generate upserts the user that a customer's backend describes, and answers with a session id for their browser.
func (f front) generate(ctx context.Context, _ access.Principal, in bodyIn) (sessionOut, error) {
	key, err := f.adminKey(ctx, in.Request)
	if err != nil {
		return sessionOut{}, err
	}
	request, err := readSession(in.Body)
	if err != nil {
		return sessionOut{}, err
	}
	id, err := f.sessions.GenerateSession(ctx, key, request)
	return sessionOut{id}, err
}

type tokenOut struct {
	Token string `json:"token"`
}

// redeem exchanges a session id for a token; the id is the credential, and any other one is ignored.
func (f front) redeem(ctx context.Context, _ access.Principal, in bodyIn) (tokenOut, error) {
	id, err := sessionID(in)
	if err != nil {
		return tokenOut{}, err
	}
	token, err := f.sessions.RedeemSession(ctx, id)
	return tokenOut{token}, err
}

func sessionID(in bodyIn) (string, error) {
	fields := reader{object: in.Body}
	id := fields.text("sessionId")
	if fields.err == nil && id == "" {
		fields.fail("sessionId", "is required")
	}
	return id, fields.err
}

func (f front) revoke(ctx context.Context, _ access.Principal, in bodyIn) (api.Status, error) {
	key, err := f.adminKey(ctx, in.Request)
	if err != nil {
		return api.Status{}, err
	}
	id, err := sessionID(in)
	if err != nil {
		return api.Status{}, err
	}
	return api.Status{Code: http.StatusNoContent}, f.sessions.RevokeSession(ctx, key, id)
}

type deploymentIn struct {
	ID      string                     `path:"deploymentId"`
	Body    map[string]json.RawMessage `body:"body,loose"`
	Request *http.Request              `http:""`
}

type deploymentOut struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	URL          string `json:"deploymentUrl"`
	CreationStep string `json:"creationStep"`
}

type deploymentList struct {
	Items []deploymentOut `json:"items"`
}

// deployments lists what a key covers: how a backend learns the number of its project.
func (f front) deployments(ctx context.Context, _ access.Principal, in requestIn) (deploymentList, error) {
	key, err := f.adminKey(ctx, in.Request)
	if err != nil {
		return deploymentList{}, err
	}
	found, err := f.sessions.Deployments(ctx, key)
	list := deploymentList{Items: []deploymentOut{}}
	for _, d := range found {
		list.Items = append(list.Items, f.wireDeployment(d))
	}
	return list, err
}

func (f front) wireDeployment(d tenancy.Deployment) deploymentOut {
	return deploymentOut{d.Number, d.Name, f.sessions.CubeURL(), "ready"}
}

// deployment describes a deployment to its session, or to a key that covers it.
func (f front) deployment(ctx context.Context, who access.Principal, in deploymentIn) (deploymentOut, error) {
	number, err := parseDeployment(in.ID)
	if err != nil {
		return deploymentOut{}, err
	}
	if who.Kind == access.Anonymous {
		key, err := f.adminKey(ctx, in.Request)
		if err != nil {
			return deploymentOut{}, err
		}
		found, err := f.sessions.DeploymentFor(ctx, key, number)
		return f.wireDeployment(found), err
	}
	if err := f.ownDeployment(ctx, who, number); err != nil {
		return deploymentOut{}, err
	}
	name, err := f.sessions.ProjectName(ctx, who.Organization, who.Project)
	return f.wireDeployment(tenancy.Deployment{Number: number, Name: name}), err
}

func parseDeployment(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "There is no such deployment")
	}
	return number, nil
}

// ownDeployment refuses every deployment but the one of the session.
func (f front) ownDeployment(ctx context.Context, who access.Principal, number int64) error {
	own, err := f.sessions.DeploymentOf(ctx, who.Project)
	if err == nil && own != number {
		err = fault.New(fault.NotFound, "There is no deployment %d", number)
	}
	return err
}

type dataTokenOut struct {
	Token string `json:"cubeApiToken"`
}

// Lives of a data token, in seconds.
const (
	shortest = 60
	longest  = 86400
)

func (f front) dataToken(ctx context.Context, who access.Principal, in deploymentIn) (dataTokenOut, error) {
	number, err := parseDeployment(in.ID)
	if err != nil {
		return dataTokenOut{}, err
	}
	if err := f.ownDeployment(ctx, who, number); err != nil {
		return dataTokenOut{}, err
	}
	fields := reader{object: in.Body}
	life, given := fields.number("expiresIn")
	if given && (life < shortest || life > longest || life != float64(int64(life))) {
		fields.fail("expiresIn", "must be a whole number of seconds between 60 and 86400")
	}
	if fields.err != nil {
		return dataTokenOut{}, fields.err
	}
	if !given {
		life = longest
	}
	token, err := f.sessions.DataToken(ctx, who, time.Duration(life)*time.Second)
	return dataTokenOut{token}, err
}

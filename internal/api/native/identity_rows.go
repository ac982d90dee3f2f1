package native

import (
	"context"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/identity"
)

// IdentityRows are the operations on one's own account: login, registration, profile, e-mail address and password.
func IdentityRows(s *identity.Service) []api.Operation {
	a := accounts{s}
	return []api.Operation{
		{ID: "Login", Method: "POST", Path: "/api/v1/login", Auth: api.Public, Tag: "My Account", Endpoint: api.Handle(a.login)},
		{ID: "Logout", Method: "GET", Path: "/api/v1/logout", Auth: api.Public, Tag: "My Account", Endpoint: api.Handle(a.logout)},
		{ID: "UpdateMe", Method: "PATCH", Path: "/api/v1/user/me", Auth: api.Session, Tag: "My Account", Endpoint: api.Handle(a.update)},
		{ID: "CompleteMe", Method: "PATCH", Path: "/api/v1/user/me/complete", Auth: api.Session, Tag: "My Account", Endpoint: api.Handle(a.complete)},
		{ID: "HasPassword", Method: "GET", Path: "/api/v1/user/password", Auth: api.Session, Tag: "My Account", Endpoint: api.Handle(a.hasPassword)},
		{ID: "ChangePassword", Method: "POST", Path: "/api/v1/user/password", Auth: api.Session, Tag: "My Account", Endpoint: api.Handle(a.changePassword)},
		{ID: "ResetPassword", Method: "POST", Path: "/api/v1/user/password/reset", Auth: api.Public, Tag: "My Account", Endpoint: api.Handle(a.resetPassword)},
		{ID: "GetPasswordReset", Method: "GET", Path: "/api/v1/password-reset/{code}", Auth: api.Public, Tag: "My Account", Endpoint: api.Handle(a.passwordReset)},
		{ID: "RequestPasswordReset", Method: "POST", Path: "/api/v1/password-reset", Auth: api.Public, Tag: "My Account", Endpoint: api.Handle(a.requestReset)},
		{ID: "ListIdentities", Method: "GET", Path: "/api/v1/user/identities", Auth: api.Session, Tag: "My Account", Endpoint: api.Handle(a.identities)},
		{ID: "DeleteIdentity", Method: "DELETE", Path: "/api/v1/user/identity", Auth: api.Session, Tag: "My Account", Endpoint: api.Handle(a.deleteIdentity)},
		op("GetAuthenticatedUser", api.Handle(a.me)),
		op("RegisterUser", api.Handle(a.register)),
		op("DeleteMe", api.Handle(a.deleteMe)),
		op("getLoginOptions", api.Handle(a.loginOptions)),
		op("CreateEmailOneTimePasscode", api.Handle(a.sendPasscode)),
		op("GetEmailVerificationStatus", api.Handle(a.emailStatus)),
		op("ListMyAvailableOrganizations", api.Handle(a.organizations)),
		op("JoinOrganization", api.Handle(a.join)),
	}
}

type accounts struct{ *identity.Service }

type none struct{}

type loginIn struct {
	Request *http.Request `http:""`
	Body    struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	} `body:"body,loose"`
}

func (a accounts) login(ctx context.Context, _ access.Principal, in loginIn) (any, error) {
	if in.Body.Email == "" || in.Body.Password == "" {
		return api.Raw(badRequest), nil
	}
	u, err := a.Login(ctx, in.Body.Email, in.Body.Password, a.Address(in.Request))
	if err != nil {
		return nil, err
	}
	return a.enter(in.Request, u.UUID, userToWire(u))
}

// badRequest is plain text without a type, as recorded.
func badRequest(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = nil
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte("Bad Request")) // the caller is gone otherwise
}

// enter answers with a new session for the user.
func (a accounts) enter(r *http.Request, user string, body any) (any, error) {
	session, err := a.SwitchSession(r, user, identity.SessionOptions{})
	if err != nil {
		return nil, err
	}
	return api.With{Before: func(w http.ResponseWriter, _ *http.Request) { a.SetCookie(w, session) }, Body: body}, nil
}

// leave answers without a session.
func (a accounts) leave(r *http.Request) (any, error) {
	if err := a.EndSession(r); err != nil {
		return nil, err
	}
	return api.With{Before: func(w http.ResponseWriter, _ *http.Request) { a.ClearCookie(w) }, Body: api.Empty{}}, nil
}

type requestIn struct {
	Request *http.Request `http:""`
}

func (a accounts) logout(_ context.Context, _ access.Principal, in requestIn) (any, error) {
	return a.leave(in.Request)
}

func (a accounts) me(ctx context.Context, who access.Principal, _ none) (knownUserWire, error) {
	u, err := a.User(ctx, who.User)
	return knownUserWire{userToWire(u), rulesToWire(who)}, err
}

type registerIn struct {
	Request *http.Request `http:""`
	Body    struct {
		InviteCode string `json:"inviteCode,omitempty"`
		Email      string `json:"email,omitempty"`
		FirstName  string `json:"firstName"`
		LastName   string `json:"lastName"`
		Password   string `json:"password"`
		SetupToken string `json:"setupToken,omitempty"` // of a server's very first user
	} `body:"body,whole"`
}

func (a accounts) register(ctx context.Context, _ access.Principal, in registerIn) (any, error) {
	b := in.Body
	if b.InviteCode == "" && b.Email == "" {
		return nil, &fault.Fault{Kind: fault.Unprocessable,
			Fields: map[string]fault.Field{"body": {Message: "inviteCode or email is required", Value: b, Given: true}}}
	}
	u, err := a.Register(ctx, identity.Registration{
		InviteCode: b.InviteCode, Email: b.Email, First: b.FirstName, Last: b.LastName, Password: b.Password, SetupToken: b.SetupToken})
	if err != nil {
		return nil, err
	}
	who, err := a.PrincipalOf(ctx, "", u.UUID)
	if err != nil {
		return nil, err
	}
	return a.enter(in.Request, u.UUID, registeredUserWire{
		knownUserWire: knownUserWire{userToWire(u), rulesToWire(who)}, UserID: u.Number})
}

type updateMeIn struct {
	Body struct {
		FirstName            *string `json:"firstName"`
		LastName             *string `json:"lastName"`
		Email                *string `json:"email"`
		IsMarketingOptedIn   *bool   `json:"isMarketingOptedIn"`
		IsTrackingAnonymized *bool   `json:"isTrackingAnonymized"`
	} `body:"body,loose"`
}

func (a accounts) update(ctx context.Context, who access.Principal, in updateMeIn) (userWire, error) {
	b := in.Body
	u, err := a.UpdateUser(ctx, who, identity.UserUpdate{First: b.FirstName, Last: b.LastName, Email: b.Email,
		MarketingOptedIn: b.IsMarketingOptedIn, TrackingAnonymous: b.IsTrackingAnonymized})
	return userToWire(u), err
}

type completeIn struct {
	Body struct {
		OrganizationName        *string `json:"organizationName"`
		EnableEmailDomainAccess bool    `json:"enableEmailDomainAccess"`
		IsMarketingOptedIn      *bool   `json:"isMarketingOptedIn"`
		IsTrackingAnonymized    *bool   `json:"isTrackingAnonymized"`
	} `body:"body,loose"`
}

func (a accounts) complete(ctx context.Context, who access.Principal, in completeIn) (userWire, error) {
	u, err := a.CompleteSetup(ctx, who, identity.Setup{Organization: in.Body.OrganizationName,
		TakeDomain: in.Body.EnableEmailDomainAccess, MarketingOptedIn: in.Body.IsMarketingOptedIn,
		TrackingAnonymous: in.Body.IsTrackingAnonymized})
	return userToWire(u), err
}

func (a accounts) hasPassword(ctx context.Context, who access.Principal, _ none) (bool, error) {
	u, err := a.User(ctx, who.User)
	return u.HasPassword, err
}

type changePasswordIn struct {
	Request *http.Request `http:""`
	Body    struct {
		Password    string `json:"password"`
		NewPassword string `json:"newPassword"`
	} `body:"body,loose"`
}

func (a accounts) changePassword(ctx context.Context, who access.Principal, in changePasswordIn) (any, error) {
	if err := a.ChangePassword(ctx, who, in.Body.Password, in.Body.NewPassword, a.Address(in.Request)); err != nil {
		return nil, err
	}
	return a.leave(in.Request)
}

type resetIn struct {
	Body struct {
		Code        string `json:"code"`
		NewPassword string `json:"newPassword"`
	} `body:"body,loose"`
}

func (a accounts) resetPassword(ctx context.Context, _ access.Principal, in resetIn) (api.Empty, error) {
	return api.Empty{}, a.ResetPassword(ctx, in.Body.Code, in.Body.NewPassword)
}

func (a accounts) passwordReset(ctx context.Context, _ access.Principal, in codeIn) (api.Empty, error) {
	return api.Empty{}, a.CheckReset(ctx, in.Code)
}

type codeIn struct {
	Code string `path:"code"`
}

type requestResetIn struct {
	Request *http.Request `http:""`
	Body    struct {
		Email string `json:"email"`
	} `body:"body,loose"`
}

func (a accounts) requestReset(ctx context.Context, _ access.Principal, in requestResetIn) (api.Empty, error) {
	return api.Empty{}, a.RequestReset(ctx, in.Body.Email, a.Address(in.Request))
}

type identityWire struct {
	UserUUID   string `json:"userUuid"`
	Issuer     string `json:"issuer"`
	IssuerType string `json:"issuerType"`
	Email      string `json:"email"`
	CreatedAt  moment `json:"createdAt"`
}

func (a accounts) identities(ctx context.Context, who access.Principal, _ none) (map[string][]identityWire, error) {
	all, err := a.Identities(ctx, who)
	byType := map[string][]identityWire{}
	for _, i := range all {
		byType[i.IssuerType] = append(byType[i.IssuerType],
			identityWire{who.User, i.Issuer, i.IssuerType, i.Email, moment(i.Created)})
	}
	return byType, err
}

type deleteIdentityIn struct {
	Body struct {
		Issuer string `json:"issuer"`
		Email  string `json:"email"`
	} `body:"body,loose"`
}

func (a accounts) deleteIdentity(ctx context.Context, who access.Principal, in deleteIdentityIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteIdentity(ctx, who, in.Body.Issuer, in.Body.Email)
}

func (a accounts) deleteMe(ctx context.Context, who access.Principal, in requestIn) (any, error) {
	if err := a.DeleteUser(ctx, who, who.User); err != nil {
		return nil, err
	}
	return a.leave(in.Request)
}

type loginOptionsWire struct {
	ShowOptions   []string `json:"showOptions"`
	ForceRedirect bool     `json:"forceRedirect"` // never: who logs out must not be logged in again
}

type loginOptionsIn struct {
	Email *string `query:"email"`
}

func (a accounts) loginOptions(context.Context, access.Principal, loginOptionsIn) (loginOptionsWire, error) {
	return loginOptionsWire{ShowOptions: a.LoginOptions()}, nil
}

func (a accounts) sendPasscode(ctx context.Context, who access.Principal, _ none) (emailStatusWire, error) {
	status, err := a.SendPasscode(ctx, who)
	return emailStatusToWire(status), err
}

type emailStatusIn struct {
	Passcode *string `query:"passcode"`
}

func (a accounts) emailStatus(ctx context.Context, who access.Principal, in emailStatusIn) (emailStatusWire, error) {
	passcode := ""
	if in.Passcode != nil {
		passcode = *in.Passcode
	}
	status, err := a.EmailStatus(ctx, who, passcode)
	return emailStatusToWire(status), err
}

type allowedOrganizationWire struct {
	OrganizationUUID string `json:"organizationUuid"`
	Name             string `json:"name"`
	MembersCount     int    `json:"membersCount"`
}

func (a accounts) organizations(ctx context.Context, who access.Principal, _ none) ([]allowedOrganizationWire, error) {
	open, err := a.OpenOrganizations(ctx, who)
	wire := make([]allowedOrganizationWire, len(open))
	for i, o := range open {
		wire[i] = allowedOrganizationWire{o.UUID, o.Name, o.Members}
	}
	return wire, err
}

type joinIn struct {
	Request      *http.Request `http:""`
	Organization string        `path:"organizationUuid"`
}

func (a accounts) join(ctx context.Context, who access.Principal, in joinIn) (any, error) {
	if err := a.Join(ctx, who, in.Organization); err != nil {
		return nil, err
	}
	return a.renew(in.Request, who)
}

// renew gives whoever came with a session a new one, after what they may do has changed.
func (a accounts) renew(r *http.Request, who access.Principal) (any, error) {
	if !who.Session {
		return api.Empty{}, nil
	}
	return a.enter(r, who.User, api.Empty{})
}

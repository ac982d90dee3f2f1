package tenancy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// trustedPrefix marks the tokens of trusted authentication, so that other credentials aren't looked up here.
const trustedPrefix = "its_"

// tokenLife is how long a trusted token opens sessions.
const tokenLife = 5 * time.Minute

// Levels of access that a trusted token asks for.
const (
	FullAccess = "FULL"
	OneObject  = "REPORT_BOOK_VIEW"
)

// TrustedRequest asks for a token for a user, vouched for by a secret.
type TrustedRequest struct {
	Secret, Username, Email, DisplayName string
	Level                                string // FullAccess or OneObject
	Object                               string // uuid of the dashboard or chart, for OneObject
	Org                                  *int64
	Groups                               []string
	AutoCreate                           bool
	Caller                               string // network address, for limits
}

// objectScope confines a token or session to one object; the zero value doesn't.
type objectScope struct {
	Project   string `json:"project,omitempty"`
	Dashboard string `json:"dashboard,omitempty"`
	Chart     string `json:"chart,omitempty"`
}

type trustedTokenRow struct {
	bun.BaseModel    `bun:"table:trusted_tokens"`
	Hash             string `bun:",pk"`
	OrganizationUUID string `bun:"organization_uuid"`
	UserUUID         string `bun:"user_uuid"`
	Scope            objectScope
	KeyID            string
	ExpiresAt        time.Time
	RevokedAt        *time.Time
}

// TrustedToken gives a token for the user in one Org, creating user, membership and groups where the request says so.
// Faults: Invalid; Unauthenticated, the same for a wrong secret and an unknown user; Internal with code
// "TrustedAuthDisabled"; TooMany.
func (s *Service) TrustedToken(ctx context.Context, r TrustedRequest) (string, error) {
	key, err := s.trustedKey(ctx, r.Secret, r.Caller)
	if err != nil {
		return "", err
	}
	if err := s.exchanges.open(key.ID + " " + strings.ToLower(r.Username)); err != nil {
		return "", err
	}
	s.exchanges.count(key.ID + " " + strings.ToLower(r.Username))
	account, organization, err := s.admitted(ctx, key, r)
	if err != nil {
		return "", err
	}
	scope, err := s.scopeOf(ctx, organization, r)
	if err != nil {
		return "", err
	}
	token := trustedPrefix + secret.Token(24)
	row := trustedTokenRow{
		Hash: secret.Hash(token), OrganizationUUID: organization, UserUUID: account.UUID, Scope: scope, KeyID: key.ID,
		ExpiresAt: s.now().Add(tokenLife),
	}
	if _, err := s.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The token could not be stored")
	}
	return token, nil
}

func notTrusted() error {
	return fault.Coded(fault.Unauthenticated, "InvalidCredentials", "The secret or the user isn't valid")
}

// trustedKey checks the secret. That nobody turned trusted authentication on is said to everybody.
func (s *Service) trustedKey(ctx context.Context, text, caller string) (Key, error) {
	off := &fault.Fault{Kind: fault.Unavailable, Code: "TrustedAuthDisabled", Message: "Token-based trusted authentication is not enabled"}
	key, err := s.Verify(ctx, ThoughtSpot, text, caller)
	switch {
	case err == nil && key.Enabled:
		return key, nil
	case err == nil:
		return Key{}, off
	case !fault.Is(err, fault.Unauthenticated):
		return Key{}, err
	}
	on, err := s.db.NewSelect().Model((*keyRow)(nil)).Where("front = ? AND enabled AND revoked_at IS NULL", ThoughtSpot).Exists(ctx)
	if err != nil {
		return Key{}, fault.Wrap(fault.Unavailable, err, "The secret could not be checked")
	}
	if !on {
		return Key{}, off
	}
	return Key{}, notTrusted()
}

// admitted finds the user and the Org that the token is for.
func (s *Service) admitted(ctx context.Context, key Key, r TrustedRequest) (Account, string, error) {
	account, err := s.people.FindAccount(ctx, r.Username)
	unknown := fault.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return Account{}, "", err
	}
	if unknown && !r.AutoCreate {
		return Account{}, "", notTrusted()
	}
	if !unknown {
		if err := s.vouches(ctx, key, account.UUID); err != nil {
			return Account{}, "", err
		}
	}
	organization, err := s.wantedOrg(ctx, key, account, r)
	if err != nil {
		return Account{}, "", err
	}
	if unknown {
		account, err = s.people.CreateAccount(ctx, organization, NewAccount{
			Username: r.Username, Email: r.Email, Name: firstOf(r.DisplayName, r.Username), Role: s.options.NewUserRole,
		})
		if fault.Is(err, fault.Conflict) {
			if _, now := s.people.FindAccount(ctx, r.Username); now == nil {
				return s.admitted(ctx, key, r) // another request of theirs made it meanwhile
			}
			err = fault.New(fault.Invalid, "email: somebody else has this address")
		}
		if err != nil {
			return Account{}, "", err
		}
	} else if err := s.enrol(ctx, account, organization, r); err != nil {
		return Account{}, "", err
	}
	if r.AutoCreate && len(r.Groups) > 0 {
		err = s.people.AddToGroups(ctx, organization, account.UUID, r.Groups)
	}
	return account, organization, err
}

// vouches refuses a user of other Orgs to a secret of one: whoever holds it would act as somebody else's user, and their
// account is the same one everywhere.
func (s *Service) vouches(ctx context.Context, key Key, user string) error {
	if key.Policy.Instance {
		return nil
	}
	all, err := s.people.MemberOf(ctx, user)
	if err == nil && slices.ContainsFunc(all, func(o Organization) bool { return o.UUID != key.Organization }) {
		err = notTrusted()
	}
	return err
}

// wantedOrg is the Org asked for, else that of the last login, else the first one, as far as the secret reaches.
func (s *Service) wantedOrg(ctx context.Context, key Key, account Account, r TrustedRequest) (string, error) {
	if r.Org != nil {
		organization, err := s.organizationNumbered(ctx, *r.Org)
		if err != nil || !key.Policy.Instance && organization != key.Organization {
			return "", fault.New(fault.Invalid, "orgid: there is no Org %d for this secret", *r.Org)
		}
		return organization, nil
	}
	if !key.Policy.Instance {
		return key.Organization, nil
	}
	if account.UUID == "" {
		return s.organizationNumbered(ctx, 0)
	}
	return s.homeOrg(ctx, account.UUID)
}

// homeOrg is the Org of the user's last login, or the first one they belong to. Faults: Unauthenticated.
func (s *Service) homeOrg(ctx context.Context, user string) (string, error) {
	all, err := s.people.MemberOf(ctx, user)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", notTrusted()
	}
	var last string
	err = s.db.NewSelect().Model((*trustedUserRow)(nil)).Column("last_organization_uuid").Where("user_uuid = ?", user).Scan(ctx, &last)
	if err != nil && !store.NotFound(err) {
		return "", fault.Wrap(fault.Unavailable, err, "The last Org could not be read")
	}
	if slices.ContainsFunc(all, func(o Organization) bool { return o.UUID == last }) {
		return last, nil
	}
	return all[0].UUID, nil
}

// enrol makes sure that a known user belongs to the Org.
func (s *Service) enrol(ctx context.Context, account Account, organization string, r TrustedRequest) error {
	_, err := s.people.PrincipalOf(ctx, organization, account.UUID)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if !r.AutoCreate {
		return fault.New(fault.Invalid, "orgid: the user does not belong to the Org")
	}
	return s.people.Join(ctx, organization, account.UUID, s.options.NewUserRole)
}

// scopeOf finds the one object that a token is confined to.
func (s *Service) scopeOf(ctx context.Context, organization string, r TrustedRequest) (objectScope, error) {
	if r.Level != OneObject {
		return objectScope{}, nil
	}
	found, err := s.contents.Locate(ctx, organization, r.Object)
	if fault.Is(err, fault.NotFound) {
		return objectScope{}, fault.New(fault.Invalid, "id: there is no such Liveboard or visualization")
	}
	if err != nil {
		return objectScope{}, err
	}
	if found.Kind == ChartKind {
		return objectScope{Project: found.Project, Chart: found.UUID}, nil
	}
	return objectScope{Project: found.Project, Dashboard: found.UUID}, nil
}

// resolveTrusted gives the principal of a trusted token that comes as a Bearer.
func (s *Service) resolveTrusted(ctx context.Context, token string) (access.Principal, error) {
	row, err := s.liveToken(ctx, token)
	if err != nil {
		return access.Principal{}, err
	}
	p, err := s.trustedPrincipal(ctx, row.OrganizationUUID, row.UserUUID, row.Scope)
	p.Credential, p.IssuedBy, p.Expires = row.Hash, row.KeyID, row.ExpiresAt
	if err == nil {
		err = s.confinedBy(ctx, row.KeyID, &p)
	}
	return p, err
}

func (s *Service) liveToken(ctx context.Context, token string) (trustedTokenRow, error) {
	var row trustedTokenRow
	err := s.db.NewSelect().Model(&row).Where("hash = ?", secret.Hash(token)).Scan(ctx)
	switch {
	case store.NotFound(err):
		return row, badToken()
	case err != nil:
		return row, fault.Wrap(fault.Unavailable, err, "The token could not be checked")
	case row.RevokedAt != nil:
		return row, revokedToken()
	case !s.now().Before(row.ExpiresAt):
		return row, fault.Coded(fault.Unauthenticated, "TokenExpired", "The token has expired; ask for a new one")
	}
	_, err = s.liveKey(ctx, row.KeyID)
	return row, err
}

// trustedPrincipal is the user's own principal as their rights are now, confined to the object if there is one.
func (s *Service) trustedPrincipal(ctx context.Context, organization, user string, scope objectScope) (access.Principal, error) {
	p, err := s.people.PrincipalOf(ctx, organization, user)
	if fault.Is(err, fault.NotFound) {
		return access.Principal{}, revokedToken()
	}
	if err != nil || scope == (objectScope{}) {
		return p, err
	}
	p.Project, p.Scope = scope.Project, &access.Scope{}
	if scope.Dashboard != "" {
		p.Scope.Dashboards = []string{scope.Dashboard}
	} else {
		p.Scope.Charts = []string{scope.Chart}
	}
	return p.Viewing(p.Project), nil
}

// revokeTrusted ends a trusted token; sessions opened with it stay.
func (s *Service) revokeTrusted(ctx context.Context, who access.Principal, token string) error {
	done, err := s.db.NewUpdate().Model((*trustedTokenRow)(nil)).Set("revoked_at = ?", s.now()).
		Where("hash = ? AND organization_uuid = ?", secret.Hash(token), who.Organization).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The token could not be revoked")
	}
	if changed, err := done.RowsAffected(); err != nil || changed == 0 {
		return fault.New(fault.NotFound, "There is no such token")
	}
	return nil
}

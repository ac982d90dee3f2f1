// Package signon logs people in with accounts that they have elsewhere, by OpenID Connect and SAML. It knows the
// protocols and what a provider vouches for; it must not know users, or what they may do here.
package signon

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Names of the providers, as they stand in addresses.
const (
	Google   = "google"
	Okta     = "okta"
	AzureAD  = "azuread"
	OneLogin = "oneLogin"
	OIDC     = "oidc"
	SAML     = "saml"
)

// Config is what the operator sets. Providers without a client or metadata are off.
type Config struct {
	SiteURL   string                  // our own address
	Providers map[string]OIDCProvider // by name
	SAML      SAMLProvider
	Groups    string // claim or attribute with the names of somebody's groups; empty: groups are left alone
	Dial      Dial   // nil is the network itself
	Now       func() time.Time
}

// Account is an account at a provider, as the provider vouches for it.
type Account struct {
	Issuer, Provider, Subject string
	Email                     string
	Verified                  bool // the address is known to be this person's
	First, Last               string
	Groups                    []string // nil: the provider doesn't say
}

// Wish is what somebody wants once they are logged in.
type Wish struct {
	Redirect string // path of ours
	Invite   string // code of an invite to accept
}

// Start is how a login begins: where the browser goes, and the secret by which it is known again.
type Start struct{ Location, Browser string }

// provider is one protocol's half of a login.
type provider interface {
	// begin gives the address to go to. It may add to the attempt what finish compares.
	begin(ctx context.Context, state string, a *attempt) (string, error)
	// finish checks what the provider answered. Faults: Unauthenticated, Unavailable.
	finish(ctx context.Context, r *http.Request, a attempt) (Account, error)
}

// Service begins and ends logins at the configured providers.
type Service struct {
	db        *store.DB
	secret    secret.Secret
	now       func() time.Time
	site      string
	names     []string
	providers map[string]provider
	saml      *samlProvider // nil when it is off
}

// New makes the service. No provider is asked anything before somebody logs in with it, so one that is down doesn't
// keep the server from starting. The error says what is wrong with the configuration.
func New(db *store.DB, key secret.Secret, c Config) (*Service, error) {
	s := &Service{db: db, secret: key, now: c.Now, site: strings.TrimSuffix(c.SiteURL, "/"), providers: map[string]provider{}}
	client := c.Dial.client()
	for _, name := range []string{Google, Okta, AzureAD, OneLogin, OIDC} {
		set := c.Providers[name]
		if set.ClientID == "" {
			continue
		}
		p, err := newOIDC(name, set, s.site+"/api/v1/oauth/redirect/"+name, c.Groups, client)
		if err != nil {
			return nil, err
		}
		s.names, s.providers[name] = append(s.names, name), p
	}
	if c.SAML.Metadata != "" {
		p, err := newSAML(c.SAML, s.site, c.Groups, client)
		if err != nil {
			return nil, err
		}
		s.names, s.providers[SAML], s.saml = append(s.names, SAML), p, p
	}
	return s, nil
}

// Names lists the providers that are on.
func (s *Service) Names() []string { return slices.Clone(s.names) }

// attemptLife is how long somebody may take to log in at their provider.
const attemptLife = 10 * time.Minute

// attempt is a login that has begun.
type attempt struct {
	Provider string
	Browser  string // hash of the secret that the browser keeps
	Wish     Wish
	Nonce    string   `json:",omitempty"` // of OpenID Connect
	Verifier string   `json:",omitempty"` // of PKCE
	Request  string   `json:",omitempty"` // id of a SAML request
	Account  *Account `json:",omitempty"` // once SAML's answer was accepted
}

type attemptRow struct {
	bun.BaseModel `bun:"table:sign_ons"`
	Hash          string `bun:"hash,pk"`
	Sealed        string
	ExpiresAt     time.Time
}

const sealAttempt = "sign-on"

// Begin starts a login. Faults: NotFound for a provider that is off, Unavailable for one that can't be reached.
func (s *Service) Begin(ctx context.Context, name string, w Wish) (Start, error) {
	p, ok := s.providers[name]
	if !ok {
		return Start{}, fault.New(fault.NotFound, "Logging in with %q isn't set up on this server", name)
	}
	w.Redirect = LocalPath(w.Redirect, s.site)
	browser, state := secret.Token(32), secret.Token(24)
	a := attempt{Provider: name, Browser: secret.Hash(browser), Wish: w}
	location, err := p.begin(ctx, state, &a)
	if err != nil {
		return Start{}, err
	}
	return Start{location, browser}, s.keep(ctx, state, a)
}

// Finish ends a login with the provider's answer, which the browser brings. It works once. Faults: Unauthenticated,
// Unavailable.
func (s *Service) Finish(r *http.Request, name, browser string) (Account, Wish, error) {
	a, err := s.take(r.Context(), r.FormValue("state"))
	if err != nil {
		return Account{}, Wish{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(a.Browser), []byte(secret.Hash(browser))) == 1
	if !same || a.Provider != name {
		return Account{}, Wish{}, unfinished("This login was begun in another browser. Begin again here")
	}
	if a.Account != nil {
		return *a.Account, a.Wish, nil
	}
	account, err := s.providers[name].finish(r.Context(), r, a)
	return account, a.Wish, err
}

// Accept checks the answer that a SAML provider made the browser post, and gives the address where the login ends. The
// post comes from another site, so the browser's secret isn't with it; at that address it is.
func (s *Service) Accept(r *http.Request) (string, error) {
	if s.saml == nil {
		return "", fault.New(fault.NotFound, "Logging in by SAML isn't set up on this server")
	}
	a, err := s.take(r.Context(), r.PostFormValue("RelayState"))
	if err != nil {
		return "", err
	}
	if a.Provider != SAML || a.Account != nil {
		return "", unfinished("This isn't the answer to a login by SAML")
	}
	account, err := s.saml.accept(r, a)
	if err != nil {
		return "", err
	}
	a.Account = &account
	state := secret.Token(24)
	return s.site + "/api/v1/oauth/redirect/" + SAML + "?state=" + state, s.keep(r.Context(), state, a)
}

func (s *Service) keep(ctx context.Context, state string, a attempt) error {
	plain, err := json.Marshal(a)
	if err != nil {
		return err
	}
	sealed, err := s.secret.Seal(sealAttempt, plain)
	if err != nil {
		return err
	}
	row := attemptRow{Hash: secret.Hash(state), Sealed: sealed, ExpiresAt: s.now().UTC().Add(attemptLife)}
	if _, err := s.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The login can't begin now. Try again")
	}
	return nil
}

// take removes an attempt, so that each is ended once. Faults: Unauthenticated.
func (s *Service) take(ctx context.Context, state string) (a attempt, err error) {
	var row attemptRow
	err = s.db.NewDelete().Model(&row).Where("hash = ?", secret.Hash(state)).Returning("*").Scan(ctx)
	switch {
	case store.NotFound(err), err == nil && !s.now().Before(row.ExpiresAt):
		return a, unfinished("This login took too long, or has ended already. Begin again")
	case err != nil:
		return a, fault.Wrap(fault.Unavailable, err, "The login can't be finished now. Try again")
	}
	plain, err := s.secret.Open(sealAttempt, row.Sealed)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(plain, &a)
}

// Sweep forgets logins that were never ended.
func (s *Service) Sweep(ctx context.Context) error {
	_, err := s.db.NewDelete().Model((*attemptRow)(nil)).Where("expires_at <= ?", s.now().UTC()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("signon.Sweep: %w", err)
	}
	return nil
}

func unfinished(why string) *fault.Fault { return fault.New(fault.Unauthenticated, "%s", why) }

// vouched tells whether an address is known to be somebody's: where the operator says for which domains the provider
// answers, for addresses of those; otherwise where the provider itself says that it checked.
func vouched(email string, domains []string, checked bool) bool {
	if len(domains) == 0 {
		return checked
	}
	_, domain, _ := strings.Cut(strings.ToLower(email), "@")
	return slices.ContainsFunc(domains, func(d string) bool { return strings.EqualFold(d, domain) })
}

const sealFlash = "flash"

// SealFlash makes a sentence for the login page into a cookie that only this server can have written.
func (s *Service) SealFlash(message string) (string, error) {
	return s.secret.Seal(sealFlash, []byte(message))
}

// OpenFlash reads what SealFlash wrote.
func (s *Service) OpenFlash(sealed string) (string, bool) {
	message, err := s.secret.Open(sealFlash, sealed)
	return string(message), err == nil
}

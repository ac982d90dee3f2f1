package signon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"inlay/internal/fault"
	"inlay/internal/secret"
)

// OIDCProvider is what the operator knows of an OpenID Connect provider.
type OIDCProvider struct {
	Issuer                 string // address; Google's is known
	ClientID, ClientSecret string
	Domains                []string // that the provider answers for; see vouched
}

type oidcProvider struct {
	name     string
	set      OIDCProvider
	redirect string
	groups   string
	client   *http.Client
	found    atomic.Pointer[oidc.Provider]
}

func newOIDC(name string, set OIDCProvider, redirect, groups string, client *http.Client) (*oidcProvider, error) {
	if name == Google && set.Issuer == "" {
		set.Issuer = "https://accounts.google.com"
	}
	if err := checkAddress(set.Issuer); err != nil {
		return nil, fmt.Errorf("the issuer of %s: %w", name, err)
	}
	return &oidcProvider{name: name, set: set, redirect: redirect, groups: groups, client: client}, nil
}

// checkAddress wants HTTPS, except on the machine itself.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return fmt.Errorf("%q isn't an address", address)
	case u.Scheme == "https", u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1"):
		return nil
	}
	return fmt.Errorf("%q must begin with https://", address)
}

// discover asks the provider where its endpoints are, until it has answered once.
func (p *oidcProvider) discover(ctx context.Context) (*oidc.Provider, error) {
	if found := p.found.Load(); found != nil {
		return found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.set.Issuer)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The login provider can't be reached now. Try again later")
	}
	p.found.Store(found)
	return found, nil
}

func (p *oidcProvider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.set.ClientID, ClientSecret: p.set.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.redirect, Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
}

func (p *oidcProvider) begin(ctx context.Context, state string, a *attempt) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	a.Nonce, a.Verifier = secret.Token(24), oauth2.GenerateVerifier()
	options := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}
	config := p.oauth(found)
	if p.groups != "" && p.name != Google { // who refuses scopes that it doesn't know
		config.Scopes = append(config.Scopes, "groups")
	}
	return config.AuthCodeURL(state, options...), nil
}

func (p *oidcProvider) finish(ctx context.Context, r *http.Request, a attempt) (Account, error) {
	if r.FormValue("error") != "" {
		return Account{}, fault.Wrap(fault.Unauthenticated, errors.New(r.FormValue("error")+" "+r.FormValue("error_description")),
			"The login provider let nobody in")
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Account{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(found).Exchange(ctx, r.FormValue("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return Account{}, refusedBy(err)
	}
	raw, _ := token.Extra("id_token").(string)
	signed, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.set.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Account{}, refusedBy(err)
	}
	if signed.Nonce != a.Nonce {
		return Account{}, refusedBy(errors.New("the nonce is another"))
	}
	return p.account(ctx, found, signed, token)
}

func refusedBy(err error) error {
	return fault.Wrap(fault.Unauthenticated, err, "The login provider's answer isn't valid. Begin again")
}

// account reads what the provider says of somebody: from the signed token, or, where that says little, by asking.
func (p *oidcProvider) account(ctx context.Context, found *oidc.Provider, signed *oidc.IDToken, token *oauth2.Token) (Account, error) {
	var c claims
	if err := signed.Claims(&c); err != nil {
		return Account{}, refusedBy(err)
	}
	if c.Email == "" && found.UserInfoEndpoint() != "" {
		info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil || info.Subject != signed.Subject {
			return Account{}, refusedBy(errors.Join(err, errors.New("the user information is no use")))
		}
		if err := info.Claims(&c); err != nil {
			return Account{}, refusedBy(err)
		}
	}
	if c.Email == "" {
		c.Email, c.Verified = c.Username, false
	}
	account := Account{Issuer: signed.Issuer, Provider: p.name, Subject: signed.Subject, Email: c.Email,
		Verified: vouched(c.Email, p.set.Domains, bool(c.Verified)), First: c.First, Last: c.Last}
	if account.First == "" && account.Last == "" {
		account.First, account.Last, _ = strings.Cut(c.Name, " ")
	}
	if p.groups != "" {
		var all map[string]json.RawMessage
		if err := signed.Claims(&all); err != nil {
			return Account{}, refusedBy(err)
		}
		if text, ok := all[p.groups]; ok {
			if err := json.Unmarshal(text, &account.Groups); err != nil {
				return Account{}, refusedBy(err)
			}
		}
	}
	return account, nil
}

type claims struct {
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
	Username string `json:"preferred_username"`
	Name     string `json:"name"`
	First    string `json:"given_name"`
	Last     string `json:"family_name"`
}

// truth is a boolean that some providers write as a text.
type truth bool

func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == "true" || string(text) == `"true"`
	return nil
}

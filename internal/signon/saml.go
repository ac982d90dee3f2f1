package signon

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"

	"github.com/crewjam/saml"

	"inlay/internal/fault"
)

// SAMLProvider is what the operator knows of a SAML identity provider.
type SAMLProvider struct {
	Metadata string   // of the provider: an address, or a file
	Domains  []string // that the provider answers for; without any it can let nobody in by their address
}

type samlProvider struct {
	set    SAMLProvider
	site   string
	groups string
	client *http.Client
	found  atomic.Pointer[saml.ServiceProvider]
}

func newSAML(set SAMLProvider, site, groups string, client *http.Client) (*samlProvider, error) {
	if strings.Contains(set.Metadata, "://") {
		if err := checkAddress(set.Metadata); err != nil {
			return nil, fmt.Errorf("the metadata of the SAML provider: %w", err)
		}
	}
	if len(set.Domains) == 0 {
		return nil, errors.New("SAML says nothing of whether addresses are checked: name the e-mail domains that the provider answers for")
	}
	return &samlProvider{set: set, site: site, groups: groups, client: client}, nil
}

// here is our half: without the provider's metadata it can be described to the provider.
func (p *samlProvider) here() (*saml.ServiceProvider, error) {
	metadata, err := url.Parse(p.site + "/api/v1/saml/metadata")
	if err != nil {
		return nil, err
	}
	acs := *metadata
	acs.Path = strings.TrimSuffix(acs.Path, "metadata") + "acs"
	return &saml.ServiceProvider{EntityID: metadata.String(), MetadataURL: *metadata, AcsURL: acs, HTTPClient: p.client,
		AuthnNameIDFormat: saml.UnspecifiedNameIDFormat}, nil
}

// discover reads the provider's metadata, until that went well once.
func (p *samlProvider) discover(ctx context.Context) (*saml.ServiceProvider, error) {
	if found := p.found.Load(); found != nil {
		return found, nil
	}
	unavailable := func(err error) error {
		return fault.Wrap(fault.Unavailable, err, "The login provider can't be reached now. Try again later")
	}
	data, err := p.read(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	provider := &saml.EntityDescriptor{}
	if err := xml.Unmarshal(data, provider); err != nil {
		return nil, unavailable(err)
	}
	found, err := p.here()
	if err != nil {
		return nil, err
	}
	found.IDPMetadata = provider
	if found.GetSSOBindingLocation(saml.HTTPRedirectBinding) == "" {
		return nil, unavailable(errors.New("the provider's metadata names no address for HTTP-Redirect"))
	}
	p.found.Store(found)
	return found, nil
}

func (p *samlProvider) read(ctx context.Context) ([]byte, error) {
	if !strings.Contains(p.set.Metadata, "://") {
		return os.ReadFile(p.set.Metadata)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.set.Metadata, nil)
	if err != nil {
		return nil, err
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the metadata's address answers %s", answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (p *samlProvider) begin(ctx context.Context, state string, a *attempt) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	request, err := found.MakeAuthenticationRequest(found.GetSSOBindingLocation(saml.HTTPRedirectBinding), saml.HTTPRedirectBinding, saml.HTTPPostBinding)
	if err != nil {
		return "", err
	}
	a.Request = request.ID
	location, err := request.Redirect(state, found)
	if err != nil {
		return "", err
	}
	return location.String(), nil
}

// finish is for answers that the browser carries in an address; SAML's come by accept.
func (*samlProvider) finish(context.Context, *http.Request, attempt) (Account, error) {
	return Account{}, unfinished("This isn't the answer to a login by SAML")
}

// accept checks the posted answer: its signature, audience, times, and that it answers this attempt's request.
func (p *samlProvider) accept(r *http.Request, a attempt) (Account, error) {
	found, err := p.discover(r.Context())
	if err != nil {
		return Account{}, err
	}
	assertion, err := found.ParseResponse(r, []string{a.Request})
	if invalid, ok := errors.AsType[*saml.InvalidResponseError](err); ok {
		err = invalid.PrivateErr // the other says nothing, for whoever sent it
	}
	if err != nil {
		return Account{}, refusedBy(err)
	}
	// The library compares the request's id in every confirmation, and so in none where there is none.
	if assertion.Subject == nil || assertion.Subject.NameID == nil || len(assertion.Subject.SubjectConfirmations) == 0 {
		return Account{}, refusedBy(errors.New("the assertion confirms no subject"))
	}
	return p.account(assertion), nil
}

// names of attributes by which providers say the same.
var (
	emailNames = []string{"email", "mail", "urn:oid:0.9.2342.19200300.100.1.3", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"}
	firstNames = []string{"firstName", "givenName", "urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"}
	lastNames  = []string{"lastName", "surname", "sn", "urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"}
)

func (p *samlProvider) account(assertion *saml.Assertion) Account {
	first := func(names []string) string {
		if values := valuesOf(assertion, names...); len(values) > 0 {
			return values[0]
		}
		return ""
	}
	account := Account{Issuer: assertion.Issuer.Value, Provider: SAML, Subject: assertion.Subject.NameID.Value,
		Email: first(emailNames), First: first(firstNames), Last: first(lastNames)}
	if account.Email == "" {
		account.Email = account.Subject
	}
	account.Verified = vouched(account.Email, p.set.Domains, false)
	if p.groups != "" {
		account.Groups = valuesOf(assertion, p.groups)
	}
	return account
}

// valuesOf gives the values of the attribute with one of the names; nil when there is none.
func valuesOf(assertion *saml.Assertion, names ...string) []string {
	for _, name := range names {
		for _, statement := range assertion.AttributeStatements {
			for _, attribute := range statement.Attributes {
				if attribute.Name != name && attribute.FriendlyName != name {
					continue
				}
				values := []string{}
				for _, value := range attribute.Values {
					values = append(values, value.Value)
				}
				return values
			}
		}
	}
	return nil
}

// Metadata describes this server to a SAML provider, as XML. Faults: NotFound when SAML is off.
func (s *Service) Metadata() ([]byte, error) {
	if s.saml == nil {
		return nil, fault.New(fault.NotFound, "Logging in by SAML isn't set up on this server")
	}
	here, err := s.saml.here()
	if err != nil {
		return nil, err
	}
	return xml.MarshalIndent(here.Metadata(), "", "  ")
}

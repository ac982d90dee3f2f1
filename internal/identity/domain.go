package identity

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Domains are the e-mail domains whose people may join an organization by themselves, and what they become there.
type Domains struct {
	Organization string
	Domains      []string
	Role         access.Role
	Projects     []DomainProject
}

// DomainProject is a role in a project that newcomers get.
type DomainProject struct {
	Project string
	Role    access.Role
}

// publicDomains are mail providers that anybody can have an address of.
var publicDomains = []string{
	"gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "hotmail.com", "outlook.com", "live.com", "msn.com",
	"icloud.com", "me.com", "mac.com", "aol.com", "protonmail.com", "proton.me", "gmx.com", "gmx.de", "gmx.net",
	"mail.com", "zoho.com", "yandex.com", "yandex.ru", "mail.ru", "qq.com", "163.com", "126.com", "web.de",
	"fastmail.com", "hey.com", "tutanota.com", "hotmail.co.uk", "yahoo.co.uk", "comcast.net", "verizon.net",
}

// Domains gives those of the principal's organization. Faults: Forbidden.
func (s *Service) Domains(ctx context.Context, who access.Principal) (Domains, error) {
	if who.Organization == "" {
		return Domains{}, forbidden()
	}
	return s.domains(ctx, s.db, who.Organization)
}

func (s *Service) domains(ctx context.Context, db bun.IDB, organization string) (Domains, error) {
	d := Domains{Organization: organization, Domains: []string{}, Projects: []DomainProject{}}
	err := db.NewRaw("SELECT domain_role FROM organizations WHERE id = ?", organization).Scan(ctx, &d.Role)
	if err != nil {
		return d, missing(err, "NotExists", "Cannot find organization")
	}
	err = db.NewRaw("SELECT domain FROM email_domains WHERE organization_id = ? ORDER BY domain", organization).
		Scan(ctx, &d.Domains)
	if err != nil && !store.NotFound(err) {
		return d, err
	}
	var rows []domainProjectRow
	err = db.NewSelect().Model(&rows).Where("organization_id = ?", organization).Order("project_id").Scan(ctx)
	for _, row := range rows {
		d.Projects = append(d.Projects, DomainProject{row.ProjectID, row.Role})
	}
	return d, err
}

// SetDomains replaces the domains of the principal's organization. Faults: Forbidden, Invalid, NotFound.
func (s *Service) SetDomains(ctx context.Context, who access.Principal, d Domains) (Domains, error) {
	if err := s.requireOrganization(ctx, who, access.Update); err != nil {
		return Domains{}, err
	}
	if err := s.checkDomains(ctx, who, &d); err != nil {
		return Domains{}, err
	}
	if err := s.mayGive(ctx, who, d.gives(), who.Organization); err != nil {
		return Domains{}, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return replaceDomains(ctx, tx, who.Organization, d)
	})
	s.audit(ctx, who, "organization.domains", who.Organization, err != nil)
	if err != nil {
		return Domains{}, err
	}
	return s.domains(ctx, s.db, who.Organization)
}

// gives is all that people of the domains get.
func (d Domains) gives() access.Principal {
	rights := d.Role.Gives("")
	rights.ProjectRoles = map[string][]access.Role{}
	for _, p := range d.Projects {
		rights.ProjectRoles[p.Project] = append(rights.ProjectRoles[p.Project], p.Role)
	}
	return rights
}

func (s *Service) checkDomains(ctx context.Context, who access.Principal, d *Domains) error {
	for i, domain := range d.Domains {
		d.Domains[i] = canonical(domain)
		if slices.Contains(publicDomains, d.Domains[i]) || !isEmail("someone@"+d.Domains[i]) {
			return fault.New(fault.Invalid, "%s is not allowed as organization email(s)", domain)
		}
	}
	if d.Role.AtLeast(access.Developer) || !d.Role.AtLeast(access.Member) {
		return fault.New(fault.Invalid, "The role %q can't be given to everybody of a domain", d.Role)
	}
	if d.Role != access.Member && len(d.Projects) > 0 {
		return fault.New(fault.Invalid, "Roles in projects can only be given together with the role member")
	}
	for _, p := range d.Projects {
		if p.Role.AtLeast(access.Developer) || !p.Role.AtLeast(access.Viewer) {
			return fault.New(fault.Invalid, "The role %q can't be given to everybody of a domain", p.Role)
		}
		if _, err := s.projectOf(ctx, who, p.Project); err != nil {
			return err
		}
	}
	return nil
}

func replaceDomains(ctx context.Context, tx bun.Tx, organization string, d Domains) error {
	_, err := tx.NewUpdate().Table("organizations").Set("domain_role = ?", d.Role).Where("id = ?", organization).Exec(ctx)
	if err != nil {
		return err
	}
	for _, model := range []any{(*domainRow)(nil), (*domainProjectRow)(nil)} {
		if _, err := tx.NewDelete().Model(model).Where("organization_id = ?", organization).Exec(ctx); err != nil {
			return err
		}
	}
	for _, domain := range d.Domains {
		row := domainRow{OrganizationID: organization, Domain: domain}
		if _, err := tx.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
	}
	for _, p := range d.Projects {
		row := domainProjectRow{OrganizationID: organization, ProjectID: p.Project, Role: p.Role}
		if _, err := tx.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// OpenOrganization is an organization that somebody may join.
type OpenOrganization struct {
	UUID, Name string
	Members    int
}

// OpenOrganizations lists the organizations that take people of the principal's e-mail domain. An address that isn't
// verified opens none.
func (s *Service) OpenOrganizations(ctx context.Context, who access.Principal) ([]OpenOrganization, error) {
	if !who.EmailVerified {
		return []OpenOrganization{}, nil
	}
	var rows []struct {
		ID, Name string
		Members  int
	}
	err := s.db.NewRaw(`SELECT o.id, o.name, (SELECT COUNT(*) FROM users u WHERE u.organization_id = o.id) AS members
		FROM organizations o JOIN email_domains d ON d.organization_id = o.id WHERE d.domain = ? ORDER BY o.name`,
		domainOf(who.Email)).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	open := make([]OpenOrganization, len(rows))
	for i, row := range rows {
		open[i] = OpenOrganization{row.ID, row.Name, row.Members}
	}
	return open, nil
}

// Join makes somebody without an organization a member of one that takes their e-mail domain. Faults: Forbidden.
func (s *Service) Join(ctx context.Context, who access.Principal, organization string) error {
	if who.Organization != "" {
		return fault.New(fault.Forbidden, "User already has an organization")
	}
	open, err := s.OpenOrganizations(ctx, who)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(open, func(o OpenOrganization) bool { return o.UUID == organization }) {
		return fault.New(fault.Forbidden, "User is not allowed to join organization")
	}
	d, err := s.domains(ctx, s.db, organization)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, "", organization); err != nil {
			return err
		}
		result, err := tx.NewUpdate().Table("users").Set("organization_id = ?", organization).Set("role = ?", d.Role).
			Where("id = ?", who.User).Where("organization_id IS NULL").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return firstError(err, fault.New(fault.Forbidden, "User already has an organization"))
		}
		return s.putDomainProjects(ctx, tx, d, who.User)
	})
	s.audit(ctx, who, "organization.join", organization, err != nil)
	return err
}

// putDomainProjects gives a newcomer the roles in projects that newcomers get.
func (s *Service) putDomainProjects(ctx context.Context, tx bun.Tx, d Domains, user string) error {
	for _, p := range d.Projects {
		if err := s.putProjectMember(ctx, tx, p.Project, user, p.Role); err != nil {
			return err
		}
	}
	return nil
}

// Setup is what a new user is asked for at the end of their registration.
type Setup struct {
	Organization                        *string // a new name for their organization
	TakeDomain                          bool    // let people of their e-mail domain join as viewers
	MarketingOptedIn, TrackingAnonymous *bool
}

// CompleteSetup ends the principal's registration. Faults: Forbidden, when they may not change their organization.
func (s *Service) CompleteSetup(ctx context.Context, who access.Principal, setup Setup) (User, error) {
	if setup.Organization != nil && *setup.Organization != "" {
		if err := s.UpdateOrganization(ctx, who, OrganizationUpdate{Name: setup.Organization}); err != nil {
			return User{}, err
		}
	}
	if setup.TakeDomain {
		d := Domains{Domains: []string{domainOf(who.Email)}, Role: access.Viewer}
		if _, err := s.SetDomains(ctx, who, d); err != nil {
			return User{}, err
		}
	}
	return s.UpdateUser(ctx, who, UserUpdate{MarketingOptedIn: setup.MarketingOptedIn,
		TrackingAnonymous: setup.TrackingAnonymous, SetupComplete: true})
}

package tenancy

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Org is an organization by its integer.
type Org struct {
	Number  int64
	UUID    string
	Name    string
	Primary bool
}

// Orgs are the Orgs of somebody.
type Orgs struct {
	All     []Org
	Current int64
	Every   bool // they may administer all
}

// OrgsOf lists the Orgs of the caller, or of another user for an administrator of their common Org. Faults: Invalid,
// Forbidden, NotFound.
func (s *Service) OrgsOf(ctx context.Context, who access.Principal, user string) (Orgs, error) {
	if who.Scope != nil || who.User == "" {
		return Orgs{}, fault.New(fault.Forbidden, "The session may not see Orgs")
	}
	if uuid.Validate(user) != nil {
		return Orgs{}, fault.New(fault.Invalid, "userid: not a GUID")
	}
	if user != who.User {
		if err := s.mayActFor(ctx, who, user); err != nil {
			return Orgs{}, err
		}
	}
	account, err := s.people.Account(ctx, user)
	if err != nil {
		return Orgs{}, err
	}
	return s.orgsOf(ctx, who, account)
}

func (s *Service) orgsOf(ctx context.Context, who access.Principal, account Account) (Orgs, error) {
	every, err := s.administersAll(ctx, account.UUID)
	if err != nil {
		return Orgs{}, err
	}
	list, err := s.people.MemberOf(ctx, account.UUID)
	if every {
		list, err = s.people.Organizations(ctx)
	}
	if err != nil {
		return Orgs{}, err
	}
	if !every && account.UUID != who.User {
		list = slices.DeleteFunc(slices.Clone(list), func(o Organization) bool { return o.UUID != who.Organization })
	}
	out := Orgs{Every: every}
	for _, organization := range list {
		number, err := s.organizationNumber(ctx, organization.UUID)
		if err != nil {
			return Orgs{}, err
		}
		out.All = append(out.All, Org{number, organization.UUID, organization.Name, number == 0})
	}
	current := who.Organization
	if account.UUID != who.User && len(list) > 0 {
		current = list[0].UUID
	}
	if out.Current, err = s.organizationNumber(ctx, current); err != nil {
		return Orgs{}, err
	}
	switched, err := s.inEveryOrg(ctx, who)
	if switched && account.UUID == who.User {
		out.Current = EveryOrg
	}
	return out, err
}

// administersAll tells whether somebody administers the whole server: who administers the Primary Org does.
func (s *Service) administersAll(ctx context.Context, user string) (bool, error) {
	primary, err := s.organizationNumbered(ctx, 0)
	if err != nil {
		return false, err
	}
	who, err := s.people.PrincipalOf(ctx, primary, user)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return who.OrgRole == access.Admin, err
}

func (s *Service) inEveryOrg(ctx context.Context, who access.Principal) (bool, error) {
	return s.db.NewSelect().Model((*trustedSessionRow)(nil)).Where("hash = ? AND every_organization", who.Credential).Exists(ctx)
}

// mayActFor refuses everybody but administrators of an Org that the user belongs to.
func (s *Service) mayActFor(ctx context.Context, who access.Principal, user string) error {
	if err := administers(who); err != nil {
		return err
	}
	if _, err := s.people.PrincipalOf(ctx, who.Organization, user); err != nil {
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Forbidden, "The user isn't one of yours")
		}
		return err
	}
	return nil
}

// SwitchOrg moves the caller's session to another Org and gives the session's new id. Faults: Forbidden, Invalid.
func (s *Service) SwitchOrg(ctx context.Context, who access.Principal, number int64) (id string, remember bool, err error) {
	forbidden := fault.New(fault.Forbidden, "The session can't be switched to Org %d", number)
	if !who.Session || who.Scope != nil {
		return "", false, forbidden
	}
	row, err := s.liveSession(ctx, who.Credential)
	if err != nil {
		return "", false, err
	}
	if number == EveryOrg {
		return s.switchEvery(ctx, row, forbidden)
	}
	organization, err := s.organizationNumbered(ctx, number)
	if err != nil {
		return "", false, fault.New(fault.Forbidden, "The session can't be switched to Org %d", number)
	}
	if row.Pinned && organization != row.OrganizationUUID {
		return "", false, forbidden
	}
	if _, err := s.people.PrincipalOf(ctx, organization, row.UserUUID); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = forbidden
		}
		return "", false, err
	}
	row.OrganizationUUID, row.EveryOrganization = organization, false
	return s.replaceSession(ctx, row)
}

func (s *Service) switchEvery(ctx context.Context, row trustedSessionRow, forbidden error) (string, bool, error) {
	every, err := s.administersAll(ctx, row.UserUUID)
	if err != nil {
		return "", false, err
	}
	if !every || row.Pinned {
		return "", false, forbidden
	}
	row.EveryOrganization = true
	return s.replaceSession(ctx, row)
}

// replaceSession gives a session whose rights changed a new id, so that an id seen before the change is worth nothing.
func (s *Service) replaceSession(ctx context.Context, row trustedSessionRow) (string, bool, error) {
	old, id := row.Hash, secret.Token(24)
	row.Hash = secret.Hash(id)
	last := trustedUserRow{UserUUID: row.UserUUID, LastOrganizationUUID: row.OrganizationUUID}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*trustedSessionRow)(nil)).Where("hash = ?", old).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&last).On("CONFLICT (user_uuid) DO UPDATE").
			Set("last_organization_uuid = EXCLUDED.last_organization_uuid").Exec(ctx)
		return err
	})
	if err != nil {
		return "", false, fault.Wrap(fault.Unavailable, err, "The session could not be switched")
	}
	return id, row.Remember, nil
}

// Me gives the caller's account. Faults: NotFound.
func (s *Service) Me(ctx context.Context, who access.Principal) (Account, error) {
	return s.people.Account(ctx, who.User)
}

type homeRow struct {
	bun.BaseModel    `bun:"table:home_liveboards"`
	OrganizationUUID string `bun:"organization_uuid,pk"`
	UserUUID         string `bun:"user_uuid,pk"`
	DashboardUUID    string `bun:"dashboard_uuid"`
}

// SetHome makes a dashboard the home of the caller, or of a user that they administer. Faults: NotFound, Forbidden.
func (s *Service) SetHome(ctx context.Context, who access.Principal, user, dashboard string) error {
	if who.Scope != nil || who.User == "" {
		return fault.New(fault.Forbidden, "The session may not change the home Liveboard")
	}
	viewer := who
	if user != who.User {
		if err := s.mayActFor(ctx, who, user); err != nil {
			return err
		}
		theirs, err := s.people.PrincipalOf(ctx, who.Organization, user)
		if err != nil {
			return err
		}
		viewer = theirs
	}
	found, err := s.contents.Locate(ctx, who.Organization, dashboard)
	if err == nil && found.Kind != DashboardKind {
		err = fault.New(fault.NotFound, "There is no such Liveboard")
	}
	if err != nil {
		return err
	}
	if err := s.contents.Visible(ctx, viewer, found.UUID); err != nil {
		return fault.Wrap(fault.Forbidden, err, "The Liveboard is not accessible")
	}
	row := homeRow{OrganizationUUID: who.Organization, UserUUID: user, DashboardUUID: found.UUID}
	_, err = s.db.NewInsert().Model(&row).On("CONFLICT (organization_uuid, user_uuid) DO UPDATE").
		Set("dashboard_uuid = EXCLUDED.dashboard_uuid").Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The home Liveboard could not be stored")
	}
	return nil
}

// Home gives the caller's home dashboard, or nothing.
func (s *Service) Home(ctx context.Context, who access.Principal) (string, error) {
	if who.Scope != nil {
		return "", nil // a confined session learns of no other object
	}
	var dashboard string
	err := s.db.NewSelect().Model((*homeRow)(nil)).Column("dashboard_uuid").
		Where("organization_uuid = ? AND user_uuid = ?", who.Organization, who.User).Scan(ctx, &dashboard)
	if store.NotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The home Liveboard could not be read")
	}
	return dashboard, nil
}

// ClearHome forgets the caller's home dashboard.
func (s *Service) ClearHome(ctx context.Context, who access.Principal) error {
	if who.Scope != nil {
		return fault.New(fault.Forbidden, "The session may not change the home Liveboard")
	}
	_, err := s.db.NewDelete().Model((*homeRow)(nil)).
		Where("organization_uuid = ? AND user_uuid = ?", who.Organization, who.User).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The home Liveboard could not be forgotten")
	}
	return nil
}

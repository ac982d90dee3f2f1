package identity

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// User is somebody with an account.
type User struct {
	UUID                string
	Number              int64 // counts users; shown to clients that expect it
	Email               string
	EmailVerified       bool
	Username            string
	First, Last         string
	Organization        string // uuid; empty for none
	OrganizationName    string
	OrganizationCreated time.Time
	Role                access.Role
	TrackingAnonymized  bool
	MarketingOptedIn    bool
	SetupComplete       bool
	Active, Pending     bool
	HasPassword         bool
	Created             time.Time
}

// principal names the user for the audit log; it carries no rights.
func (u User) principal() access.Principal {
	return access.Principal{User: u.UUID, Organization: u.Organization}
}

type userRead struct {
	userRow             `bun:",extend"`
	OrganizationName    *string
	OrganizationCreated *time.Time
}

func (r userRead) user() User {
	u := User{
		UUID: r.ID, Number: r.Number, Email: deref(r.Email), EmailVerified: r.EmailVerified, Username: deref(r.Username),
		First: r.FirstName, Last: r.LastName, Organization: deref(r.OrganizationID),
		OrganizationName: deref(r.OrganizationName), Role: r.Role, TrackingAnonymized: r.TrackingAnonymized,
		MarketingOptedIn: r.MarketingOptedIn, SetupComplete: r.SetupComplete, Active: r.Active, Pending: r.Pending,
		HasPassword: r.Password != nil, Created: r.CreatedAt,
	}
	if r.OrganizationCreated != nil {
		u.OrganizationCreated = *r.OrganizationCreated
	}
	return u
}

// findUser reads one user; column is a name of ours, never a caller's.
func (s *Service) findUser(ctx context.Context, db bun.IDB, column, value string) (User, error) {
	rows, err := s.findUsers(ctx, db, column+" = ?", value)
	if err == nil && len(rows) == 0 {
		return User{}, fault.New(fault.NotFound, "Cannot find user with uuid %s", value)
	}
	if err != nil {
		return User{}, err
	}
	return rows[0], nil
}

// findUsers reads users by a condition of ours, oldest first.
func (s *Service) findUsers(ctx context.Context, db bun.IDB, where string, args ...any) ([]User, error) {
	var rows []userRead
	err := db.NewRaw(`SELECT u.*, o.name AS organization_name, o.created_at AS organization_created
		FROM users u LEFT JOIN organizations o ON o.id = u.organization_id
		WHERE u.`+where+` ORDER BY u.number`, args...).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	users := make([]User, len(rows))
	for i, row := range rows {
		users[i] = row.user()
	}
	return users, nil
}

// User gives a user by uuid. Faults: NotFound.
func (s *Service) User(ctx context.Context, id string) (User, error) {
	return s.findUser(ctx, s.db, "id", id)
}

// UserByEmail gives a user by e-mail address, in any case. Faults: NotFound.
func (s *Service) UserByEmail(ctx context.Context, email string) (User, error) {
	return s.findUser(ctx, s.db, "email", canonical(email))
}

// NewUser describes a user to make. Email or Username must be set.
type NewUser struct {
	UUID          string // made when empty
	Organization  string
	Role          access.Role
	Email         string
	EmailVerified bool
	Username      string
	Tenant        string
	First, Last   string
	Password      string // none when empty: the user can only come in by other means
	Pending       bool
	// What the user agreed to; the defaults of a registration when left out.
	MarketingOptedIn, Tracked, SetupComplete bool
}

// CreateUser makes a user as told, without asking anybody: for set-up, and for accounts made just in time. Faults:
// Conflict, Invalid.
func (s *Service) CreateUser(ctx context.Context, n NewUser) (User, error) {
	var password *string
	if n.Password != "" {
		hashed, err := s.hash(ctx, n.Password)
		if err != nil {
			return User{}, err
		}
		password = &hashed
	}
	var made User
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		id, err := s.insertUser(ctx, tx, n, password)
		if err != nil {
			return err
		}
		made, err = s.findUser(ctx, tx, "id", id)
		return err
	})
	return made, err
}

// FindLogin gives the user of a username or e-mail address, in any case. Faults: NotFound.
func (s *Service) FindLogin(ctx context.Context, name string) (User, error) {
	u, err := s.findUser(ctx, s.db, "username", canonical(name))
	if fault.Is(err, fault.NotFound) {
		return s.UserByEmail(ctx, name)
	}
	return u, err
}

func (s *Service) insertUser(ctx context.Context, tx bun.Tx, n NewUser, password *string) (string, error) {
	if n.Email == "" && n.Username == "" {
		return "", fault.New(fault.Invalid, "A user needs an e-mail address or a username")
	}
	if n.UUID == "" {
		n.UUID = newID()
	}
	if err := touch(ctx, tx, ""); err != nil { // numbers are given one after the other
		return "", err
	}
	var last int64
	if err := tx.NewRaw("SELECT COALESCE(MAX(number), 0) FROM users").Scan(ctx, &last); err != nil {
		return "", err
	}
	now := s.now()
	row := userRow{
		ID: n.UUID, Number: last + 1, OrganizationID: optional(n.Organization), Role: n.Role,
		Email: optional(canonical(n.Email)), EmailVerified: n.EmailVerified, Username: optional(canonical(n.Username)),
		TenantID: optional(n.Tenant), FirstName: strings.TrimSpace(n.First), LastName: strings.TrimSpace(n.Last),
		Password: password, Pending: n.Pending, Active: true, TrackingAnonymized: !n.Tracked,
		MarketingOptedIn: n.MarketingOptedIn, SetupComplete: n.SetupComplete, CreatedAt: now, UpdatedAt: now,
	}
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	if store.Duplicate(err) {
		return "", fault.New(fault.Conflict, "Email %s is already in use", n.Email+n.Username)
	}
	return row.ID, err
}

// UserUpdate changes what people may change of themselves; nil leaves a field as it is.
type UserUpdate struct {
	First, Last, Email                  *string
	MarketingOptedIn, TrackingAnonymous *bool
	SetupComplete                       bool
}

// UpdateUser changes the principal's own account. A new e-mail address has to be verified again. Faults: Invalid.
func (s *Service) UpdateUser(ctx context.Context, who access.Principal, up UserUpdate) (User, error) {
	var changed User
	var passcode string
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		before, err := s.findUser(ctx, tx, "id", who.User)
		if err != nil {
			return err
		}
		q := tx.NewUpdate().Table("users").Where("id = ?", who.User).Set("updated_at = ?", s.now())
		setIf(q, "first_name", up.First)
		setIf(q, "last_name", up.Last)
		setIf(q, "marketing_opted_in", up.MarketingOptedIn)
		setIf(q, "tracking_anonymized", up.TrackingAnonymous)
		if up.SetupComplete {
			q.Set("setup_complete = ?", true)
		}
		if up.Email != nil && canonical(*up.Email) != before.Email {
			if !isEmail(*up.Email) {
				return fault.New(fault.Invalid, "%q is not an e-mail address", *up.Email)
			}
			q.Set("email = ?", canonical(*up.Email)).Set("email_verified = ?", false)
			if passcode, err = s.putPasscode(ctx, tx, who.User); err != nil {
				return err
			}
		}
		if _, err := q.Exec(ctx); store.Duplicate(err) {
			return fault.New(fault.Invalid, "Email %s is already in use", *up.Email)
		} else if err != nil {
			return err
		}
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		changed, err = s.findUser(ctx, tx, "id", who.User)
		return err
	})
	if err != nil {
		return User{}, err
	}
	return changed, s.mailPasscode(ctx, changed.Email, passcode)
}

func setIf[T any](q *bun.UpdateQuery, column string, value *T) {
	if value != nil {
		q.Set("? = ?", bun.Ident(column), *value)
	}
}

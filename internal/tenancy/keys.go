package tenancy

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Kinds of key.
const (
	EmbedKey  = "embed"  // Upsolve: registers tenants
	AdminKey  = "admin"  // Upsolve and Cube: registers, and administers
	UserKey   = "user"   // Cube: a person's own key, which makes no sessions
	SecretKey = "secret" // ThoughtSpot: vouches for users
)

// prefixes let people and secret scanners tell keys apart.
var prefixes = map[string]map[string]string{
	Upsolve:     {EmbedKey: "up_embed_", AdminKey: "up_admin_"},
	Cube:        {AdminKey: "inlay_cube_", UserKey: "inlay_user_"},
	ThoughtSpot: {SecretKey: "inlay_trusted_"},
}

// How long a rotated key still works: unless something else is asked for, and at most.
const (
	overlap     = 5 * time.Minute
	overlapMost = 30 * 24 * time.Hour
)

// Key is a key of a front, without its text.
type Key struct {
	ID, Front, Kind, Organization string
	Project                       string // empty for keys of a whole organization
	Parent                        string // the key that it was delegated from
	Name, Hint                    string // Hint is the beginning of the key, to recognise it by
	Enabled                       bool   // off keys vouch for nobody
	Policy                        KeyPolicy
	CreatedAt                     time.Time
	ExpiresAt, RevokedAt, UsedAt  *time.Time
}

// KeyPolicy is what a key may do.
type KeyPolicy struct {
	AllowUnfiltered bool          `json:"allowUnfiltered,omitempty"` // may register tenants that no filter confines
	MaxTTL          time.Duration `json:"maxTTL,omitempty"`          // longest life of a token; zero is the default
	Deployments     []int64       `json:"deployments,omitempty"`     // Cube: only these; empty is all of the organization
	Instance        bool          `json:"instance,omitempty"`        // ThoughtSpot: vouches in every Org; for administrators of the server
	Quota           access.Quota  `json:"quota,omitzero"`            // of each tenant or user that has none of its own
	Tenants         []string      `json:"tenants,omitempty"`         // acts for these only, by their keys or names; empty is any
	Filters         Values        `json:"filters,omitempty"`         // column → value: rows that all of its tenants are confined to
	Addresses       []string      `json:"addresses,omitempty"`       // networks that it may be used from; empty is anywhere
	Origins         []string      `json:"origins,omitempty"`         // sites whose pages may use what it issues; empty is any
}

// NewKey describes a key to make.
type NewKey struct {
	Front, Kind, Project, Name string
	Parent                     string // set by Delegate
	Disabled                   bool
	Policy                     KeyPolicy
	ExpiresAt                  *time.Time
}

type keyRow struct {
	bun.BaseModel    `bun:"table:front_keys"`
	ID               string `bun:",pk"`
	Front            string
	Kind             string
	OrganizationUUID string `bun:"organization_uuid"`
	ProjectUUID      string `bun:"project_uuid"`
	ParentID         string
	Name             string
	Hint             string
	Hash             string
	Enabled          bool
	Policy           KeyPolicy
	CreatedBy        string
	CreatedAt        time.Time
	ExpiresAt        *time.Time
	RevokedAt        *time.Time
	LastUsedAt       *time.Time
}

func (r keyRow) key() Key {
	return Key{
		ID: r.ID, Front: r.Front, Kind: r.Kind, Organization: r.OrganizationUUID, Project: r.ProjectUUID, Parent: r.ParentID, Name: r.Name,
		Hint: r.Hint, Enabled: r.Enabled, Policy: r.Policy, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
		RevokedAt: r.RevokedAt, UsedAt: r.LastUsedAt,
	}
}

// administers refuses everybody but administrators of the organization in person.
func administers(who access.Principal) error {
	if who.Kind != access.User || who.Embedded() || who.OrgRole != access.Admin {
		return fault.New(fault.Forbidden, "Only administrators of the organization may manage embedding")
	}
	return nil
}

// CreateKey makes a key and gives its text, this once. Faults: Forbidden, Invalid, NotFound.
func (s *Service) CreateKey(ctx context.Context, who access.Principal, n NewKey) (Key, string, error) {
	if err := administers(who); err != nil {
		return Key{}, "", err
	}
	prefix, ok := prefixes[n.Front][n.Kind]
	if !ok {
		return Key{}, "", fault.New(fault.Invalid, "kind: %q is no kind of key for %q", n.Kind, n.Front)
	}
	if n.Front == Upsolve && n.Project == "" {
		return Key{}, "", fault.New(fault.Invalid, "project: an Upsolve key belongs to one project")
	}
	if n.Policy.Instance {
		every, err := s.administersAll(ctx, who.User)
		if err != nil {
			return Key{}, "", err
		}
		if n.Front != ThoughtSpot || !every {
			return Key{}, "", fault.New(fault.Forbidden, "Only an administrator of the server may make a secret for every Org")
		}
	}
	if n.Project != "" {
		if _, err := s.projects.ProjectName(ctx, who.Organization, n.Project); err != nil {
			return Key{}, "", err
		}
	}
	if err := checkKey(n); err != nil {
		return Key{}, "", err
	}
	if err := s.checkKeyFilters(ctx, n); err != nil {
		return Key{}, "", err
	}
	n.Parent = ""
	key, text, err := s.insertKey(ctx, who, n, prefix)
	s.audit(ctx, who, "key.create "+n.Front, key.ID, err)
	return key, text, err
}

func (s *Service) insertKey(ctx context.Context, who access.Principal, n NewKey, prefix string) (Key, string, error) {
	text := prefix + secret.Token(24)
	row := keyRow{
		ID: uuid.NewString(), Front: n.Front, Kind: n.Kind, OrganizationUUID: who.Organization, ProjectUUID: n.Project, ParentID: n.Parent,
		Name: n.Name, Hint: text[:len(prefix)+4], Hash: secret.Hash(text), Enabled: !n.Disabled,
		Policy: n.Policy, CreatedBy: who.User, CreatedAt: s.now(), ExpiresAt: n.ExpiresAt,
	}
	if _, err := s.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return Key{}, "", fault.Wrap(fault.Internal, err, "The key could not be stored")
	}
	return row.key(), text, nil
}

// Keys lists the organization's keys, newest first. Faults: Forbidden.
func (s *Service) Keys(ctx context.Context, who access.Principal) ([]Key, error) {
	if err := administers(who); err != nil {
		return nil, err
	}
	var rows []keyRow
	err := s.db.NewSelect().Model(&rows).Where("organization_uuid = ?", who.Organization).OrderExpr("created_at DESC, id").
		Limit(1000).Scan(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "The keys could not be read")
	}
	keys := make([]Key, len(rows))
	for i, row := range rows {
		keys[i] = row.key()
	}
	return keys, nil
}

// RotateKey makes a successor with the same policy and end, from which keys delegated so far hang on; the old key works
// for the time of overlap more, five minutes unless given. Faults: Forbidden, NotFound, Invalid.
func (s *Service) RotateKey(ctx context.Context, who access.Principal, id string, both *time.Duration) (Key, string, error) {
	old, err := s.ownKey(ctx, who, id)
	if err != nil {
		return Key{}, "", err
	}
	if old.ended(s.now()) {
		return Key{}, "", fault.New(fault.Invalid, "The key has ended; make a new one")
	}
	end := s.now().Add(overlap)
	if both != nil {
		if end = s.now().Add(*both); *both < 0 || *both > overlapMost {
			return Key{}, "", fault.New(fault.Invalid, "overlap: between nothing and 30 days")
		}
	}
	n := NewKey{Parent: old.Parent, ExpiresAt: old.ExpiresAt, Front: old.Front, Kind: old.Kind, Project: old.Project, Name: old.Name, Disabled: !old.Enabled, Policy: old.Policy}
	key, text, err := s.insertKey(ctx, who, n, prefixes[old.Front][old.Kind])
	if err != nil {
		return Key{}, "", err
	}
	if old.ExpiresAt != nil && old.ExpiresAt.Before(end) {
		end = *old.ExpiresAt
	}
	if err = s.changeKey(ctx, old.ID, "expires_at = ?", end); err == nil {
		_, err = s.db.NewUpdate().Model((*keyRow)(nil)).Set("parent_id = ?", key.ID).Where("parent_id = ?", old.ID).Exec(ctx)
	}
	s.audit(ctx, who, "key.rotate", old.ID, err)
	return key, text, err
}

// RevokeKey ends a key, every key that was delegated from it, and every credential that they issued. It gives the ids of
// the keys. Faults: Forbidden, NotFound.
func (s *Service) RevokeKey(ctx context.Context, who access.Principal, id string) ([]string, error) {
	if _, err := s.ownKey(ctx, who, id); err != nil {
		return nil, err
	}
	var ended []string
	err := s.db.NewRaw(`WITH RECURSIVE chain (id) AS (SELECT id FROM front_keys WHERE id = ?
		UNION SELECT k.id FROM front_keys k JOIN chain ON k.parent_id = chain.id) SELECT id FROM chain`, id).Scan(ctx, &ended)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The key could not be read")
	}
	for _, key := range ended {
		err = s.changeKey(ctx, key, "revoked_at = ?", s.now())
		s.audit(ctx, who, "key.revoke", key, err)
		if err != nil {
			return nil, err
		}
		s.options.Ended(ctx, who.Organization, "key", key)
	}
	return ended, nil
}

// EnableKey turns a key on or off; an off key keeps what it issued, and issues nothing. Faults: Forbidden, NotFound.
func (s *Service) EnableKey(ctx context.Context, who access.Principal, id string, on bool) error {
	key, err := s.ownKey(ctx, who, id)
	if err != nil {
		return err
	}
	err = s.changeKey(ctx, key.ID, "enabled = ?", on)
	s.audit(ctx, who, fmt.Sprintf("key.enable %t", on), key.ID, err)
	return err
}

func (s *Service) ownKey(ctx context.Context, who access.Principal, id string) (Key, error) {
	if err := administers(who); err != nil {
		return Key{}, err
	}
	key, err := s.keyByID(ctx, id)
	if err != nil || key.Organization != who.Organization {
		return Key{}, fault.New(fault.NotFound, "There is no such key")
	}
	return key, nil
}

func (s *Service) changeKey(ctx context.Context, id, set string, value any) error {
	_, err := s.db.NewUpdate().Model((*keyRow)(nil)).Set(set, value).Where("id = ?", id).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The key could not be changed")
	}
	s.keys.touch("key:" + id)
	s.resolved.touch("key:" + id)
	return nil
}

func (s *Service) keyByID(ctx context.Context, id string) (Key, error) {
	if uuid.Validate(id) != nil {
		return Key{}, fault.New(fault.NotFound, "There is no such key")
	}
	var row keyRow
	err := s.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if store.NotFound(err) {
		return Key{}, fault.New(fault.NotFound, "There is no such key")
	}
	return row.key(), err
}

// Verify finds the live key of a front by its text. Faults: Unauthenticated, the same for every wrong key; TooMany after
// many wrong ones from one caller.
func (s *Service) Verify(ctx context.Context, front, text, caller string) (Key, error) {
	bad := fault.Coded(fault.Unauthenticated, "InvalidKey", "The key isn't valid")
	if !known(front, text) {
		return Key{}, bad
	}
	hash := secret.Hash(text)
	key, err := s.keys.get(hash, nil, func() (Key, error) { return s.loadKey(ctx, hash) })
	if fault.Is(err, fault.NotFound) {
		if err := s.failures.open(caller); err != nil {
			return Key{}, err
		}
		s.failures.count(caller)
		return Key{}, bad
	}
	if err != nil {
		return Key{}, err
	}
	// A memo of keys hangs on their text, so whether they still live is asked of a second one that hangs on their id.
	live, err := s.keys.get(key.ID, []string{"key:" + key.ID}, func() (Key, error) { return s.useKey(ctx, key.ID) })
	if err != nil {
		return Key{}, err
	}
	if live.Front != front || live.ended(s.now()) || !live.Policy.from(caller) {
		return Key{}, bad
	}
	return live, s.upholds(ctx, live, bad)
}

// upholds refuses a delegated key while one that it was made from issues nothing.
func (s *Service) upholds(ctx context.Context, key Key, bad error) error {
	for key.Parent != "" {
		parent, err := s.keyByID(ctx, key.Parent)
		if err != nil || parent.ended(s.now()) || !parent.Enabled {
			return bad
		}
		key = parent
	}
	return nil
}

// known tells whether a text looks like a key of the front; nothing else is worth a look into the database.
func known(front, text string) bool {
	for _, prefix := range prefixes[front] {
		if strings.HasPrefix(text, prefix) && len(text) < 100 {
			return true
		}
	}
	return false
}

func (k Key) ended(now time.Time) bool {
	return k.RevokedAt != nil || k.ExpiresAt != nil && !now.Before(*k.ExpiresAt)
}

// Covers tells whether the key may act for a deployment.
func (k Key) Covers(deployment int64) bool {
	return len(k.Policy.Deployments) == 0 || slices.Contains(k.Policy.Deployments, deployment)
}

func (s *Service) loadKey(ctx context.Context, hash string) (Key, error) {
	var row keyRow
	err := s.db.NewSelect().Model(&row).Where("hash = ?", hash).Scan(ctx)
	if store.NotFound(err) || err == nil && subtle.ConstantTimeCompare([]byte(row.Hash), []byte(hash)) != 1 {
		return Key{}, fault.New(fault.NotFound, "There is no such key")
	}
	if err != nil {
		return Key{}, fault.Wrap(fault.Unavailable, err, "The key could not be checked")
	}
	return row.key(), nil
}

// useKey reads a key again and notes the use, at most once a minute.
func (s *Service) useKey(ctx context.Context, id string) (Key, error) {
	key, err := s.keyByID(ctx, id)
	if err != nil {
		return Key{}, err
	}
	if now := s.now(); key.UsedAt == nil || now.Sub(*key.UsedAt) > time.Minute {
		_, err = s.db.NewUpdate().Model((*keyRow)(nil)).Set("last_used_at = ?", now).Where("id = ?", id).Exec(ctx)
	}
	return key, err
}

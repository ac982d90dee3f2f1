package tenancy

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// deepest bounds a chain of delegated keys.
const deepest = 8

// Delegate makes a key out of a live one, for somebody to hand on. It inherits what it doesn't say, and is never wider:
// not in kind, project, deployments, tenants, rows, addresses, sites, lives or quota. It ends with the key that it was
// made from. Faults: Invalid with the field that would widen.
func (s *Service) Delegate(ctx context.Context, from Key, n NewKey) (Key, string, error) {
	if !from.Enabled || from.ended(s.now()) {
		return Key{}, "", fault.New(fault.Forbidden, "The key is turned off")
	}
	n, err := from.narrowed(n)
	if err == nil && from.Parent != "" {
		err = s.mayDeepen(ctx, from)
	}
	if err == nil {
		err = checkKey(n)
	}
	if err == nil {
		err = s.checkKeyFilters(ctx, n)
	}
	if err != nil {
		return Key{}, "", err
	}
	as := access.Principal{Organization: from.Organization, Credential: from.ID}
	key, text, err := s.insertKey(ctx, as, n, prefixes[n.Front][n.Kind])
	s.audit(ctx, as, "key.delegate "+n.Front, key.ID, err)
	return key, text, err
}

// DelegateKey is Delegate by an administrator. Faults: those of Delegate, Forbidden, NotFound.
func (s *Service) DelegateKey(ctx context.Context, who access.Principal, from string, n NewKey) (Key, string, error) {
	key, err := s.ownKey(ctx, who, from)
	if err != nil {
		return Key{}, "", err
	}
	return s.Delegate(ctx, key, n)
}

// DelegateBy is Delegate by whoever holds the text of a key. Faults: those of Delegate and Verify.
func (s *Service) DelegateBy(ctx context.Context, text, caller string, n NewKey) (Key, string, error) {
	key, err := s.Verify(ctx, frontOf(text), text, caller)
	if err != nil {
		return Key{}, "", err
	}
	return s.Delegate(ctx, key, n)
}

// frontOf is the front that a key's text looks to be of.
func frontOf(text string) string {
	for front := range prefixes {
		if known(front, text) {
			return front
		}
	}
	return ""
}

func (s *Service) mayDeepen(ctx context.Context, key Key) error {
	for range deepest {
		if key.Parent == "" {
			return nil
		}
		parent, err := s.keyByID(ctx, key.Parent)
		if err != nil {
			return err
		}
		key = parent
	}
	return fault.New(fault.Invalid, "The key is delegated %d times already", deepest)
}

// narrowed completes a new key with what the key has, and refuses what would be more.
func (k Key) narrowed(n NewKey) (NewKey, error) {
	n.Front, n.Parent = k.Front, k.ID
	wider := func(field string) (NewKey, error) {
		return NewKey{}, fault.New(fault.Invalid, "%s: a delegated key can't have more than the key that it is made from", field)
	}
	if n.Kind == "" {
		n.Kind = k.Kind
	}
	if n.Project == "" {
		n.Project = k.Project
	}
	if n.ExpiresAt == nil {
		n.ExpiresAt = k.ExpiresAt
	}
	switch {
	case n.Kind != k.Kind && !(k.Front == Upsolve && k.Kind == AdminKey && n.Kind == EmbedKey):
		return wider("kind")
	case k.Project != "" && n.Project != k.Project:
		return wider("project")
	case k.ExpiresAt != nil && n.ExpiresAt.After(*k.ExpiresAt):
		return wider("expiresAt")
	}
	policy, field := k.Policy.narrowed(n.Policy)
	if field != "" {
		return wider(field)
	}
	n.Policy = policy
	return n, nil
}

// narrowed completes a policy with what this one has. The field is that which would be more than it.
func (p KeyPolicy) narrowed(n KeyPolicy) (_ KeyPolicy, field string) {
	if n.MaxTTL == 0 {
		n.MaxTTL = p.MaxTTL
	}
	n.Quota = n.Quota.Or(p.Quota)
	var ok [4]bool
	n.Deployments, ok[0] = among(p.Deployments, n.Deployments, func(a, b int64) bool { return a == b })
	n.Tenants, ok[1] = among(p.Tenants, n.Tenants, func(a, b string) bool { return a == b })
	n.Origins, ok[2] = among(p.Origins, n.Origins, func(a, b string) bool { return a == b })
	n.Addresses, ok[3] = among(p.Addresses, n.Addresses, holdsNetwork)
	for i, name := range []string{"deployments", "tenants", "origins", "addresses"} {
		if !ok[i] {
			return n, name
		}
	}
	filters, ok2 := narrowedFilters(p.Filters, n.Filters)
	n.Filters = filters
	switch {
	case !ok2:
		return n, "filters"
	case n.AllowUnfiltered && !p.AllowUnfiltered:
		return n, "allowUnfiltered"
	case n.Instance && !p.Instance:
		return n, "everyOrganization"
	case longest(Key{Policy: n}) > longest(Key{Policy: p}):
		return n, "maxTokenSeconds"
	case !n.Quota.Within(p.Quota):
		return n, "quota"
	}
	return n, ""
}

// among gives the wanted part of a list; an empty list is everything, and none wanted is all of the whole.
func among[V any](whole, wanted []V, holds func(whole, part V) bool) ([]V, bool) {
	switch {
	case len(wanted) == 0:
		return whole, true
	case len(whole) == 0:
		return wanted, true
	}
	return wanted, !slices.ContainsFunc(wanted, func(part V) bool {
		return !slices.ContainsFunc(whole, func(w V) bool { return holds(w, part) })
	})
}

func holdsNetwork(whole, part string) bool {
	a, err := netip.ParsePrefix(whole)
	b, broken := netip.ParsePrefix(part)
	return err == nil && broken == nil && a.Bits() <= b.Bits() && a.Contains(b.Addr())
}

// narrowedFilters keeps every column of the whole, with fewer values where the part says so, and adds further columns.
func narrowedFilters(whole, part Values) (Values, bool) {
	if len(whole) == 0 {
		return part, true
	}
	all := maps.Clone(whole)
	for column, value := range part {
		if old, ok := whole[column]; ok {
			a, err := filterValues(column, old)
			b, broken := filterValues(column, value)
			if err != nil || broken != nil || slices.ContainsFunc(b, func(v any) bool { return !slices.Contains(a, v) }) {
				return nil, false
			}
		}
		all[column] = value
	}
	return all, true
}

// checkKey refuses a policy that means nothing.
func checkKey(n NewKey) error {
	if n.Name == "" || len(n.Name) > 200 || strings.ContainsRune(n.Name, 0) {
		return fault.New(fault.Invalid, "name: a key needs a name of at most 200 bytes")
	}
	if n.Policy.MaxTTL < 0 {
		return fault.New(fault.Invalid, "maxTokenSeconds: can't be negative")
	}
	for _, network := range n.Policy.Addresses {
		if p, err := netip.ParsePrefix(network); err != nil || p != p.Masked() {
			return fault.New(fault.Invalid, "addresses: %q is no network such as 203.0.113.0/24", network)
		}
	}
	for _, origin := range n.Policy.Origins {
		scheme, host, ok := strings.Cut(origin, "://")
		if !ok || scheme != "https" && scheme != "http" || host == "" || strings.ContainsAny(host, "/?#@* ") {
			return fault.New(fault.Invalid, "origins: %q is no site such as https://app.example.com", origin)
		}
	}
	if len(n.Policy.Tenants) > 0 && n.Front == ThoughtSpot {
		return fault.New(fault.Invalid, "tenants: a secret vouches for users, not for tenants")
	}
	_, err := rowFilters(n.Policy.Filters)
	return err
}

// checkKeyFilters refuses filters on columns that no table has: they would confine nothing.
func (s *Service) checkKeyFilters(ctx context.Context, n NewKey) error {
	if len(n.Policy.Filters) == 0 || n.Project == "" {
		return nil
	}
	has, err := s.projects.Columns(ctx, n.Project)
	if err != nil {
		return err
	}
	for _, column := range slices.Sorted(maps.Keys(n.Policy.Filters)) {
		if !has(column) {
			return fault.New(fault.Invalid, "filters.%s: no table of the project has this column", column)
		}
	}
	return nil
}

// from tells whether the key may be used from a network address.
func (p KeyPolicy) from(caller string) bool {
	if len(p.Addresses) == 0 {
		return true
	}
	address, err := netip.ParseAddr(caller)
	return err == nil && slices.ContainsFunc(p.Addresses, func(network string) bool {
		prefix, err := netip.ParsePrefix(network)
		return err == nil && prefix.Contains(address.Unmap())
	})
}

// speaksFor refuses a tenant that the key may not act for.
func (p KeyPolicy) speaksFor(tenant string) error {
	if len(p.Tenants) == 0 || slices.Contains(p.Tenants, tenant) {
		return nil
	}
	return fault.New(fault.Forbidden, "The key may not act for this tenant")
}

// confinedBy is confines by a key's id.
func (s *Service) confinedBy(ctx context.Context, id string, p *access.Principal) error {
	key, err := s.liveKey(ctx, id)
	if err != nil {
		return err
	}
	return key.confines(p)
}

// confines gives a principal what every credential of the key has: its row filters, and the sites it may be used on.
func (k Key) confines(p *access.Principal) error {
	p.Origins = k.Policy.Origins
	filters, err := rowFilters(k.Policy.Filters)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The key's filters can't be read")
	}
	for _, filter := range filters {
		filter.Source = "key"
		p.Filters = append(slices.Clip(p.Filters), filter)
	}
	p.Unfiltered = p.Unfiltered && len(filters) == 0
	return nil
}

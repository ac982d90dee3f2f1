// Package egress opens connections to other machines, where the operator allows them. It doesn't know what is asked
// there, or who asks.
package egress

import (
	"context"
	"net"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"inlay/internal/fault"
)

// Policy says which addresses may be reached. The zero policy allows all but those that no warehouse has: of the link
// itself, among them the metadata services of clouds, of groups, and none. These are never allowed.
type Policy struct {
	public bool // only addresses of the internet
	listed bool // only what follows
	names  []place[string]
	nets   []place[netip.Prefix]
}

// place is a name or network, at one port or at all.
type place[T any] struct {
	at   T
	port string
}

// Public allows addresses of the internet only.
func Public() Policy { return Policy{public: true} }

// Only allows what is listed: host names, *.domains, addresses and networks such as 10.0.0.0/8, each with :port where
// it holds for one port only. An empty list is the zero policy. Faults: Invalid.
func Only(list []string) (Policy, error) {
	p := Policy{listed: len(list) > 0}
	for _, item := range list {
		if !p.add(strings.ToLower(strings.TrimSpace(item))) {
			return Policy{}, fault.New(fault.Invalid, "%q is no host name, *.domain, address or network, with :port or without", item)
		}
	}
	return p, nil
}

func (p *Policy) add(item string) bool {
	host, port := item, ""
	if h, n, err := net.SplitHostPort(item); err == nil {
		if _, err := strconv.ParseUint(n, 10, 16); err != nil {
			return false
		}
		host, port = h, n
	}
	host = strings.Trim(host, "[]")
	if network, err := netip.ParsePrefix(host); err == nil {
		p.nets = append(p.nets, place[netip.Prefix]{network, port})
		return true
	}
	if address, err := netip.ParseAddr(host); err == nil {
		p.nets = append(p.nets, place[netip.Prefix]{netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), port})
		return true
	}
	p.names = append(p.names, place[string]{host, port})
	return host != "" && !strings.ContainsAny(strings.TrimPrefix(host, "*."), "*?[]\\/: @")
}

// Dial connects. What is checked is the address that is really dialled, after the name was looked up, so that a name
// can't mean something else the second time. Faults: Forbidden; what the network says.
func (p Policy) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") {
		return nil, refused(address)
	}
	named := p.named(host, port)
	d := net.Dialer{Timeout: 15 * time.Second, ControlContext: func(_ context.Context, _, dialled string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(dialled)
		if err != nil || !p.allows(at.Addr(), port, named) {
			return refused(address)
		}
		return nil
	}}
	return d.DialContext(ctx, network, address)
}

func refused(address string) error {
	return fault.Coded(fault.Forbidden, "WarehouseConnection", "The operator of this server doesn't allow connections to %s", address)
}

func (p Policy) named(host, port string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(p.names, func(n place[string]) bool {
		matches, err := path.Match(n.at, host) // a star means subdomains of any depth, as names hold no slash
		return err == nil && matches && (n.port == "" || n.port == port)
	})
}

func (p Policy) allows(at netip.Addr, port string, named bool) bool {
	inside := []netip.Addr{at.WithZone("").Unmap()}
	if hidden, ok := translated(inside[0]); ok {
		inside = append(inside, hidden)
	}
	if slices.ContainsFunc(inside, never) {
		return false
	}
	switch {
	case p.public:
		return !slices.ContainsFunc(inside, local)
	case p.listed && !named:
		return slices.ContainsFunc(p.nets, func(n place[netip.Prefix]) bool {
			return n.at.Contains(inside[len(inside)-1]) && (n.port == "" || n.port == port)
		})
	}
	return true
}

// prefixes that hold an IPv4 address, by where it starts: NAT64 and 6to4.
var translations = map[netip.Prefix]int{netip.MustParsePrefix("64:ff9b::/96"): 12, netip.MustParsePrefix("2002::/16"): 2}

// translated is the IPv4 address that a gateway makes of an IPv6 address.
func translated(at netip.Addr) (netip.Addr, bool) {
	for prefix, start := range translations {
		if prefix.Contains(at) {
			bytes := at.As16()
			return netip.AddrFrom4([4]byte(bytes[start : start+4])), true
		}
	}
	return netip.Addr{}, false
}

// metadata services of clouds that don't stand on the link.
var metadata = []netip.Addr{netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("168.63.129.16")}

func never(at netip.Addr) bool {
	return at.IsUnspecified() || at.IsMulticast() || at.IsLinkLocalUnicast() || at == netip.AddrFrom4([4]byte{255, 255, 255, 255}) || slices.Contains(metadata, at)
}

// reserved is what is neither private by name nor of the internet: shared by carriers, for tests, for the future.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("fec0::/10"),
}

func local(at netip.Addr) bool {
	return at.IsLoopback() || at.IsPrivate() || slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(at) })
}

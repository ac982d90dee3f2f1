package egress

import (
	"net"
	"net/netip"
	"testing"

	"inlay/internal/fault"
)

func TestH100_addresses_that_no_policy_reaches(t *testing.T) {
	everything, err := Only([]string{"0.0.0.0/0", "::/0", "*.internal", "metadata"})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"169.254.169.254", "169.254.170.2", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1", "fe80::1%eth0",
		"fd00:ec2::254", "100.100.100.200", "168.63.129.16", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255",
	} {
		for name, p := range map[string]Policy{"zero": {}, "public": Public(), "listed": everything} {
			for _, named := range []bool{false, true} {
				if p.allows(netip.MustParseAddr(address), "80", named) {
					t.Errorf("%s allows %s (named: %t)", name, address, named)
				}
			}
		}
	}
}

func TestH100_public_addresses_only(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "fd12::1": false, "100.64.0.1": false,
		"::ffff:10.1.2.3": false, "64:ff9b::a01:203": false, "2002:7f00:1::": false, "0.1.2.3": false, "8.8.8.8": true, "2606:4700::1111": true,
	} {
		if got := Public().allows(netip.MustParseAddr(address), "5432", false); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}

func TestH100_a_list_allows_what_it_names(t *testing.T) {
	p, err := Only([]string{"10.0.0.0/8:5432", "db.example.com", "*.warehouse.example", "192.0.2.7", "[2001:db8::7]:443", "2001:db8:1::/48"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"10.1.2.3:5432": true, "10.1.2.3:5433": false, "11.0.0.1:5432": false, "192.0.2.7:1": true, "192.0.2.8:1": false, "[::ffff:192.0.2.7]:1": true,
		"[2001:db8::7]:443": true, "[2001:db8::7]:80": false, "[2001:db8:1::9]:80": true, "127.0.0.1:5432": false, "[64:ff9b::a01:203]:5432": true,
	} {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.allows(netip.MustParseAddr(host), port, p.named(host, port)); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	for host, want := range map[string]bool{
		"db.example.com": true, "DB.Example.com.": true, "a.b.warehouse.example": true, "warehouse.example": false, "evil-db.example.com": false,
		"db.example.com.evil.test": false, "10.1.2.3": false, "": false,
	} {
		if got := p.named(host, "5432"); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
	for _, wrong := range []string{"", "a b", "10.0.0.0/99", "http://x", "x*y", "*", "u@h", "a/b"} {
		if _, err := Only([]string{wrong}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q was taken: %v", wrong, err)
		}
	}
}

// TestH100_the_address_behind_a_name_is_checked dials a name that a resolver turns into this machine, as a name that was
// rebound would.
func TestH100_the_address_behind_a_name_is_checked(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }() // of the test
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	named, err := Only([]string{"localhost:" + port})
	if err != nil {
		t.Fatal(err)
	}
	other, err := Only([]string{"*.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		policy Policy
		open   bool
	}{"zero": {Policy{}, true}, "public": {Public(), false}, "named": {named, true}, "another name": {other, false}} {
		conn, err := c.policy.Dial(t.Context(), "tcp", "localhost:"+port)
		if err == nil {
			_ = conn.Close() // of the test
		}
		if c.open != (err == nil) || !c.open && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range [][2]string{{"unix", "/var/run/postgresql/.s.PGSQL.5432"}, {"udp", "127.0.0.1:53"}, {"tcp", "nowhere"}} {
		if _, err := (Policy{}).Dial(t.Context(), c[0], c[1]); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

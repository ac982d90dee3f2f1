// Package sshtunnel reaches addresses through an SSH server. It doesn't know what is behind them.
package sshtunnel

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

// Settings are the names of the settings that a tunnel takes.
var Settings = []string{"useSshTunnel", "sshTunnelHost", "sshTunnelPort", "sshTunnelUser", "sshTunnelPublicKey", "sshTunnelPrivateKey"}

// Tunnel is a connection to an SSH server, made when it is needed and again when it was lost.
type Tunnel struct {
	address string
	config  ssh.ClientConfig
	dial    warehouse.Dial

	mu     sync.Mutex
	client *ssh.Client
	seen   []byte // the server's key
}

// New checks the settings; it doesn't connect yet. Faults: Invalid.
func New(s warehouse.Settings, dial warehouse.Dial) (*Tunnel, error) {
	host, user := s.Text("sshTunnelHost", ""), s.Text("sshTunnelUser", "")
	if host == "" || user == "" {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A tunnel needs the settings sshTunnelHost and sshTunnelUser")
	}
	key, err := ssh.ParsePrivateKey([]byte(s.Text("sshTunnelPrivateKey", "")))
	if err != nil {
		return nil, fault.Coded(fault.Invalid, "Parameter", "sshTunnelPrivateKey isn't a private key")
	}
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	t := &Tunnel{address: net.JoinHostPort(host, strconv.Itoa(s.Number("sshTunnelPort", 22))), dial: dial}
	t.config = ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: t.same, Timeout: 15 * time.Second}
	return t, nil
}

// same takes the first key that the server shows, since no setting names one, and later only that: a server that is
// exchanged while connections are in use isn't trusted. Called with the lock held.
func (t *Tunnel) same(_ string, _ net.Addr, key ssh.PublicKey) error {
	if t.seen == nil {
		t.seen = key.Marshal()
	}
	if !bytes.Equal(t.seen, key.Marshal()) {
		return errors.New("the server shows another key than before")
	}
	return nil
}

// Dial opens a connection from the SSH server to the address.
func (t *Tunnel) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	client, err := t.connect(ctx, nil)
	if err != nil {
		return nil, err
	}
	conn, err := client.DialContext(ctx, network, address)
	if refused, ok := errors.AsType[*ssh.OpenChannelError](err); err == nil || ok || ctx.Err() != nil {
		if ok {
			return nil, warehouse.Unreachable(refused, "The SSH server can't reach %s", address)
		}
		return through(conn, address), err
	}
	if client, err = t.connect(ctx, client); err != nil { // the old one was lost
		return nil, err
	}
	conn, err = client.DialContext(ctx, network, address)
	return through(conn, address), err
}

// connect gives the connection to the SSH server, a new one when it is the lost one.
func (t *Tunnel) connect(ctx context.Context, lost *ssh.Client) (*ssh.Client, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.client != nil && t.client != lost {
		return t.client, nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.config.Timeout)
	defer cancel()
	conn, err := t.dial(ctx, "tcp", t.address)
	if err != nil {
		return nil, warehouse.Unreachable(err, "The SSH server can't be reached")
	}
	end, _ := ctx.Deadline()
	_ = conn.SetDeadline(end) // a connection that can't have one is bounded by the server's own
	opened, channels, requests, err := ssh.NewClientConn(conn, t.address, &t.config)
	if err != nil {
		_ = conn.Close() // of no use
		return nil, warehouse.Unreachable(err, "The SSH server refused the user or the key")
	}
	_ = conn.SetDeadline(time.Time{})
	t.client = ssh.NewClient(opened, channels, requests)
	return t.client, nil
}

// Close ends the connection to the SSH server, and all through it.
func (t *Tunnel) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.client == nil {
		return nil
	}
	return t.client.Close()
}

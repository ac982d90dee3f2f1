package sshtunnel

import (
	"net"
	"sync"
	"time"
)

// tunnelled is a connection through the tunnel with what SSH's own lack: the address of the other end, which clients
// need to send it a cancellation, and a deadline.
type tunnelled struct {
	net.Conn
	address address

	mu  sync.Mutex
	end *time.Timer
}

func through(conn net.Conn, to string) net.Conn {
	if conn == nil {
		return nil
	}
	return &tunnelled{Conn: conn, address: address(to)}
}

// RemoteAddr is the address that was asked for.
func (c *tunnelled) RemoteAddr() net.Addr { return c.address }

// SetDeadline closes the connection at the time; zero lifts it.
func (c *tunnelled) SetDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end != nil {
		c.end.Stop()
		c.end = nil
	}
	if !at.IsZero() {
		c.end = time.AfterFunc(time.Until(at), func() { _ = c.Conn.Close() }) // whoever reads or writes gets the error
	}
	return nil
}

// Close lifts the deadline too.
func (c *tunnelled) Close() error {
	_ = c.SetDeadline(time.Time{}) // which gives no errors
	return c.Conn.Close()
}

type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

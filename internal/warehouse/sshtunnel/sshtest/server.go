// Package sshtest is an SSH server for tests, which forwards connections and nothing else.
package sshtest

import (
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"

	"inlay/internal/warehouse"
)

// Server lets one key in.
type Server struct {
	listener net.Listener
	key      []byte // of the client, in PEM form
	config   ssh.ServerConfig

	mu    sync.Mutex
	conns []net.Conn
}

// New starts a server that ends with the test.
func New(t *testing.T) *Server {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{key: pem.EncodeToMemory(block)}
	s.config.PublicKeyCallback = func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(allowed.Marshal()) {
			return nil, errors.New("unknown key")
		}
		return nil, nil
	}
	own, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	s.config.AddHostKey(own)
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	go s.serve()
	t.Cleanup(func() {
		_ = s.listener.Close()
		s.Drop()
	})
	return s
}

// Settings are those of a connection through the server.
func (s *Server) Settings() warehouse.Settings {
	return warehouse.Settings{"useSshTunnel": true, "sshTunnelHost": "127.0.0.1", "sshTunnelPort": s.listener.Addr().(*net.TCPAddr).Port,
		"sshTunnelUser": "tunnel", "sshTunnelPrivateKey": string(s.key)}
}

// Drop cuts all connections.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		_ = conn.Close()
	}
	s.conns = nil
}

func (s *Server) serve() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
		go s.session(conn)
	}
}

func (s *Server) session(conn net.Conn) {
	_, channels, requests, err := ssh.NewServerConn(conn, &s.config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for channel := range channels {
		go forward(channel)
	}
}

func forward(asked ssh.NewChannel) {
	var to struct {
		Host     string
		Port     uint32
		From     string
		FromPort uint32
	}
	if asked.ChannelType() != "direct-tcpip" || ssh.Unmarshal(asked.ExtraData(), &to) != nil {
		_ = asked.Reject(ssh.UnknownChannelType, "only forwarding")
		return
	}
	target, err := net.Dial("tcp", net.JoinHostPort(to.Host, fmt.Sprint(to.Port)))
	if err != nil {
		_ = asked.Reject(ssh.ConnectionFailed, "unreachable")
		return
	}
	defer target.Close()
	channel, requests, err := asked.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	go ssh.DiscardRequests(requests)
	go func() {
		_, _ = io.Copy(target, channel)
		_ = target.Close()
	}()
	_, _ = io.Copy(channel, target)
}

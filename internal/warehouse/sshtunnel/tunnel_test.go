package sshtunnel_test

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"

	"inlay/internal/warehouse/sshtunnel"
	"inlay/internal/warehouse/sshtunnel/sshtest"
)

// shouting is a server that gives lines back in capitals.
func shouting(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				line, _ := bufio.NewReader(conn).ReadString('\n')
				_, _ = conn.Write([]byte(strings.ToUpper(line)))
				_ = conn.Close()
			}()
		}
	}()
	return l.Addr().String()
}

func ask(t *testing.T, tunnel *sshtunnel.Tunnel, address string) string {
	t.Helper()
	conn, err := tunnel.Dial(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("hello\n")); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestATunnelReachesWhatItsServerReachesAndComesBack(t *testing.T) {
	address := shouting(t)
	server := sshtest.New(t)
	tunnel, err := sshtunnel.New(server.Settings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := ask(t, tunnel, address); got != "HELLO\n" {
			t.Errorf("got %q", got)
		}
		server.Drop() // the second round connects anew
	}
	if err := tunnel.Close(); err != nil && !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
}

func TestReasonsAreSaid(t *testing.T) {
	server := sshtest.New(t)
	wrongKey, closed := sshtest.New(t).Settings(), server.Settings()
	wrongKey["sshTunnelPort"] = server.Settings()["sshTunnelPort"]
	closed["sshTunnelPort"] = 1
	for want, s := range map[string]map[string]any{"refused the user or the key": wrongKey, "The SSH server can't be reached": closed} {
		tunnel, err := sshtunnel.New(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tunnel.Dial(context.Background(), "tcp", "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	tunnel, err := sshtunnel.New(server.Settings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tunnel.Dial(t.Context(), "tcp", "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "can't reach 127.0.0.1:1") {
		t.Errorf("got %v", err)
	}
	if _, err := sshtunnel.New(map[string]any{"sshTunnelHost": "x", "sshTunnelUser": "y", "sshTunnelPrivateKey": "z"}, nil); err == nil {
		t.Error("a key that is none was taken")
	}
}

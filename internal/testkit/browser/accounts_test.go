package browser_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"github.com/oauth2-proxy/mockoidc"

	"inlay/internal/secret"
)

// TestPeopleComeIn sets a server up, invites, resets and signs on, as people do, with a login provider beside it.
func TestPeopleComeIn(t *testing.T) {
	built := binary(t)
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	for _, email := range []string{"sso@golden.test", "stranger@elsewhere.test"} {
		provider.QueueUser(&mockoidc.MockUser{Subject: email, Email: email, EmailVerified: true})
	}
	look(t, "accounts", serveNew(t, built, provider))
}

var setupLink = regexp.MustCompile(`http://\S+/setup#token=\S+`)

// serveNew starts a server that was never set up, and gives the link that it prints.
func serveNew(t *testing.T, binary string, provider *mockoidc.MockOIDC) string {
	t.Helper()
	home, address := t.TempDir(), "localhost:"+freePort(t)
	server := exec.Command(binary, "serve", "--listen", address, "--site-url", "http://"+address, "--data", home, "--metadata", filepath.Join(home, "inlay.db"),
		"--oidc-issuer", provider.Issuer(), "--oidc-client-id", provider.ClientID, "--oidc-client-secret", provider.ClientSecret)
	server.Env = append(os.Environ(), "INLAY_SECRET="+secret.Token(32))
	said, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if link := setupLink.FindString(lines.Text()); link != "" {
			waitFor(t, "http://"+address)
			return link
		}
	}
	t.Fatal("the server prints no link to its set-up page")
	return ""
}

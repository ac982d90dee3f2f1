package secret_test

import (
	"strings"
	"testing"

	"inlay/internal/secret"
)

func TestH80_guessable_secrets_are_refused(t *testing.T) {
	for name, text := range map[string]string{
		"none":            "",
		"short":           "correct horse battery staple",
		"one character":   strings.Repeat("x", 64),
		"a short pattern": strings.Repeat("secret", 8),
		"a published one": "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
		"spaces":          strings.Repeat(" ", 40),
	} {
		if _, err := secret.New(text); err == nil || !strings.Contains(err.Error(), "openssl rand") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 1000 {
		if _, err := secret.New(secret.Token(32)); err != nil {
			t.Fatal(err)
		}
	}
}

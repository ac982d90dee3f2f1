package tenancy_test

import (
	"testing"
	"time"

	"inlay/internal/tenancy"
	"inlay/internal/tenancy/tenancytest"
)

func TestH86WrongSecretsShutNobodyOutForLongerThanAMinute(t *testing.T) {
	w := tenancytest.New(t)
	_, text := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: tenancytest.Project})
	wrong := func() string {
		_, err := w.Verify(t.Context(), tenancy.Upsolve, "up_embed_wrong", "10.0.0.1")
		return codeOf(err)
	}
	for range 30 {
		if wrong() != "InvalidKey" {
			t.Fatal("limited too early")
		}
	}
	if wrong() != "TooManyRequests" {
		t.Error("not limited")
	}
	if _, err := w.Verify(t.Context(), tenancy.Upsolve, text, "10.0.0.1"); err != nil {
		t.Errorf("the right key is shut out: %v", err)
	}
	w.Clock.Advance(time.Minute)
	if wrong() != "InvalidKey" {
		t.Error("still limited")
	}
}

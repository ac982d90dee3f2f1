package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/crypto/argon2"

	"inlay/internal/fault"
)

// hashCost is what Argon2id takes: memory in KiB, and passes. 19 MiB and two passes are the least that current guidance
// accepts, chosen because every login pays them.
type hashCost struct{ memory, passes uint32 }

const (
	hashLanes  = 1
	hashLength = 32
	saltLength = 16
	// maxPassword bounds the work that an unknown caller can ask for.
	maxPassword = 1024
)

// hash turns a password into what is stored: parameters, salt and key.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key, err := s.derive(ctx, password, salt, s.cost)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.cost.memory, s.cost.passes, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// matches tells whether a password is the stored one. An empty stored hash costs the same time and never matches.
func (s *Service) matches(ctx context.Context, password, stored string) (bool, error) {
	cost := s.cost
	salt, want := make([]byte, saltLength), []byte(nil)
	if parts := strings.Split(stored, "$"); len(parts) == 6 {
		var lanes int
		if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.memory, &cost.passes, &lanes); err != nil {
			return false, fmt.Errorf("a stored password is damaged: %w", err)
		}
		var err error
		if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
			return false, fmt.Errorf("a stored password is damaged: %w", err)
		}
		if want, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
			return false, fmt.Errorf("a stored password is damaged: %w", err)
		}
	}
	key, err := s.derive(ctx, password, salt, cost)
	return err == nil && len(want) > 0 && subtle.ConstantTimeCompare(key, want) == 1, err
}

// derive waits for its turn: each derivation takes 19 MiB, and callers are many.
func (s *Service) derive(ctx context.Context, password string, salt []byte, cost hashCost) ([]byte, error) {
	if len(password) > maxPassword {
		password = password[:maxPassword]
	}
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		return argon2.IDKey([]byte(password), salt, cost.passes, cost.memory, hashLanes, hashLength), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var (
	hasLetter         = regexp.MustCompile(`[a-zA-Z]`)
	hasDigitOrSpecial = regexp.MustCompile(`[0-9]|[^a-zA-Z0-9\s]`)
)

// strong refuses passwords that are easy to guess.
func strong(password string) error {
	if len(password) < 8 || !hasLetter.MatchString(password) || !hasDigitOrSpecial.MatchString(password) {
		return fault.New(fault.Invalid,
			"Password must contain at least 8 characters, 1 letter and 1 number or 1 special character")
	}
	if len(password) > maxPassword {
		return fault.New(fault.Invalid, "Password must not be longer than %d characters", maxPassword)
	}
	return nil
}

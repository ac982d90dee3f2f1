// Package secret derives keys from the server's one secret, seals what must be readable again, and hashes what must
// only be recognised. It knows nothing of what it protects.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
)

// MinLength is the shortest secret that a server starts with, in bytes.
const MinLength = 32

// Secret is the server's secret.
type Secret struct{ root []byte }

// published are secrets that stand in examples of well-known products, and get copied.
var published = []string{"CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", "YOUR_OWN_RANDOM_GENERATED_SECRET_KEY"}

// minDistinct is how many different characters a secret must have; 32 random hexadecimal digits have more.
const minDistinct = 8

// New takes the server's secret. It refuses short, repetitive and published ones: a guessable secret forges every token.
func New(text string) (Secret, error) {
	distinct := map[rune]bool{}
	for _, r := range text {
		distinct[r] = true
	}
	switch {
	case len(text) < MinLength:
		return Secret{}, errors.New("the secret must have at least 32 characters; make one with: openssl rand -hex 32")
	case len(distinct) < minDistinct, slices.Contains(published, text):
		return Secret{}, errors.New("the secret can be guessed; make one with: openssl rand -hex 32")
	}
	return Secret{[]byte(text)}, nil
}

// Key derives a 32-byte key for one use, named by purpose.
func (s Secret) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.root, nil, "inlay "+purpose, 32)
	if err != nil {
		panic(err) // only for lengths that SHA-256 can't give
	}
	return key
}

// Seal encrypts text for storage; purpose keeps sealed values from being swapped between uses.
func (s Secret) Seal(purpose string, plain []byte) (string, error) {
	box, err := s.box(purpose)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return base64.RawStdEncoding.EncodeToString(box.Seal(nonce, nonce, plain, []byte(purpose))), nil
}

// Open decrypts what Seal made; it fails for another secret or purpose.
func (s Secret) Open(purpose, sealed string) ([]byte, error) {
	box, err := s.box(purpose)
	if err != nil {
		return nil, err
	}
	data, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(data) < box.NonceSize() {
		return nil, errors.New("a sealed value is damaged")
	}
	return box.Open(nil, data[:box.NonceSize()], data[box.NonceSize():], []byte(purpose))
}

func (s Secret) box(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.Key("seal " + purpose))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Token makes a random token of n bytes in base64url.
func Token(n int) string {
	data := make([]byte, n)
	_, _ = rand.Read(data) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(data)
}

// Hash is how a random token is stored: only its SHA-256.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
